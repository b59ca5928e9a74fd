/* gemm_regtile: a block makes 128x128 outputs, a thread 8x8 of them in registers. gemm_smem loads
 * two operands from shared memory for each FMA; here 16 loads feed 64, a quarter of a load each.
 * Bound: those loads are 32 bits wide (64 for f64) and take issue slots from the FMAs. gemm_vec4
 * widens them. */
#include <stdio.h>
#include "kernels/element.cuh"

static const int BM = 128, BN = 128, BK = 8; /* tile of a block */
static const int TM = 8, TN = 8;             /* outputs of a thread */
static const int ACROSS = BN / TN, DOWN = BM / TM, THREADS = ACROSS * DOWN;
static const int COPIES = BM * BK / THREADS; /* elements of a tile that a thread brings */
static_assert(BM == BN, "one stage() serves A and B");
static_assert(BM % THREADS == 0 || THREADS % BM == 0, "whole columns a step");
static_assert(BM * BK % THREADS == 0 && THREADS % BK == 0, "every thread brings as many");

/* Row length of a tile in shared memory: so many elements more that the BK rows which a warp writes
 * at once, when k is what is contiguous, fall into different banks. */
template <class T> static constexpr int PITCH = BM + 128 / BK / (int)sizeof(accumulator<T>);

/* Brings a tile of an operand, BM rows of A (columns of B) times BK steps of k, into shared memory
 * as [k][row]. `step` is the distance of neighbouring rows in memory, `k_step` that of neighbouring
 * k; one of them is 1, and threads walk along that one. rows x depth elements exist, the rest is 0.
 */
template <class T>
static __device__ void stage(accumulator<T> (*to)[PITCH<T>], const T *x, long step, long k_step,
                             long rows, long depth)
{
    const bool along_k = k_step == 1;
    const int t = threadIdx.x, row = along_k ? t / BK : t % BM, p = along_k ? t % BK : t / BM;
    const int more_rows = along_k ? THREADS / BK : 0, more_k = along_k ? 0 : THREADS / BM;

    x += row * step + p * k_step;
#pragma unroll
    for (int s = 0; s < COPIES; s++) {
        const bool exists = row + s * more_rows < rows && p + s * more_k < depth;
        to[p + s * more_k][row + s * more_rows] = exists ? accumulator<T>(*x) : accumulator<T>(0);
        x += more_rows * step + more_k * k_step;
    }
}

/* A thread's outputs lie DOWN rows and ACROSS columns apart: neighbouring threads then load
 * neighbouring words of bs, and a row of C is stored in pieces of ACROSS elements. */
template <class T>
static __global__ void __launch_bounds__(THREADS, sizeof(accumulator<T>) == 4 ? 2 : 1)
    regtile(struct gemm g, const T *a, const T *b, T *c)
{
    typedef accumulator<T> acc;
    __shared__ acc as[BK][PITCH<T>];
    __shared__ acc bs[BK][PITCH<T>];
    const int x = threadIdx.x % ACROSS, y = threadIdx.x / ACROSS;
    const long i0 = (long)blockIdx.x * BM, j0 = (long)blockIdx.y * BN;
    const long a_row = g.trans_a ? 1 : g.lda, a_k = g.trans_a ? g.lda : 1;
    const long b_col = g.trans_b ? g.ldb : 1, b_k = g.trans_b ? 1 : g.ldb;
    acc sum[TM][TN] = {};

    a += i0 * a_row;
    b += j0 * b_col;
    for (long depth = g.k; depth > 0; depth -= BK) {
        stage(as, a, a_row, a_k, g.m - i0, depth);
        stage(bs, b, b_col, b_k, g.n - j0, depth);
        a += BK * a_k;
        b += BK * b_k;
        __syncthreads();
#pragma unroll
        for (int p = 0; p < BK; p++) {
            acc u[TM], v[TN];
#pragma unroll
            for (int r = 0; r < TM; r++) u[r] = as[p][y + r * DOWN];
#pragma unroll
            for (int q = 0; q < TN; q++) v[q] = bs[p][x + q * ACROSS];
#pragma unroll
            for (int r = 0; r < TM; r++)
#pragma unroll
                for (int q = 0; q < TN; q++) sum[r][q] += u[r] * v[q];
        }
        __syncthreads(); /* the next round overwrites as and bs */
    }
#pragma unroll
    for (int r = 0; r < TM; r++)
#pragma unroll
        for (int q = 0; q < TN; q++) {
            const long i = i0 + y + r * DOWN, j = j0 + x + q * ACROSS;
            if (i >= g.m || j >= g.n) continue;
            T *out = c + i * g.ldc + j;
            *out = T(acc(g.alpha) * sum[r][q] + (g.beta == 0 ? acc(0) : acc(g.beta) * acc(*out)));
        }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "an f32 kernel: run it as f32";
    if (p->gemm.n > 65535L * BN) return "needs n <= 8388480 (grid limit)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d %dx%d", BM, BN, BK, TM, TN);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm g = plan->problem->gemm;
    const dim3 grid((unsigned)((g.m + BM - 1) / BM), (unsigned)((g.n + BN - 1) / BN));

    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        const T *a = (const T *)o->in[0], *b = (const T *)o->in[1];
        regtile<T><<<grid, THREADS, 0, stream>>>(g, a, b, (T *)o->out);
    });
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_regtile = {
    .name = "gemm_regtile",
    .summary = "128x128 outputs a block, 8x8 a thread in registers",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
