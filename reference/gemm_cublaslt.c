/* gemm_cublaslt: cublasLtMatmul with the first algorithm that its heuristics propose: what a
 * program gets that asks the newer interface and does not measure. */
#include "reference/cublaslt_plan.h"

static const char *prepare(struct plan *plan)
{
    TRY(lt_make(plan, 1, CUBLAS_WORKSPACE));
    return lt_use(plan, 0);
}

const struct impl gemm_cublaslt = {
    .name = "gemm_cublaslt",
    .summary = "cublasLtMatmul, first algorithm of its heuristics",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = DEVICE,
    .why_not = cublas_why_not,
    .prepare = prepare,
    .run = lt_run,
    .cleanup = lt_cleanup,
};
