#include "reference/handle.h"
const struct impl small = {0};
