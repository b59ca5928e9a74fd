/* gemm_cpu_blocked: gemm_cpu_reordered in blocks. A KB x JB block of B stays in L2 for all rows of
 * A, and 4 rows of C times 4 steps of k are done in one pass, so that a loaded vector of B serves
 * four rows and a vector of C takes four FMAs for its load and store. A B that is stored transposed
 * is copied block by block. Bound: C passes through L1, and B keeps its stride, so an ldb that is a
 * power of two collides in the cache and costs TLB entries. gemm_cpu_tile holds C in registers. */
#include <stdio.h>
#include "kernels/cpu_clones.h"
#include "number.h"

enum { KB = 256, LINE = 64, JB_BYTES = 2048, PITCH_BYTES = JB_BYTES + LINE };
/* KB rows of JB_BYTES: 512 KiB of B. Rows of a copied block are a line further apart, so that they
 * do not all fall into the same few sets. */

static long least(long a, long b) { return a < b ? a : b; }

/* JB columns at a time; `copy` is room for one block of B. */
#define DEFINE(type, T)                                                                            \
    /* c[0..n) += a * b[0..n) */                                                                   \
    static CLONES void axpy_##type(long n, T a, const T *restrict b, T *restrict c)                \
    {                                                                                              \
        for (long j = 0; j < n; j++) c[j] += a * b[j];                                             \
    }                                                                                              \
    /* c[0..4)[0..n) += a[0..4)[0..4) * b[0..4)[0..n) */                                           \
    static CLONES void four_##type(long n, T(*restrict a)[4], const T *restrict b, long ldb,       \
                                   T *restrict c0, long ldc)                                       \
    {                                                                                              \
        const T *restrict b1 = b + ldb, *restrict b2 = b1 + ldb, *restrict b3 = b2 + ldb;          \
        T *restrict c1 = c0 + ldc, *restrict c2 = c1 + ldc, *restrict c3 = c2 + ldc;               \
        for (long j = 0; j < n; j++) {                                                             \
            c0[j] += a[0][0] * b[j] + a[0][1] * b1[j] + a[0][2] * b2[j] + a[0][3] * b3[j];         \
            c1[j] += a[1][0] * b[j] + a[1][1] * b1[j] + a[1][2] * b2[j] + a[1][3] * b3[j];         \
            c2[j] += a[2][0] * b[j] + a[2][1] * b1[j] + a[2][2] * b2[j] + a[2][3] * b3[j];         \
            c3[j] += a[3][0] * b[j] + a[3][1] * b1[j] + a[3][2] * b2[j] + a[3][3] * b3[j];         \
        }                                                                                          \
    }                                                                                              \
    /* 4 x 4 elements of alpha op(A) from (i, p) on, rows x depth of them real, times depth rows   \
     * of b */                                                                                     \
    static void step_##type(const struct gemm *g, const T *a, long i, long p, long rows,           \
                            long depth, long n, const T *b, long ldb, T *c)                        \
    {                                                                                              \
        T s[4][4];                                                                                 \
        for (long x = 0; x < rows; x++)                                                            \
            for (long y = 0; y < depth; y++)                                                       \
                s[x][y] = (T)g->alpha *                                                            \
                          a[g->trans_a ? (p + y) * g->lda + i + x : (i + x) * g->lda + p + y];     \
        if (rows == 4 && depth == 4) four_##type(n, s, b, ldb, c, g->ldc);                         \
        else                                                                                       \
            for (long x = 0; x < rows; x++)                                                        \
                for (long y = 0; y < depth; y++)                                                   \
                    axpy_##type(n, s[x][y], b + y * ldb, c + x * g->ldc);                          \
    }                                                                                              \
    static void rows_##type(const struct gemm *g, long first, long end, const T *a, const T *b,    \
                            T *c, T *copy)                                                         \
    {                                                                                              \
        const long JB = JB_BYTES / sizeof(T), PITCH = PITCH_BYTES / sizeof(T);                     \
        for (long i = first; i < end; i++)                                                         \
            for (long j = 0; j < g->n; j++) {                                                      \
                T *out = c + i * g->ldc + j;                                                       \
                *out = g->beta == 0 ? 0 : (T)g->beta * *out;                                       \
            }                                                                                      \
        for (long jj = 0; jj < g->n; jj += JB)                                                     \
            for (long pp = 0; pp < g->k; pp += KB) {                                               \
                const long n = least(JB, g->n - jj), k = least(KB, g->k - pp);                     \
                const T *block = g->trans_b ? copy : b + pp * g->ldb + jj;                         \
                const long ldb = g->trans_b ? PITCH : g->ldb;                                      \
                for (long j = 0; g->trans_b && j < n; j++)                                         \
                    for (long p = 0; p < k; p++)                                                   \
                        copy[p * PITCH + j] = b[(jj + j) * g->ldb + pp + p];                       \
                for (long i = first; i < end; i += 4)                                              \
                    for (long p = 0; p < k; p += 4)                                                \
                        step_##type(g, a, i, pp + p, least(4, end - i), least(4, k - p), n,        \
                                    block + p * ldb, ldb, c + i * g->ldc + jj);                    \
            }                                                                                      \
    }
DEFINE(f32, float)
DEFINE(f64, double)

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "tf32 exists on NVIDIA tensor cores only: run it as f32";
    return p->precision == F64 || p->precision == F32 ? NULL : "f32 and f64 only";
}

static const char *prepare(struct plan *plan)
{
    const int threads = plan->device->threads;

    if (plan->problem->gemm.trans_b)
        plan->workspace_bytes = (size_t)KB * PITCH_BYTES * (size_t)threads;
    snprintf(plan->algo, sizeof plan->algo, "%dx%d 4x4 t%d", KB,
             JB_BYTES / storage_size(storage_of(plan->problem->precision)), threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct problem *problem = plan->problem;
    const struct gemm *g = &problem->gemm;
    const int threads = plan->device->threads;
    const long fours = (g->m + 3) / 4;

    (void)stream;
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int t = 0; t < threads; t++) {
        const long first = fours * t / threads * 4,
                   end = least(fours * (t + 1) / threads * 4, g->m);
        void *copy =
            g->trans_b ? (char *)o->workspace + (size_t)KB * PITCH_BYTES * (size_t)t : NULL;
        if (problem->precision == F64) rows_f64(g, first, end, o->in[0], o->in[1], o->out, copy);
        else rows_f32(g, first, end, o->in[0], o->in[1], o->out, copy);
    }
    return NULL;
}

const struct impl gemm_cpu_blocked = {
    .name = "gemm_cpu_blocked",
    .summary = "blocks of B in L2, 4 rows by 4 steps a pass",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
