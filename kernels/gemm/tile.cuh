/* tile.cuh: the tile of an operand that a block works on: how it lies in shared memory, how
 * cp.async brings it, how a warp reads the fragments of mma.sync from it; and in which order the
 * blocks of a grid walk over C. Shared by the kernels on mma.sync, which differ in what they
 * multiply with. */
#ifndef WHEELBENCH_GEMM_TILE_CUH
#define WHEELBENCH_GEMM_TILE_CUH
#include "kernels/element.cuh"
#include "kernels/mma.cuh"

/* EXTENT rows of op(A), or columns of op(B), times DEPTH steps of k. K_INNER: k is what is
 * contiguous in memory, so the tile is stored as EXTENT rows of DEPTH; else as DEPTH rows of
 * EXTENT. Rows are made of 16-byte chunks, and chunk c of row r sits where c ^ swizzle(r) says.
 * Without it the lanes that read one column of chunks, or one of elements, would meet in the same
 * banks. */
template <class T, int EXTENT, int DEPTH, bool K_INNER, int PAD = 0> struct tile {
    static constexpr int ROWS = K_INNER ? EXTENT : DEPTH, COLS = K_INNER ? DEPTH : EXTENT;
    static constexpr int CHUNK = 16 / (int)sizeof(T), CHUNKS = COLS / CHUNK;
    static constexpr int PITCH = COLS + PAD, SIZE = ROWS * PITCH; /* in elements */
    /* Read by ldmatrix, 8 rows at a time, or else element by element, 4 rows at a time. */
    static constexpr bool BY_MATRIX = sizeof(T) == 2 || (sizeof(T) == 4 && K_INNER);
    static_assert(COLS % CHUNK == 0 && CHUNKS >= 4, "the swizzle needs 4 chunks");
    static_assert(CHUNKS >= 8 || BY_MATRIX, "4 rows of 32 bytes each: 8 chunks");

    static __device__ int swizzle(int row)
    {
        if (PAD) return 0;
        if (!BY_MATRIX) return (row & 3) * 2;
        return CHUNKS == 4 ? row >> 1 & 3
                           : row & 7; /* 4: two rows share the 128 bytes of a bank row */
    }
    static __device__ int at(int row, int chunk) /* in elements */
    {
        return row * PITCH + (chunk ^ swizzle(row)) * CHUNK;
    }

    /* The same for an element of a padded tile. */
    static __device__ int plain(int outer, int k)
    {
        static_assert(PAD > 0, "swizzled");
        return K_INNER ? outer * PITCH + k : k * PITCH + outer;
    }

    /* Starts to bring a tile, all THREADS of the block together. from: its first element in memory,
     * where rows lie ld apart; outer rows of op(A) (columns of op(B)) and depth steps of k exist,
     * the rest becomes 0. COPY: bytes that all addresses and ld are a multiple of: 16 for whole
     * chunks. Less is slow: a cp.async for every COPY bytes, and for 2 bytes, which cp.async cannot
     * do, plain loads that the block waits for.
     */
    template <int COPY, int THREADS>
    static __device__ void fetch(T *to, const T *from, long ld, int outer, long depth)
    {
        static_assert(THREADS % CHUNKS == 0 && ROWS % (THREADS / CHUNKS) == 0, "whole rows a step");
        constexpr int DOWN = THREADS / CHUNKS, PIECE = COPY / (int)sizeof(T);
        const int first = threadIdx.x / CHUNKS, chunk = threadIdx.x % CHUNKS;
        const int col = chunk * CHUNK;
        const int deep = depth < DEPTH ? (int)depth : DEPTH;
        const int rows = K_INNER ? outer : deep, cols = K_INNER ? deep : outer;
        const int across = cols - col < CHUNK ? cols - col : CHUNK; /* may be < 0 */

        from += first * ld + col;
#pragma unroll(COPY < 16 ? 1 : ROWS / DOWN) /* not of the slow way: registers would spill */
        for (int s = 0; s < ROWS / DOWN; s++, from += DOWN * ld) {
            const int row = first + s * DOWN, count = row < rows && across > 0 ? across : 0;
            T *chunk_to = to + at(row, chunk);
            if constexpr (COPY == 2) *(uint4 *)chunk_to = gather((const uint16_t *)from, count);
            else
#pragma unroll
                for (int i = 0; i < CHUNK; i += PIECE) {
                    const int left = count - i < 0 ? 0 : count - i < PIECE ? count - i : PIECE;
                    cp_async<COPY>(smem_addr(chunk_to + i), from + i, left * (int)sizeof(T));
                }
        }
    }

    /* 8 elements of 16 bits; those from count on are 0. */
    static __device__ uint4 gather(const uint16_t *x, int count)
    {
        uint32_t w[4];
#pragma unroll
        for (int i = 0; i < 4; i++) {
            const uint32_t lo = 2 * i < count ? x[2 * i] : 0;
            w[i] = lo | (2 * i + 1 < count ? (uint32_t)x[2 * i + 1] << 16 : 0);
        }
        return make_uint4(w[0], w[1], w[2], w[3]);
    }

    /* The four registers of 32 bits of a 16 x 16 fragment (16 x 8 in f32), from `outer` and `k` on,
     * for a warp whose part of the tile starts at `base`. DOWN_FIRST: registers 0 and 1 differ in
     * the outer index, as A's do; else in k, as those of two neighbouring 8-column fragments of B
     * do. */
    template <bool DOWN_FIRST>
    static __device__ void fragment(uint32_t (&r)[4], const T *from, int base, int outer, int k)
    {
        if constexpr (BY_MATRIX) {
            const bool rows_first = DOWN_FIRST == K_INNER;
            const int lane = threadIdx.x % 32;
            const int row = rows_first ? lane & 15 : (lane >> 4) * 8 + (lane & 7);
            const int chunk = rows_first ? lane >> 4 : lane >> 3 & 1;
            const int at_row = (K_INNER ? base + outer : k) + row;
            const int at_chunk = (K_INNER ? k : base + outer) / CHUNK + chunk;
            const uint32_t address = smem_addr(from + at(at_row, at_chunk));
            if (K_INNER) ldmatrix_x4(r, address);
            else ldmatrix_x4_trans(r, address);
        } else {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const int down = DOWN_FIRST ? i % 2 : i / 2, right = DOWN_FIRST ? i / 2 : i % 2;
                r[i] = __float_as_uint(element(from, base, outer + down * 8, k + right * 4));
            }
        }
    }

    /* The one element that a lane holds of 8 in the outer index times 4 in k: (lane / 4, lane % 4).
     * base is a multiple of 32, outer of 8, k of 4. This is at(), with what the compiler knows kept
     * from what the lane adds: few registers then serve for all addresses. */
    static __device__ T element(const T *from, int base, int outer, int k)
    {
        static_assert(!BY_MATRIX, "another swizzle");
        constexpr int MOVED = 4 * 2 * CHUNK - 1; /* bits of a column that the swizzle changes */
        const int g = threadIdx.x % 32 / 4, t = threadIdx.x % 4;
        const int turn = swizzle(K_INNER ? g : t) * CHUNK, col = K_INNER ? k : outer;
        /* t < 4 and g < 8 lie below the bits of col, which is a multiple of 4, or of 8 */
        const int low = K_INNER ? 3 : 7, lane = K_INNER ? t : g;
        const int moved = ((col & MOVED) ^ (turn & ~low)) + (lane ^ (turn & low));

        return from[K_INNER ? (base + outer + g) * PITCH + (col & ~MOVED) + moved
                            : (k + t) * PITCH + base + (col & ~MOVED) + moved];
    }
};

/* The tile of C of this block, of down x across tiles. Blocks that run at the same time take GROUP
 * tiles of a column before they step right, so that they share rows of A and columns of B in L2. */
struct corner {
    long down, across;
};
static __device__ struct corner corner_of(long id, long down, long across)
{
    const long GROUP = 8, first = id / (GROUP * across) * GROUP, within = id % (GROUP * across);
    const long height = down - first < GROUP ? down - first : GROUP;
    const struct corner c = {first + within % height, within / height};
    return c;
}

/* Two neighbouring outputs, columns j and j + 1 of n, as alpha sum + beta C. even: ldc is even, so
 * that one access holds both. */
template <class T, class S>
static __device__ void store_pair(T *c, long j, long n, bool even, S x, S y, S alpha, S beta)
{
    struct alignas(2 * sizeof(T)) pair {
        T x, y;
    };
    if (j + 1 < n && even) {
        pair p = {T(0), T(0)};
        if (beta != 0) p = *(const pair *)c;
        p.x = T(alpha * x + (beta == 0 ? S(0) : beta * S(p.x)));
        p.y = T(alpha * y + (beta == 0 ? S(0) : beta * S(p.y)));
        *(pair *)c = p;
        return;
    }
    if (j < n) c[0] = T(alpha * x + (beta == 0 ? S(0) : beta * S(c[0])));
    if (j + 1 < n) c[1] = T(alpha * y + (beta == 0 ? S(0) : beta * S(c[1])));
}

#endif
