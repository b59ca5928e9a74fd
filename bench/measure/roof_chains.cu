/* roof_chains.cu: the probe of plain arithmetic, see roof_device.h: independent fused multiply-adds
 * on registers alone. Two pairs (m, c) in turn: with m near -1 and 1 the values stay of one size,
 * and their bits go on changing. */
#include <cuda_runtime.h>
#include "fail.h"
#include "measure/roof_device.h"

template <typename real>
static __global__ void __launch_bounds__(ROOF_CHAIN_THREADS)
    chains_kernel(const real *operands, real *out, long steps)
{
    const long thread = (long)blockIdx.x * ROOF_CHAIN_THREADS + threadIdx.x;
    const real *mine = operands + 4 * (thread % ROOF_CHAIN_SETS);
    const real m0 = mine[0], c0 = mine[1], m1 = mine[2], c1 = mine[3];
    real x[ROOF_CHAINS], end = 0;

#pragma unroll
    for (int i = 0; i < ROOF_CHAINS; i++) x[i] = c0 + (real)i;
#pragma unroll 4
    for (long s = 0; s < steps; s++) {
#pragma unroll
        for (int i = 0; i < ROOF_CHAINS; i++) x[i] = fma(x[i], m0, c0);
#pragma unroll
        for (int i = 0; i < ROOF_CHAINS; i++) x[i] = fma(x[i], m1, c1);
    }
#pragma unroll
    for (int i = 0; i < ROOF_CHAINS; i++) end += x[i];
    out[thread] = end;
}

const char *roof_chains(int wide, const struct roof_job *job, struct CUstream_st *stream)
{
    if (wide)
        chains_kernel<double><<<job->blocks, ROOF_CHAIN_THREADS, 0, stream>>>(
            (const double *)job->operands, (double *)job->out, job->steps);
    else
        chains_kernel<float><<<job->blocks, ROOF_CHAIN_THREADS, 0, stream>>>(
            (const float *)job->operands, (float *)job->out, job->steps);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}
