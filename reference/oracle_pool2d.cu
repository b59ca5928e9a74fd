/* oracle_pool2d_device: the judge of pool2d on the GPU, one thread an output; the definition is in
 * oracle_pool2d.h. */
#include <cuda_runtime.h>
#include "fail.h"
#include "oracle.h"
#include "oracle_pool2d.h"

static const int THREADS = 128;

static __global__ void judge(struct pool2d g, enum storage type, const void *x, const long *index,
                             long first, long count, double *y, double *s)
{
    const long i = (long)blockIdx.x * THREADS + threadIdx.x;

    if (i < count) oracle_pool2d_at(&g, type, x, index ? index[i] : first + i, &y[i], &s[i]);
}

const char *oracle_pool2d_device(const struct problem *p, const struct operands *o,
                                 const void *before, const long *index, long first, long count,
                                 double *y, double *s, struct CUstream_st *stream)
{
    const unsigned blocks = (unsigned)((count + THREADS - 1) / THREADS);
    const struct pool2d g = p->pool2d;
    const enum storage type = storage_of(p->precision);
    const void *x = o->in[0];

    (void)before;
    judge<<<blocks, THREADS, 0, stream>>>(g, type, x, index, first, count, y, s);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}
