/* calls.c: takes along the impls that it calls: skip.c with its headers, and strings.c. */
#include "interface.h"

extern const struct impl skip, /* 1 */
    strings;                   /* 2 */
static int own;                /* 3 */
const struct impl calls = {0};
