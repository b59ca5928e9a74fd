/* wgmma_store.cuh: how sums of wgmma leave a persistent kernel: a consumer rounds them into slabs
 * of shared memory, 64 rows of 128 bytes with the 128-byte swizzle, and a spare warp sends the
 * slabs to C by TMA while the consumer is in its next tile; where the rows of C do not lie on 16
 * bytes, by plain stores. Also here: the constants and the walk that all parts of that kernel
 * share. */
#ifndef WHEELBENCH_WGMMA_STORE_CUH
#define WHEELBENCH_WGMMA_STORE_CUH
#include "kernels/gemm/wgmma_host.cuh"

enum { BM = 128, CLUSTER = 2, STAGES = 4, THREADS = 384, SLAB = 64 * 128, A_BYTES = BM * 128 };
enum { GROUP = 8 }; /* rows of tiles that are walked together */

/* Elements in a line of 128 bytes: k of a stage, columns of a slab. */
template <class T> static constexpr int LINE = 128 / (int)sizeof(T);

/* HALVES 1: both consumers work on a tile, 64 rows each. 2: ping-pong. RING: slabs of a consumer.
 */
template <class T_, int BN_, int RING_, int HALVES_> struct tile {
    typedef T_ T;
    enum {
        BN = BN_,
        RING = RING_,
        HALVES = HALVES_,
        SUMS = HALVES * BN / 2,
        ACROSS = BN / LINE<T>
    };
    enum { SHARE = BN / CLUSTER, STAGE = A_BYTES + BN * 128 };
    enum { SMEM = 1024 + STAGES * (STAGE + 16) + 2 * RING * (SLAB + 16) };
    static_assert(SMEM <= 232448, "fits shared memory");
};

struct work {
    int m, n, k, tiles_m, tiles_n; /* tiles of a cluster: CLUSTER * BM x BN */
    long ldc;
    float alpha, beta;
    void *c;
    bool plain; /* the rows of C do not lie on 16 bytes: TMA cannot store them */
};

/* What a thread knows of shared memory: addresses, the slabs and their barriers those of one
 * consumer. */
struct room {
    uint32_t stages, full, empty, slabs, ready, drained;
    int rank;
};

/* A place in a ring of N, and the parity of its turn. */
template <int N> struct mbar_ring {
    int at, parity;
    __device__ __forceinline__ void skip(int n) { parity ^= (at + n) / N & 1, at = (at + n) % N; }
    __device__ __forceinline__ void next()
    {
        if (++at == N) at = 0, parity ^= 1;
    }
};

/* Tile number t of the walk: in groups of GROUP rows, so that a wave of blocks covers a square of
 * C. Zigzag: odd groups run backwards, so what L2 saw last is used first (20 % fewer DRAM reads).
 */
static __device__ void place(const struct work &g, int t, int *row, int *col)
{
    const int whole = GROUP * g.tiles_n, first = t / whole * GROUP;
    const int height = min((int)GROUP, g.tiles_m - first), x = t % whole / height;

    *row = first + t % whole % height;
    *col = t / whole % 2 ? g.tiles_n - 1 - x : x;
}
template <class S> static __device__ int first_tile(int w)
{
    return blockIdx.x / CLUSTER + (S::HALVES == 2 ? w * (gridDim.x / CLUSTER) : 0);
}
template <class S> static __device__ int tile_step() { return gridDim.x / CLUSTER * S::HALVES; }

/* Where 64 rows of tile t of consumer w lie in C: those of its half h. */
template <class S>
static __device__ void rows_of(const struct work &g, const struct room &s, int t, int h, int w,
                               int *m0, int *n0)
{
    int row, col;

    place(g, t, &row, &col);
    *m0 = (row * CLUSTER + s.rank) * BM + (S::HALVES == 2 ? h : w) * 64;
    *n0 = col * S::BN;
}

/* The last columns of C that fill no 16 bytes, from the slab at (m0, x): TMA stores whole pieces.
 */
template <class T>
static __device__ void store_tail(const struct work &g, int m0, int x, uint32_t slab)
{
    const int whole = g.n / (LINE<T> / 8) * (LINE<T> / 8), piece = (whole - x) / (LINE<T> / 8);

#pragma unroll 1
    for (int r = threadIdx.x % 32; r < 64 && m0 + r < g.m; r += 32)
#pragma unroll 1
        for (int c = whole; c < g.n; c++)
            ((T *)g.c)[(m0 + r) * g.ldc + c] = load_shared<T>(
                slab + r * 128 + ((piece ^ (r & 7)) << 4) + (c - whole) * (int)sizeof(T));
}

/* A slab at (m0, x) by one warp and plain stores: 128 turns, by count 8000 clocks for the slabs of
 * a tile, which the products hide from k = 1024 on. */
template <class T>
static __device__ void store_slab(const struct work &g, int m0, int x, uint32_t slab)
{
    const int rows = min(64, g.m - m0), end = min(LINE<T>, g.n - x), each = LINE<T> / 8;
    T *c = (T *)g.c + m0 * g.ldc + x;

#pragma unroll 4
    for (int r = 0; r < rows; r++, c += g.ldc)
#pragma unroll
        for (int i = threadIdx.x % 32; i < LINE<T>; i += 32)
            if (i < end)
                c[i] = load_shared<T>(slab + r * 128 + ((i / each ^ (r & 7)) << 4) +
                                      i % each * (int)sizeof(T));
}

/* One warp for consumer w sends its slabs to C, so that no consumer waits for a store. */
template <class S>
static __device__ void send(const struct work &g, const struct room &s, int w,
                            const CUtensorMap *map_c)
{
    typedef typename S::T T;
    const int lane = threadIdx.x % 32, whole = g.n / (LINE<T> / 8) * (LINE<T> / 8);
    mbar_ring<S::RING> r = {0, 0};

    for (int t = first_tile<S>(w); t < g.tiles_m * g.tiles_n; t += tile_step<S>()) {
        int before = 0;
#pragma unroll 1
        for (int i = 0; i < S::HALVES * S::ACROSS; i++, r.next()) {
            const uint32_t slab = s.slabs + r.at * SLAB;
            int m0, x;
            rows_of<S>(g, s, t, i / S::ACROSS, w, &m0, &x);
            x += i % S::ACROSS * LINE<T>;
            mbar_wait(s.ready + 8 * r.at, r.parity);
            if (g.plain) store_slab<T>(g, m0, x, slab);
            else if (x <= whole && whole < x + LINE<T> && whole < g.n)
                store_tail<T>(g, m0, x, slab);
            __syncwarp();
            if (lane == 0) {
                if (x < whole && !g.plain) tma_store(map_c, x, m0, slab);
                tma_store_commit();
                if (i > 0) {
                    tma_store_wait_read<1>();
                    mbar_arrive(s.drained + 8 * before);
                }
            }
            before = r.at;
        }
        if (lane == 0) {
            tma_store_wait_read<0>(); /* shared memory must outlive the stores, too */
            mbar_arrive(s.drained + 8 * before);
        }
    }
}

/* sums = alpha sums + beta C for 64 rows x 2 N columns, by plain loads. */
template <class T, int N>
static __device__ void scale(float *sums, const struct work &g, int m0, int n0)
{
    const int t = threadIdx.x % 128, row = m0 + t / 32 * 16 + t % 32 / 4;
    int col = n0 + t % 4 * 2;

#pragma unroll
    for (int i = 0; i < N; i++) sums[i] *= g.alpha;
    if (g.beta == 0) return;
#pragma unroll
    for (int i = 0; i < N; i++) { /* two rows 8 apart, pairs of columns 8 apart */
        const int y = row + i / 2 % 2 * 8, x = col + i % 2;
        if (y < g.m && x < g.n) sums[i] += g.beta * (float)((const T *)g.c)[y * g.ldc + x];
        if (i % 4 == 3) {
            col += 8;
            opaque(col); /* N addresses at once do not fit the registers */
        }
    }
}

/* A thread's sums of one slab to its 64 lines. f16, bf16: four 8x8 matrices at a time; f32: pairs.
 */
template <class T> static __device__ void fill_slab(const float *sums, uint32_t slab)
{
    const int lane = threadIdx.x % 32, row = threadIdx.x % 128 / 32 * 16 + lane % 16;

#pragma unroll
    for (int j = 0; j < 4; j++) { /* 16 columns: 8 sums of a thread */
        const float *v = sums + j * 8;
        stmatrix_x4(slab + row * 128 + (((j * 2 + lane / 16) ^ (row & 7)) << 4),
                    pack<T>(v[0], v[1]), pack<T>(v[2], v[3]), pack<T>(v[4], v[5]),
                    pack<T>(v[6], v[7]));
    }
}
template <> __device__ void fill_slab<float>(const float *sums, uint32_t slab)
{
    const int lane = threadIdx.x % 32, row = threadIdx.x % 128 / 32 * 16 + lane / 4;

#pragma unroll
    for (int i = 0; i < 16; i += 2) { /* rows 8 apart, pairs of columns 8 apart */
        const int r = row + i / 2 % 2 * 8, piece = i / 4 * 2 + lane % 4 / 2;
        store_shared(slab + r * 128 + ((piece ^ (r & 7)) << 4) + lane % 2 * 8, sums[i],
                     sums[i + 1]);
    }
}

/* A consumer's sums to slabs. A slab is free when `drained` says so, and handed over at `ready`. */
template <class S>
static __device__ void stage_out(const float *sums, const struct room &s, mbar_ring<S::RING> *r)
{
#pragma unroll
    for (int i = 0; i < S::HALVES * S::ACROSS; i++, r->next()) {
        mbar_wait(s.drained + 8 * r->at, r->parity ^ 1);
        fill_slab<typename S::T>(sums + i * LINE<typename S::T> / 2, s.slabs + r->at * SLAB);
        fence_async_proxy(); /* by every thread that wrote */
        __syncwarp();
        if (threadIdx.x % 32 == 0) mbar_arrive(s.ready + 8 * r->at);
    }
}
#endif
