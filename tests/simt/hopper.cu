/* hopper: a small persistent GEMM, C = A op(B), on TMA, mbarriers and wgmma: 128 x 128 tiles,
 * blocks of a cluster along m that multicast their shares of B, one producer and two consumer
 * warpgroups, a ring of stages, C staged in shared memory and stored by TMA. */
#include "hopper_faults.h"
#include "planted.h"
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include "tensor_map.h"
#include "kernels/wgmma.cuh"

enum { BM = 128, BN = 128, BK = 64, STAGES = 3, THREADS = 384 };
enum { A_BYTES = BM * BK * 2, B_BYTES = BN * BK * 2, STAGE = A_BYTES + B_BYTES };
enum { SLAB = 64 * 128, SMEM = STAGES * STAGE + 4 * SLAB + 2 * STAGES * 8 + 1024 };

template <class T> struct product;
template <> struct product<__nv_bfloat16> {
    static constexpr CUtensorMapDataType type = CU_TENSOR_MAP_DATA_TYPE_BFLOAT16;
};
template <> struct product<half> {
    static constexpr CUtensorMapDataType type = CU_TENSOR_MAP_DATA_TYPE_FLOAT16;
};

/* What a thread knows of its work: tiles that are its cluster's, blocks of k, and the ring. */
struct work {
    int f, blocks, cols, tiles, share;
    uint32_t stages, slabs, full, empty, rank;
    int stage, phase;

    __device__ void next()
    {
        if (++stage == STAGES) stage = 0, phase ^= 1;
    }
    __device__ int row(int tile, int cluster) const
    {
        return (tile / cols * cluster + (int)rank) * BM;
    }
    __device__ int column(int tile) const { return tile % cols * BN; }
};

template <int CLUSTER, int B_MN>
static __device__ void produce(struct work w, const CUtensorMap *map_a, const CUtensorMap *map_b,
                               uint8_t *second_full)
{
    const int f = w.f;

    for (int tile = (int)blockIdx.x / CLUSTER; tile < w.tiles; tile += gridDim.x / CLUSTER)
        for (int kb = 0; kb < w.blocks; kb++, w.next()) {
            const uint32_t full = w.full + 8 * w.stage, a = w.stages + w.stage * STAGE;
            const uint32_t b = a + A_BYTES + w.rank * w.share * 128;
            const int n0 = w.column(tile) + (int)w.rank * w.share;
            const int bytes = f == tx_a_only ? A_BYTES : STAGE;
            if (f == overwrite && kb == 1) *(uint32_t *)second_full = 7;
            if (f != no_empty_wait) mbar_wait(w.empty + 8 * w.stage, w.phase ^ 1);
            mbar_expect_tx(full, bytes + (f == tx_long) * 1024 - (f == tx_short) * 1024);
            tma_load(a, map_a, kb * BK, w.row(tile, CLUSTER), full);
            for (int i = 0; i < w.share; i += B_MN ? 64 : w.share) {
                const int x = B_MN ? n0 + i : kb * BK, y = B_MN ? kb * BK : n0;
                const uint16_t to = f == mask ? 1 : (1 << CLUSTER) - 1;
                tma_load_multicast(b + i * 128, map_b, x, y, full, to);
            }
        }
    for (int i = 0; i < STAGES && f != leave; i++, w.next()) /* peers may still arrive here */
        mbar_wait(w.empty + 8 * w.stage, w.phase ^ 1);
}

/* The 64 x 128 sums of a warpgroup to its two slabs, and from there to C at (m0, n0). */
template <class T>
static __device__ void store(const struct work &w, const float *acc, int group, bool first,
                             const CUtensorMap *map_c, int m0, int n0)
{
    const int f = w.f, t = threadIdx.x % 128, lane = t % 32, r = t / 32 * 16 + (lane & 15);
    const uint32_t slab = w.slabs + group * 2 * SLAB;

    if (t == 0 && f != no_store_wait) tma_store_wait_read<0>();
    if (f != half_barrier || t >= 32 || !first)
        named_barrier(1 + group, f == bar_count ? 256 : 128);
    for (int j = 0; j < BN / 16; j++) {
        const float *v = acc + j * 8;
        const int chunk = j % 4 * 2 + (lane >> 4), at = f == slab_swizzle ? chunk : chunk ^ (r & 7);
        stmatrix_x4(slab + j / 4 * SLAB + r * 128 + (at << 4), pack<T>(v[0], v[1]),
                    pack<T>(v[2], v[3]), pack<T>(v[4], v[5]), pack<T>(v[6], v[7]));
    }
    if (f != no_proxy_fence) fence_async_proxy();
    if (f != no_slab_barrier) named_barrier(1 + group, 128);
    if (t) return;
    for (int i = 0; i < 2; i++) tma_store(map_c, n0 + i * 64, m0 + group * 64, slab + i * SLAB);
    tma_store_commit();
}

template <class T, int CLUSTER, int B_MN>
static __device__ void consume(struct work w, int group, const CUtensorMap *map_c)
{
    const int f = w.f, t = threadIdx.x % 128;
    const uint32_t rows = f == desc_differs && t >= 64 ? 1024 : group * 8192;
    const uint64_t da = wgmma_desc(w.stages + rows, 8192);
    const uint64_t db = wgmma_desc(w.stages + A_BYTES, 8192);
    float acc[BN / 2];

    for (int tile = (int)blockIdx.x / CLUSTER; tile < w.tiles; tile += gridDim.x / CLUSTER) {
        for (int kb = 0; kb < w.blocks; kb++, w.next()) {
            if (f != no_full_wait) mbar_wait(w.full + 8 * w.stage, w.phase ^ (f == parity));
            if (f != no_wgmma_fence) wgmma_fence();
            for (int q = 0; q < BK / 16; q++) {
                const uint64_t a = da + w.stage * (STAGE >> 4) + q * (f == desc_step ? 4 : 2);
                const uint64_t b = db + w.stage * (STAGE >> 4) + q * (B_MN ? 128 : 2);
                wgmma<T, BN, 0, B_MN>::mma(acc, a, b, kb | q);
            }
            if (f != no_commit) wgmma_commit();
            if (f == release_early && t < CLUSTER) mbar_arrive_cluster(w.empty + 8 * w.stage, t);
            if (f != no_wgmma_wait || kb + 1 < w.blocks) wgmma_wait<0>();
            if (f != release_early && t < CLUSTER) mbar_arrive_cluster(w.empty + 8 * w.stage, t);
        }
        wgmma_pin(acc);
        store<T>(w, acc, group, tile == 0, map_c, w.row(tile, CLUSTER), w.column(tile));
    }
    if (t == 0 && f != no_last_wait) tma_store_wait_read<0>();
}

struct sizes {
    int m, n, k, f;
};
template <class T, int CLUSTER, int B_MN>
static __global__ void __cluster_dims__(CLUSTER, 1, 1) __launch_bounds__(THREADS, 1)
    gemm(const __grid_constant__ CUtensorMap map_a, const __grid_constant__ CUtensorMap map_b,
         const __grid_constant__ CUtensorMap map_c, struct sizes g)
{
    extern __shared__ uint8_t raw[];
    struct work w = {};

    w.f = g.f, w.rank = cluster_rank(), w.share = BN / CLUSTER;
    w.blocks = (g.k + BK - 1) / BK, w.cols = (g.n + BN - 1) / BN;
    w.tiles = (g.m + BM * CLUSTER - 1) / (BM * CLUSTER) * w.cols;
    if (g.f == peer_tiles && w.rank) w.tiles--;
    w.stages = g.f == base ? smem_addr(raw) : (smem_addr(raw) + 1023) & ~1023u;
    w.slabs = w.stages + STAGES * STAGE;
    w.full = w.slabs + 4 * SLAB, w.empty = w.full + 8 * STAGES;
    if (threadIdx.x == 0) {
        for (int i = 0; i < STAGES; i++) {
            mbar_init(w.full + 8 * i, 1 + (g.f == full_high));
            mbar_init(w.empty + 8 * i,
                      g.f == empty_low ? CLUSTER : 2 * CLUSTER + (g.f == empty_high));
        }
        mbar_init_fence();
    }
    if (g.f != no_init_sync) cluster_sync();
    if (threadIdx.x < 128) {
        regs_give<40>();
        if (threadIdx.x == 0)
            produce<CLUSTER, B_MN>(w, &map_a, &map_b, raw + (w.full + 8 - smem_addr(raw)));
    } else {
        regs_take<232>();
        consume<T, CLUSTER, B_MN>(w, threadIdx.x / 128 - 1, &map_c);
    }
    if (g.f != leave) cluster_sync();
}

/* Wrong elements, the gap behind each row of C included; small integers, so the sums are exact. */
template <class T, int CLUSTER, int B_MN> static int check(int m, int n, int k, int clusters, int f)
{
    const CUtensorMapDataType type = product<T>::type;
    const CUtensorMapSwizzle swizzle =
        f == map_swizzle ? CU_TENSOR_MAP_SWIZZLE_NONE : CU_TENSOR_MAP_SWIZZLE_128B;
    const auto padded = [](int x) { return (x + 7) / 8 * 8 + 8; };
    const int lda = padded(k), ldb = padded(B_MN ? n : k), ldc = padded(n);
    const auto number = [](int x) { return T((float)x); };
    buffer<T> a(m * lda), b((B_MN ? k : n) * ldb), c(m * ldc); /* NaN in every gap */
    const auto at_b = [&](int p, int j) { return B_MN ? p * ldb + j : j * ldb + p; };

    for (int p = 0; p < k; p++) {
        for (int i = 0; i < m; i++) a[i * lda + p] = number((i * 7 + p * 5 + i * p) % 7 - 3);
        for (int j = 0; j < n; j++) b[at_b(p, j)] = number((j * 3 + p * 11 + j * p) % 5 - 2);
    }
    const CUtensorMap map_a = map_of({type, 2, a.p, k, m, lda, 64, BM, swizzle});
    const CUtensorMap map_b =
        B_MN ? map_of({type, 2, b.p, n, k, ldb, 64, 64, CU_TENSOR_MAP_SWIZZLE_128B})
             : map_of({type, 2, b.p, k, n, ldb, 64, BN / CLUSTER, CU_TENSOR_MAP_SWIZZLE_128B});
    const CUtensorMap map_c = map_of({type, 2, c.p, n, m, ldc, 64, 64, CU_TENSOR_MAP_SWIZZLE_128B});
    const struct sizes g = {m, n, k, f};
    const auto kernel = gemm<T, CLUSTER, B_MN>;
    int bad = 0;

    cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, SMEM);
    kernel<<<clusters * CLUSTER, THREADS, SMEM>>>(map_a, map_b, map_c, g);
    cudaDeviceSynchronize();
    for (int i = 0; i < m; i++)
        for (int j = 0; j < ldc; j++) {
            float sum = 0;
            for (int p = 0; p < k && j < n; p++)
                sum += (float)a[i * lda + p] * (float)b[at_b(p, j)];
            const T want = number(sum);
            bad += j < n ? memcmp(&c[i * ldc + j], &want, 2) != 0
                         : memcmp(&c[i * ldc + j], "\xff\xff", 2) != 0;
        }
    return bad;
}
static int wrong(enum fault f)
{
    if (f) return check<__nv_bfloat16, 2, 0>(300, 264, 328, 1, f);
    return check<__nv_bfloat16, 1, 0>(128, 128, 64, 1, f) +
           check<__nv_bfloat16, 1, 0>(129, 264, 328, 2, f) +
           check<__nv_bfloat16, 2, 0>(300, 264, 328, 1, f) + check<half, 2, 1>(300, 264, 72, 2, f);
}
