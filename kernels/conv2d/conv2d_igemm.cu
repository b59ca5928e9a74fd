/* conv2d_igemm: convolution as a matrix product whose left matrix is never stored. Its rows are the
 * pixels of y, its columns the c/groups r s taps, and a block gathers BM x BK of it straight from x
 * into shared memory, zeros for the padding; each thread keeps TM x TN sums in registers.
 * conv2d_naive does two loads an FMA; here a load of four from shared memory feeds 16, so the bound
 * moves from the load units to the FMA pipe and the gathering (gather.cuh) beside it. */
#include <stdio.h>
#include <stdlib.h>
#include "fail.h"
#include "kernels/conv2d/gather.cuh"

static const int BM = 128, BK = 8;         /* a tile: pixels, taps; BN filters: 128 or 64 */
static const int TM = 8, TN = 8;           /* sums of a thread, two fours each way */
static const int WARP_M = 64, WARP_N = 32; /* sums of a warp: 8 x 4 lanes */
static const int GAP = 4;                  /* shifts rows of shared memory to other banks */

/* fours: four neighbouring sums of a thread are neighbours in y, and leave as one store */
struct job {
    struct gather g;
    struct digits step; /* BK */
    int tiles_n, fours;
};

static constexpr __host__ __device__ int threads_of(int bn) { return BM * bn / (TM * TN); }

/* Registers decide: ptxas needs 128 a thread for f32 sums in a block of 256 threads, 168 in one of
 * 128 and 255 for f64 sums, or it spills. */
static constexpr int blocks_an_sm(int bn, size_t sum)
{
    return sum == 8 ? 256 / threads_of(bn) : bn == 64 ? 3 : 2;
}

/* VX and VW: how many elements of x and of w one load takes along the taps. */
template <class T, int BN, int VX, int VW>
static __global__ void __launch_bounds__(threads_of(BN), blocks_an_sm(BN, sizeof(accumulator<T>)))
    igemm(const struct job j, const T *__restrict__ x, const T *__restrict__ w, T *__restrict__ y)
{
    typedef accumulator<T> acc;
    constexpr int THREADS = threads_of(BN), X_PACKS = BK / VX, W_PACKS = BK / VW;
    constexpr int X_LOADS = BM * X_PACKS / THREADS, W_LOADS = BN * W_PACKS / THREADS;
    static_assert(THREADS % BM == 0 && BM * X_PACKS % THREADS == 0, "a thread stays with a pixel");
    static_assert(THREADS % W_PACKS == 0 && BN * W_PACKS % THREADS == 0, "and with its taps of w");
    __shared__ __align__(32) acc xs[2][BK][BM + GAP], ws[2][BK][BN + GAP];
    __shared__ struct tap taps[2][X_PACKS];
    __shared__ struct digits next[X_PACKS];

    const struct gather &g = j.g;
    const int t = threadIdx.x, n0 = (int)(blockIdx.x % j.tiles_n) * BN;
    const int group = (int)(blockIdx.x / j.tiles_n % g.groups);
    const int m0 = (int)(blockIdx.x / j.tiles_n / g.groups) * BM;

    /* What a thread fetches: some taps of one pixel, lanes along the pixels, which are neighbours
     * in nchw; and some of w along the depth. */
    const int x_pixel = t % BM, x_pack = t / BM, w_filter = t / W_PACKS, w_depth = t % W_PACKS * VW;
    const struct window from = window_of(g, m0 + x_pixel);
    const long w_step = (long)(THREADS / W_PACKS) * g.depth;
    pack<T, VX> px[X_LOADS];
    pack<T, VW> pw[W_LOADS];
    x += (long)group * g.x_group;
    w += ((long)group * g.filters + n0 + w_filter) * g.depth + w_depth;

    /* aim: the taps of the next chunk. fetch: a chunk from memory into registers. stash: from there
     * into shared memory, taps first. */
    const auto aim = [&](int slot) {
        if (t >= X_PACKS) return;
        taps[slot][t] = tap_of(g, next[t]);
        next[t] = digits_add(next[t], j.step, g.radix);
    };
    const auto fetch = [&](int depth, int slot) {
#pragma unroll
        for (int i = 0; i < X_LOADS; i++) {
            const struct tap tap = taps[slot][x_pack + i * (THREADS / BM)];
            px[i] = pack<T, VX>{};
            if (inside(g, from, tap)) px[i] = *(const pack<T, VX> *)(x + (from.start + tap.offset));
        }
#pragma unroll
        for (int i = 0; i < W_LOADS; i++) {
            pw[i] = pack<T, VW>{};
            if (n0 + w_filter + i * (THREADS / W_PACKS) < g.filters && depth + w_depth < g.depth)
                pw[i] = *(const pack<T, VW> *)(w + i * w_step);
        }
        w += BK;
    };
    const auto stash = [&](int slot) {
#pragma unroll
        for (int i = 0; i < X_LOADS * VX; i++)
            xs[slot][(x_pack + i / VX * (THREADS / BM)) * VX + i % VX][x_pixel] =
                acc(px[i / VX].at[i % VX]);
#pragma unroll
        for (int i = 0; i < W_LOADS * VW; i++)
            ws[slot][w_depth + i % VW][w_filter + i / VW * (THREADS / W_PACKS)] =
                acc(pw[i / VW].at[i % VW]);
    };

    /* What it sums. Bit 0 of the lane picks filters only, bit 1 pixels only: the fours of either
     * side then come in fewer wavefronts than with rows of lanes. */
    const int lane = t % 32, warp_m = t / 32 / (BN / WARP_N), warp_n = t / 32 % (BN / WARP_N);
    const int m = warp_m * WARP_M + 4 * ((lane >> 1 & 1) | (lane >> 2 & 6));
    const int n = warp_n * WARP_N + 4 * ((lane & 1) | (lane >> 1 & 2));
    acc sum[TM][TN] = {};

    if (t < X_PACKS) next[t] = digits_of(t * VX, g.radix);
    aim(0);
    aim(1);
    __syncthreads(); /* taps are there */
    fetch(0, 0);
    stash(0);
    __syncthreads(); /* the first chunk is there */
    for (int depth = 0, slot = 0; depth < g.depth; depth += BK, slot ^= 1) {
        fetch(depth + BK, slot ^ 1); /* in flight while this chunk is summed; past the end: zeros */
        aim(slot);
        /* scalar loads leave no registers for a longer body */
#pragma unroll(VW == 1 ? 2 : BK)
        for (int k = 0; k < BK; k++) {
            pack<acc, 4> a[TM / 4], b[TN / 4];
            for (int i = 0; i < TM / 4; i++)
                a[i] = *(const pack<acc, 4> *)&xs[slot][k][m + i * WARP_M / 2];
            for (int i = 0; i < TN / 4; i++)
                b[i] = *(const pack<acc, 4> *)&ws[slot][k][n + i * WARP_N / 2];
#pragma unroll
            for (int i = 0; i < TM * TN; i++)
                sum[i / TN][i % TN] += a[i / TN / 4].at[i / TN % 4] * b[i % TN / 4].at[i % 4];
        }
        stash(slot ^ 1);
        __syncthreads(); /* all have read this slot, and filled the other */
    }

    /* Where sum[i][l] goes: pixel_of(i), filter_of(l). */
    const auto pixel_of = [=](int i) { return m0 + m + i / 4 * (WARP_M / 2) + i % 4; };
    const auto filter_of = [=](int l) { return n0 + n + l / 4 * (WARP_N / 2) + l % 4; };
    y += (long)group * g.filters * g.y_filter;
    if (j.fours && !g.nhwc) {
#pragma unroll
        for (int i = 0; i < TM; i += 4) {
            if (pixel_of(i) >= g.pixels) continue;
            T *const at = y + y_offset(g, pixel_of(i));
#pragma unroll
            for (int l = 0; l < TN; l++)
                if (filter_of(l) < g.filters)
                    *(pack<T, 4> *)(at + filter_of(l) * g.y_filter) = {
                        T(sum[i][l]), T(sum[i + 1][l]), T(sum[i + 2][l]), T(sum[i + 3][l])};
        }
        return;
    }
#pragma unroll
    for (int i = 0; i < TM; i++) {
        if (pixel_of(i) >= g.pixels) continue;
        T *const at = y + y_offset(g, pixel_of(i));
#pragma unroll
        for (int l = 0; l < TN; l += 4) {
            if (j.fours && filter_of(l) < g.filters)
                *(pack<T, 4> *)(at + filter_of(l)) = {T(sum[i][l]), T(sum[i][l + 1]),
                                                      T(sum[i][l + 2]), T(sum[i][l + 3])};
#pragma unroll
            for (int e = l; e < l + 4; e++)
                if (!j.fours && filter_of(e) < g.filters)
                    at[filter_of(e) * g.y_filter] = T(sum[i][e]);
        }
    }
}

static long tiles(long extent, long tile) { return (extent + tile - 1) / tile; }

static long blocks_of(const struct conv2d *g, int bn)
{
    return tiles(g->n * g->p * g->q, BM) * tiles(g->k / g->groups, bn) * g->groups;
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "an f32 kernel: run it as f32";
    TRY(gather_why_not(&p->conv2d));
    if (blocks_of(&p->conv2d, 64) > 2147483647) return "needs below 2^31 tiles (grid limit)";
    return NULL;
}

/* What prepare decides. */
struct choice {
    struct job job;
    int bn, vx, vw;
    unsigned blocks;
};

/* 64 filters when a tile of 128 would compute an eighth for nothing, or leave SMs without a tile.
 */
static int bn_of(const struct conv2d *g, const struct device *d)
{
    const long filters = g->k / g->groups, wide = tiles(filters, 128) * 128;

    return (wide - tiles(filters, 64) * 64) * 8 > wide || blocks_of(g, 128) < d->sms ? 64 : 128;
}

static const char *prepare(struct plan *plan)
{
    const struct conv2d *g = &plan->problem->conv2d;
    struct choice *c = (struct choice *)malloc(sizeof *c);

    if (!c) return fail_text("out of memory: %zu bytes", sizeof *c);
    plan->state = c;
    c->bn = bn_of(g, plan->device);
    c->job.g = gather_of(g);
    c->job.step = digits_of(BK, c->job.g.radix);
    c->job.tiles_n = (int)tiles(c->job.g.filters, c->bn);
    c->job.fours = (g->nhwc ? c->job.g.filters : c->job.g.plane) % 4 == 0;
    c->vx = g->nhwc && g->c / g->groups % 4 == 0 ? 4 : 1;
    c->vw = c->job.g.depth % 4 == 0 ? 4 : 1;
    c->blocks = (unsigned)blocks_of(g, c->bn);
    snprintf(plan->algo, sizeof plan->algo, "igemm %dx%dx%d", BM, c->bn, BK);
    return NULL;
}

template <class T, int BN>
static void launch(const struct choice *c, const struct operands *o, cudaStream_t stream)
{
    const struct job j = c->job;
    const int threads = threads_of(BN);
    const T *x = (const T *)o->in[0], *w = (const T *)o->in[1];
    T *y = (T *)o->out;

    if (c->vx == 4) igemm<T, BN, 4, 4><<<c->blocks, threads, 0, stream>>>(j, x, w, y);
    else if (c->vw == 4) igemm<T, BN, 1, 4><<<c->blocks, threads, 0, stream>>>(j, x, w, y);
    else igemm<T, BN, 1, 1><<<c->blocks, threads, 0, stream>>>(j, x, w, y);
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct choice *c = (const struct choice *)plan->state;

    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        if (c->bn == 64) launch<T, 64>(c, o, stream);
        else launch<T, 128>(c, o, stream);
    });
    return NULL; /* the harness asks for launch errors */
}

static void cleanup(struct plan *plan) { free(plan->state); }

extern "C" const struct impl conv2d_igemm = {
    .name = "conv2d_igemm",
    .summary = "implicit GEMM: tiles gathered into shared memory, 8x8 sums a thread",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = cleanup,
};
