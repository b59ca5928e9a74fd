/* tma: bulk copies alone: boxes with every swizzle, at corners where they are clipped and filled
 * with zeros, to one block and to a cluster; plain runs of bytes; and the mbarriers they need. */
#define FAULTS(X)                                                                                  \
    X(bytes_short, "256 bytes more than expected", "expect_tx 256 bytes short")                    \
    X(bytes_long, "512 bytes to come", "expect_tx 512 bytes too many")                             \
    X(no_wait, "were there already|wrong", "the box is read without a wait")                       \
    X(old_parity, " wrong|at mbarrier", "the second wait asks for the parity of the first")        \
    X(arrivals, "1 of 2 arrivals missing", "an mbarrier for one arrival too many")                 \
    X(not_initialised, "no mbarrier was initialised", "a wait on a barrier that nobody made")      \
    X(unaligned_box, "not a multiple of 128", "a box at 64 bytes")                                 \
    X(past_the_end, "outside shared memory", "a box that ends behind shared memory")               \
    X(odd_column, "not a multiple of 16", "a box that begins one column on")                       \
    X(odd_store, "not a multiple of 16", "a box stored one column on")                             \
    X(outside_store, "cannot begin outside", "a box stored to a row above the first")              \
    X(unswizzled, " wrong", "a swizzled box read row by row")                                      \
    X(odd_run, "bytes from an address", "a run of bytes from a multiple of 8")                     \
    X(early_store, " wrong", "the box is overwritten before its store has read it")                \
    X(no_proxy_fence, "without fence.proxy.async|wrong", "stmatrix, then a store, no fence")       \
    X(exits, "exits while a TMA store reads", "the block exits before its store has read")         \
    X(peer_exits, "has exited|exits while", "multicast into a block that has exited")
#include "planted.h"
#include <stdint.h>
#include "tensor_map.h"
#include "kernels/wgmma.cuh"

enum { ROWS = 16, BOX_BYTES = ROWS * 128 }; /* up to 128 bytes of float across */

/* Where byte `at` of a box lies when it is swizzled by mode (0 none, 1 32, 2 64, 3 128 bytes). */
static __device__ int swizzle(int at, int mode) { return at ^ (at >> 7 & ((1 << mode) - 1)) << 4; }

/* Boxes (x, y) and (x + 8, y + 4) of one map, one after the other, to out; then the second is
 * stored through another map. */
static __global__ void boxes(const __grid_constant__ CUtensorMap from,
                             const __grid_constant__ CUtensorMap to, int cols, int mode, int x,
                             int y, float *out, enum fault f)
{
    extern __shared__ uint8_t raw[];
    const int t = threadIdx.x, bytes = cols * ROWS * 4;
    const uint32_t base = (smem_addr(raw) + 1023) & ~1023u, bar = base + BOX_BYTES;
    uint8_t *const box = raw + (base - smem_addr(raw));

    if (t == 0 && f != not_initialised) mbar_init(bar, 1 + (f == arrivals));
    if (t == 0) mbar_init_fence();
    __syncthreads();
    for (int i = 0; i < 2; i++) {
        if (t == 0) {
            const uint32_t at = f == unaligned_box  ? base + 64
                                : f == past_the_end ? base + 1024
                                                    : base;
            fence_async_proxy(); /* what was read of the first box stays before the second */
            mbar_expect_tx(bar, bytes + (f == bytes_long) * 512 - (f == bytes_short) * 256);
            tma_load(at, &from, x + 8 * i + (f == odd_column), y + 4 * i, bar);
        }
        if (f != no_wait) mbar_wait(bar, f == old_parity ? 0 : i);
        for (int e = t; e < cols * ROWS; e += blockDim.x)
            out[i * cols * ROWS + e] = *(float *)(box + swizzle(e * 4, f == unswizzled ? 0 : mode));
        __syncthreads();
    }
    if (t == 0) {
        tma_store(&to, x + 8 + (f == odd_store), f == outside_store ? -1 : y + 4, base);
        tma_store_commit();
        if (f != early_store && f != exits) tma_store_wait_read<0>();
        if (f == early_store) *(float *)box = 77, tma_store_wait_read<0>();
    }
}

static __device__ void bulk_store(void *to, uint32_t from, uint32_t bytes)
{
#ifdef SIMT
    simt::bulk_store(to, from, bytes);
#else
    asm volatile("cp.async.bulk.global.shared::cta.bulk_group [%0], [%1], %2;" ::"l"(to), "r"(from),
                 "r"(bytes)
                 : "memory");
#endif
}

/* A run of n ints through shared memory, and out again; stmatrix doubles as the writer. */
static __global__ void runs(int n, const int *x, int *y, uint32_t *z, enum fault f)
{
    extern __shared__ __align__(128) int row[];
    const uint32_t at = smem_addr(row), tile = at + n * 4, bar = tile + 512;
    const int lane = threadIdx.x;

    if (lane == 0) {
        mbar_init(bar, 1);
        mbar_init_fence();
        mbar_expect_tx(bar, n * 4);
        bulk_load(at, x + (f == odd_run) * 2, n * 4, bar);
    }
    __syncwarp();
    mbar_wait(bar, 0);
    stmatrix_x4(tile + lane * 16, lane, lane + 100, lane + 200, lane + 300);
    if (f != no_proxy_fence) fence_async_proxy();
    __syncwarp();
    if (lane == 0) {
        bulk_store(y, at, n * 4);
        bulk_store(z, tile, 512);
        tma_store_commit();
        tma_store_wait_read<0>();
    }
}

/* Block 0 of a cluster of 2 sends a box to both; each writes it to out. */
static __global__ void __cluster_dims__(2, 1, 1)
    multicast(const __grid_constant__ CUtensorMap from, float *out, enum fault f)
{
    __shared__ __align__(128) float box[ROWS * 8];
    __shared__ __align__(8) uint64_t bar;
    const int t = threadIdx.x;

    if (t == 0) {
        mbar_init(smem_addr(&bar), 1);
        mbar_init_fence();
        mbar_expect_tx(smem_addr(&bar), sizeof box);
    }
    cluster_sync();
    if (f == peer_exits && blockIdx.x % 2) return;
    if (blockIdx.x % 2 == 0 && t == 0)
        tma_load_multicast(smem_addr(box), &from, 0, blockIdx.x / 2 * ROWS, smem_addr(&bar), 3);
    mbar_wait(smem_addr(&bar), 0);
    for (int i = t; i < ROWS * 8; i += blockDim.x) out[blockIdx.x * ROWS * 8 + i] = box[i];
    if (f != peer_exits) cluster_sync();
}

/* A 20 x 44 matrix of which 41 columns exist; x and y may lie outside. */
static int check_boxes(int mode, int x, int y, enum fault f)
{
    enum { W = 41, H = 20, LD = 44 };
    const int cols = mode ? 4 << mode : 8;
    buffer<float> a(LD * H, [](int i) { return i % LD * 3 + i / LD * 100 + 1; }), c(LD * H);
    buffer<float> out(2 * cols * ROWS);
    struct matrix m = {CU_TENSOR_MAP_DATA_TYPE_FLOAT32, 4, a.p, W, H, LD, cols, ROWS,
                       (CUtensorMapSwizzle)mode};
    const CUtensorMap from = map_of(m);
    m.at = c.p;
    const CUtensorMap to = map_of(m);
    const auto inside = [](int r, int col, int width) {
        return r >= 0 && r < H && col >= 0 && col < width;
    };

    boxes<<<1, 64, 1024 + BOX_BYTES + 8>>>(from, to, cols, mode, x, y, out, f);
    int bad = out.differ([&](int i) {
        const int box = i / (cols * ROWS), e = i % (cols * ROWS);
        const int r = y + 4 * box + e / cols, col = x + 8 * box + e % cols;
        return inside(r, col, W) ? a[r * LD + col] : 0;
    });
    for (int r = 0; r < H; r++)
        for (int col = 0; col < LD; col++) {
            const int dr = r - y - 4, dc = col - x - 8;
            const bool stored = dr >= 0 && dr < ROWS && dc >= 0 && dc < cols;
            const float v = c[r * LD + col], want = col < W ? a[r * LD + col] : 0;
            bad += stored ? v != want : v == v; /* clipped to whole 16 bytes: column 41 to 43 too */
        }
    return bad;
}
static int wrong(enum fault f)
{
    static const int corner[][2] = {{0, 0}, {-8, -4}, {16, 9}, {36, 12}};
    int bad = 0;

    for (int mode = 0; mode < 4; mode++)
        for (auto &c : corner) bad += check_boxes(mode, c[0], c[1], f);

    buffer<int> x(260, [](int i) { return i * i; }), y(256);
    buffer<uint32_t> z(128);
    runs<<<1, 32, 256 * 4 + 512 + 8>>>(256, x, y, z, f);
    bad += y.differ([&](int i) { return x[i]; });
    bad += z.differ([](int i) { return (uint32_t)(i % 32 + i / 32 * 100); });

    buffer<float> a(2 * ROWS * 8, [](int i) { return i; }), both(4 * ROWS * 8);
    const CUtensorMap map = map_of({CU_TENSOR_MAP_DATA_TYPE_FLOAT32, 4, a.p, 8, 2 * ROWS, 8, 8,
                                    ROWS, CU_TENSOR_MAP_SWIZZLE_NONE});
    multicast<<<4, 32>>>(map, both, f);
    return bad +
           both.differ([&](int i) { return a[i / (2 * ROWS * 8) * ROWS * 8 + i % (ROWS * 8)]; });
}
