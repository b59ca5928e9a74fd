/* gemm_mma_f64: the f64 of tensor cores, by mma.m16n8k16 (before sm_90 as eight m8n8k4). The ladder
 * of f64 comes here from gemm_regtile, whose bound is the pipe for f64 outside the tensor cores and
 * the loads that feed it. The tiles and their ring are those of gemm_mma, but ldmatrix moves 16
 * bits: fragments are read as single f64, which the swizzle keeps free of bank conflicts.
 *
 * A block's step of 16 in k: 2 * 128 * 128 * 16 FLOPs for 32 KB from L2 and 96 KB from shared
 * memory, while the products alone take 2048 clocks at 128 FMA a clock and SM: two warps a
 * scheduler hide the loads. A ring of 3 stages is 96 KB; 256 threads of 64 sums, at most 255
 * registers. Bound: the rate of f64 tensor cores. No instruction is faster (wgmma has no f64): the
 * end. */
#include <stdio.h>
#include "fail.h"
#include "kernels/gemm/tile.cuh"

static const int BM = 128, BN = 128, BK = 16, STAGES = 3; /* tile of a block */
static const int WM = 32, WN = 64;                        /* of a warp */
static const int THREADS = BM / WM * (BN / WN) * 32;
static const int DOWN = WM / 16, ACROSS = WN / 8; /* mma of a warp, each as deep as a stage */
static_assert(BK == 16, "one m16n8k16 deep");

template <bool TRANS_A, bool TRANS_B, int COPY>
static __global__ void __launch_bounds__(THREADS, 1) mma(struct gemm g, struct operands o)
{
    typedef tile<double, BM, BK, !TRANS_A> tile_a;
    typedef tile<double, BN, BK, TRANS_B> tile_b;
    extern __shared__ __align__(128) unsigned char ring[];
    double *const as = (double *)ring, *const bs = as + STAGES * BM * BK;
    const int warp = threadIdx.x / 32, row = threadIdx.x % 32 / 4, four = threadIdx.x % 4;
    const int wm = warp / (BN / WN) * WM, wn = warp % (BN / WN) * WN;
    const struct corner at = corner_of(blockIdx.x, (g.m + BM - 1) / BM, (g.n + BN - 1) / BN);
    const long i0 = at.down * BM, j0 = at.across * BN;
    const int m = g.m - i0 < BM ? (int)(g.m - i0) : BM, n = g.n - j0 < BN ? (int)(g.n - j0) : BN;
    const double *a = (const double *)o.in[0] + i0 * (TRANS_A ? 1 : g.lda);
    const double *b = (const double *)o.in[1] + j0 * (TRANS_B ? g.ldb : 1);
    double sum[DOWN][ACROSS][4] = {};
    int stage = 0;

    /* Starts to bring a stage; `depth` steps of k are left. A group even when there are none, so
     * that waiting counts the same. */
    const auto fetch = [&](int to, long depth) {
        if (depth > 0) {
            tile_a::template fetch<COPY, THREADS>(as + to * BM * BK, a, g.lda, m, depth);
            tile_b::template fetch<COPY, THREADS>(bs + to * BN * BK, b, g.ldb, n, depth);
            a += TRANS_A ? BK * g.lda : BK;
            b += TRANS_B ? BK : BK * g.ldb;
        }
        cp_async_commit();
    };

    for (int s = 0; s < STAGES - 1; s++) fetch(s, g.k - s * BK);
    for (long depth = g.k; depth > 0; depth -= BK) {
        cp_async_wait<STAGES - 2>();
        __syncthreads(); /* this stage is there, and the one before it is read */
        fetch(stage == 0 ? STAGES - 1 : stage - 1, depth - (STAGES - 1) * BK);
        const double *const a_tile = as + stage * BM * BK, *const b_tile = bs + stage * BN * BK;
        double x[DOWN][8];
#pragma unroll
        for (int i = 0; i < DOWN; i++)
#pragma unroll
            for (int e = 0; e < 8; e++)
                x[i][e] = tile_a::element(a_tile, wm, i * 16 + e % 2 * 8, e / 2 * 4);
#pragma unroll
        for (int j = 0; j < ACROSS; j++) {
            double y[4];
#pragma unroll
            for (int e = 0; e < 4; e++) y[e] = tile_b::element(b_tile, wn, j * 8, e * 4);
#pragma unroll
            for (int i = 0; i < DOWN; i++) mma_m16n8k16_f64(sum[i][j], x[i], y);
        }
        stage = stage + 1 == STAGES ? 0 : stage + 1;
    }

#pragma unroll
    for (int i = 0; i < DOWN * 2; i++)
#pragma unroll
        for (int j = 0; j < ACROSS; j++) {
            const long r = i0 + wm + i * 8 + row, col = j0 + wn + j * 8 + four * 2;
            const double *const two = &sum[i / 2][j][i % 2 * 2];
            if (r < g.m)
                store_pair((double *)o.out + r * g.ldc + col, col, g.n, g.ldc % 2 == 0, two[0],
                           two[1], g.alpha, g.beta);
        }
}

/* ---- which instance ---- */

typedef void kernel(struct gemm, struct operands);

template <int COPY> static kernel *by_layout(const struct gemm *g)
{
    if (g->trans_a) return g->trans_b ? mma<true, true, COPY> : mma<true, false, COPY>;
    return g->trans_b ? mma<false, true, COPY> : mma<false, false, COPY>;
}
static bool whole_chunks(const struct gemm *g) { return g->lda % 2 == 0 && g->ldb % 2 == 0; }
static kernel *instance(const struct gemm *g)
{
    return whole_chunks(g) ? by_layout<16>(g) : by_layout<8>(g);
}
static const size_t RING = STAGES * (BM + BN) * BK * sizeof(double); /* bytes */
static long tiles(const struct gemm *g) { return (g->m + BM - 1) / BM * ((g->n + BN - 1) / BN); }

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision != F64) return "an f64 kernel";
    if (d->cc < 80) return "needs cp.async and mma.m8n8k4 in f64 (sm_80)";
    if ((size_t)d->shared_max < RING) return "needs 96 KB of shared memory a block";
    if (tiles(&p->gemm) > 2147483647) return "needs at most 2^31 - 1 tiles of 128x128 (grid limit)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    const struct gemm *g = &plan->problem->gemm;

    CHECK_CUDA(
        cudaFuncSetAttribute(instance(g), cudaFuncAttributeMaxDynamicSharedMemorySize, (int)RING));
    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d %dx%d %d stages%s", BM, BN, BK, WM, WN,
             STAGES, whole_chunks(g) ? "" : ", element by element");
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm g = plan->problem->gemm;
    kernel *const mma = instance(&g);

    mma<<<(unsigned)tiles(&g), THREADS, RING, stream>>>(g, *o);
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_mma_f64 = {
    .name = "gemm_mma_f64",
    .summary = "mma.sync in f64, a cp.async ring of 3 stages, 32x64 outputs a warp",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
