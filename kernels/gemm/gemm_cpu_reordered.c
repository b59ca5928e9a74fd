/* gemm_cpu_reordered: the three loops of gemm_cpu_naive in the order i, p, j. The inner loop now
 * walks B and C along their rows, whole cache lines at a time, and the compiler vectorises it;
 * where B is stored transposed, i, j, p does the same with a dot product of two rows. Bound: a load
 * and a store of C for every FMA, and all of B streams through the cache once for each row of A.
 * gemm_cpu_blocked keeps a piece of B. */
#include <stdio.h>
#include "kernels/cpu_clones.h"
#include "number.h"

/* The order of the adds of a sum is free here: no compiler vectorises it unless told so. */
static CLONES float dot_f32(long k, const float *restrict a, const float *restrict b)
{
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (long p = 0; p < k; p++) sum += a[p] * b[p];
    return sum;
}

static CLONES double dot_f64(long k, const double *restrict a, const double *restrict b)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (long p = 0; p < k; p++) sum += a[p] * b[p];
    return sum;
}

/* The rows first..end-1 of C. `row` is room for k elements: alpha times a row of op(A). */
#define DEFINE(type, T)                                                                            \
    static CLONES void axpy_##type(long n, T a, const T *restrict b, T *restrict c)                \
    {                                                                                              \
        for (long j = 0; j < n; j++) c[j] += a * b[j];                                             \
    }                                                                                              \
    static void rows_##type(const struct gemm *g, long first, long end, const T *a, const T *b,    \
                            T *c, T *row)                                                          \
    {                                                                                              \
        const T alpha = (T)g->alpha, beta = (T)g->beta;                                            \
        for (long i = first; i < end; i++) {                                                       \
            T *out = c + i * g->ldc;                                                               \
            for (long p = 0; p < g->k; p++)                                                        \
                row[p] = alpha * a[g->trans_a ? p * g->lda + i : i * g->lda + p];                  \
            for (long j = 0; j < g->n; j++) out[j] = beta == 0 ? 0 : beta * out[j];                \
            if (g->trans_b)                                                                        \
                for (long j = 0; j < g->n; j++) out[j] += dot_##type(g->k, row, b + j * g->ldb);   \
            else                                                                                   \
                for (long p = 0; p < g->k; p++) axpy_##type(g->n, row[p], b + p * g->ldb, out);    \
        }                                                                                          \
    }
DEFINE(f32, float)
DEFINE(f64, double)

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "tf32 exists on NVIDIA tensor cores only: run it as f32";
    return p->precision == F64 || p->precision == F32 ? NULL : "f32 and f64 only";
}

static size_t row_bytes(const struct problem *p) /* whole cache lines: threads share none */
{
    return ((size_t)p->gemm.k * (size_t)storage_size(storage_of(p->precision)) + 63) / 64 * 64;
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
    const struct gemm *g = &problem->gemm;
    const int threads = plan->device->threads;
    const size_t bytes = row_bytes(problem);

    (void)stream;
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int t = 0; t < threads; t++) {
        const long first = g->m * t / threads, end = g->m * (t + 1) / threads;
        void *row = (char *)o->workspace + bytes * (size_t)t;
        if (problem->precision == F64) rows_f64(g, first, end, o->in[0], o->in[1], o->out, row);
        else rows_f32(g, first, end, o->in[0], o->in[1], o->out, row);
    }
    return NULL;
}

const struct impl gemm_cpu_reordered = {
    .name = "gemm_cpu_reordered",
    .summary = "inner loop along the rows of B, vectorised by the compiler",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
