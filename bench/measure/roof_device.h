/* roof_device.h: the kernels of the device's probes, between the files that hold them and
 * roof_device_cuda.c, which checks and times them. All queue on the stream. */
#ifndef WHEELBENCH_ROOF_DEVICE_H
#define WHEELBENCH_ROOF_DEVICE_H
#include <stdint.h>
#include "wheelbench.h"
#ifdef __cplusplus
extern "C" {
#endif

/* ---- bytes: 16 of them a thread, grid-stride; n is a multiple of 16 ---- */

const char *roof_copy(void *to, const void *from, size_t n, int blocks, struct CUstream_st *);
/* Words of 4 bytes: word i is roof_word(i, seed). */
const char *roof_write(void *to, size_t n, uint32_t seed, int blocks, struct CUstream_st *);
/* All of it, `passes` times, past the first-level caches. *sum ^= the exclusive or of all 8-byte
 * words, once for each pass. */
const char *roof_read(const void *from, size_t n, int passes, int blocks, unsigned long long *sum,
                      struct CUstream_st *);

/* ---- arithmetic: from operands to out, both on the device ---- */

struct roof_job {
    const void *operands;
    void *out;
    long steps;
    int blocks;
};

/* Chains x = x * m + c, of float or (wide) double; a step is two links of each. operands: m c m c
 * of ROOF_CHAIN_SETS threads in turn; chain i starts at the first c, plus i. out: of each thread
 * the sum of its chains, in their order. */
enum { ROOF_CHAIN_THREADS = 256, ROOF_CHAINS = 8, ROOF_CHAIN_SETS = 1024 };
const char *roof_chains(int wide, const struct roof_job *job, struct CUstream_st *);

/* mma.sync on tiles 16 x 8 x k: k is 16, of tf32 8. Each warp has A[2] and B[bs]; a step is
 * D[x][y] += A[x] B[y], then D[x][y] += A[1 - x] B[y]. operands: of each of the warps of a block
 * the registers of its lanes, those of a lane side by side: A[0], A[1], B[0], ... out: of each
 * thread the 4 elements of D it holds, summed over x and y. */
enum { ROOF_MMA_WARPS = 8, ROOF_MMA_BS = 4, ROOF_MMA_BS_F64 = 2 };
const char *roof_mma(enum precision p, const struct roof_job *job, struct CUstream_st *);

/* wgmma on 64 x 256 x 128 bytes of k, from shared memory. Each of the two warpgroups has A[2], 64
 * rows of k, and both share B, 256 rows of k; a step is D += A[0] B', then D += A[1] B'. operands:
 * A[0] and A[1] of the first, of the second warpgroup, then B; rows of 128 bytes, dense. out: of
 * each thread 4 sums over the 32 groups of 8 columns of D, by (row / 8 % 2, column % 2). */
enum { ROOF_WGMMA_GROUPS = 2, ROOF_WGMMA_M = 64, ROOF_WGMMA_N = 256, ROOF_WGMMA_ROW = 128 };
const char *roof_wgmma(enum precision p, const struct roof_job *job, struct CUstream_st *)
    __attribute__((weak)); /* NULL where nvcc does not know sm_90a */

#ifdef __cplusplus
}
#endif

static inline
#ifdef __CUDACC__
    __host__ __device__
#endif
        uint32_t
        roof_word(uint32_t i, uint32_t seed)
{
    return (i + seed) * 0x9e3779b1u ^ i >> 7;
}
#endif
