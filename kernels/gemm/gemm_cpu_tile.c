/* gemm_cpu_tile: a tile of C in registers. gemm_cpu_blocked loads and stores C for every four FMAs;
 * here mr x nr outputs stay in registers for KC steps, so C is touched once per KC and a loaded
 * vector of B serves mr rows. A and B are read where they lie: mr rows of A and one row of B per
 * step, each on another page and, when ld is a power of two, in the same cache set. An operand that
 * is stored transposed is copied block by block. gemm_cpu_packed copies both, always. */
#include <stdio.h>
#include "fail.h"
#include "kernels/cpu_clones.h"
#include "kernels/cpu_gemm.h"
#include "number.h"

enum { KC = 256, NC = 512, PITCH = NC + 16 }; /* KC x NC of B stays in L2, mr x KC of A in L1 */

/* m x n outputs that do not fill a tile, as gemm_cpu_reordered does it; and rows x cols of a
 * transposed operand, copied. */
#define DEFINE(T)                                                                                  \
    static CLONES void rim_##T(long m, long n, long k, const T *a, long lda, const T *b, long ldb, \
                               const struct cpu_scale *s, T *c, long ldc)                          \
    {                                                                                              \
        const T alpha = (T)s->alpha, beta = (T)s->beta;                                            \
        for (long i = 0; i < m; i++, a += lda, c += ldc) {                                         \
            for (long j = 0; j < n; j++) c[j] = beta == 0 ? 0 : beta * c[j];                       \
            for (long p = 0; p < k; p++)                                                           \
                for (long j = 0; j < n; j++) c[j] += alpha * a[p] * b[p * ldb + j];                \
        }                                                                                          \
    }                                                                                              \
    static CLONES void transpose_##T(long rows, long cols, const T *from, long ld, T *to,          \
                                     long pitch)                                                   \
    {                                                                                              \
        for (long i = 0; i < rows; i++)                                                            \
            for (long j = 0; j < cols; j++) to[i * pitch + j] = from[j * ld + i];                  \
    }                                                                                              \
    static void tile_##T(const struct cpu_gemm *g, long first, long end, T *copy)                  \
    {                                                                                              \
        const struct cpu_micro *u = g->u;                                                          \
        T *strip = copy + KC * PITCH;                                                              \
        const long none = 0;                                                                       \
        for (long jc = 0; jc < g->n; jc += NC)                                                     \
            for (long pc = 0; pc < g->k; pc += KC) {                                               \
                const long nc = cpu_min(NC, g->n - jc), kc = cpu_min(KC, g->k - pc);               \
                const struct cpu_scale s = {g->alpha, pc ? 1 : g->beta};                           \
                const int turned = g->bcs != 1;                                                    \
                const T *b = (const T *)g->b + pc * g->brs + jc * g->bcs;                          \
                const long ldb = turned ? PITCH : g->brs;                                          \
                if (turned) transpose_##T(kc, nc, b, g->bcs, copy, PITCH), b = copy;               \
                for (long i = first; i < end; i += u->mr) {                                        \
                    const long m = cpu_min(u->mr, end - i);                                        \
                    const T *a = (const T *)g->a + i * g->ars + pc * g->acs;                       \
                    const long lda = g->acs == 1 ? g->ars : KC;                                    \
                    T *c = (T *)g->c + i * g->ldc + jc;                                            \
                    const long j = m == u->mr ? nc / u->nr * u->nr : 0; /* whole tiles */          \
                    if (g->acs != 1) transpose_##T(m, kc, a, g->acs, strip, KC), a = strip;        \
                    u->inplace(1, &none, kc, a, lda, 1, b, ldb, u->nr, &s, c, g->ldc, u->mr, j);   \
                    rim_##T(m, nc - j, kc, a, lda, b + j, ldb, &s, c + j, g->ldc);                 \
                }                                                                                  \
            }                                                                                      \
    }
DEFINE(float)
DEFINE(double)

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    return cpu_gemm_why_not(p);
}

static size_t room(const struct cpu_micro *u) /* of one thread */
{
    return cpu_pages((size_t)(KC * (PITCH + u->mr) * u->size));
}

static const char *prepare(struct plan *plan)
{
    const struct problem *p = plan->problem;
    const struct cpu_micro *u;

    TRY(cpu_micro_pick((size_t)storage_size(storage_of(p->precision)), &u));
    plan->state = (void *)u;
    if (p->gemm.trans_a || p->gemm.trans_b)
        plan->workspace_bytes = room(u) * (size_t)plan->device->threads;
    snprintf(plan->algo, sizeof plan->algo, "%s %dx%d t%d", u->isa, u->mr, u->nr,
             plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct cpu_micro *u = plan->state;
    const struct cpu_gemm g = cpu_gemm_at(cpu_gemm_of(&plan->problem->gemm, u), o);
    const int threads = plan->device->threads;
    const long tiles = cpu_up(g.m, u->mr);

    (void)stream;
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int t = 0; t < threads; t++) {
        const long first = tiles * t / threads * u->mr,
                   end = cpu_min(tiles * (t + 1) / threads * u->mr, g.m);
        char *copy = o->workspace; /* NULL without a transposed operand */
        if (copy) copy += room(u) * (size_t)t;
        if (u->size == 4) tile_float(&g, first, end, (float *)(void *)copy);
        else tile_double(&g, first, end, (double *)(void *)copy);
    }
    return NULL;
}

const struct impl gemm_cpu_tile = {
    .name = "gemm_cpu_tile",
    .summary = "a tile of C in registers, operands where they lie",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
