/* gemm_cublas: the library that hand-written device code is held against, cublasGemmEx with the
 * algorithm it picks by itself.
 *
 * cuBLAS is column-major. What we store row-major, it reads as the transpose. So it is asked for
 * the n x m matrix C' = alpha op(B)' op(A)' + beta C', where ' transposes:
 *
 *   argument        is    wants    sees of n    so    sees of t    so
 *   transa, A       B     n x k    n x k        N     k x n        T
 *   transb, B       A     k x m    k x m        N     m x k        T
 *   C               C     n x m    n x m
 *
 * Its leading dimensions are ours: the stride between stored rows here is between columns there. */
#include <cuda_runtime.h>
#include <cublas_v2.h>
#include <limits.h>
#include <stdio.h>
#include "fail.h"
#include "wheelbench.h"

enum { WORKSPACE = 32 << 20 }; /* what NVIDIA recommends for Hopper; older devices need less */

/* The compute type is the contract: f32 must not become tf32, and sums of f16 and bf16 stay in f32.
 */
static const struct {
    cudaDataType_t stored;
    cublasComputeType_t compute;
    const char *algo;
} contract[PRECISIONS] = {
    [F64] = {CUDA_R_64F, CUBLAS_COMPUTE_64F, "GemmEx 64F"},
    [F32] = {CUDA_R_32F, CUBLAS_COMPUTE_32F, "GemmEx 32F"},
    [TF32] = {CUDA_R_32F, CUBLAS_COMPUTE_32F_FAST_TF32, "GemmEx 32F_FAST_TF32"},
    [F16] = {CUDA_R_16F, CUBLAS_COMPUTE_32F, "GemmEx 32F"},
    [BF16] = {CUDA_R_16BF, CUBLAS_COMPUTE_32F, "GemmEx 32F"},
};

static cublasHandle_t handle; /* one a process: making it takes longer than most cells */

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct gemm *g = &p->gemm;
    const long extents[] = {g->m, g->n, g->k, g->lda, g->ldb, g->ldc};

    if (d->cc < 80 && p->precision == TF32) return "tf32 needs compute capability 8.0";
    if (d->cc < 80 && p->precision == BF16) return "bf16 needs compute capability 8.0";
    for (size_t i = 0; i < sizeof extents / sizeof *extents; i++)
        if (extents[i] > INT_MAX) return "needs extents <= 2147483647 (cublasGemmEx)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    if (!handle) {
        cublasHandle_t made;
        CHECK_CUBLAS(cublasCreate(&made));
        handle = made;
    }
    /* DEFAULT_MATH keeps the precision asked for; the flag forbids sums in f16 and bf16. */
    CHECK_CUBLAS(cublasSetMathMode(
        handle,
        (cublasMath_t)(CUBLAS_DEFAULT_MATH | CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION)));
    CHECK_CUBLAS(cublasSetPointerMode(handle, CUBLAS_POINTER_MODE_HOST));
    plan->workspace_bytes = WORKSPACE;
    snprintf(plan->algo, sizeof plan->algo, "%s", contract[plan->problem->precision].algo);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const enum precision precision = plan->problem->precision;
    const cudaDataType_t type = contract[precision].stored;
    const struct gemm *g = &plan->problem->gemm;
    const float alpha32 = (float)g->alpha, beta32 = (float)g->beta;
    const void *alpha = precision == F64 ? (const void *)&g->alpha : &alpha32;
    const void *beta = precision == F64 ? (const void *)&g->beta : &beta32;

    CHECK_CUBLAS(cublasSetStream(handle, stream)); /* takes the workspace away: first */
    CHECK_CUBLAS(cublasSetWorkspace(handle, o->workspace, WORKSPACE));
    CHECK_CUBLAS(cublasGemmEx(handle, g->trans_b ? CUBLAS_OP_T : CUBLAS_OP_N,
                              g->trans_a ? CUBLAS_OP_T : CUBLAS_OP_N, (int)g->n, (int)g->m,
                              (int)g->k, alpha, o->in[1], type, (int)g->ldb, o->in[0], type,
                              (int)g->lda, beta, o->out, type, (int)g->ldc,
                              contract[precision].compute, CUBLAS_GEMM_DEFAULT));
    return NULL;
}

const struct impl gemm_cublas = {
    .name = "gemm_cublas",
    .summary = "cublasGemmEx, its own choice of algorithm",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
