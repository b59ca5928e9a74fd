/* gemm_skinny: tensor cores for products with at most 64 rows (or columns) of C: tokens times
 * weights. W below is the large operand, S the small one. The tiles of gemm_wgmma are 128 rows of C
 * high: with 16 rows, 7 of 8 products are of zeros and, worse, 32 blocks read all the weights while
 * 100 multiprocessors have none. Here the operands change places: W is the side of 64 rows that
 * wgmma always has, S the side of 8, 16, 32 or 64. A block brings 128 rows of W x 64 k at a time
 * through a ring of 8 to 11 stages, 128 KB or more of W on its way to each multiprocessor, where 40
 * are enough for what DRAM takes to answer. And the k of all tiles are dealt out evenly over all
 * multiprocessors (stream_k.cuh): none waits for another's weights. C leaves by plain stores, any
 * ldc.
 *
 * Counted, bf16 16x4096x14336: W is 117 MB, 37 us at 3.2 TB/s. Of each stage of 16 KB S adds an
 * eighth, from L2; wgmma reads it in 128 clocks, DRAM sends it in 1100. What comes on top does not
 * grow with W: the launch, the first stage's way, and the adding of the pieces of a tile, 3 us.
 * Bound: DRAM, the end: W must be read. Small W: the launch.
 * arch: sm_90a
 */
#include <stdio.h>
#include "fail.h"
#include "kernels/gemm/wgmma_host.cuh"
#include "kernels/stream_k.cuh"

enum { BM = 128, BK = 64, CONSUMERS = 256, THREADS = CONSUMERS + 32 };
enum { SMALL = 64 };       /* rows of S, at most */
enum { LEAST_STEPS = 4 };  /* of BK for a block: what is in the ring at once takes no longer */
enum { RING = 200 << 10 }; /* bytes, at most */
enum { W_BYTES = BM * BK * 2 };

template <int N> struct stages { /* N: rows of S */
    enum { ROWS = N, BYTES = W_BYTES + N * BK * 2, COUNT = RING / BYTES };
    enum { SMEM = 1024 + COUNT * (BYTES + 16) }; /* 1024 to begin on a multiple of it */
    uint32_t ring, full, empty;
    int at, parity;
    __device__ void next()
    {
        if (++at == COUNT) at = 0, parity ^= 1;
    }
};

/* C (or its transpose) = W S'. Element (row of W, row of S) of it lies row c_row + small c_small
 * elements from c. */
struct job {
    struct stream_k s;
    void *c;
    long c_row, c_small;
    int rows, small; /* of W, of S */
    float alpha, beta;
};

/* MN-major: 64 rows a box, k by k. */
template <int N, int W_MN, int S_MN>
static __device__ void produce(const struct job &g, stages<N> r, const CUtensorMap *map_w,
                               const CUtensorMap *map_s)
{
    pieces mine(g.s);
    struct piece p;

    r.parity = 1; /* of a fresh barrier: passes at once */
    while (mine.get(g.s, &p))
        for (int kb = p.kb0; kb < p.kb1; kb++, r.next()) {
            const uint32_t w = r.ring + r.at * r.BYTES, bar = r.full + 8 * r.at;
            const int row = p.tile * BM, k = kb * BK;
            mbar_wait(r.empty + 8 * r.at, r.parity);
            mbar_expect_tx(bar, r.BYTES);
            if (!W_MN) tma_load(w, map_w, k, row, bar);
            for (int i = 0; W_MN && i < BM; i += 64)
                tma_load(w + i * BK * 2, map_w, row + i, k, bar);
            tma_load(w + W_BYTES, map_s, S_MN ? 0 : k, S_MN ? k : 0, bar);
        }
}

/* sum = 64 rows of W times S over the k of a piece. */
template <class T, int N, int W_MN, int S_MN>
static __device__ void multiply(const struct piece &p, stages<N> *r, float (&sum)[N / 2], int group)
{
    typedef wgmma<T, N, W_MN, S_MN> op;
    const bool signals = threadIdx.x % 128 == 0;
    int last = 0;

    for (int kb = p.kb0; kb < p.kb1; kb++, r->next()) {
        const uint32_t at = r->ring + r->at * r->BYTES;
        const uint64_t w = wgmma_desc(at + group * 64 * BK * 2, 8192);
        const uint64_t s = wgmma_desc(at + W_BYTES, 8192);
        mbar_wait(r->full + 8 * r->at, r->parity);
        wgmma_fence();
#pragma unroll
        for (int q = 0; q < BK / 16; q++) /* 16 k on: 32 bytes, or 16 rows of 128 bytes */
            op::mma(sum, w + q * (W_MN ? 128 : 2), s + q * (S_MN ? 128 : 2), kb > p.kb0 || q > 0);
        wgmma_commit();
        wgmma_wait<1>(); /* the step before this one is done */
        if (kb > p.kb0 && signals) mbar_arrive(r->empty + 8 * last);
        last = r->at;
    }
    wgmma_wait<0>();
    if (signals) mbar_arrive(r->empty + 8 * last);
    wgmma_pin(sum);
}

template <class T, int N, int W_MN, int S_MN>
static __global__ void __launch_bounds__(THREADS, 1)
    skinny(const __grid_constant__ CUtensorMap map_w, const __grid_constant__ CUtensorMap map_s,
           const __grid_constant__ struct job g)
{
    extern __shared__ uint8_t raw[];
    const int group = __shfl_sync(~0u, threadIdx.x / 128, 0), t = threadIdx.x % 128;
    stages<N> r;

    r.ring = (smem_addr(raw) + 1023) & ~1023u; /* the swizzle goes by address */
    r.full = r.ring + r.COUNT * r.BYTES, r.empty = r.full + 8 * r.COUNT, r.at = r.parity = 0;
    if (threadIdx.x == 0) {
        for (int i = 0; i < r.COUNT; i++) {
            mbar_init(r.full + 8 * i, 1);  /* the expect_tx of the one who loads */
            mbar_init(r.empty + 8 * i, 2); /* both groups of consumers */
        }
        mbar_init_fence();
        tma_prefetch_map(&map_w), tma_prefetch_map(&map_s);
    }
    __syncthreads();
    if (threadIdx.x >= CONSUMERS) {
        if (threadIdx.x == CONSUMERS) produce<N, W_MN, S_MN>(g, r, &map_w, &map_s);
        return;
    }
    const auto sync = [] { named_barrier(1, CONSUMERS); };
    pieces mine(g.s);
    struct piece p;
    while (mine.get(g.s, &p)) {
        float sum[N / 2];
        multiply<T, N, W_MN, S_MN>(p, &r, sum, group);
        if (p.kb0 > 0) {
            stream_k_put<CONSUMERS>(g.s, sum, threadIdx.x, sync);
            continue;
        }
        if (p.kb1 < g.s.blocks) stream_k_add<CONSUMERS>(g.s, p, sum, threadIdx.x, sync);
        const int row = p.tile * BM + group * 64 + t / 32 * 16 + t % 32 / 4, column = t % 4 * 2;
#pragma unroll
        for (int i = 0; i < N / 2; i++) { /* two rows 8 apart, pairs of columns 8 apart */
            const int y = row + i / 2 % 2 * 8, x = column + i / 4 * 8 + i % 2;
            T *out = (T *)g.c + y * g.c_row + x * g.c_small;
            if (y >= g.rows || x >= g.small) continue;
            *out = T(g.alpha * sum[i] + (g.beta == 0 ? 0.0f : g.beta * (float)*out));
        }
    }
}

/* ---- host ---- */

/* W is B when C has few rows, else A. */
struct roles {
    int w; /* in[w] is W */
    long rows, small, w_ld, s_ld, c_row, c_small;
    int w_mn, s_mn; /* k is not what is contiguous */
};
static struct roles roles_of(const struct gemm *g)
{
    if (g->m <= g->n) return {1, g->n, g->m, g->ldb, g->lda, 1, g->ldc, !g->trans_b, g->trans_a};
    return {0, g->m, g->n, g->lda, g->ldb, g->ldc, 1, g->trans_a, !g->trans_b};
}

/* f(T, stages, number<W is MN-major>, number<S is>): each case is a kernel of its own. An MN-major
 * S comes in lines of 64 rows. */
template <class F> static const char *with_instance(const struct problem *p, F f)
{
    const struct roles r = roles_of(&p->gemm);
    const auto by_small = [&](auto t, auto w) {
        if (r.s_mn) return f(t, stages<64>(), w, number<1>());
        if (r.small <= 8) return f(t, stages<8>(), w, number<0>());
        if (r.small <= 16) return f(t, stages<16>(), w, number<0>());
        if (r.small <= 32) return f(t, stages<32>(), w, number<0>());
        return f(t, stages<64>(), w, number<0>());
    };
    const auto by_w = [&](auto t) {
        return r.w_mn ? by_small(t, number<1>()) : by_small(t, number<0>());
    };
    return p->precision == F16 ? by_w(__half()) : by_w(__nv_bfloat16());
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision != BF16 && p->precision != F16) return "f16 and bf16 only";
    if (p->gemm.m > SMALL && p->gemm.n > SMALL) return "needs m <= 64 or n <= 64";
    return wgmma_why_not(&p->gemm, d, 8);
}

/* Blocks to launch, all resident at once. */
static int plan_of(struct stream_k *s, const struct plan *plan)
{
    const struct gemm *g = &plan->problem->gemm;
    const long rows = roles_of(g).rows, steps = (rows + BM - 1) / BM * ((g->k + BK - 1) / BK);
    const long most = steps < LEAST_STEPS ? 1 : steps / LEAST_STEPS;

    return stream_k_plan(s, rows, 1, g->k, BM, 1, BK,
                         most < plan->device->sms ? (int)most : plan->device->sms);
}

/* The workspace: flags, pieces of tiles. */
static size_t flag_bytes(int blocks) { return ((size_t)blocks * 4 + 255) / 256 * 256; }

static const char *prepare(struct plan *plan)
{
    struct stream_k s;
    const int blocks = plan_of(&s, plan);

    return with_instance(plan->problem, [&](auto t, auto r, auto w, auto sm) -> const char * {
        typedef decltype(r) R;
        const auto kernel = skinny<decltype(t), R::ROWS, w.value, sm.value>;
        plan->workspace_bytes = flag_bytes(blocks) + (size_t)blocks * BM * R::ROWS * sizeof(float);
        snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d %d stages, %d blocks", BM, (int)R::ROWS,
                 BK, (int)R::COUNT, blocks);
        CHECK_CUDA(
            cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, R::SMEM));
        return NULL;
    });
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct problem *p = plan->problem;
    const struct gemm *g = &p->gemm;
    const struct roles of = roles_of(g);
    struct job job = {};
    const int blocks = plan_of(&job.s, plan);

    job.s.flag = (int *)o->workspace;
    job.s.partial = (float *)((char *)o->workspace + flag_bytes(blocks));
    job.c = o->out, job.c_row = of.c_row, job.c_small = of.c_small;
    job.rows = (int)of.rows, job.small = (int)of.small;
    job.alpha = (float)g->alpha, job.beta = (float)g->beta;
    return with_instance(p, [&](auto t, auto r, auto w, auto sm) -> const char * {
        typedef decltype(r) R;
        const auto kernel = skinny<decltype(t), R::ROWS, w.value, sm.value>;
        CUtensorMap map_w, map_s;
        TRY(wgmma_map(&map_w, p, o->in[of.w], w.value, of.rows, of.w_ld, BM));
        TRY(wgmma_map(&map_s, p, o->in[!of.w], sm.value, of.small, of.s_ld, R::ROWS));
        kernel<<<blocks, THREADS, R::SMEM, stream>>>(map_w, map_s, job);
        return NULL; /* the harness asks for launch errors */
    });
}

extern "C" const struct impl gemm_skinny = {
    .name = "gemm_skinny",
    .summary = "m or n <= 64: the large operand as wgmma's 64 rows, k dealt out evenly",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
