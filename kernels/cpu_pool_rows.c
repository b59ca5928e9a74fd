/* cpu_pool_rows.c: see cpu_pool_rows.h. Windows 3 high with stride 1 or 2 share rows of x: loaded
 * once for both, 4 instead of 6 loads (5 instead of 6). Columns in chunks, so that the folded row
 * is still in L1 when it is folded across, also where a row of x is larger than L1. */
#include "kernels/cpu_pool_rows.h"
#include "kernels/cpu_clones.h"

enum { CHUNK = 2048 }; /* elements of a folded row: two of them are 16 KiB */

#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#define SUM(a, b) ((a) + (b))

#define FOR_STRIDE(expression)                                                                     \
    if (stride == 1)                                                                               \
        for (long i = 0, k = 0; i < n; i++, k++) o[i] = expression;                                \
    else if (stride == 2)                                                                          \
        for (long i = 0, k = 0; i < n; i++, k = 2 * i) o[i] = expression;                          \
    else                                                                                           \
        for (long i = 0, k = 0; i < n; i++, k = stride * i) o[i] = expression

/* name: n outputs, output i from `count` numbers, `step` apart from a[i * stride] on. name_pair:
 * rows of x `line` apart, o from the first three, o2 from three that start `down` (1 or 2) rows
 * lower. */
#define DEFINE(name, OP)                                                                           \
    static CLONES void name##_one(long n, long stride, const float *a, float *restrict o)          \
    {                                                                                              \
        FOR_STRIDE(a[k]);                                                                          \
    }                                                                                              \
    static CLONES void name##_two(long n, long stride, const float *a, const float *b,             \
                                  float *restrict o)                                               \
    {                                                                                              \
        FOR_STRIDE(OP(a[k], b[k]));                                                                \
    }                                                                                              \
    static CLONES void name##_three(long n, long stride, const float *a, const float *b,           \
                                    const float *c, float *restrict o)                             \
    {                                                                                              \
        FOR_STRIDE(OP(OP(a[k], b[k]), c[k]));                                                      \
    }                                                                                              \
    static CLONES void name##_more(long n, long stride, const float *a, float *restrict o)         \
    {                                                                                              \
        FOR_STRIDE(OP(o[i], a[k]));                                                                \
    }                                                                                              \
    static void name(long n, long stride, const float *a, long step, long count, float *o)         \
    {                                                                                              \
        long done = count < 3 ? count : 3;                                                         \
        if (count == 1) name##_one(n, stride, a, o);                                               \
        else if (count == 2) name##_two(n, stride, a, a + step, o);                                \
        else name##_three(n, stride, a, a + step, a + 2 * step, o);                                \
        for (; done < count; done++) name##_more(n, stride, a + done * step, o);                   \
    }                                                                                              \
    /* nhwc: `many` outputs of `wide` channels, the next one from `jump` elements on */            \
    static CLONES void name##_pixels(long many, long wide, long jump, const float *a, long count,  \
                                     float *restrict o)                                            \
    {                                                                                              \
        for (; many > 0; many--, a += jump, o += wide)                                             \
            if (count == 3)                                                                        \
                for (long c = 0; c < wide; c++) o[c] = OP(OP(a[c], a[wide + c]), a[2 * wide + c]); \
            else                                                                                   \
                for (long c = 0; c < wide; c++) {                                                  \
                    float part = a[c];                                                             \
                    for (long s = 1; s < count; s++) part = OP(part, a[s * wide + c]);             \
                    o[c] = part;                                                                   \
                }                                                                                  \
    }                                                                                              \
    static CLONES void name##_pair(long n, long down, const float *a, long line,                   \
                                   float *restrict o, float *restrict o2)                          \
    {                                                                                              \
        const float *b = a + line, *c = b + line, *d = c + line, *e = d + line;                    \
        if (down == 1)                                                                             \
            for (long i = 0; i < n; i++) {                                                         \
                const float both = OP(b[i], c[i]);                                                 \
                o[i] = OP(a[i], both);                                                             \
                o2[i] = OP(both, d[i]);                                                            \
            }                                                                                      \
        else                                                                                       \
            for (long i = 0; i < n; i++) {                                                         \
                const float both = c[i];                                                           \
                o[i] = OP(OP(a[i], b[i]), both);                                                   \
                o2[i] = OP(OP(d[i], e[i]), both);                                                  \
            }                                                                                      \
    }
DEFINE(fold_max, LARGER)
DEFINE(fold_sum, SUM)

static CLONES void scale(long n, float by, float *y)
{
    for (long i = 0; i < n; i++) y[i] *= by;
}

void cpu_pool_fold(enum pool_kind kind, long n, const float *a, long step, long count, float by,
                   float *o)
{
    (kind == POOL_MAX ? fold_max : fold_sum)(n, 1, a, step, count, o);
    if (kind != POOL_MAX && by != 1) scale(n, by, o);
}

/* The windows of one row of y whose rows of x are folded in `row`, from column w0 of x on. */
struct across {
    const struct pool2d *v;
    long wide, q0, q1, w0, rows; /* windows q0..q1-1; rows of x under them */
};

static void across(const struct across *t, const float *row, float *y)
{
    const struct pool2d *v = t->v;
    const long whole0 = cpu_up(v->pad_w, v->stride_w); /* windows [whole0, whole1) unclipped */
    const long whole1 = v->w + v->pad_w < v->s ? 0 : (v->w + v->pad_w - v->s) / v->stride_w + 1;

    for (long q = t->q0, many; q < t->q1; q += many, y += many * t->wide) {
        const long left = q * v->stride_w - v->pad_w;
        const long w0 = cpu_max(0, left), w1 = cpu_min(v->w, left + v->s);
        const float *from = row + (w0 - t->w0) * t->wide;
        const double pixels =
            v->kind == POOL_AVG_INCL ? (double)(v->r * v->s) : (double)(t->rows * (w1 - w0));
        many = q >= whole0 && whole1 > q ? cpu_min(whole1, t->q1) - q : 1;
        if (v->nhwc && v->stride_w == 1)
            (v->kind == POOL_MAX ? fold_max : fold_sum)(many * t->wide, 1, from, t->wide, w1 - w0,
                                                        y);
        else if (v->nhwc)
            (v->kind == POOL_MAX ? fold_max_pixels : fold_sum_pixels)(
                many, t->wide, v->stride_w * t->wide, from, w1 - w0, y);
        else (v->kind == POOL_MAX ? fold_max : fold_sum)(many, v->stride_w, from, 1, w1 - w0, y);
        if (v->kind != POOL_MAX) scale(many * t->wide, (float)(1 / pixels), y);
    }
}

size_t cpu_pool_rows_room(const struct pool2d *v)
{
    const long wide = v->nhwc ? v->c : 1;

    return cpu_pages((size_t)(2 * cpu_max(CHUNK, v->s * wide)) * sizeof(float));
}

void cpu_pool_rows(const struct pool2d *v, const float *x, float *y, long p, int two, float *room)
{
    const long wide = v->nhwc ? v->c : 1, line = v->w * wide, width = v->q * wide;
    /* windows of a chunk */
    const long part = cpu_max(1, cpu_min(v->q, (CHUNK / wide - v->s) / v->stride_w + 1));
    const long step = (part - 1) * v->stride_w + v->s; /* columns of it */
    float *folded[2] = {room, room + step * wide};
    long h0[2], h1[2];

    for (int i = 0; i < 2; i++) {
        const long top = (p + i) * v->stride_h - v->pad_h;
        h0[i] = cpu_max(0, top);
        h1[i] = cpu_min(v->h, top + v->r);
    }
    const int pair =
        two && v->r == 3 && v->stride_h <= 2 && h1[0] - h0[0] == 3 && h1[1] - h0[1] == 3;
    for (long q = 0; q < v->q; q += part) {
        const long q1 = cpu_min(q + part, v->q), w0 = cpu_max(0, q * v->stride_w - v->pad_w);
        const long w1 = cpu_min(v->w, (q1 - 1) * v->stride_w - v->pad_w + v->s);
        const long n = (w1 - w0) * wide;
        const float *from = x + w0 * wide;
        if (pair)
            (v->kind == POOL_MAX ? fold_max_pair : fold_sum_pair)(
                n, v->stride_h, from + h0[0] * line, line, folded[0], folded[1]);
        for (int i = 0; i <= two; i++) {
            const struct across t = {v, wide, q, q1, w0, h1[i] - h0[i]};
            if (!pair)
                (v->kind == POOL_MAX ? fold_max : fold_sum)(n, 1, from + h0[i] * line, line,
                                                            h1[i] - h0[i], folded[i]);
            across(&t, folded[i], y + i * width + q * wide);
        }
    }
}
