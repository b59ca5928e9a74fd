/* gemm_cpu_naive: the definition, one dot product an output, rows of C shared out over the threads.
 * Bound: B is read with a stride of ldb, a cache line for one number, and every add waits for the
 * one before. gemm_cpu_reordered swaps the loops. */
#include <stdio.h>
#include "number.h"

/* Row i of C for one storage type: LOAD widens an element, STORE rounds to it. */
#define DEFINE(type, T, ACC, LOAD, STORE)                                                          \
    static void row_##type(const struct gemm *g, long i, const T *a, const T *b, T *c)             \
    {                                                                                              \
        const ACC alpha = (ACC)g->alpha, beta = (ACC)g->beta;                                      \
        for (long j = 0; j < g->n; j++) {                                                          \
            T *out = c + i * g->ldc + j;                                                           \
            ACC sum = 0;                                                                           \
            for (long p = 0; p < g->k; p++)                                                        \
                sum += LOAD(a[g->trans_a ? p * g->lda + i : i * g->lda + p]) *                     \
                       LOAD(b[g->trans_b ? j * g->ldb + p : p * g->ldb + j]);                      \
            sum *= alpha;                                                                          \
            if (beta != 0) sum += beta * LOAD(*out); /* beta 0 never reads C: it may hold NaN */   \
            *out = STORE(sum);                                                                     \
        }                                                                                          \
    }
DEFINE(f64, double, double, , )
DEFINE(f32, float, float, , )
DEFINE(f16, uint16_t, float, float_from_f16, f16_from_float)
DEFINE(bf16, uint16_t, float, float_from_bf16, bf16_from_float)

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    return p->precision == TF32 ? "tf32 exists on NVIDIA tensor cores only: run it as f32" : NULL;
}

static const char *prepare(struct plan *plan)
{
    snprintf(plan->algo, sizeof plan->algo, "t%d", plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm *g = &plan->problem->gemm;

    (void)stream;
#pragma omp parallel for num_threads(plan->device->threads) schedule(static)
    for (long i = 0; i < g->m; i++) switch (plan->problem->precision) {
        case F64: row_f64(g, i, o->in[0], o->in[1], o->out); break;
        case F16: row_f16(g, i, o->in[0], o->in[1], o->out); break;
        case BF16: row_bf16(g, i, o->in[0], o->in[1], o->out); break;
        default: row_f32(g, i, o->in[0], o->in[1], o->out); break;
        }
    return NULL;
}

const struct impl gemm_cpu_naive = {
    .name = "gemm_cpu_naive",
    .summary = "one dot product an output",
    .file = __FILE__,
    .tier = NAIVE,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
