/* pool2d_cpu_rows: rows first, then columns. Fold the r rows of x under a row of windows into one
 * row, contiguous in either layout, then s neighbours of that row into each output: r + s vector
 * operations instead of the r s scalar ones of pool2d_cpu_naive, and x comes from memory once,
 * since its rows are still in the cache when the next windows take them. Bound: memory bandwidth
 * where windows do not overlap; a row under k rows of windows is folded k times, in cache. */
#include <stdio.h>
#include <string.h>
#include "kernels/cpu_clones.h"
#include "number.h"

enum { PARTS = 16 }; /* independent sums in a plain reduction: one AVX-512 vector of f32 */

static long max(long a, long b) { return a > b ? a : b; }
static long min(long a, long b) { return a < b ? a : b; }

#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#define SUM(a, b) ((a) + (b))

/* o[i] = expression in k = i * stride. A stride that the compiler knows becomes shuffles, others
 * gathers. */
#define FOR_STRIDE(expression)                                                                     \
    if (stride == 1)                                                                               \
        for (long i = 0, k = 0; i < n; i++, k++) o[i] = expression;                                \
    else if (stride == 2)                                                                          \
        for (long i = 0, k = 0; i < n; i++, k = 2 * i) o[i] = expression;                          \
    else                                                                                           \
        for (long i = 0, k = 0; i < n; i++, k = stride * i) o[i] = expression

/* name(n, stride, a, step, count, o): n outputs, output i from the `count` numbers a[i * stride],
 * a[i * stride + step], ... name_all(n, a): all of a[0..n) in one. */
#define DEFINE_FOLD(name, T, OP)                                                                   \
    static CLONES void name##_two(long n, long stride, const T *a, const T *b, T *restrict o)      \
    {                                                                                              \
        FOR_STRIDE(OP(a[k], b[k]));                                                                \
    }                                                                                              \
    static CLONES void name##_three(long n, long stride, const T *a, const T *b, const T *c,       \
                                    T *restrict o)                                                 \
    {                                                                                              \
        FOR_STRIDE(OP(OP(a[k], b[k]), c[k]));                                                      \
    }                                                                                              \
    static CLONES void name##_one_more(long n, long stride, const T *a, T *restrict o)             \
    {                                                                                              \
        FOR_STRIDE(OP(o[i], a[k]));                                                                \
    }                                                                                              \
    static CLONES void name##_two_more(long n, long stride, const T *a, const T *b, T *restrict o) \
    {                                                                                              \
        FOR_STRIDE(OP(OP(o[i], a[k]), b[k]));                                                      \
    }                                                                                              \
    static void name(long n, long stride, const T *a, long step, long count, T *o)                 \
    {                                                                                              \
        long done = min(count, 3);                                                                 \
        if (count == 1 && stride == 1) memcpy(o, a, (size_t)n * sizeof *o);                        \
        else if (count == 1)                                                                       \
            for (long i = 0; i < n; i++) o[i] = a[stride * i];                                     \
        else if (count == 2) name##_two(n, stride, a, a + step, o);                                \
        else name##_three(n, stride, a, a + step, a + 2 * step, o);                                \
        for (; done + 2 <= count; done += 2)                                                       \
            name##_two_more(n, stride, a + done * step, a + (done + 1) * step, o);                 \
        if (done < count) name##_one_more(n, stride, a + done * step, o);                          \
    }                                                                                              \
    static CLONES T name##_all(long n, const T *a)                                                 \
    {                                                                                              \
        T part[PARTS], result = a[0];                                                              \
        long i = PARTS;                                                                            \
        if (n < PARTS) {                                                                           \
            for (i = 1; i < n; i++) result = OP(result, a[i]);                                     \
            return result;                                                                         \
        }                                                                                          \
        memcpy(part, a, sizeof part);                                                              \
        for (; i + PARTS <= n; i += PARTS)                                                         \
            for (int k = 0; k < PARTS; k++) part[k] = OP(part[k], a[i + k]);                       \
        for (int k = 0; i + k < n; k++) part[k] = OP(part[k], a[i + k]);                           \
        for (int width = PARTS / 2; width; width /= 2)                                             \
            for (int k = 0; k < width; k++) part[k] = OP(part[k], part[k + width]);                \
        return part[0];                                                                            \
    }

/* Rows first..end-1 of y, counted over all planes (nchw) or images (nhwc). `row` is room for one
 * row of x. */
#define DEFINE_ROWS(type, T)                                                                       \
    DEFINE_FOLD(max_##type, T, LARGER)                                                             \
    DEFINE_FOLD(sum_##type, T, SUM)                                                                \
    static CLONES void scale_##type(long n, T by, T *y)                                            \
    {                                                                                              \
        for (long i = 0; i < n; i++) y[i] *= by;                                                   \
    }                                                                                              \
    static void rows_##type(const struct pool2d *g, long first, long end, const T *x, T *y,        \
                            T *row)                                                                \
    {                                                                                              \
        void (*const fold)(long, long, const T *, long, long, T *) =                               \
            g->kind == POOL_MAX ? max_##type : sum_##type;                                         \
        const long wide = g->nhwc ? g->c : 1, line = g->w * wide;                                  \
        const long pad = g->pad_w, stride = g->stride_w;                                           \
        const long whole0 = (pad + stride - 1) / stride; /* windows [whole0, whole1) unclipped */  \
        const long whole1 = g->w + pad < g->s ? 0 : (g->w + pad - g->s) / stride + 1;              \
        for (long i = first; i < end; i++) {                                                       \
            const long top = i % g->p * g->stride_h - g->pad_h;                                    \
            const long h0 = max(0, top), h1 = min(g->h, top + g->r);                               \
            const T *from = x + (i / g->p * g->h + h0) * line;                                     \
            T *out = y + i * g->q * wide;                                                          \
            const int whole_width = g->q == 1 && g->s - pad >= g->w;                               \
            if (!whole_width) fold(line, 1, from, line, h1 - h0, row);                             \
            for (long q = 0, many; q < g->q; q += many, out += many * wide) {                      \
                const long w0 = max(0, q * stride - pad), w1 = min(g->w, q * stride - pad + g->s); \
                many = !g->nhwc && q == whole0 && whole1 > q ? whole1 - q : 1;                     \
                if (!whole_width)                                                                  \
                    fold(many *wide, g->nhwc ? 1 : stride, row + w0 * wide, wide, w1 - w0, out);   \
                else if (g->nhwc) fold(wide, 1, from, wide, (h1 - h0) * g->w, out);                \
                else                                                                               \
                    *out = g->kind == POOL_MAX ? max_##type##_all((h1 - h0) * g->w, from)          \
                                               : sum_##type##_all((h1 - h0) * g->w, from);         \
                if (g->kind == POOL_AVG_INCL)                                                      \
                    scale_##type(many *wide, 1 / ((T)g->r * (T)g->s), out);                        \
                if (g->kind == POOL_AVG_EXCL)                                                      \
                    scale_##type(many *wide, 1 / ((T)(h1 - h0) * (T)(w1 - w0)), out);              \
            }                                                                                      \
        }                                                                                          \
    }
DEFINE_ROWS(f32, float)
DEFINE_ROWS(f64, double)

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "pooling multiplies nothing: run it as f32";
    return p->precision == F64 || p->precision == F32 ? NULL : "f32 and f64 only";
}

static size_t row_bytes(const struct problem *p) /* whole cache lines: threads share none */
{
    const struct pool2d *g = &p->pool2d;

    return ((size_t)(g->w * (g->nhwc ? g->c : 1)) * (size_t)storage_size(storage_of(p->precision)) +
            63) /
           64 * 64;
}

static const char *prepare(struct plan *plan)
{
    plan->workspace_bytes = row_bytes(plan->problem) * (size_t)plan->device->threads;
    snprintf(plan->algo, sizeof plan->algo, "t%d", plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct problem *problem = plan->problem;
    const struct pool2d *g = &problem->pool2d;
    const int threads = plan->device->threads;
    const long rows = g->n * (g->nhwc ? 1 : g->c) * g->p;
    const size_t bytes = row_bytes(problem);

    (void)stream;
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int t = 0; t < threads; t++) {
        const long first = rows * t / threads, end = rows * (t + 1) / threads;
        void *row = (char *)o->workspace + bytes * (size_t)t;
        if (problem->precision == F64) rows_f64(g, first, end, o->in[0], o->out, row);
        else rows_f32(g, first, end, o->in[0], o->out, row);
    }
    return NULL;
}

const struct impl pool2d_cpu_rows = {
    .name = "pool2d_cpu_rows",
    .summary = "rows folded first, then columns, in vectors",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
