/* pool2d_vec: 16 bytes a load and a window known to the compiler, so that all loads of a thread are
 * in flight before the first is used; pool2d_naive moves one element a load. A thread owns a cell
 * and a strip of outputs: it folds each line of the window across the strip once and joins it into
 * the outputs that it lies under.
 *   nhwc: cells of 16 bytes of channels (of one where c is no multiple), strips along q
 *   nchw: cells of one element, lanes along q, strips along p
 * Bound in nhwc: memory (x and y once) where windows do not overlap; the r / stride rows of x that
 * two rows of windows share come from the L1 or L2. Left: nchw still loads single elements
 * (pool2d_rows does not); windows other than 2x2/2, 3x3/2 and 3x3/1 take a loop with one output a
 * thread, and a window as large as the plane leaves few threads (pool2d_global). Data are finite:
 * NaN has no defined result. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernels/cell.cuh"

static const int THREADS = 256;
static const int WIDE_STRIP = 2, SCALAR_STRIP = 4; /* outputs a thread: cells of 16 bytes; of one */

struct axis {
    long in, out, window, stride, pad;
    long x, y; /* distance of neighbours in x and y, in cells */
};

/* A launch. Items, fastest first: lanes, strips, mids, outer. nhwc: cells of a pixel, strips along
 * w, rows of y, images; nchw: columns of y, strips along h, 1, planes. */
struct view {
    struct axis along, across; /* of the strip; nhwc: w and h, nchw: h and w */
    int nhwc;
    enum pool_kind kind;
    long lanes, strips, mids, items, outer_x, outer_y;
};

typedef void kernel(struct view, const void *, void *);
struct launch {
    kernel *f;
    struct view view;
    int cell, strip; /* bytes of a cell; outputs along the strip */
};

static __device__ __forceinline__ long inside(const struct axis &a, long i)
{
    const long from = i * a.stride - a.pad;
    return min(a.in, from + a.window) - max(0L, from);
}

/* what a sum is multiplied by for output i along, j across */
template <class F> static __device__ __forceinline__ F factor(const struct view &v, long i, long j)
{
    if (v.kind == POOL_AVG_INCL) return 1 / (F(v.along.window) * F(v.across.window));
    return 1 / (F(inside(v.along, i)) * F(inside(v.across, j)));
}

/* one output, any window */
template <class C, bool MEAN, class F>
static __device__ void one(const struct view &v, const C *x, C *y, long i, long j)
{
    const long i0 = i * v.along.stride - v.along.pad, j0 = j * v.across.stride - v.across.pad;
    const long i1 = min(v.along.in, i0 + v.along.window),
               j1 = min(v.across.in, j0 + v.across.window);
    cell_fold<C, MEAN> out;

    out.start();
    for (long a = max(0L, i0); a < i1; a++)
#pragma unroll 4
        for (long b = max(0L, j0); b < j1; b++)
            out.take(cell_load(x + a * v.along.x + b * v.across.x));
    cell_store(y, out.end(MEAN ? factor<F>(v, i, j) : F(1)));
}

/* STRIP outputs, windows of R x R, stride ST in both directions */
template <class C, int STRIP, int R, int ST, bool MEAN, class F>
static __device__ __forceinline__ void many(const struct view &v, const C *x, C *y, long i, long j)
{
    const int i0 = (int)(i * ST - v.along.pad), j0 = (int)(j * ST - v.across.pad);
    cell_fold<C, MEAN> out[STRIP];

#pragma unroll
    for (int o = 0; o < STRIP; o++) out[o].start();
#pragma unroll
    for (int a = 0; a < (STRIP - 1) * ST + R; a++) {
        const bool in = i0 + a >= 0 && i0 + a < (int)v.along.in;
        cell_fold<C, MEAN> line;
        C tap[R];

#pragma unroll
        for (int b = 0; b < R; b++) {
            tap[b] = cell_fill<C>(line.neutral());
            if (in && j0 + b >= 0 && j0 + b < (int)v.across.in)
                tap[b] = cell_load(x + (i0 + a) * v.along.x + (j0 + b) * v.across.x);
        }
        line.start();
#pragma unroll
        for (int b = 0; b < R; b++) line.take(tap[b]);
#pragma unroll
        for (int o = 0; o < STRIP; o++)
            if (a >= o * ST && a < o * ST + R) out[o].join(line);
    }
#pragma unroll
    for (int o = 0; o < STRIP; o++)
        if (i + o < v.along.out)
            cell_store(y + o * v.along.y, out[o].end(MEAN ? factor<F>(v, i + o, j) : F(1)));
}

/* R == 0: any window */
template <class T, class C, int STRIP, int R, int ST, bool MEAN>
static __global__ void strips(struct view v, const void *x, void *y)
{
    const long item = (long)blockIdx.x * THREADS + threadIdx.x;
    if (item >= v.items) return;

    const long lane = item % v.lanes, strip = item / v.lanes;
    const long outer = strip / v.strips / v.mids;
    const long i = strip % v.strips * STRIP, j = v.nhwc ? strip / v.strips % v.mids : lane;
    const C *from = (const C *)x + outer * v.outer_x + (v.nhwc ? lane : 0);
    C *to = (C *)y + outer * v.outer_y + (v.nhwc ? lane : 0) + i * v.along.y + j * v.across.y;

    if constexpr (R == 0) one<C, MEAN, accumulator<T>>(v, from, to, i, j);
    else many<C, STRIP, R, ST, MEAN, accumulator<T>>(v, from, to, i, j);
}

/* Windows that the compiler knows: r = s, both strides. Their kernels count in int. */
static const struct {
    long r, stride;
} known[] = {{2, 2}, {3, 2}, {3, 1}};
enum { KNOWN = 3 };

static int known_window(const struct pool2d *g, enum precision precision) /* KNOWN: none of them */
{
    int i = 0;

    if (g->r != g->s || g->stride_h != g->stride_w || precision == F64) return KNOWN;
    if (g->h >= 1L << 30 || g->w >= 1L << 30) return KNOWN;
    while (i < KNOWN && (g->r != known[i].r || g->stride_h != known[i].stride)) i++;
    return i;
}

template <class T, class C, bool MEAN> static kernel *pick(int window, int *strip)
{
    if constexpr (sizeof(T) < 8) {
        const int N = sizeof(C) == 16 ? WIDE_STRIP : SCALAR_STRIP;
        kernel *const table[KNOWN] = {strips<T, C, N, 2, 2, MEAN>, strips<T, C, N, 3, 2, MEAN>,
                                      strips<T, C, N, 3, 1, MEAN>};
        *strip = N;
        if (window < KNOWN) return table[window];
    }
    *strip = 1;
    return strips<T, C, 1, 0, 1, MEAN>;
}

template <class T, bool MEAN>
static void choose(const struct pool2d *g, int window, struct launch *l)
{
    const int N = 16 / sizeof(T);
    const bool vector = g->nhwc && g->c % N == 0;

    l->cell = vector ? 16 : (int)sizeof(T);
    l->f = vector ? pick<T, vector_cell<T>, MEAN>(window, &l->strip)
                  : pick<T, scalar_cell<T>, MEAN>(window, &l->strip);

    const long cells = vector ? g->c / N : g->nhwc ? g->c : 1; /* of a pixel */
    const struct axis h = {g->h, g->p, g->r, g->stride_h, g->pad_h, g->w * cells, g->q * cells};
    const struct axis w = {g->w, g->q, g->s, g->stride_w, g->pad_w, cells, cells};
    struct view *const v = &l->view;

    v->along = g->nhwc ? w : h;
    v->across = g->nhwc ? h : w;
    v->nhwc = g->nhwc;
    v->kind = g->kind;
    v->lanes = g->nhwc ? cells : g->q;
    v->strips = (v->along.out + l->strip - 1) / l->strip;
    v->mids = g->nhwc ? g->p : 1;
    v->items = v->lanes * v->strips * v->mids * g->n * (g->nhwc ? 1 : g->c);
    v->outer_x = g->h * g->w * cells;
    v->outer_y = g->p * g->q * cells;
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct pool2d *g = &p->pool2d;

    (void)d;
    if (p->precision == TF32) return "pooling multiplies nothing: run it as f32";
    if (g->n * g->c * g->p * g->q > 2147483647L * THREADS)
        return "needs at most 2^39 outputs (grid limit)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    const struct pool2d *g = &plan->problem->pool2d;
    const int window = known_window(g, plan->problem->precision);
    struct launch *l = (struct launch *)calloc(1, sizeof *l);

    if (!l) return "out of memory";
    plan->state = l;
    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        if (g->kind == POOL_MAX) choose<T, false>(g, window, l);
        else choose<T, true>(g, window, l);
    });
    snprintf(plan->algo, sizeof plan->algo, "%s %d B, %d outputs a thread, %s",
             plan->problem->layout, l->cell, l->strip,
             window < KNOWN ? "window unrolled" : "any window");
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct launch *l = (const struct launch *)plan->state;
    kernel *const f = l->f;
    const unsigned grid = (unsigned)((l->view.items + THREADS - 1) / THREADS);

    f<<<grid, THREADS, 0, stream>>>(l->view, o->in[0], o->out);
    return NULL; /* the harness asks for launch errors */
}

static void cleanup(struct plan *plan) { free(plan->state); }

extern "C" const struct impl pool2d_vec = {
    .name = "pool2d_vec",
    .summary = "16 bytes of channels a load, window unrolled",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = cleanup,
};
