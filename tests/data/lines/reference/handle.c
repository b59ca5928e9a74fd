#include "reference/handle.h"
int handle(void) { return 1; } /* 1 */
