/* pool2d_cpu_vector: all taps of a window folded in vector registers, and y written once.
 * pool2d_cpu_naive tests bounds for every element; here once for a pixel (nhwc, vectors of
 * channels) or for a row (nchw, vectors of windows whose columns lie inside). Left: each input is
 * loaded r s / stride^2 times; clipped columns stay scalar in nchw. pool2d_cpu_rows folds rows
 * first. */
#include <stdio.h>
#include "kernels/cpu_clones.h"
#include "kernels/cpu_common.h"
#include "wheelbench.h"

enum { LANES = 64 }; /* outputs in registers */

#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#define SUM(a, b) ((a) + (b))

/* y[i] = fold over rows and cols of x[r * line + s * step + i * stride], times by, for i < n */
#define DEFINE_BLOCK(name, OP)                                                                     \
    static inline __attribute__((always_inline)) void name##_block(                                \
        const int n, const long stride, long rows, long cols, const float *x, long line,           \
        long step, float by, float *y)                                                             \
    {                                                                                              \
        float part[LANES];                                                                         \
        for (int i = 0; i < n; i++) part[i] = x[i * stride];                                       \
        for (long r = 0; r < rows; r++)                                                            \
            for (long s = !r; s < cols; s++)                                                       \
                for (int i = 0; i < n; i++)                                                        \
                    part[i] = OP(part[i], x[r * line + s * step + i * stride]);                    \
        for (int i = 0; i < n; i++) y[i] = part[i] * by;                                           \
    }                                                                                              \
    static CLONES void name(long n, long stride, long rows, long cols, const float *x, long line,  \
                            long step, float by, float *y)                                         \
    {                                                                                              \
        long i = 0;                                                                                \
        if (stride == 1)                                                                           \
            for (; i + LANES <= n; i += LANES)                                                     \
                name##_block(LANES, 1, rows, cols, x + i, line, step, by, y + i);                  \
        if (stride == 1)                                                                           \
            for (; i + 16 <= n; i += 16)                                                           \
                name##_block(16, 1, rows, cols, x + i, line, step, by, y + i);                     \
        if (stride == 2)                                                                           \
            for (; i + 16 <= n; i += 16)                                                           \
                name##_block(16, 2, rows, cols, x + 2 * i, line, step, by, y + i);                 \
        for (; i + 16 <= n; i += 16) /* gathers */                                                 \
            name##_block(16, stride, rows, cols, x + stride * i, line, step, by, y + i);           \
        for (; i < n; i++) name##_block(1, 1, rows, cols, x + i * stride, line, step, by, y + i);  \
    }
DEFINE_BLOCK(fold_max, LARGER)
DEFINE_BLOCK(fold_sum, SUM)

/* Row `at` of y, counted over images (nhwc) or planes (nchw). */
static void row(const struct pool2d *v, const float *x, float *y, long at)
{
    void (*const fold)(long, long, long, long, const float *, long, long, float, float *) =
        v->kind == POOL_MAX ? fold_max : fold_sum;
    const long wide = v->nhwc ? v->c : 1, line = v->w * wide;
    const long top = at % v->p * v->stride_h - v->pad_h;
    const long h0 = cpu_max(0, top), h1 = cpu_min(v->h, top + v->r);
    const long whole0 = cpu_up(v->pad_w, v->stride_w); /* windows [whole0, whole1) unclipped */
    const long whole1 = v->w + v->pad_w < v->s ? 0 : (v->w + v->pad_w - v->s) / v->stride_w + 1;

    x += (at / v->p * v->h + h0) * line;
    y += at * v->q * wide;
    for (long q = 0, many; q < v->q; q += many, y += many * wide) {
        const long left = q * v->stride_w - v->pad_w;
        const long w0 = cpu_max(0, left), w1 = cpu_min(v->w, left + v->s);
        const double pixels =
            v->kind == POOL_AVG_INCL ? (double)(v->r * v->s) : (double)((h1 - h0) * (w1 - w0));
        many = !v->nhwc && q == whole0 && whole1 > q ? cpu_min(whole1, v->q) - q : 1;
        fold(v->nhwc ? wide : many, v->nhwc ? 1 : v->stride_w, h1 - h0, w1 - w0, x + w0 * wide,
             line, wide, v->kind == POOL_MAX ? 1 : (float)(1 / pixels), y);
    }
}

/* nchw, one window that covers its plane: planes first..end-1, vectors of planes */
static void planes(const struct pool2d *v, const float *x, float *y, long first, long end)
{
    const long plane = v->h * v->w;
    const double pixels = v->kind == POOL_AVG_INCL ? (double)(v->r * v->s) : (double)plane;

    if (v->kind == POOL_MAX)
        fold_max(end - first, plane, 1, plane, x + first * plane, 0, 1, 1, y + first);
    else
        fold_sum(end - first, plane, 1, plane, x + first * plane, 0, 1, (float)(1 / pixels),
                 y + first);
}

static int covers(const struct pool2d *v)
{
    return !v->nhwc && v->p == 1 && v->q == 1 && v->r - v->pad_h >= v->h && v->s - v->pad_w >= v->w;
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "pooling multiplies nothing: run it as f32";
    return p->precision == F32 ? NULL : "f32 only";
}

static const char *prepare(struct plan *plan)
{
    snprintf(plan->algo, sizeof plan->algo, "t%d", plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct pool2d *v = &plan->problem->pool2d;

    const long rows = v->n * (v->nhwc ? 1 : v->c) * v->p, many = 64;

    (void)stream;
    if (covers(v)) {
#pragma omp parallel for num_threads(plan->device->threads) schedule(static)
        for (long i = 0; i < rows; i += many)
            planes(v, o->in[0], o->out, i, cpu_min(i + many, rows));
        return NULL;
    }
#pragma omp parallel for num_threads(plan->device->threads) schedule(static)
    for (long i = 0; i < rows; i++) row(v, o->in[0], o->out, i);
    return NULL;
}

const struct impl pool2d_cpu_vector = {
    .name = "pool2d_cpu_vector",
    .summary = "all taps of a window folded in vector registers",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
