/* cublas_gemm.h: what the rows of cuBLAS share that ask for another compute type than gemm_cublas,
 * or for another interface: the contract, the call, its limits. gemm_cublas itself stands alone:
 * its lines are the price of a plain library call. */
#ifndef WHEELBENCH_CUBLAS_GEMM_H
#define WHEELBENCH_CUBLAS_GEMM_H
#include <cuda_runtime.h>
#include <cublas_v2.h>
#include <stddef.h>
#include "fail.h"
#include "wheelbench.h"
#ifdef __cplusplus
extern "C" {
#endif

enum { CUBLAS_WORKSPACE = 32 << 20 }; /* what NVIDIA recommends for Hopper; older ones need less */

cudaDataType_t cublas_stored(enum precision);

/* The compute type is the contract: f32 must not become tf32, and sums of f16 and bf16 stay in f32.
 */
cublasComputeType_t cublas_compute(enum precision);
const char *cublas_compute_name(cublasComputeType_t); /* "32F_FAST_TF32" */

/* alpha or beta as the calls want it, in f64 or f32; `at` is where it is kept. */
const void *cublas_scalar(enum precision, double value, double *at);

/* A reason that holds whatever the interface: the device is too old for the precision. */
const char *cublas_why_not(const struct problem *, const struct device *);
/* The same and the limits of cublasGemmEx. */
const char *cublas_gemm_why_not(const struct problem *, const struct device *);

/* Makes *handle if it is NULL: it takes longer than most cells, so it lives as long as the process.
 */
const char *cublas_gemm_open(cublasHandle_t *handle);

/* One problem, with the algorithm that cuBLAS picks by itself. workspace_bytes 0: what the handle
 * brings along. */
const char *cublas_gemm_call(cublasHandle_t, cublasComputeType_t, size_t workspace_bytes,
                             const struct problem *, const struct operands *, struct CUstream_st *);

#ifdef __cplusplus
}
#endif
#endif
