/* pool2d_cpu_separable: pool2d_cpu_rows, two rows of windows at a time and a few KiB of columns at
 * a time (cpu_pool_rows.h). Bound: memory bandwidth, or that of the cache that x lies in; each line
 * of y is read before it is written. */
#include <stdio.h>
#include "kernels/cpu_pool_rows.h"

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "pooling multiplies nothing: run it as f32";
    return p->precision == F32 ? NULL : "f32 only";
}

static const char *prepare(struct plan *plan)
{
    plan->workspace_bytes =
        cpu_pool_rows_room(&plan->problem->pool2d) * (size_t)plan->device->threads;
    snprintf(plan->algo, sizeof plan->algo, "t%d", plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct pool2d *v = &plan->problem->pool2d;
    const long wide = v->nhwc ? v->c : 1, pairs = cpu_up(v->p, 2);
    const size_t own = cpu_pool_rows_room(v);

    (void)stream;
#pragma omp parallel for num_threads(plan->device->threads) schedule(static)
    for (long i = 0; i < v->n * (v->nhwc ? 1 : v->c) * pairs; i++) {
        const long image = i / pairs, p = i % pairs * 2;
        cpu_pool_rows(v, (const float *)o->in[0] + image * v->h * v->w * wide,
                      (float *)o->out + (image * v->p + p) * v->q * wide, p, p + 1 < v->p,
                      (float *)(void *)((char *)o->workspace + own * (size_t)cpu_thread()));
    }
    return NULL;
}

const struct impl pool2d_cpu_separable = {
    .name = "pool2d_cpu_separable",
    .summary = "two rows of windows at a time, columns in chunks",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
