#include "reference/plan.h"
#include "reference/handle.h"
int plan(void)
{
    return handle();
}
/* 2 */
