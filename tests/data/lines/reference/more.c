#include "reference/plan.h"
int plan_more(void) { return 2; } /* 1: without a header of its own */
