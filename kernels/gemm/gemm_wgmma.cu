/* gemm_wgmma: Hopper's tensor cores by wgmma, which four warps issue at once and which reads both
 * operands from shared memory. One thread feeds a ring of stages by TMA, two warpgroups multiply 64
 * of the 128 rows each, and they meet only at mbarriers: full, empty. Against mma.sync: no fragment
 * passes through registers and no warp computes addresses, so that pipe's rate, 62 % of this one,
 * is no bound any more.
 * Bound: the shared memory port. A 128x128 tile reads 160 bytes a clock at the full rate, 128 can
 * be had (80 %); and the ring fills and C is stored with the tensor cores idle, once a tile.
 * gemm_wgmma_persistent attacks both.
 * arch: sm_90a
 */
#include <stdio.h>
#include "fail.h"
#include "kernels/gemm/wgmma_host.cuh"

enum { BM = 128, BN = 128, BK = 64, STAGES = 4, THREADS = 384 };
enum { A_BYTES = BM * BK * 2, B_BYTES = BN * BK * 2, STAGE = A_BYTES + B_BYTES };
enum { SMEM = 1024 + STAGES * (STAGE + 16) }; /* 1024 to begin on a multiple of it */
static_assert(BK * 2 == 128, "a row of k is a row of the 128-byte swizzle");

/* A place in the ring, and the parity of its turn. */
struct wgmma_ring {
    int at, parity;
    __device__ void next()
    {
        if (++at == STAGES) at = 0, parity ^= 1;
    }
};

/* Brings the `rows` rows from row0 on, 64 k from k on. MN-major: 64 rows a box, k by k. */
template <int MN>
static __device__ void load(uint32_t to, const CUtensorMap *map, int rows, int row0, int k,
                            uint32_t full)
{
    if (!MN) tma_load(to, map, k, row0, full);
    for (int i = 0; MN && i < rows; i += 64) tma_load(to + i * 128, map, row0 + i, k, full);
}

template <class T, int A_MN, int B_MN>
static __global__ void __launch_bounds__(THREADS, 1)
    wgmma_tile(const __grid_constant__ CUtensorMap map_a, const __grid_constant__ CUtensorMap map_b,
               struct gemm g, T *c)
{
    extern __shared__ uint8_t raw[];
    const uint32_t stages = (smem_addr(raw) + 1023) & ~1023u; /* the swizzle goes by address */
    const uint32_t full = stages + STAGES * STAGE, empty = full + STAGES * 8;
    const int row0 = blockIdx.x * BM, col0 = blockIdx.y * BN, t = threadIdx.x % 128;
    const int group = __shfl_sync(~0u, threadIdx.x / 128, 0), blocks = (int)((g.k + BK - 1) / BK);
    struct wgmma_ring r = {0, 0};

    if (threadIdx.x == 0) {
        for (int s = 0; s < STAGES; s++) {
            mbar_init(full + 8 * s, 1);  /* the expect_tx of the one who loads */
            mbar_init(empty + 8 * s, 2); /* both consumers */
        }
        mbar_init_fence();
    }
    __syncthreads();
    if (group == 2) {
        for (int kb = 0; kb < blocks && t == 0; kb++, r.next()) {
            const uint32_t a = stages + r.at * STAGE, bar = full + 8 * r.at;
            mbar_wait(empty + 8 * r.at, r.parity ^ 1); /* passes at once in the first round */
            mbar_expect_tx(bar, STAGE);
            load<A_MN>(a, &map_a, BM, row0, kb * BK, bar);
            load<B_MN>(a + A_BYTES, &map_b, BN, col0, kb * BK, bar);
        }
        return;
    }
    float acc[BN / 2];
    const uint64_t desc_a = wgmma_desc(stages + group * 64 * 128, 8192);
    const uint64_t desc_b = wgmma_desc(stages + A_BYTES, 8192);
    int last = 0;
    for (int kb = 0; kb < blocks; kb++, r.next()) {
        const uint64_t a = desc_a + r.at * (STAGE >> 4), b = desc_b + r.at * (STAGE >> 4);
        mbar_wait(full + 8 * r.at, r.parity);
        wgmma_fence();
#pragma unroll
        for (int q = 0; q < BK / 16; q++) /* 16 k on: 32 bytes, or 16 rows of 128 bytes */
            wgmma<T, BN, A_MN, B_MN>::mma(acc, a + q * (A_MN ? 128 : 2), b + q * (B_MN ? 128 : 2),
                                          kb | q);
        wgmma_commit();
        wgmma_wait<1>(); /* the block before this one is done */
        if (kb > 0 && t == 0) mbar_arrive(empty + 8 * last);
        last = r.at;
    }
    wgmma_wait<0>();
    wgmma_pin(acc);

    const int row = row0 + group * 64 + t / 32 * 16 + t % 32 / 4, col = col0 + t % 4 * 2;
#pragma unroll
    for (int i = 0; i < BN / 2; i++) { /* two rows 8 apart, pairs of columns 8 apart */
        const int y = row + i / 2 % 2 * 8, x = col + i / 4 * 8 + i % 2;
        T *out = c + y * g.ldc + x;
        if (y >= g.m || x >= g.n) continue;
        *out = T((float)g.alpha * acc[i] + (g.beta == 0 ? 0.0f : (float)g.beta * (float)*out));
    }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision != BF16 && p->precision != F16) return "f16 and bf16 only";
    if (p->gemm.n > 65535L * BN) return "needs n <= 8388480 (grid limit)";
    return wgmma_why_not(&p->gemm, d, 8);
}

static const char *prepare(struct plan *plan)
{
    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d %d stages", BM, BN, BK, STAGES);
    return with_wgmma_operands(plan->problem, [&](auto t, auto a, auto b) -> const char * {
        const auto kernel = wgmma_tile<decltype(t), a.value, b.value>;
        CHECK_CUDA(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, SMEM));
        return NULL;
    });
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm g = plan->problem->gemm;
    const dim3 grid((unsigned)((g.m + BM - 1) / BM), (unsigned)((g.n + BN - 1) / BN));
    CUtensorMap map_a, map_b;

    TRY(wgmma_map(&map_a, plan->problem, o->in[0], g.trans_a, g.m, g.lda, BM));
    TRY(wgmma_map(&map_b, plan->problem, o->in[1], !g.trans_b, g.n, g.ldb, BN));
    return with_wgmma_operands(plan->problem, [&](auto t, auto a, auto b) -> const char * {
        typedef decltype(t) T;
        const auto kernel = wgmma_tile<T, a.value, b.value>;
        kernel<<<grid, THREADS, SMEM, stream>>>(map_a, map_b, g, (T *)o->out);
        return NULL; /* the harness asks for launch errors */
    });
}

extern "C" const struct impl gemm_wgmma = {
    .name = "gemm_wgmma",
    .summary = "128x128 tiles by wgmma: a TMA producer thread, two consumer warpgroups",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
