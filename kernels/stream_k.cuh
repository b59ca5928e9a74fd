/* stream_k.cuh: deals the tiles of C out to blocks that stay, one a multiprocessor. Whole waves of
 * tiles go as they are. What is left, less than a wave, is cut along k into equal shares, so that
 * all blocks end together. Whoever begins a tile adds the pieces of the others, always in the same
 * order, so results repeat bit for bit. It waits for them: all blocks must be resident at once. */
#ifndef WHEELBENCH_STREAM_K_CUH
#define WHEELBENCH_STREAM_K_CUH
#include <cuda_runtime.h>

struct stream_k {
    int tiles_m, tiles_n, blocks; /* blocks of k in a tile */
    int full_waves;               /* tiles of each block that are not cut */
    int *flag; /* flag[block] == 1: its piece is in `partial`. Not 1 before and after a launch */
    float *partial; /* a tile for each block: a piece that does not begin its tile */
};

/* Blocks to launch for that many tiles; sets the rest. */
static int stream_k_plan(struct stream_k *s, long m, long n, long k, int bm, int bn, int bk,
                         int sms)
{
    s->tiles_m = (int)((m + bm - 1) / bm), s->tiles_n = (int)((n + bn - 1) / bn);
    s->blocks = (int)((k + bk - 1) / bk);
    const long tiles = (long)s->tiles_m * s->tiles_n, all = tiles * s->blocks;
    const int grid = (int)(all < sms ? all : sms);
    s->full_waves = (int)(tiles / grid);
    return grid;
}

/* A run of k-blocks kb0 to kb1 - 1 of one tile. */
struct piece {
    int tile, kb0, kb1;
};
/* The pieces of this block, one after the other. */
struct pieces {
    int next, pos, end;
    __device__ pieces(const struct stream_k &s)
        : next(0), pos(share(s, blockIdx.x)), end(share(s, blockIdx.x + 1))
    {
    }
    static __device__ int first_cut(const struct stream_k &s) { return s.full_waves * gridDim.x; }
    /* Where the share of a block begins, in k-blocks of all tiles that are cut. */
    static __device__ int share(const struct stream_k &s, int block)
    {
        const long long cut = (long long)(s.tiles_m * s.tiles_n - first_cut(s)) * s.blocks;
        return (int)(cut * block / gridDim.x);
    }
    __device__ bool get(const struct stream_k &s, struct piece *p)
    {
        if (next < s.full_waves) {
            *p = {(int)(next++ * gridDim.x + blockIdx.x), 0, s.blocks};
            return true;
        }
        if (pos >= end) return false;
        const int t = pos / s.blocks, first = t * s.blocks;
        *p = {first_cut(s) + t, pos - first, min(end - first, s.blocks)};
        pos = first + p->kb1;
        return true;
    }
};

/* Tile row and column: in bands of `height` rows, so that a wave reads few panels of A and B. */
static __device__ void stream_k_place(const struct stream_k &s, int height, int tile, int *row,
                                      int *col)
{
    const int whole = height * s.tiles_n, first = tile / whole * height;
    const int rows = min(height, s.tiles_m - first), in = tile % whole;

    *row = first + in % rows;
    *col = in / rows;
}

/* The sums of this thread, one of THREADS that call with thread = 0.., to the workspace. They are
 * stored one by one: as float4 they would be bound to aligned quads of registers. */
template <int THREADS, int N, class Sync>
static __device__ void stream_k_put(const struct stream_k &s, const float (&sum)[N], int thread,
                                    Sync sync)
{
    float *out = s.partial + (size_t)blockIdx.x * N * THREADS + thread;

#pragma unroll
    for (int i = 0; i < N; i++) out[i * THREADS] = sum[i];
    __threadfence();
    sync();
    if (thread == 0) atomicExch(s.flag + blockIdx.x, 1);
}

/* Adds the pieces that others have of the tile that p begins; they are blocks of higher numbers. */
template <int THREADS, int N, class Sync>
static __device__ void stream_k_add(const struct stream_k &s, const struct piece &p,
                                    float (&sum)[N], int thread, Sync sync)
{
    const int end = (p.tile - pieces::first_cut(s) + 1) * s.blocks, next = blockIdx.x + 1;

    for (int b = next + thread; pieces::share(s, b) < end; b += THREADS) { /* one each */
        if (pieces::share(s, b) == pieces::share(s, b + 1)) continue;
        while (atomicAdd(s.flag + b, 0) != 1) __nanosleep(100);
        atomicExch(s.flag + b, 0); /* for the next launch */
    }
    __threadfence();
    sync(); /* all pieces are there */
    for (int b = next; pieces::share(s, b) < end; b++) {
        if (pieces::share(s, b) == pieces::share(s, b + 1)) continue;
        const float *in = s.partial + (size_t)b * N * THREADS + thread;
#pragma unroll
        for (int i = 0; i < N; i++) sum[i] += __ldcg(in + i * THREADS);
    }
}
#endif
