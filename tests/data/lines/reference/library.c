/* library.c: an impl whose header has a body of its own name and one of another name. */
#include "reference/plan.h"
const struct impl library = {0};
static int own; /* 1 */
