/* shared.h: included three times, twice by the same file; counted once. */
#pragma once
#include "interface.h"
static int shared; /* 1 */
