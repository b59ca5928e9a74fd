#include "reference/judge.h"
#include "reference/plan.h"
int judge(void) { return plan(); } /* has a header of its own, so plan.h does not bring it along */
