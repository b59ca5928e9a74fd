/* fold.h: the member `fold` of the ops that are linear in one input; see struct op. */
#ifndef WHEELBENCH_OPS_FOLD_H
#define WHEELBENCH_OPS_FOLD_H
#include "wheelbench.h"

void fold_gemm(const struct problem *, long length, struct problem *folded,
               struct fold_axis axis[MAX_OPERANDS]);
void fold_conv2d(const struct problem *, long length, struct problem *folded,
                 struct fold_axis axis[MAX_OPERANDS]);
#endif
