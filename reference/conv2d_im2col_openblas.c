/* conv2d_im2col_openblas: what a person with a BLAS writes. Unfold a strip of an image into the
 * matrix whose product with the filters is the convolution, multiply, next strip. Strips are shared
 * out over the threads and each thread calls a single-threaded OpenBLAS: one kind of threading at a
 * time. Bound: every pixel is written and read again r s times before it is multiplied. */
#include <limits.h>
#include <cblas.h>
#include "kernels/cpu_unfold.h"

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
    const void *matrix = strip_unfold(&t, size);

    if (v->nhwc) /* pixels x filters */
        multiply(size, 1, rows * v->q, kg, crs, matrix, strip_needed(v) ? crs : v->c, w, crs,
                 y + (size_t)(p0 * v->q * v->k + g * kg) * size, v->k);
    else /* filters x pixels */
        multiply(size, 0, kg, rows * v->q, crs, w, crs, matrix,
                 strip_needed(v) ? rows * v->q : v->p * v->q,
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

static long element(const struct plan *plan) { return plan->problem->precision == F64 ? 8 : 4; }

static const char *prepare(struct plan *plan)
{
    plan->workspace_bytes =
        strip_room(&plan->problem->conv2d, plan->device->threads, element(plan)) *
        (size_t)plan->device->threads;
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct conv2d *v = &plan->problem->conv2d;
    const long size = element(plan), rows = strip_rows(v, plan->device->threads, size),
               strips = cpu_up(v->p, rows);
    const size_t bytes = strip_room(v, plan->device->threads, size);

    (void)stream;
    if (openblas_get_num_threads() != 1) openblas_set_num_threads(1);
#pragma omp parallel for num_threads(plan->device->threads) schedule(dynamic)
    for (long i = 0; i < v->n * v->groups * strips; i++) {
        const long p0 = i % strips * rows, g = i / strips % v->groups, n = i / strips / v->groups;
        char *col = (char *)o->workspace + bytes * (size_t)cpu_thread();
        convolve(v, (size_t)size, o, n, g, p0, cpu_min(rows, v->p - p0), col);
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
