/* gemm_ffma: the FFMA pipe as far as C goes. 8 warps a multiprocessor, 64x64 outputs a warp, 8x16 a
 * thread, so that 6 loads of 128 bits feed 128 FFMA; a ring of k-blocks filled by TMA, 16 k at a
 * time in a straight line. Removed: the latency of loads, most of their issue slots, most conflicts
 * of register banks. A scheduler reads two registers a clock, an even and an odd one, and FFMA
 * wants three: each must find one in the reuse cache. ptxas sees to that when both fragments are
 * rows of four along m and n, not when they are four k of one row. So there is one form: A as
 * [k][m], B as [k][n]. An operand that is stored the other way, or not as TMA wants, is packed
 * first, inside the call. The last wave of tiles is cut along k
 * (stream_k.cuh). Bound: issue slots, 5 % of them loads, and bank conflicts when the two warps of a
 * scheduler take turns. gemm_bf16x6 leaves that pipe.
 * arch: sm_90a
 */
#include <stdio.h>
#include "fail.h"
#include "kernels/gemm/ffma_pack.cuh"
#include "kernels/stream_k.cuh"
#include "kernels/wgmma.cuh"
#include "wheelbench.h"

enum { BM = 128, BN = 256, BK = 64, THREADS = 256, TM = 8, TN = 16, STAGES = 2 };
enum { BODY = 16 }; /* k in a straight line: 8 is 1 % slower, 18 (40 KB of code) 5 % */
enum { BAND = 16 }; /* rows of tiles that are walked together */
enum { WARPS_N = BN / 64, LANES_M = 64 / TM, LANES_N = 64 / TN };
enum { STAGE = (BM + BN) * BK, SMEM = STAGES * (STAGE * (int)sizeof(float) + 8) };
static_assert(BM * BN == THREADS * TM * TN, "one thread per TM x TN outputs");

struct ffma_args {
    CUtensorMap a, b; /* [k][m], [k][n] */
    struct stream_k s;
    float *c, alpha, beta;
    long ldc;
    int m, n;
};

/* Runs ahead of the sums; lives in thread 0, which calls step() when a stage is free. */
struct feeder {
    pieces mine;
    struct piece p;
    int kb, row, col, stage;
    __device__ explicit feeder(const struct ffma_args &g) : mine(g.s), kb(0), stage(0)
    {
        p.kb1 = 0;
    }
    __device__ __forceinline__ void step(const struct ffma_args &g, uint32_t ring, uint32_t full)
    {
        if (kb == p.kb1) {
            if (!mine.get(g.s, &p)) return;
            kb = p.kb0;
            stream_k_place(g.s, BAND, p.tile, &row, &col);
        }
        const uint32_t to = ring + stage * STAGE * 4, bar = full + 8 * stage;
        mbar_expect_tx(bar, STAGE * 4);
        tma_load(to, &g.a, row * BM, kb * BK, bar);
        tma_load(to + BM * BK * 4, &g.b, col * BN, kb * BK, bar);
        kb++;
        if (++stage == STAGES) stage = 0;
    }
};

/* T rows (columns) of a thread at one k: groups of 4, the groups 256 / T floats apart. */
template <int T> static __device__ __forceinline__ void fragment(float (&v)[T], const float *s)
{
#pragma unroll
    for (int j = 0; j < T / 4; j++) {
        const float4 x = *(const float4 *)(s + j * (256 / T));
        v[4 * j] = x.x, v[4 * j + 1] = x.y, v[4 * j + 2] = x.z, v[4 * j + 3] = x.w;
    }
}

/* Four sums to C at (y, x), x a multiple of 4; `quads`: the rows of C allow float4. */
static __device__ void store_quad(const struct ffma_args &g, bool quads, long y, int x,
                                  const float *sum)
{
    float *c = g.c + y * g.ldc + x;

    if (quads && x + 3 < g.n) {
        float4 v = g.beta != 0 ? *(const float4 *)c : make_float4(0, 0, 0, 0);
        v.x = g.alpha * sum[0] + g.beta * v.x, v.y = g.alpha * sum[1] + g.beta * v.y;
        v.z = g.alpha * sum[2] + g.beta * v.z, v.w = g.alpha * sum[3] + g.beta * v.w;
        *(float4 *)c = v;
        return;
    }
#pragma unroll
    for (int e = 0; e < 4; e++)
        if (x + e < g.n) c[e] = g.alpha * sum[e] + (g.beta != 0 ? g.beta * c[e] : 0.0f);
}

static __global__ void __launch_bounds__(THREADS, 1)
    ffma_product(const __grid_constant__ struct ffma_args g)
{
    extern __shared__ __align__(128) float room[];
    const uint32_t ring = smem_addr(room), full = ring + STAGES * STAGE * 4;
    const int tid = threadIdx.x, lane = tid % 32;
    const int warp_m = tid / 32 / WARPS_N * 64, warp_n = tid / 32 % WARPS_N * 64;
    /* Bit 0 of the lane picks columns only, bit 1 rows only: a load of 128 bits then takes two
     * turns of shared memory, not four, for either operand. */
    const int lane_m = (lane >> 1 & 1) | (lane >> 2 & 6), lane_n = (lane & 1) | (lane >> 1 & 2);
    const auto sync = [] { __syncthreads(); };

    if (tid == 0) {
        for (int s = 0; s < STAGES; s++) mbar_init(full + 8 * s, 1);
        mbar_init_fence();
    }
    __syncthreads();
    feeder feed(g);
    if (tid == 0)
        for (int s = 0; s < STAGES - 1; s++) feed.step(g, ring, full);

    pieces mine(g.s);
    struct piece w;
    int stage = 0, parity = 0;
    const float *const base = room + 4 * lane_m + warp_m;
    const int to_b = BM * BK + warp_n - warp_m + 4 * lane_n - 4 * lane_m;
    while (mine.get(g.s, &w)) {
        float acc[TM * TN] = {}, a[2][TM], b[2][TN];
        const float *now = base + stage * STAGE, *now_b = now + to_b;
        mbar_wait(full + 8 * stage, parity);
        fragment(a[0], now);
        fragment(b[0], now_b);
#pragma unroll 1
        for (int kb = w.kb0; kb < w.kb1; kb++) {
            __syncthreads(); /* the stage of the block before is free, and warps stay in step: an
                                mbarrier for each warp loses 8 % */
            if (tid == 0) feed.step(g, ring, full);
            if (++stage == STAGES) stage = 0, parity ^= 1;
            const bool last = kb + 1 == w.kb1; /* then what is read ahead is of no use: any stage
                                                  will do that no copy writes */
            const float *next = last ? now : base + stage * STAGE;
#pragma unroll 1
            for (int k0 = 0; k0 < BK; k0 += BODY) {
                if (k0 + BODY == BK && !last) mbar_wait(full + 8 * stage, parity);
                const bool inside = k0 + BODY < BK;
                const float *after = inside ? now + BODY * BM : next;
                const float *after_b = inside ? now_b + BODY * BN : next + to_b;
#pragma unroll
                for (int kk = 0; kk < BODY; kk++) {
                    const bool more = kk + 1 < BODY;
                    fragment(a[(kk + 1) & 1], more ? now + (kk + 1) * BM : after);
                    fragment(b[(kk + 1) & 1], more ? now_b + (kk + 1) * BN : after_b);
                    /* back and forth along a row: each FFMA shares an operand with the one before
                     */
#pragma unroll
                    for (int i = 0; i < TM; i++)
#pragma unroll
                        for (int jj = 0; jj < TN; jj++) {
                            const int j = i % 2 ? TN - 1 - jj : jj;
                            float &sum = acc[i * TN + j];
                            sum = fmaf(a[kk & 1][i], b[kk & 1][j], sum);
                        }
                }
                now = after, now_b = after_b;
            }
        }
        if (w.kb0 > 0) {
            stream_k_put<THREADS>(g.s, acc, tid, sync);
            continue;
        }
        if (w.kb1 < g.s.blocks) stream_k_add<THREADS>(g.s, w, acc, tid, sync);
        int row, col;
        stream_k_place(g.s, BAND, w.tile, &row, &col);
#pragma unroll
        for (int i = 0; i < TM; i++) {
            const int y = row * BM + warp_m + 4 * LANES_M * (i / 4) + 4 * lane_m + i % 4;
            if (y >= g.m) continue;
#pragma unroll
            for (int j = 0; j < TN; j += 4)
                store_quad(g, g.ldc % 4 == 0, y, col * BN + warp_n + LANES_N * j + 4 * lane_n,
                           acc + i * TN + j);
        }
    }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct gemm *g = &p->gemm;

    if (p->precision == TF32) return "an f32 kernel: run it as f32";
    if (p->precision != F32) return "f32 only";
    if (d->cc != 90) return "compiled for compute capability 9.0 only";
    if (g->m >> 30 || g->n >> 30 || g->k >> 30) return "needs m, n, k < 2^30";
    return NULL;
}

static size_t packed_a(const struct gemm *g) { return packed(g->lda, g->m, g->k, !g->trans_a); }
static size_t packed_b(const struct gemm *g) { return packed(g->ldb, g->n, g->k, g->trans_b); }

/* The workspace: flags, pieces of tiles, A, B. */
static size_t flag_bytes(const struct plan *plan)
{
    return (plan->device->sms * 4 + 255) / 256 * 256;
}
static size_t piece_bytes(const struct plan *plan)
{
    return (size_t)plan->device->sms * BM * BN * 4;
}

static const char *prepare(struct plan *plan)
{
    const struct gemm *g = &plan->problem->gemm;

    plan->workspace_bytes = flag_bytes(plan) + piece_bytes(plan) + packed_a(g) + packed_b(g);
    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d%s%s", BM, BN, BK,
             packed_a(g) ? ", A packed" : "", packed_b(g) ? ", B packed" : "");
    CHECK_CUDA(
        cudaFuncSetAttribute(ffma_product, cudaFuncAttributeMaxDynamicSharedMemorySize, SMEM));
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm *g = &plan->problem->gemm;
    char *room = (char *)o->workspace, *a = room + flag_bytes(plan) + piece_bytes(plan);
    struct ffma_args args = {};
    const int grid = stream_k_plan(&args.s, g->m, g->n, g->k, BM, BN, BK, plan->device->sms);

    args.s.flag = (int *)room, args.s.partial = (float *)(room + flag_bytes(plan));
    args.c = (float *)o->out, args.ldc = g->ldc, args.m = (int)g->m, args.n = (int)g->n;
    args.alpha = (float)g->alpha, args.beta = (float)g->beta;
    TRY(operand(&args.a, o->in[0], g->lda, g->m, g->k, !g->trans_a, BM, BK, a, stream));
    TRY(operand(&args.b, o->in[1], g->ldb, g->n, g->k, g->trans_b, BN, BK, a + packed_a(g),
                stream));
    ffma_product<<<grid, THREADS, SMEM, stream>>>(args);
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_ffma = {
    .name = "gemm_ffma",
    .summary = "128x256 tiles, 8x16 outputs a thread, operands k by k through a TMA ring",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
