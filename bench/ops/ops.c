/* ops.c: the list of ops. A new op is ops/<op>.c, ops/<op>.def, an oracle in reference/ and one
 * line here. */
#include "wheelbench.h"

extern const struct op op_gemm, op_conv2d, op_pool2d;

const struct op *const wheelbench_ops[] = {&op_gemm, &op_conv2d, &op_pool2d, NULL};
