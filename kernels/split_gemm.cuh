/* split_gemm.cuh: f32 gemm on the bf16 tensor cores. Each float is split into two or three bf16
 * parts (split_pass.cuh), and a product of floats is some of the products of their parts; which, an
 * impl says in a struct S, see gemm_bf16x6. The parts come as whole chunks: no tensor maps, and no
 * edges before C. A k-block's chunks are used by several products: 3 loads of a tile for 6 of them.
 * The tensor core truncates when it adds, and such a sum drifts with k: after every 64 k the
 * accumulators are added to f32 sums and begin again. */
#ifndef WHEELBENCH_SPLIT_GEMM_CUH
#define WHEELBENCH_SPLIT_GEMM_CUH
#include <stdio.h>
#include "fail.h"
#include "kernels/split_pass.cuh"
#include "kernels/stream_k.cuh"
#include "kernels/wgmma.cuh"
#include "wheelbench.h"

enum { BM = 128, THREADS = 384, CONSUMERS = 256, BAND = 12 }; /* BAND: rows of tiles, see place */

struct split_args {
    struct stream_k s;
    const char *a, *b; /* chunks */
    float *c, alpha, beta;
    long ldc;
    int m, n;
};

/* Hex digit i of x, from the last one on; the first and the last product that takes a part. */
static constexpr __device__ int digit(unsigned x, int i) { return (int)(x >> 4 * i & 15); }
template <class S> static constexpr __device__ int first_use(int part)
{
    int p = 0;
    while (digit(S::A, p) != part && digit(S::B, p) != part) p++;
    return p;
}
template <class S> static constexpr __device__ int last_use(int part)
{
    int p = S::PRODUCTS - 1;
    while (digit(S::A, p) != part && digit(S::B, p) != part) p--;
    return p;
}

/* A slot holds one part of A and of B of one k-block; parts come in the order S::ORDER. */
template <int BN, int SLOTS> struct slots {
    enum { A_BYTES = BM * 128, B_BYTES = BN * 128, SLOT = A_BYTES + B_BYTES };
    enum { SMEM = 1024 + SLOTS * (SLOT + 16), COLUMNS = BN, COUNT = SLOTS };
    uint32_t ring, full, empty;
    int at, parity;
    __device__ void next()
    {
        if (++at == SLOTS) at = 0, parity ^= 1;
    }
};

template <class S, int BN, int SLOTS>
static __device__ void produce(const struct split_args &g, slots<BN, SLOTS> r)
{
    typedef slots<BN, SLOTS> R;
    pieces mine(g.s);
    struct piece w;

    r.parity = 1; /* of a fresh barrier: passes at once */
    while (mine.get(g.s, &w)) {
        int row, col;
        stream_k_place(g.s, BAND, w.tile, &row, &col);
        for (int kb = w.kb0; kb < w.kb1; kb++) {
            const char *a = g.a + ((size_t)row * g.s.blocks + kb) * S::PARTS * R::A_BYTES;
            const char *b = g.b + ((size_t)col * g.s.blocks + kb) * S::PARTS * R::B_BYTES;
#pragma unroll
            for (int i = 0; i < S::PARTS; i++, r.next()) {
                const int part = digit(S::ORDER, i);
                const uint32_t to = r.ring + r.at * R::SLOT, bar = r.full + 8 * r.at;
                mbar_wait(r.empty + 8 * r.at, r.parity);
                mbar_expect_tx(bar, R::SLOT);
                bulk_load(to, a + part * R::A_BYTES, R::A_BYTES, bar);
                bulk_load(to + R::A_BYTES, b + part * R::B_BYTES, R::B_BYTES, bar);
            }
        }
    }
}

/* sum += a block of 64 k: all products, one accumulator. A slot is free when the product after its
 * last one is under way. */
template <class S, int BN, int SLOTS>
static __device__ void multiply(slots<BN, SLOTS> *r, float (&sum)[BN / 2])
{
    typedef slots<BN, SLOTS> R;
    const int half = threadIdx.x / 128; /* of the rows of the tile */
    float acc[BN / 2];
    int at[S::PARTS], parity[S::PARTS]; /* by part */
    const auto release = [&](int slot) {
        if (threadIdx.x % 128 == 0) mbar_arrive(r->empty + 8 * slot);
    };

#pragma unroll
    for (int i = 0; i < S::PARTS; i++, r->next())
        at[digit(S::ORDER, i)] = r->at, parity[digit(S::ORDER, i)] = r->parity;
#pragma unroll
    for (int p = 0; p < S::PRODUCTS; p++) {
        const int of_a = digit(S::A, p), of_b = digit(S::B, p);
#pragma unroll
        for (int i = 0; i < S::PARTS; i++)
            if (first_use<S>(i) == p) mbar_wait(r->full + 8 * at[i], parity[i]);
        const uint32_t slot_a = r->ring + at[of_a] * R::SLOT, slot_b = r->ring + at[of_b] * R::SLOT;
        const uint64_t a = wgmma_desc(slot_a + half * 8192, 16);
        const uint64_t b = wgmma_desc(slot_b + R::A_BYTES, 16);
        wgmma_fence(); /* one for all products, and ptxas runs them one after the other (C7520) */
#pragma unroll
        for (int q = 0; q < BK / 16; q++)
            wgmma<__nv_bfloat16, BN, 0, 0>::mma(acc, a + 2 * q, b + 2 * q, p | q);
        wgmma_commit();
#pragma unroll
        for (int i = 0; i < S::PARTS; i++)
            if (last_use<S>(i) == p - 1) {
                wgmma_wait<1>();
                release(at[i]);
            }
    }
    wgmma_wait<0>();
    wgmma_pin(acc);
#pragma unroll
    for (int i = 0; i < S::PARTS; i++)
        if (last_use<S>(i) == S::PRODUCTS - 1) release(at[i]);
#pragma unroll
    for (int i = 0; i < BN / 2; i++) sum[i] += acc[i];
}

static __device__ void store_pair(const struct split_args &g, bool pairs, long y, long x, float u,
                                  float v)
{
    float *c = g.c + y * g.ldc + x;

    if (pairs && x + 1 < g.n) {
        const float2 old = g.beta != 0 ? *(const float2 *)c : make_float2(0, 0);
        *(float2 *)c = make_float2(g.alpha * u + g.beta * old.x, g.alpha * v + g.beta * old.y);
        return;
    }
    if (x < g.n) c[0] = g.alpha * u + (g.beta != 0 ? g.beta * c[0] : 0.0f);
    if (x + 1 < g.n) c[1] = g.alpha * v + (g.beta != 0 ? g.beta * c[1] : 0.0f);
}

template <class S, int BN, int SLOTS>
static __global__ void __launch_bounds__(THREADS, 1)
    split_product(const __grid_constant__ struct split_args g)
{
    extern __shared__ uint8_t raw[];
    const int tid = threadIdx.x;
    slots<BN, SLOTS> r;

    r.ring = (smem_addr(raw) + 1023) & ~1023u; /* the swizzle goes by address */
    r.full = r.ring + SLOTS * r.SLOT, r.empty = r.full + 8 * SLOTS, r.at = r.parity = 0;
    if (tid == 0) {
        for (int i = 0; i < SLOTS; i++) {
            mbar_init(r.full + 8 * i, 1);
            mbar_init(r.empty + 8 * i, 2); /* both consumers */
        }
        mbar_init_fence();
    }
    __syncthreads();
    if (tid >= CONSUMERS) {
        regs_give<40>();
        if (tid == CONSUMERS) produce<S>(g, r);
        return;
    }
    regs_take<232>();
    const auto sync = [] { named_barrier(1, CONSUMERS); };
    const bool pairs = g.ldc % 2 == 0;
    pieces mine(g.s);
    struct piece w;
    while (mine.get(g.s, &w)) {
        float sum[BN / 2] = {};
        int row, col;
        for (int kb = w.kb0; kb < w.kb1; kb++) multiply<S>(&r, sum);
        if (w.kb0 > 0) {
            stream_k_put<CONSUMERS>(g.s, sum, tid, sync);
            continue;
        }
        if (w.kb1 < g.s.blocks) stream_k_add<CONSUMERS>(g.s, w, sum, tid, sync);
        stream_k_place(g.s, BAND, w.tile, &row, &col);
        const int y = row * BM + tid / 32 * 16 + tid % 32 / 4, x = col * BN + tid % 4 * 2;
#pragma unroll
        for (int i = 0; i < BN / 2; i += 2) /* two rows 8 apart, pairs of columns 8 apart */
            if (y + i / 2 % 2 * 8 < g.m)
                store_pair(g, pairs, y + i / 2 % 2 * 8, x + i / 4 * 8, sum[i], sum[i + 1]);
    }
}

/* ---- host ---- */

static const char *split_why_not(const struct gemm *g, const struct device *d)
{
    if (d->cc != 90) return "wgmma exists on compute capability 9.0 only";
    if (g->m >> 30 || g->n >> 30 || g->k >> 30) return "needs m, n, k < 2^30";
    return NULL;
}

/* f(slots): tiles of 128 x 192; of 128 x 128 where that leaves multiprocessors without a tile. */
template <class F> static const char *with_slots(const struct plan *plan, F f)
{
    const struct gemm *g = &plan->problem->gemm;
    const long tiles = ((g->m + BM - 1) / BM) * ((g->n + 191) / 192);

    return tiles < plan->device->sms ? f(slots<128, 6>()) : f(slots<192, 5>());
}

/* The workspace: flags, pieces of tiles, chunks of A, chunks of B. */
template <class S, class R> struct split_room {
    size_t partial, a, b, all;
    explicit split_room(const struct plan *plan)
    {
        const struct gemm *g = &plan->problem->gemm;
        const size_t blocks = (g->k + BK - 1) / BK, chunk = blocks * S::PARTS;
        partial = (plan->device->sms * sizeof(int) + 255) / 256 * 256;
        a = partial + plan->device->sms * sizeof(float) * BM * R::COLUMNS;
        b = a + (g->m + BM - 1) / BM * chunk * R::A_BYTES;
        all = b + (g->n + R::COLUMNS - 1) / R::COLUMNS * chunk * R::B_BYTES;
    }
};

template <class S> static const char *split_prepare(struct plan *plan)
{
    return with_slots(plan, [&](auto s) -> const char * {
        typedef decltype(s) R;
        const auto kernel = split_product<S, R::COLUMNS, R::COUNT>;
        plan->workspace_bytes = split_room<S, R>(plan).all;
        snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d, %d products", BM, (int)R::COLUMNS, BK,
                 (int)S::PRODUCTS);
        CHECK_CUDA(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                        (int)R::SMEM));
        return NULL;
    });
}

template <class S>
static const char *split_run(const struct plan *plan, const struct operands *o,
                             struct CUstream_st *stream)
{
    const struct gemm *g = &plan->problem->gemm;

    return with_slots(plan, [&](auto s) -> const char * {
        typedef decltype(s) R;
        const split_room<S, R> at(plan);
        char *room = (char *)o->workspace;
        const auto kernel = split_product<S, R::COLUMNS, R::COUNT>;
        struct split_args args = {};
        const int grid =
            stream_k_plan(&args.s, g->m, g->n, g->k, BM, R::COLUMNS, BK, plan->device->sms);
        args.a = room + at.a, args.b = room + at.b;
        args.s.flag = (int *)room, args.s.partial = (float *)(room + at.partial);
        args.c = (float *)o->out, args.ldc = g->ldc, args.m = (int)g->m, args.n = (int)g->n;
        args.alpha = (float)g->alpha, args.beta = (float)g->beta;
        split_operand<S::PARTS>(room + at.a, BM, o->in[0], g->lda, g->m, g->k, !g->trans_a,
                                args.s.flag, grid, stream);
        split_operand<S::PARTS>(room + at.b, R::COLUMNS, o->in[1], g->ldb, g->n, g->k, g->trans_b,
                                NULL, 0, stream);
        kernel<<<grid, THREADS, R::SMEM, stream>>>(args);
        return NULL; /* the harness asks for launch errors */
    });
}
#endif
