/* conv2d_im2col_openblas: what a person with a BLAS writes. Unfold a strip of an image into the
 * matrix whose product with the filters is the convolution, multiply, next strip. Strips are shared
 * out over the threads and each thread calls a single-threaded OpenBLAS: one kind of threading at a
 * time. Bound: every pixel is written and read again r s times before it is multiplied. */
#include <limits.h>
#include <string.h>
#include <cblas.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "wheelbench.h"

/* A thread's unfolded strip. 1 to 16 MiB were equal within the noise of 2 cores. */
static const long STRIP_BYTES = 4L << 20;

/* One strip: `rows` rows of y from row p0 on, of one group of one image. x is at the image's first
 * pixel and the group's first channel, col is the thread's buffer. */
struct strip {
    const struct conv2d *v;
    long p0, rows, channels;
    const char *x;
    char *col;
};

/* 1x1 with stride 1: x itself is the matrix */
static int unfolds(const struct conv2d *v)
{
    return v->r != 1 || v->s != 1 || v->stride_h != 1 || v->stride_w != 1 || v->pad_h || v->pad_w;
}

static long least(long a, long b) { return a < b ? a : b; }
static long up(long a, long b) { return (a + b - 1) / b; } /* a / b rounded up, for a >= 0 */

/* Rows of y in a strip: as many as fit, but strips enough for all threads. */
static long strip_rows(const struct plan *plan, long size)
{
    const struct conv2d *v = &plan->problem->conv2d;
    const long row = v->c / v->groups * v->r * v->s * v->q * size;
    const long fit = row < STRIP_BYTES ? STRIP_BYTES / row : 1;
    const long share = up(v->p, up(plan->device->threads, v->n * v->groups));

    return least(least(fit, share), v->p);
}

/* col[channel][r][s][rows * q]: a row of col holds what one tap sees. */
static inline __attribute__((always_inline)) void unfold_nchw(const struct strip *t, size_t size)
{
    const struct conv2d *v = t->v;
    char *to = t->col;

    for (long c = 0; c < t->channels; c++)
        for (long r = 0; r < v->r; r++)
            for (long s = 0; s < v->s; s++) {
                /* q in [q0, q1) read inside the image, the others its padding */
                const long w0 = s * v->dil_w - v->pad_w;
                const long q0 = w0 < 0 ? least(up(-w0, v->stride_w), v->q) : 0;
                const long q1 = w0 < v->w ? least(up(v->w - w0, v->stride_w), v->q) : 0;
                for (long p = t->p0; p < t->p0 + t->rows; p++, to += (size_t)v->q * size) {
                    const long h = p * v->stride_h + r * v->dil_h - v->pad_h;
                    if (h < 0 || h >= v->h || q0 >= q1) {
                        memset(to, 0, (size_t)v->q * size);
                        continue;
                    }
                    const char *from =
                        t->x + (size_t)((c * v->h + h) * v->w + w0 + q0 * v->stride_w) * size;
                    memset(to, 0, (size_t)q0 * size);
                    if (v->stride_w == 1)
                        memcpy(to + (size_t)q0 * size, from, (size_t)(q1 - q0) * size);
                    else
                        for (long q = q0; q < q1; q++, from += (size_t)v->stride_w * size)
                            memcpy(to + (size_t)q * size, from, size);
                    memset(to + (size_t)q1 * size, 0, (size_t)(v->q - q1) * size);
                }
            }
}

/* col[rows * q][r][s][channel]: a row of col holds all that one output sees. */
static void unfold_nhwc(const struct strip *t, size_t size)
{
    const struct conv2d *v = t->v;
    const size_t tap = (size_t)t->channels * size, pixel = (size_t)v->c * size;
    char *to = t->col;

    for (long p = t->p0; p < t->p0 + t->rows; p++)
        for (long q = 0; q < v->q; q++)
            for (long r = 0; r < v->r; r++) {
                const long h = p * v->stride_h + r * v->dil_h - v->pad_h;
                for (long s = 0; s < v->s; s++, to += tap) {
                    const long w = q * v->stride_w + s * v->dil_w - v->pad_w;
                    if (h < 0 || h >= v->h || w < 0 || w >= v->w) memset(to, 0, tap);
                    else memcpy(to, t->x + (size_t)(h * v->w + w) * pixel, tap);
                }
            }
}

/* c[m][n] = a[m][k] b[k][n], or b[n][k] when trans_b */
static void multiply(size_t size, int trans_b, long m, long n, long k, const void *a, long lda,
                     const void *b, long ldb, void *c, long ldc)
{
    const CBLAS_TRANSPOSE tb = trans_b ? CblasTrans : CblasNoTrans;

    if (size == sizeof(float))
        cblas_sgemm(CblasRowMajor, CblasNoTrans, tb, (int)m, (int)n, (int)k, 1, a, (int)lda, b,
                    (int)ldb, 0, c, (int)ldc);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, tb, (int)m, (int)n, (int)k, 1, a, (int)lda, b,
                    (int)ldb, 0, c, (int)ldc);
}

/* Image n, group g, rows p0.. of y; col is this thread's buffer. */
static void convolve(const struct conv2d *v, size_t size, const struct operands *o, long n, long g,
                     long p0, long rows, char *col)
{
    const long cg = v->c / v->groups, kg = v->k / v->groups, crs = cg * v->r * v->s;
    const long first = v->nhwc ? g * cg : g * cg * v->h * v->w; /* the group's first channel */
    const struct strip t = {
        v,  p0, rows, cg, (const char *)o->in[0] + (size_t)(n * v->c * v->h * v->w + first) * size,
        col};
    const char *w = (const char *)o->in[1] + (size_t)(g * kg * crs) * size;
    char *y = (char *)o->out + (size_t)(n * v->k * v->p * v->q) * size;
    const void *matrix = col;

    if (!unfolds(v)) matrix = t.x + (size_t)(p0 * v->q * (v->nhwc ? v->c : 1)) * size;
    else if (v->nhwc) unfold_nhwc(&t, size);
    else if (size == sizeof(float)) unfold_nchw(&t, sizeof(float));
    else unfold_nchw(&t, sizeof(double));

    if (v->nhwc) /* pixels x filters */
        multiply(size, 1, rows * v->q, kg, crs, matrix, unfolds(v) ? crs : v->c, w, crs,
                 y + (size_t)(p0 * v->q * v->k + g * kg) * size, v->k);
    else /* filters x pixels */
        multiply(size, 0, kg, rows * v->q, crs, w, crs, matrix,
                 unfolds(v) ? rows * v->q : v->p * v->q,
                 y + (size_t)((g * kg * v->p + p0) * v->q) * size, v->p * v->q);
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct conv2d *v = &p->conv2d;
    const double crs = (double)(v->c / v->groups) * (double)v->r * (double)v->s;

    (void)d;
    if (p->precision == TF32) return "tf32 exists on NVIDIA tensor cores only: run it as f32";
    if (p->precision != F32 && p->precision != F64) return "OpenBLAS multiplies f32 and f64 only";
    if (crs > INT_MAX || (double)v->p * (double)v->q > INT_MAX)
        return "needs (c / groups) r s and p q below 2^31 (BLAS integers)";
    return NULL;
}

/* Which of the threads this is: 0 and no other in a build without OpenMP. */
static int thread_index(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

static size_t col_bytes(const struct plan *plan, long size)
{
    const struct conv2d *v = &plan->problem->conv2d;
    const size_t bytes =
        (size_t)(v->c / v->groups * v->r * v->s * v->q * strip_rows(plan, size) * size);

    return unfolds(v) ? (bytes + 255) / 256 * 256 : 0;
}

static long element(const struct plan *plan) { return plan->problem->precision == F64 ? 8 : 4; }

static const char *prepare(struct plan *plan)
{
    plan->workspace_bytes = col_bytes(plan, element(plan)) * (size_t)plan->device->threads;
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct conv2d *v = &plan->problem->conv2d;
    const long size = element(plan), rows = strip_rows(plan, size), strips = up(v->p, rows);
    const size_t bytes = col_bytes(plan, size);

    (void)stream;
    if (openblas_get_num_threads() != 1) openblas_set_num_threads(1);
#pragma omp parallel for num_threads(plan->device->threads) schedule(dynamic)
    for (long i = 0; i < v->n * v->groups * strips; i++) {
        const long p0 = i % strips * rows, g = i / strips % v->groups, n = i / strips / v->groups;
        char *col = (char *)o->workspace + bytes * (size_t)thread_index();
        convolve(v, (size_t)size, o, n, g, p0, least(rows, v->p - p0), col);
    }
    return NULL;
}

const struct impl conv2d_im2col_openblas = {
    .name = "conv2d_im2col_openblas",
    .summary = "im2col by strips, then OpenBLAS",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
