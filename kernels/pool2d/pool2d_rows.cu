/* pool2d_rows: nchw with 16 bytes of a row a load, where pool2d_vec loads single elements. A thread
 * folds r rows of its 16 bytes (packed, in 16-bit types), then makes the outputs that start in them
 * from registers. The column left or right of its 16 bytes lies in a line that a neighbour loads
 * too: a load from the L1, no shuffle. Bound: memory, x and y once; the r / stride rows of x that
 * two rows of windows share come from the L1 or L2. Left: rows that do not start on 16 bytes, and
 * other windows. Data are finite: NaN has no defined result. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernels/cell.cuh"

static const int THREADS = 256;

struct job {
    int h, w;
    long p, q, chunks, items; /* chunks: 16-byte pieces of a row of x */
    int outside_counts;       /* avg_incl */
};
typedef void kernel(struct job, const void *, void *);
struct launch {
    kernel *f;
    struct job job;
};

/* rows (or columns) of a window of R that lie inside, when it starts at `from` */
template <int R> static __device__ __forceinline__ int inside(int from, int extent)
{
    return min(extent, from + R) - max(0, from);
}

/* windows of R x R, stride ST, padded so that q * ST = w */
template <class T, int R, int ST, bool MEAN>
static __global__ void rows(struct job j, const void *x, void *y)
{
    typedef vector_cell<T> C;
    typedef scalar_cell<T> S;
    typedef typename C::unit U;
    typedef accumulator<T> acc;
    const int PAD = (R - 1) / 2, RIGHT = R - ST - PAD; /* columns before and behind the chunk */
    const int PER = 16 / sizeof(T), OUT = PER / ST, UNIT = sizeof(U) / sizeof(T); /* numbers */
    static_assert(OUT * ST == PER && OUT % UNIT == 0, "whole units out");
    static_assert(PAD >= 0 && PAD <= 1 && RIGHT >= 0 && RIGHT <= 1, "one neighbour a side");
    const long item = (long)blockIdx.x * THREADS + threadIdx.x;
    if (item >= j.items) return;

    const long chunk = item % j.chunks, p = item / j.chunks % j.p, plane = item / j.chunks / j.p;
    const int top = (int)(p * ST) - PAD, w0 = (int)chunk * PER;
    const T *from = (const T *)x + plane * j.h * j.w + w0;
    cell_fold<C, MEAN> body;
    cell_fold<S, MEAN> left, right;
    C tap[R];
    S before[R], after[R];

#pragma unroll
    for (int i = 0; i < R; i++) {
        const bool in = top + i >= 0 && top + i < j.h;
        const T *row = from + (long)(top + i) * j.w;
        tap[i] = cell_fill<C>(body.neutral());
        before[i] = after[i] = cell_fill<S>(body.neutral());
        if (in) tap[i] = cell_load((const C *)row);
        if (PAD && in && w0 > 0) before[i] = cell_load((const S *)(row - 1));
        if (RIGHT && in && w0 + PER < j.w) after[i] = cell_load((const S *)(row + PER));
    }
    body.start(), left.start(), right.start();
#pragma unroll
    for (int i = 0; i < R; i++) body.take(tap[i]), left.take(before[i]), right.take(after[i]);

    acc column[1 + PER + 1], result[OUT]; /* the neighbour left, the chunk, the neighbour right */
    column[0] = left.value(0), column[1 + PER] = right.value(0);
#pragma unroll
    for (int k = 0; k < C::count; k++) spread(body.value(k), &column[1 + k * UNIT]);
#pragma unroll
    for (int o = 0; o < OUT; o++) {
        const int at = o * ST - PAD; /* the window's first column, from the chunk on */
        result[o] = column[1 + at];
#pragma unroll
        for (int i = 1; i < R; i++)
            result[o] =
                MEAN ? plus(result[o], column[1 + at + i]) : larger(result[o], column[1 + at + i]);
        if (MEAN)
            result[o] *=
                1 / acc(j.outside_counts ? R * R : inside<R>(top, j.h) * inside<R>(w0 + at, j.w));
    }
    cell<U, OUT / UNIT> packed;
#pragma unroll
    for (int k = 0; k < OUT / UNIT; k++) {
        wide<U> w;
        gather(&result[k * UNIT], &w);
        narrow(w, &packed.u[k]);
    }
    T *to = (T *)y + (plane * j.p + p) * j.q + chunk * OUT;
    cell_store((cell<U, OUT / UNIT> *)to, packed);
}

template <class T, bool MEAN> static kernel *pick(const struct pool2d *g)
{
    if constexpr (sizeof(T) < 8) {
        if (g->r == 2) return rows<T, 2, 2, MEAN>;
        return g->stride_h == 2 ? rows<T, 3, 2, MEAN> : rows<T, 3, 1, MEAN>;
    }
    return NULL; /* why_not has refused f64 */
}

static int per_vector(const struct problem *p)
{
    return p->precision == F16 || p->precision == BF16 ? 8 : 4;
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct pool2d *g = &p->pool2d;
    const bool square = g->r == g->s && g->stride_h == g->stride_w && g->pad_h == g->pad_w;
    const bool two = g->r == 2 && g->stride_h == 2 && g->pad_h == 0;
    const bool three = g->r == 3 && g->stride_h <= 2 && g->pad_h == 1;

    (void)d;
    if (p->precision == TF32) return "pooling multiplies nothing: run it as f32";
    if (p->precision == F64) return "f32, f16 and bf16 only";
    if (g->nhwc) return "nchw only";
    if (!square || (!two && !three)) return "needs 2x2 stride2, 3x3 stride2 pad1 or 3x3 pad1";
    if (g->w % per_vector(p)) return "needs rows of a multiple of 16 bytes";
    if (g->h >= 1L << 30 || g->w >= 1L << 30) return "needs h and w below 2^30";
    if (g->n * g->c * g->p * g->q > 2147483647L * THREADS)
        return "needs at most 2^39 outputs (grid limit)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    const struct pool2d *g = &plan->problem->pool2d;
    const int per = per_vector(plan->problem);
    struct launch *l = (struct launch *)calloc(1, sizeof *l);

    if (!l) return "out of memory";
    plan->state = l;
    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        l->f = g->kind == POOL_MAX ? pick<T, false>(g) : pick<T, true>(g);
    });
    l->job.h = (int)g->h, l->job.w = (int)g->w;
    l->job.p = g->p, l->job.q = g->q;
    l->job.chunks = g->w / per;
    l->job.items = l->job.chunks * g->p * g->n * g->c;
    l->job.outside_counts = g->kind == POOL_AVG_INCL;
    snprintf(plan->algo, sizeof plan->algo, "nchw 16 B x %ld rows, %ld outputs", g->r,
             per / g->stride_w);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct launch *l = (const struct launch *)plan->state;
    kernel *const f = l->f;
    const unsigned grid = (unsigned)((l->job.items + THREADS - 1) / THREADS);

    f<<<grid, THREADS, 0, stream>>>(l->job, o->in[0], o->out);
    return NULL; /* the harness asks for launch errors */
}

static void cleanup(struct plan *plan) { free(plan->state); }

extern "C" const struct impl pool2d_rows = {
    .name = "pool2d_rows",
    .summary = "nchw: 16 bytes of a row a load, rows folded first",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = cleanup,
};
