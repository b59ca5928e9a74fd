#ifndef OTHER_H
#define OTHER_H
#include "kernels/shared.h"
static int other_line;
#endif
/* 4 lines */
