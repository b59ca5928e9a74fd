/* gemm_smem: stages 32x32 tiles of A and B in shared memory. gemm_coalesced reads an operand from
 * L1 or L2 for every product; here a block reads each element once and every thread of it takes it
 * from shared memory, 32 times in all. Bound: two shared-memory loads for each FMA. gemm_regtile
 * keeps operands in registers. */
#include <stdio.h>
#include "kernels/element.cuh"

static const int TILE = 32;             /* rows, columns and depth of a block's tile */
static const int THREADS = TILE * TILE; /* one output each */

/* Brings op(X)[0..TILE)[0..TILE) into shared memory; rows x columns of it exist, the rest is 0.
 * Threads with neighbouring x read neighbouring addresses, whichever way X is stored. */
template <class T>
static __device__ void stage(accumulator<T> (*to)[TILE + 1], const T *x, long ld, bool transposed,
                             long rows, long columns)
{
    const int r = transposed ? threadIdx.x : threadIdx.y,
              c = transposed ? threadIdx.y : threadIdx.x;

    to[r][c] = r < rows && c < columns ? accumulator<T>(x[transposed ? c * ld + r : r * ld + c])
                                       : accumulator<T>(0);
}

template <class T>
static __global__ void __launch_bounds__(THREADS) smem(struct gemm g, const T *a, const T *b, T *c)
{
    typedef accumulator<T> acc;
    __shared__ acc as[TILE][TILE + 1]; /* + 1: a column that is written lies in 32 banks */
    __shared__ acc bs[TILE][TILE + 1];
    const int x = threadIdx.x, y = threadIdx.y;
    const long i0 = (long)blockIdx.x * TILE, j0 = (long)blockIdx.y * TILE;

    acc sum = 0;
    for (long p0 = 0; p0 < g.k; p0 += TILE) {
        stage(as, a + (g.trans_a ? p0 * g.lda + i0 : i0 * g.lda + p0), g.lda, g.trans_a, g.m - i0,
              g.k - p0);
        stage(bs, b + (g.trans_b ? j0 * g.ldb + p0 : p0 * g.ldb + j0), g.ldb, g.trans_b, g.k - p0,
              g.n - j0);
        __syncthreads();
        for (int p = 0; p < TILE; p++) sum += as[y][p] * bs[p][x];
        __syncthreads(); /* the next round overwrites as and bs */
    }
    if (i0 + y >= g.m || j0 + x >= g.n) return;
    T *out = c + (i0 + y) * g.ldc + j0 + x;
    *out = T(acc(g.alpha) * sum + (g.beta == 0 ? acc(0) : acc(g.beta) * acc(*out)));
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "an f32 kernel: run it as f32";
    if (p->gemm.n > 65535L * TILE) return "needs n <= 2097120 (grid limit)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d", TILE, TILE, TILE);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm g = plan->problem->gemm;
    const dim3 block(TILE, TILE),
        grid((unsigned)((g.m + TILE - 1) / TILE), (unsigned)((g.n + TILE - 1) / TILE));

    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        const T *a = (const T *)o->in[0], *b = (const T *)o->in[1];
        smem<T><<<grid, block, 0, stream>>>(g, a, b, (T *)o->out);
    });
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_smem = {
    .name = "gemm_smem",
    .summary = "32x32 tiles staged in shared memory",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
