/* gemm_mma_tf32: gemm_mma on f32 operands that are rounded to 11 significant bits, by mma.m16n8k8.
 * An f32 is moved as a pair of 16 bits: ldmatrix serves where k is contiguous; elsewhere, as it
 * cannot transpose pairs, fragments are read word by word, free of bank conflicts by the swizzle.
 * Each register is rounded to nearest, for the tensor core itself would truncate.
 *
 * A block's step of 16 in k: 2 * 128 * 128 * 16 FLOPs for 16 KB from L2, 32 KB from shared memory,
 * and two instructions to round a register. A ring of 4 stages is 64 KB; 128 threads of 128 sums
 * and at most 255 registers: two blocks an SM. Bound: the rate of mma.sync, on sm_90 about 0.6 of
 * what wgmma reaches. gemm_wgmma_tf32 attacks that. */
#include <stdio.h>
#include "fail.h"
#include "kernels/gemm/tile.cuh"

static const int BM = 128, BN = 128, BK = 16, STAGES = 4; /* tile of a block */
static const int WM = 64, WN = 64, MK = 8;                /* of a warp; k of an mma */
static const int THREADS = BM / WM * (BN / WN) * 32;
static const int STEPS = BK / MK, DOWN = WM / 16, ACROSS = WN / 8; /* mma of a warp */
static_assert(STEPS % 2 == 0, "a stage starts with the first of two fragment buffers");

static __device__ void round_all(uint32_t (&r)[4])
{
#pragma unroll
    for (int i = 0; i < 4; i++) r[i] = round_tf32(__uint_as_float(r[i]));
}

template <bool TRANS_A, bool TRANS_B, int COPY>
static __global__ void __launch_bounds__(THREADS, 2) mma(struct gemm g, struct operands o)
{
    typedef tile<float, BM, BK, !TRANS_A> tile_a;
    typedef tile<float, BN, BK, TRANS_B> tile_b;
    extern __shared__ __align__(128) unsigned char ring[];
    float *const as = (float *)ring, *const bs = as + STAGES * BM * BK;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int wm = warp / (BN / WN) * WM, wn = warp % (BN / WN) * WN;
    const struct corner at = corner_of(blockIdx.x, (g.m + BM - 1) / BM, (g.n + BN - 1) / BN);
    const long i0 = at.down * BM, j0 = at.across * BN;
    const int m = g.m - i0 < BM ? (int)(g.m - i0) : BM, n = g.n - j0 < BN ? (int)(g.n - j0) : BN;
    const float *a = (const float *)o.in[0] + i0 * (TRANS_A ? 1 : g.lda);
    const float *b = (const float *)o.in[1] + j0 * (TRANS_B ? g.ldb : 1);
    float sum[DOWN][ACROSS][4] = {};
    uint32_t x[DOWN][4], y[2][ACROSS / 2][4]; /* fragments of A, of B now and next */
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
    const auto load_a = [&](int i, int stage, int k) {
        tile_a::template fragment<true>(x[i], as + stage * BM * BK, wm, i * 16, k);
    };
    const auto load_b = [&](uint32_t(&to)[ACROSS / 2][4], int stage, int k) {
#pragma unroll
        for (int j = 0; j < ACROSS / 2; j++)
            tile_b::template fragment<false>(to[j], bs + stage * BN * BK, wn, j * 16, k);
    };

    for (int s = 0; s < STAGES - 1; s++) fetch(s, g.k - s * BK);
    cp_async_wait<STAGES - 2>();
    __syncthreads(); /* stage 0 is there */
#pragma unroll
    for (int i = 0; i < DOWN; i++) load_a(i, 0, 0);
    load_b(y[0], 0, 0);
    for (long depth = g.k; depth > 0; depth -= BK) {
#pragma unroll
        for (int step = 0; step < STEPS; step++) {
            int from = stage;
            if (step == STEPS - 1) {
                cp_async_wait<STAGES - 2>();
                __syncthreads(); /* the next stage is there, and this one is read */
                from = stage = stage + 1 == STAGES ? 0 : stage + 1;
            }
            const int k = (step + 1) % STEPS * MK;
            load_b(y[(step + 1) % 2], from, k);
            if (step == 0) /* over the stage before this one */
                fetch(stage == 0 ? STAGES - 1 : stage - 1, depth - (STAGES - 1) * BK);
#pragma unroll
            for (int j = 0; j < ACROSS / 2; j++) round_all(y[step % 2][j]);
#pragma unroll
            for (int i = 0; i < DOWN; i++) {
                round_all(x[i]);
#pragma unroll
                for (int j = 0; j < ACROSS; j++) {
                    const uint32_t *const two = &y[step % 2][j / 2][j % 2 * 2];
                    const uint32_t pair[2] = {two[0], two[1]};
                    mma_m16n8k8_tf32(sum[i][j], x[i], pair);
                }
                load_a(i, from, k); /* these registers are free again */
            }
        }
    }

    const float alpha = (float)g.alpha, beta = (float)g.beta;
#pragma unroll
    for (int i = 0; i < DOWN * 2; i++)
#pragma unroll
        for (int j = 0; j < ACROSS; j++) {
            const long row = i0 + wm + i * 8 + lane / 4, col = j0 + wn + j * 8 + lane % 4 * 2;
            const float *const two = &sum[i / 2][j][i % 2 * 2];
            if (row < g.m)
                store_pair((float *)o.out + row * g.ldc + col, col, g.n, g.ldc % 2 == 0, two[0],
                           two[1], alpha, beta);
        }
}

/* ---- which instance ---- */

typedef void kernel(struct gemm, struct operands);

template <int COPY> static kernel *by_layout(const struct gemm *g)
{
    if (g->trans_a) return g->trans_b ? mma<true, true, COPY> : mma<true, false, COPY>;
    return g->trans_b ? mma<false, true, COPY> : mma<false, false, COPY>;
}
static bool whole_chunks(const struct gemm *g) { return g->lda % 4 == 0 && g->ldb % 4 == 0; }
static kernel *instance(const struct gemm *g)
{
    return whole_chunks(g) ? by_layout<16>(g) : by_layout<4>(g);
}
static const size_t RING = STAGES * (BM + BN) * BK * sizeof(float); /* bytes */
static long tiles(const struct gemm *g) { return (g->m + BM - 1) / BM * ((g->n + BN - 1) / BN); }

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision == F32) return "a tf32 kernel: run it as tf32";
    if (p->precision != TF32) return "a tf32 kernel";
    if (d->cc < 80) return "needs cp.async and mma.m16n8k8 in tf32 (sm_80)";
    if ((size_t)d->shared_max < RING) return "needs 64 KB of shared memory a block";
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

extern "C" const struct impl gemm_mma_tf32 = {
    .name = "gemm_mma_tf32",
    .summary = "mma.sync in tf32, operands rounded to nearest, 64x64 outputs a warp",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
