/* wgmma_persistent.cuh: the kernel of gemm_wgmma_persistent and of gemm_wgmma_tf32, whose comments
 * say why it is so: one producer thread, two consumer warpgroups, two warps that store, pairs of
 * blocks that share B. And its launch. */
#ifndef WHEELBENCH_WGMMA_PERSISTENT_CUH
#define WHEELBENCH_WGMMA_PERSISTENT_CUH
#include <stdio.h>
#include <stdlib.h>
#include "fail.h"
#include "kernels/gemm/repack.cuh"
#include "kernels/gemm/wgmma_store.cuh"

enum { CONSUMER_REGISTERS = 232, OTHER_REGISTERS = 40 }; /* of 168 each at the launch */

/* One thread keeps the ring full. `empty` ends a phase when the consumers of both blocks have let
 * go, since our share of B lands in both. Every other wave runs k backwards: zigzag again. */
template <class S, int A_MN, int B_MN>
static __device__ void produce(const struct work &g, const struct room &s, const CUtensorMap *map_a,
                               const CUtensorMap *map_b)
{
    const int BK = LINE<typename S::T>, blocks = (g.k + BK - 1) / BK, step = gridDim.x / CLUSTER;
    const uint16_t both = (1 << CLUSTER) - 1;
    mbar_ring<STAGES> r = {0, 1}; /* parity 1 of a fresh barrier: passes at once */

    for (int t = blockIdx.x / CLUSTER; t < g.tiles_m * g.tiles_n; t += step) {
        int row, col;
        place(g, t, &row, &col);
        const int m0 = (row * CLUSTER + s.rank) * BM, n0 = col * S::BN;
        for (int i = 0; i < blocks; i++, r.next()) {
            const int k = (t / step % 2 ? blocks - 1 - i : i) * BK;
            const uint32_t a = s.stages + r.at * S::STAGE, b = a + A_BYTES, bar = s.full + 8 * r.at;
            mbar_wait(s.empty + 8 * r.at, r.parity);
            mbar_expect_tx(bar, S::STAGE);
            if (!A_MN) tma_load(a, map_a, k, m0, bar);
#pragma unroll
            for (int x = 0; A_MN && x < BM; x += 64) tma_load(a + x * 128, map_a, m0 + x, k, bar);
            if (!B_MN)
                tma_load_multicast(b + s.rank * S::SHARE * 128, map_b, k, n0 + s.rank * S::SHARE,
                                   bar, both);
#pragma unroll
            for (int x = s.rank * 64; B_MN && x < S::BN; x += CLUSTER * 64)
                tma_load_multicast(b + x * 128, map_b, n0 + x, k, bar, both);
        }
    }
    for (int i = 0; i < STAGES; i++, r.next()) /* no arrival is on its way to us when we leave */
        mbar_wait(s.empty + 8 * r.at, r.parity);
}

/* Consumer w: rows 64 w to 64 w + 63 of every tile, or all rows of every other tile. */
template <class S, int A_MN, int B_MN>
static __device__ void consume(const struct work &g, const struct room &s, int w)
{
    typedef wgmma<typename S::T, S::BN, A_MN, B_MN> op;
    const int BK = LINE<typename S::T>;
    const int blocks = (g.k + BK - 1) / BK, t = threadIdx.x % 128, tiles = g.tiles_m * g.tiles_n;
    const uint64_t desc_a = wgmma_desc(s.stages + (S::HALVES == 2 ? 0 : w * 64 * 128), 8192);
    const uint64_t desc_b = wgmma_desc(s.stages + A_BYTES, 8192);
    const auto release = [&](int at) { /* one arrival a consumer and block, not one a thread */
                                       if (t < CLUSTER) mbar_arrive_cluster(s.empty + 8 * at, t);
    };
    float acc[S::SUMS];
    mbar_ring<STAGES> r = {0, 0};
    mbar_ring<S::RING> out = {0, 0};

    if (S::HALVES == 2 && w == 1) {
        named_barrier_arrive(1, 256); /* consumer 0 goes first */
        r.skip(blocks);
    }
    for (int tile = first_tile<S>(w); tile < tiles; tile += tile_step<S>()) {
        int last = 0;
        if (S::HALVES == 2)
            named_barrier(1 + w, 256); /* our turn: a wait must not be more than one
                                          phase ahead of the ring */
        for (int kb = 0; kb < blocks; kb++, r.next()) {
            const uint64_t a = desc_a + r.at * (S::STAGE >> 4), b = desc_b + r.at * (S::STAGE >> 4);
            mbar_wait(s.full + 8 * r.at, r.parity);
            wgmma_fence();
#pragma unroll
            for (int q = 0; q < 4;
                 q++) { /* a quarter of the k on: 32 bytes, or 16 rows of 128 bytes */
                const uint64_t aq = a + q * (A_MN ? 128 : 2), bq = b + q * (B_MN ? 128 : 2);
                op::mma(acc, aq, bq, kb | q);
                if constexpr (S::HALVES == 2) /* rows 64 to 127 */
                    op::mma(acc + S::BN / 2, aq + (8192 >> 4), bq, kb | q);
            }
            wgmma_commit();
            wgmma_wait<1>(); /* the block before this one is done */
            if (kb > 0) release(last);
            last = r.at;
        }
        if (S::HALVES == 2 && tile + (int)gridDim.x / CLUSTER < tiles)
            named_barrier_arrive(2 - w, 256);
        wgmma_wait<0>();
        release(last);
        wgmma_pin(acc);
        if (g.alpha != 1 || g.beta != 0) {
#pragma unroll
            for (int h = 0; h < S::HALVES; h++) {
                int m0, n0;
                rows_of<S>(g, s, tile, h, w, &m0, &n0);
                scale<typename S::T, S::BN / 2>(acc + h * (S::BN / 2), g, m0, n0);
            }
        }
        stage_out<S>(acc, s, &out);
        if (S::HALVES == 2) r.skip(blocks); /* the other consumer's tile */
    }
}

template <class S, int A_MN, int B_MN>
static __global__ void __cluster_dims__(CLUSTER, 1, 1) __launch_bounds__(THREADS, 1)
    persistent(const __grid_constant__ CUtensorMap map_a, const __grid_constant__ CUtensorMap map_b,
               const __grid_constant__ CUtensorMap map_c, const __grid_constant__ struct work g)
{
    extern __shared__ uint8_t raw[];
    const int group = __shfl_sync(~0u, threadIdx.x / 128, 0);
    const int warp = __shfl_sync(~0u, threadIdx.x / 32, 0), w = group ? group - 1 : warp - 1;
    struct room s;

    s.rank = (int)cluster_rank();
    s.stages = (smem_addr(raw) + 1023) & ~1023u; /* the swizzle goes by address */
    s.slabs = s.stages + STAGES * S::STAGE;
    s.full = s.slabs + 2 * S::RING * SLAB, s.empty = s.full + 8 * STAGES;
    s.ready = s.empty + 8 * STAGES, s.drained = s.ready + 2 * 8 * S::RING;
    if (threadIdx.x == 0) {
        for (int i = 0; i < STAGES; i++) {
            mbar_init(s.full + 8 * i, 1); /* the producer's expect_tx */
            mbar_init(s.empty + 8 * i, 2 / S::HALVES * CLUSTER);
        }
        for (int i = 0; i < 2 * S::RING; i++) {
            mbar_init(s.ready + 8 * i, 4); /* the warps of a consumer */
            mbar_init(s.drained + 8 * i, 1);
        }
        mbar_init_fence();
        tma_prefetch_map(&map_a), tma_prefetch_map(&map_b);
        if (!g.plain) tma_prefetch_map(&map_c);
    }
    cluster_sync();
    s.slabs += w * S::RING * SLAB, s.ready += w * 8 * S::RING, s.drained += w * 8 * S::RING;
    if (group == 0) {
        regs_give<OTHER_REGISTERS>();
        if (threadIdx.x == 0) produce<S, A_MN, B_MN>(g, s, &map_a, &map_b);
        if (warp == 1 || warp == 2) send<S>(g, s, w, &map_c);
    } else {
        regs_take<CONSUMER_REGISTERS>();
        consume<S, A_MN, B_MN>(g, s, w);
    }
    cluster_sync(); /* a peer may still signal our barriers: nobody leaves early */
}

/* ---- launch ---- */

/* How A or B is packed, if it is: the rows on 16 bytes, and of tf32 with k contiguous. */
static struct packing packing_for(const struct problem *p, bool b)
{
    const struct gemm *g = &p->gemm;
    const bool along_k = b ? g->trans_b : !g->trans_a, tf32 = p->precision == TF32;
    const long rows = b ? g->n : g->m, ld = b ? g->ldb : g->lda;

    return packing_of(along_k ? rows : g->k, along_k ? g->k : rows, ld, tf32 && !along_k,
                      tf32 ? 4 : 8);
}

/* Into plan->state: how many clusters the device runs at once. */
template <class S, int A_MN, int B_MN> static const char *persistent_prepare(struct plan *plan)
{
    const auto kernel = persistent<S, A_MN, B_MN>;
    int *clusters = (int *)calloc(1, sizeof *clusters);
    cudaLaunchAttribute pair;
    cudaLaunchConfig_t c = {};

    if (!clusters) return "oom: host memory for the plan";
    plan->state = clusters;
    const struct packing a = packing_for(plan->problem, false),
                         b = packing_for(plan->problem, true);
    const size_t size = sizeof(typename S::T);
    plan->workspace_bytes = packing_bytes(a, size) + packing_bytes(b, size);
    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d cluster %d%s%s%s%s", BM, (int)S::BN,
             LINE<typename S::T>, CLUSTER, S::HALVES == 2 ? " ping-pong" : "",
             a.wanted ? ", A packed" : "", b.wanted ? ", B packed" : "",
             plan->problem->gemm.ldc % (LINE<typename S::T> / 8) ? ", C by plain stores" : "");
    pair.id = cudaLaunchAttributeClusterDimension;
    pair.val.clusterDim = {CLUSTER, 1, 1};
    c.gridDim = dim3((unsigned)plan->device->sms / CLUSTER * CLUSTER), c.blockDim = dim3(THREADS);
    c.dynamicSmemBytes = S::SMEM, c.attrs = &pair, c.numAttrs = 1;
    CHECK_CUDA(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, S::SMEM));
    CHECK_CUDA(cudaOccupancyMaxActiveClusters(clusters, kernel, &c));
    return *clusters > 0 ? NULL : "no cluster of 2 blocks fits this device";
}

/* The maps are made here, since they hold the operands' addresses: less than a microsecond each. As
 * many blocks as equal waves need: 128 of 132 at 8192^3 read 10 % less from DRAM. */
template <class S, int A_MN, int B_MN>
static const char *persistent_run(const struct plan *plan, const struct operands *o,
                                  struct CUstream_st *stream)
{
    const struct problem *p = plan->problem;
    const struct gemm *g = &p->gemm;
    const long tiles_m = (g->m + CLUSTER * BM - 1) / (CLUSTER * BM);
    const long tiles_n = (g->n + S::BN - 1) / S::BN, tiles = tiles_m * tiles_n;
    const long fit = *(const int *)plan->state, waves = (tiles + fit - 1) / fit;
    const unsigned clusters = (unsigned)((tiles + waves - 1) / waves);
    const int piece = LINE<typename S::T> / 8;
    const long whole = g->n < piece ? piece : g->n / piece * piece; /* what TMA stores */
    const bool plain = g->ldc % piece != 0;
    const struct work w = {(int)g->m, (int)g->n,       (int)g->k,      (int)tiles_m, (int)tiles_n,
                           g->ldc,    (float)g->alpha, (float)g->beta, o->out,       plain};
    const struct packing pack_a = packing_for(p, false), pack_b = packing_for(p, true);
    const auto kernel = persistent<S, A_MN, B_MN>;
    const void *at_a = o->in[0], *at_b = o->in[1];
    long lda = g->lda, ldb = g->ldb;
    char *room = (char *)o->workspace;
    int size;
    const CUtensorMapDataType type = wgmma_type(p, &size);
    CUtensorMap a, b, c = {};

    pack_operand<typename S::T>(pack_a, &at_a, &lda, room, stream);
    pack_operand<typename S::T>(pack_b, &at_b, &ldb, room + packing_bytes(pack_a, size), stream);
    TRY(wgmma_map(&a, p, at_a, A_MN, g->m, lda, BM));
    TRY(wgmma_map(&b, p, at_b, B_MN, g->n, ldb, S::SHARE));
    if (!plain)
        TRY(tensor_map(&c, {type, size, o->out, whole, g->m, g->ldc, 128 / size, 64,
                            CU_TENSOR_MAP_SWIZZLE_128B}));
    kernel<<<clusters * CLUSTER, THREADS, S::SMEM, stream>>>(a, b, c, w);
    return NULL; /* the harness asks for launch errors */
}
#endif
