/* oracle_conv2d_device: the judge of conv2d on the GPU, one thread an output; the definition is in
 * oracle_conv2d.h. */
#include <cuda_runtime.h>
#include "fail.h"
#include "oracle.h"
#include "oracle_conv2d.h"

static const int THREADS = 128;

static __global__ void judge(struct conv2d g, enum storage type, const void *x, const void *w,
                             const long *index, long first, long count, double *y, double *s)
{
    const long i = (long)blockIdx.x * THREADS + threadIdx.x;

    if (i < count) oracle_conv2d_at(&g, type, x, w, index ? index[i] : first + i, &y[i], &s[i]);
}

const char *oracle_conv2d_device(const struct problem *p, const struct operands *o,
                                 const void *before, const long *index, long first, long count,
                                 double *y, double *s, struct CUstream_st *stream)
{
    const unsigned blocks = (unsigned)((count + THREADS - 1) / THREADS);
    const enum storage type = storage_of(p->precision);
    const void *x = o->in[0], *w = o->in[1];

    (void)before;
    judge<<<blocks, THREADS, 0, stream>>>(p->conv2d, type, x, w, index, first, count, y, s);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}
