/* gemm_cublas_pedantic: cublasGemmEx held to standard f32 arithmetic from end to end.
 * Where it is as fast as gemm_cublas and as exact, the default has not slipped into tf32. */
#include <stdio.h>
#include "reference/cublas_gemm.h"

static cublasHandle_t handle;

static const char *why_not(const struct problem *p, const struct device *d)
{
    return p->precision == F32 ? cublas_gemm_why_not(p, d) : "f32 only";
}

static const char *prepare(struct plan *plan)
{
    TRY(cublas_gemm_open(&handle));
    plan->workspace_bytes = CUBLAS_WORKSPACE;
    snprintf(plan->algo, sizeof plan->algo, "GemmEx %s",
             cublas_compute_name(CUBLAS_COMPUTE_32F_PEDANTIC));
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    return cublas_gemm_call(handle, CUBLAS_COMPUTE_32F_PEDANTIC, CUBLAS_WORKSPACE, plan->problem, o,
                            stream);
}

const struct impl gemm_cublas_pedantic = {
    .name = "gemm_cublas_pedantic",
    .summary = "cublasGemmEx, compute type 32F_PEDANTIC",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
