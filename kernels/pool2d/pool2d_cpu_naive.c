/* pool2d_cpu_naive: the definition, one clipped window an output, planes shared out over the
 * threads. Bound: one dependent operation a tap, and in nhwc a stride of c elements between taps, a
 * cache line for one number. pool2d_cpu_rows folds whole rows at a time. */
#include <math.h>
#include <stdio.h>
#include "number.h"

static long max(long a, long b) { return a > b ? a : b; }
static long min(long a, long b) { return a < b ? a : b; }

/* One body for each storage type: LOAD widens an element, STORE rounds to it. */
#define DEFINE(type, T, ACC, LOAD, STORE)                                                          \
    static void plane_##type(const struct pool2d *g, long n, long c, const T *x, T *y)             \
    {                                                                                              \
        const long step = g->nhwc ? g->c : 1; /* between neighbours along w */                     \
        x += g->nhwc ? n * g->h * g->w * g->c + c : (n * g->c + c) * g->h * g->w;                  \
        y += g->nhwc ? n * g->p * g->q * g->c + c : (n * g->c + c) * g->p * g->q;                  \
        for (long p = 0; p < g->p; p++)                                                            \
            for (long q = 0; q < g->q; q++) {                                                      \
                const long top = p * g->stride_h - g->pad_h, left = q * g->stride_w - g->pad_w;    \
                const long h0 = max(0, top), h1 = min(g->h, top + g->r);                           \
                const long w0 = max(0, left), w1 = min(g->w, left + g->s);                         \
                ACC best = -(ACC)INFINITY, sum = 0;                                                \
                for (long h = h0; h < h1; h++)                                                     \
                    for (long w = w0; w < w1; w++) {                                               \
                        const ACC v = LOAD(x[(h * g->w + w) * step]);                              \
                        if (v > best) best = v;                                                    \
                        sum += v;                                                                  \
                    }                                                                              \
                if (g->kind == POOL_AVG_INCL) best = sum / ((ACC)g->r * (ACC)g->s);                \
                if (g->kind == POOL_AVG_EXCL) best = sum / ((ACC)(h1 - h0) * (ACC)(w1 - w0));      \
                y[(p * g->q + q) * step] = STORE(best);                                            \
            }                                                                                      \
    }
DEFINE(f64, double, double, , )
DEFINE(f32, float, float, , )
DEFINE(f16, uint16_t, float, float_from_f16, f16_from_float)
DEFINE(bf16, uint16_t, float, float_from_bf16, bf16_from_float)

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    return p->precision == TF32 ? "pooling multiplies nothing: run it as f32" : NULL;
}

static const char *prepare(struct plan *plan)
{
    snprintf(plan->algo, sizeof plan->algo, "t%d", plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct pool2d *g = &plan->problem->pool2d;
    const enum precision precision = plan->problem->precision;
    const int threads = plan->device->threads;

    (void)stream;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (long i = 0; i < g->n * g->c; i++) {
        const long n = i / g->c, c = i % g->c;
        switch (precision) {
        case F64: plane_f64(g, n, c, o->in[0], o->out); break;
        case F16: plane_f16(g, n, c, o->in[0], o->out); break;
        case BF16: plane_bf16(g, n, c, o->in[0], o->out); break;
        default: plane_f32(g, n, c, o->in[0], o->out); break;
        }
    }
    return NULL;
}

const struct impl pool2d_cpu_naive = {
    .name = "pool2d_cpu_naive",
    .summary = "one clipped window an output",
    .file = __FILE__,
    .tier = NAIVE,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
