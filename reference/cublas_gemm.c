/* cublas_gemm.c: see cublas_gemm.h. Why the operands change places: gemm_cublas.c. */
#include "reference/cublas_gemm.h"
#include <limits.h>

cudaDataType_t cublas_stored(enum precision p)
{
    return p == F64 ? CUDA_R_64F : p == F16 ? CUDA_R_16F : p == BF16 ? CUDA_R_16BF : CUDA_R_32F;
}

cublasComputeType_t cublas_compute(enum precision p)
{
    return p == F64    ? CUBLAS_COMPUTE_64F
           : p == TF32 ? CUBLAS_COMPUTE_32F_FAST_TF32
                       : CUBLAS_COMPUTE_32F;
}

const char *cublas_compute_name(cublasComputeType_t type)
{
    switch ((int)type) {
    case CUBLAS_COMPUTE_64F: return "64F";
    case CUBLAS_COMPUTE_32F: return "32F";
    case CUBLAS_COMPUTE_32F_PEDANTIC: return "32F_PEDANTIC";
    case CUBLAS_COMPUTE_32F_FAST_TF32: return "32F_FAST_TF32";
    case 78: return "32F_EMULATED_16BFX9"; /* by number: older headers lack the names */
    case 79: return "64F_EMULATED_FIXEDPOINT";
    default: return "another compute type";
    }
}

const void *cublas_scalar(enum precision p, double value, double *at)
{
    if (p == F64) *at = value;
    else *(float *)at = (float)value;
    return at;
}

const char *cublas_why_not(const struct problem *p, const struct device *d)
{
    if (d->cc < 80 && p->precision == TF32) return "tf32 needs compute capability 8.0";
    if (d->cc < 80 && p->precision == BF16) return "bf16 needs compute capability 8.0";
    return NULL;
}

const char *cublas_gemm_why_not(const struct problem *p, const struct device *d)
{
    const struct gemm *g = &p->gemm;
    const long extents[] = {g->m, g->n, g->k, g->lda, g->ldb, g->ldc};

    TRY(cublas_why_not(p, d));
    for (size_t i = 0; i < sizeof extents / sizeof *extents; i++)
        if (extents[i] > INT_MAX) return "needs extents <= 2147483647 (cublasGemmEx)";
    return NULL;
}

const char *cublas_gemm_open(cublasHandle_t *handle)
{
    if (!*handle) {
        cublasHandle_t made;
        CHECK_CUBLAS(cublasCreate(&made));
        *handle = made;
    }
    /* DEFAULT_MATH keeps the precision asked for; the flag forbids sums in f16 and bf16. */
    CHECK_CUBLAS(cublasSetMathMode(
        *handle,
        (cublasMath_t)(CUBLAS_DEFAULT_MATH | CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION)));
    CHECK_CUBLAS(cublasSetPointerMode(*handle, CUBLAS_POINTER_MODE_HOST));
    return NULL;
}

const char *cublas_gemm_call(cublasHandle_t handle, cublasComputeType_t compute,
                             size_t workspace_bytes, const struct problem *p,
                             const struct operands *o, struct CUstream_st *stream)
{
    const cudaDataType_t type = cublas_stored(p->precision);
    const struct gemm *g = &p->gemm;
    double alpha_at, beta_at;
    const void *alpha = cublas_scalar(p->precision, g->alpha, &alpha_at);
    const void *beta = cublas_scalar(p->precision, g->beta, &beta_at);

    CHECK_CUBLAS(cublasSetStream(handle, stream)); /* takes the workspace away: first */
    if (workspace_bytes) CHECK_CUBLAS(cublasSetWorkspace(handle, o->workspace, workspace_bytes));
    CHECK_CUBLAS(cublasGemmEx(
        handle, g->trans_b ? CUBLAS_OP_T : CUBLAS_OP_N, g->trans_a ? CUBLAS_OP_T : CUBLAS_OP_N,
        (int)g->n, (int)g->m, (int)g->k, alpha, o->in[1], type, (int)g->ldb, o->in[0], type,
        (int)g->lda, beta, o->out, type, (int)g->ldc, compute, CUBLAS_GEMM_DEFAULT));
    return NULL;
}
