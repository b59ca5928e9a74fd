/* gemm_cublas_emulated: cublasGemmEx asked to make f32 products from bf16 parts (BF16X9) and f64
 * products from 8-bit slices (fixed point), on tensor cores. The library may decline, or take its
 * native kernel without a word. So a small product of random numbers is computed both ways first: a
 * status becomes the reason of the row, and the same bits are called native in `algo`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "reference/cublas_gemm.h"

enum { PROBE = 512 }; /* m, n and k of the small product */

/* 0: this header lacks it. */
static const cublasComputeType_t emulated[PRECISIONS] = {
#if CUBLAS_VERSION >= 120900
    [F32] = CUBLAS_COMPUTE_32F_EMULATED_16BFX9,
#endif
#if CUBLAS_VERSION >= 130100
    [F64] = CUBLAS_COMPUTE_64F_EMULATED_FIXEDPOINT,
#endif
};

static cublasHandle_t handle; /* its own: the strategy would hold for the others too */
static int native[PRECISIONS] = {-1, -1, -1, -1, -1}; /* -1: not asked yet */

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision != F32 && p->precision != F64) return "f32 and f64 only";
    if (!emulated[p->precision])
        return p->precision == F32 ? "needs cuBLAS 12.9 when Wheelbench is built"
                                   : "needs cuBLAS 13.1 when Wheelbench is built";
    return cublas_gemm_why_not(p, d);
}

static const char *open_handle(void)
{
    TRY(cublas_gemm_open(&handle));
#if CUBLAS_VERSION >= 130000
    /* whenever it can, not only where the library expects a gain */
    CHECK_CUBLAS(cublasSetEmulationStrategy(handle, CUBLAS_EMULATION_STRATEGY_EAGER));
#endif
    return NULL;
}

/* `count` numbers in [-1, 1) with full significands. */
static void fill(void *to, enum precision p, long count)
{
    unsigned long long state = 1;

    for (long i = 0; i < count; i++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull; /* Knuth's MMIX */
        const double x = (double)(state >> 11) * 0x1p-52 - 1;
        if (p == F64) ((double *)to)[i] = x;
        else ((float *)to)[i] = (float)x;
    }
}

/* host: room for three matrices; o: three on the device. *same: both ways gave the same bits. */
static const char *compare(const struct problem *p, char *host, const struct operands *o,
                           size_t bytes, int *same)
{
    const enum precision precision = p->precision;

    fill(host, precision, 2L * PROBE * PROBE);
    CHECK_CUDA(cudaMemcpy((void *)o->in[0], host, bytes, cudaMemcpyHostToDevice));
    CHECK_CUDA(cudaMemcpy((void *)o->in[1], host + bytes, bytes, cudaMemcpyHostToDevice));
    TRY(cublas_gemm_call(handle, cublas_compute(precision), 0, p, o, NULL));
    CHECK_CUDA(cudaMemcpy(host + 2 * bytes, o->out, bytes, cudaMemcpyDeviceToHost));
    TRY(cublas_gemm_call(handle, emulated[precision], 0, p, o, NULL));
    CHECK_CUDA(cudaMemcpy(host, o->out, bytes, cudaMemcpyDeviceToHost));
    *same = !memcmp(host, host + 2 * bytes, bytes);
    return NULL;
}

static const char *probe(enum precision precision, int *same)
{
    const struct problem p = {.precision = precision,
                              .gemm = {.m = PROBE,
                                       .n = PROBE,
                                       .k = PROBE,
                                       .lda = PROBE,
                                       .ldb = PROBE,
                                       .ldc = PROBE,
                                       .alpha = 1}};
    const size_t bytes = (size_t)PROBE * PROBE * (precision == F64 ? 8 : 4);
    char *device, *host = malloc(3 * bytes);

    if (!host) return "oom: host memory for the probe";
    const cudaError_t status = cudaMalloc((void **)&device, 3 * bytes);
    if (status) {
        free(host);
        return fail_text("cuda: cudaMalloc for the probe: %s", cudaGetErrorString(status));
    }
    const struct operands o = {.in = {device, device + bytes}, .out = device + 2 * bytes};
    const char *failed = compare(&p, host, &o, bytes, same);
    cudaFree(device);
    free(host);
    return failed;
}

/* For the parts of A and B. f32: three bf16 an element. f64: eight slices of a byte, extents as
 * multiples of 1024, a quarter more. An estimate with room to spare: with too little the library
 * takes its native kernel. */
static size_t workspace(const struct problem *p)
{
    const struct gemm *g = &p->gemm;
    const double up = p->precision == F64 ? 1023 : 0, m = (double)g->m + up, n = (double)g->n + up,
                 k = (double)g->k + up;
    const double bytes = (p->precision == F64 ? 8 * 1.25 : 6) * (m + n) * k;

    return (size_t)bytes + (p->precision == F64 ? 4 : 1) * (size_t)CUBLAS_WORKSPACE;
}

static const char *prepare(struct plan *plan)
{
    const enum precision p = plan->problem->precision;

    TRY(open_handle());
    if (native[p] < 0) {
        int same = 0;
        const char *failed = probe(p, &same);
        if (failed && strstr(failed, cublasGetStatusString(CUBLAS_STATUS_NOT_SUPPORTED)))
            return fail_text(IMPL_DECLINES "compute type %s of cuBLAS on this device: %s",
                             cublas_compute_name(emulated[p]),
                             cublasGetStatusString(CUBLAS_STATUS_NOT_SUPPORTED));
        if (failed) return failed;
        native[p] = same;
    }
    plan->workspace_bytes = workspace(plan->problem);
    snprintf(plan->algo, sizeof plan->algo, "GemmEx %s, %s at %d^3",
             cublas_compute_name(emulated[p]),
             native[p] ? "native (same bits)" : "emulated (other bits)", PROBE);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    return cublas_gemm_call(handle, emulated[plan->problem->precision], plan->workspace_bytes,
                            plan->problem, o, stream);
}

const struct impl gemm_cublas_emulated = {
    .name = "gemm_cublas_emulated",
    .summary = "cublasGemmEx, f32 from bf16 parts, f64 from 8-bit slices",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
