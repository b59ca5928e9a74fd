/* gemm_cublaslt_best: the rival: the fastest of the 16 algorithms that cublasLt proposes, with a
 * larger workspace. The harness times them; beating the first proposal alone would mean little. */
#include "reference/cublaslt_plan.h"

enum { WORKSPACE = 64 << 20 };

static const char *prepare(struct plan *plan) { return lt_make(plan, LT_MOST, WORKSPACE); }

const struct impl gemm_cublaslt_best = {
    .name = "gemm_cublaslt_best",
    .summary = "cublasLtMatmul, fastest of up to 16 algorithms",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = DEVICE,
    .why_not = cublas_why_not,
    .prepare = prepare,
    .run = lt_run,
    .cleanup = lt_cleanup,
    .variants = lt_count,
    .use = lt_use,
};
