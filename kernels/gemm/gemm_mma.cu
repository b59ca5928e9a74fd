/* gemm_mma: tensor cores by mma.m16n8k16, operands by ldmatrix from tiles that cp.async brings. The
 * fragments of gemm_wmma are opaque: its tiles must be padded, and loads of fragments still take as
 * long as the products. Here the layout of a fragment is known, so chunks are swizzled such that
 * ldmatrix meets no bank twice, a warp makes 64x64 outputs (8 ldmatrix for 32 mma), and the next
 * fragments load while these multiply. Blocks walk over C in groups of 8 rows of tiles.
 *
 * A block's step of 32 in k: 2 * 128 * 128 * 32 FLOPs for 16 KB from L2, 32 KB from shared memory.
 * A ring of 4 stages is 64 KB; 128 threads of 128 sums and at most 255 registers: two blocks an SM.
 * Bound: the rate of mma.sync, on sm_90 about 0.6 of what wgmma reaches. gemm_wgmma attacks that.
 */
#include <stdio.h>
#include "fail.h"
#include "kernels/gemm/tile.cuh"

static const int BM = 128, BN = 128, BK = 32, STAGES = 4; /* tile of a block */
static const int WM = 64, WN = 64, MK = 16;               /* of a warp; k of an mma */
static const int THREADS = BM / WM * (BN / WN) * 32;
static const int STEPS = BK / MK, DOWN = WM / 16, ACROSS = WN / 8; /* mma of a warp */
static_assert(STEPS % 2 == 0, "a stage starts with the first of two fragment buffers");

static __device__ void product(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2],
                               __nv_bfloat16)
{
    mma_m16n8k16_bf16(d, a, b);
}
static __device__ void product(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2],
                               __half)
{
    mma_m16n8k16_f16(d, a, b);
}

template <class T, bool TRANS_A, bool TRANS_B, int COPY>
static __global__ void __launch_bounds__(THREADS, 2) mma(struct gemm g, struct operands o)
{
    typedef tile<T, BM, BK, !TRANS_A> tile_a;
    typedef tile<T, BN, BK, TRANS_B> tile_b;
    extern __shared__ __align__(128) unsigned char ring[];
    T *const as = (T *)ring, *const bs = as + STAGES * BM * BK;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int wm = warp / (BN / WN) * WM, wn = warp % (BN / WN) * WN;
    const struct corner at = corner_of(blockIdx.x, (g.m + BM - 1) / BM, (g.n + BN - 1) / BN);
    const long i0 = at.down * BM, j0 = at.across * BN;
    const int m = g.m - i0 < BM ? (int)(g.m - i0) : BM, n = g.n - j0 < BN ? (int)(g.n - j0) : BN;
    const T *a = (const T *)o.in[0] + i0 * (TRANS_A ? 1 : g.lda);
    const T *b = (const T *)o.in[1] + j0 * (TRANS_B ? g.ldb : 1);
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
            for (int i = 0; i < DOWN; i++) {
#pragma unroll
                for (int j = 0; j < ACROSS; j++) {
                    const uint32_t *const two = &y[step % 2][j / 2][j % 2 * 2];
                    const uint32_t pair[2] = {two[0], two[1]};
                    product(sum[i][j], x[i], pair, T());
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
                store_pair((T *)o.out + row * g.ldc + col, col, g.n, g.ldc % 2 == 0, two[0], two[1],
                           alpha, beta);
        }
}

/* ---- which instance ---- */

typedef void kernel(struct gemm, struct operands);

template <class T, int COPY> static kernel *by_layout(const struct gemm *g)
{
    if (g->trans_a) return g->trans_b ? mma<T, true, true, COPY> : mma<T, true, false, COPY>;
    return g->trans_b ? mma<T, false, true, COPY> : mma<T, false, false, COPY>;
}
static bool whole_chunks(const struct gemm *g) { return g->lda % 8 == 0 && g->ldb % 8 == 0; }
static kernel *instance(const struct problem *p)
{
    const struct gemm *g = &p->gemm;
    if (p->precision == F16)
        return whole_chunks(g) ? by_layout<__half, 16>(g) : by_layout<__half, 2>(g);
    return whole_chunks(g) ? by_layout<__nv_bfloat16, 16>(g) : by_layout<__nv_bfloat16, 2>(g);
}
static const size_t RING = (size_t)STAGES * (BM + BN) * BK * 2; /* bytes */
static long tiles(const struct gemm *g) { return (g->m + BM - 1) / BM * ((g->n + BN - 1) / BN); }

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision != F16 && p->precision != BF16) return "an f16 and bf16 kernel";
    if (d->cc < 80) return "needs cp.async and mma.m16n8k16 (sm_80)";
    if ((size_t)d->shared_max < RING) return "needs 64 KB of shared memory a block";
    if (tiles(&p->gemm) > 2147483647) return "needs at most 2^31 - 1 tiles of 128x128 (grid limit)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    CHECK_CUDA(cudaFuncSetAttribute(instance(plan->problem),
                                    cudaFuncAttributeMaxDynamicSharedMemorySize, (int)RING));
    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d %dx%d %d stages%s", BM, BN, BK, WM, WN,
             STAGES, whole_chunks(&plan->problem->gemm) ? "" : ", element by element");
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm g = plan->problem->gemm;
    kernel *const mma = instance(plan->problem);

    mma<<<(unsigned)tiles(&g), THREADS, RING, stream>>>(g, *o);
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_mma = {
    .name = "gemm_mma",
    .summary = "mma.sync on swizzled tiles, a cp.async ring of 4 stages, 64x64 outputs a warp",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
