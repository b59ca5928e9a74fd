/* pool2d_cpu_stream: pool2d_cpu_separable, but rows of y are made in a buffer that stays in L1, and
 * go past the caches to memory: a line that is written whole need not be read before. Where y is
 * small enough to be found in a cache by who comes next, it is written there as before. Bound: x
 * read once, y written once. */
#include <stdio.h>
#include "kernels/cpu_pool_rows.h"
#include "kernels/cpu_stream.h"

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "pooling multiplies nothing: run it as f32";
    return p->precision == F32 ? NULL : "f32 only";
}

/* The rows of y that a thread makes before they go, with two folded chunks. */
static size_t rows_room(const struct pool2d *v)
{
    return cpu_pages((size_t)(2 * v->q * (v->nhwc ? v->c : 1)) * sizeof(float));
}

static const char *prepare(struct plan *plan)
{
    const struct pool2d *v = &plan->problem->pool2d;

    plan->workspace_bytes = (cpu_pool_rows_room(v) + rows_room(v)) * (size_t)plan->device->threads;
    snprintf(plan->algo, sizeof plan->algo, "%s t%d",
             cpu_stream_pays(v->n * v->c * v->p * v->q) ? "past the caches" : "cached",
             plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct pool2d *v = &plan->problem->pool2d;
    const long wide = v->nhwc ? v->c : 1, pairs = cpu_up(v->p, 2), width = v->q * wide;
    const size_t folded = cpu_pool_rows_room(v), own = folded + rows_room(v);
    const int large = cpu_stream_pays(v->n * v->c * v->p * v->q);

    (void)stream;
#pragma omp parallel num_threads(plan->device->threads)
    {
#pragma omp for schedule(static) nowait
        for (long i = 0; i < v->n * (v->nhwc ? 1 : v->c) * pairs; i++) {
            const long image = i / pairs, p = i % pairs * 2, two = p + 1 < v->p;
            char *room = (char *)o->workspace + own * (size_t)cpu_thread();
            float *to = (float *)o->out + (image * v->p + p) * width;
            float *y = large ? (float *)(void *)(room + folded) : to;
            cpu_pool_rows(v, (const float *)o->in[0] + image * v->h * v->w * wide, y, p, (int)two,
                          (float *)(void *)room);
            if (large) cpu_stream(to, y, (1 + two) * width);
        }
        cpu_stream_end(); /* each thread, before it ends */
    }
    return NULL;
}

const struct impl pool2d_cpu_stream = {
    .name = "pool2d_cpu_stream",
    .summary = "rows of y go past the caches to memory",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
