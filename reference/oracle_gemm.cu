/* oracle_gemm_device: the judge of gemm on the GPU, one thread an output; the definition is in
 * oracle_gemm.h. */
#include <cuda_runtime.h>
#include "fail.h"
#include "oracle.h"
#include "oracle_gemm.h"

static const int THREADS = 128;

static __global__ void judge(struct gemm g, enum storage type, const void *a, const void *b,
                             const void *before, const long *index, long first, long count,
                             double *y, double *s)
{
    const long i = (long)blockIdx.x * THREADS + threadIdx.x;

    if (i < count)
        oracle_gemm_at(&g, type, a, b, before, index ? index[i] : first + i, &y[i], &s[i]);
}

const char *oracle_gemm_device(const struct problem *p, const struct operands *o,
                               const void *before, const long *index, long first, long count,
                               double *y, double *s, struct CUstream_st *stream)
{
    const unsigned blocks = (unsigned)((count + THREADS - 1) / THREADS);

    judge<<<blocks, THREADS, 0, stream>>>(p->gemm, storage_of(p->precision), o->in[0], o->in[1],
                                          before, index, first, count, y, s);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}
