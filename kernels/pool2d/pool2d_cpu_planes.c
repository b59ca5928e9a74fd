/* pool2d_cpu_planes: nchw windows that move by one pixel and keep the size of the plane, as the
 * poolings between convolutions do. The rows of pool2d_cpu_stream are 28 or 14 pixels there, and
 * its time goes into calls and edges. Here rows of a plane that see as many rows of x are folded as
 * one long row, down and then across: at the ends of the rows within it stands nonsense, which the
 * true edges then replace. y goes past the caches where it is large. Bound: x read once, y written
 * once.
 */
#include <stdio.h>
#include "kernels/cpu_pool_rows.h"
#include "kernels/cpu_stream.h"

enum { MOST_PIXELS = 64 << 10 }; /* of a plane: it stays in L2 */

static long top(const struct pool2d *v, long p) { return cpu_max(0, p - v->pad_h); }
static long height(const struct pool2d *v, long p)
{
    return cpu_min(v->h, p - v->pad_h + v->r) - top(v, p);
}

/* Windows of row `down` of a plane at its left or right edge, columns j0..j1-1. down: folded rows
 */
static void edge(const struct pool2d *v, const float *down, long rows, long j0, long j1, float *y)
{
    for (long j = j0; j < j1; j++) {
        const long w0 = cpu_max(0, j - v->pad_w), w1 = cpu_min(v->w, j - v->pad_w + v->s);
        float part = down[w0];
        if (v->kind == POOL_MAX) {
            for (long w = w0 + 1; w < w1; w++) part = part > down[w] ? part : down[w];
            y[j] = part;
        } else {
            const long pixels = v->kind == POOL_AVG_INCL ? v->r * v->s : rows * (w1 - w0);
            for (long w = w0 + 1; w < w1; w++) part += down[w];
            y[j] = part * (float)(1 / (double)pixels);
        }
    }
}

static void plane(const struct pool2d *v, const float *x, float *down, float *y)
{
    const long w = v->w, right = v->s - 1 - v->pad_w; /* columns at the right that are clipped */

    for (long p0 = 0, p1; p0 < v->p; p0 = p1) {
        const long rows = height(v, p0);
        for (p1 = p0 + 1; p1 < v->p && height(v, p1) == rows && top(v, p1) > top(v, p1 - 1);) p1++;
        const long first = p0 * w, n = (p1 - p0) * w, inner = n - v->pad_w - right;
        const double pixels = (double)(v->kind == POOL_AVG_INCL ? v->r * v->s : rows * v->s);
        cpu_pool_fold(v->kind, n, x + top(v, p0) * w, w, rows, 1, down + first);
        if (inner > 0)
            cpu_pool_fold(v->kind, inner, down + first, 1, v->s, (float)(1 / pixels),
                          y + first + v->pad_w);
        for (long p = p0; p < p1; p++) {
            edge(v, down + p * w, rows, 0, cpu_min(v->pad_w, w), y + p * w);
            edge(v, down + p * w, rows, cpu_max(cpu_min(v->pad_w, w), w - right), w, y + p * w);
        }
    }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct pool2d *v = &p->pool2d;

    (void)d;
    if (p->precision == TF32) return "pooling multiplies nothing: run it as f32";
    if (p->precision != F32) return "f32 only";
    if (v->nhwc || v->stride_h != 1 || v->stride_w != 1 || v->p != v->h || v->q != v->w)
        return "needs nchw, stride 1, and a y of the size of x";
    return v->h * v->w > MOST_PIXELS ? "needs planes of at most 65536 pixels" : NULL;
}

static size_t room_of(const struct pool2d *v)
{
    return cpu_pages((size_t)(v->h * v->w) * sizeof(float));
}

static const char *prepare(struct plan *plan)
{
    const struct pool2d *v = &plan->problem->pool2d;

    plan->workspace_bytes = 2 * room_of(v) * (size_t)plan->device->threads;
    snprintf(plan->algo, sizeof plan->algo, "%s t%d",
             cpu_stream_pays(v->n * v->c * v->p * v->q) ? "past the caches" : "cached",
             plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct pool2d *v = &plan->problem->pool2d;
    const long pixels = v->h * v->w;
    const int large = cpu_stream_pays(v->n * v->c * v->p * v->q);

    (void)stream;
#pragma omp parallel num_threads(plan->device->threads)
    {
        char *room = (char *)o->workspace + 2 * room_of(v) * (size_t)cpu_thread();
        float *down = (float *)(void *)room, *made = (float *)(void *)(room + room_of(v));
#pragma omp for schedule(static) nowait
        for (long i = 0; i < v->n * v->c; i++) {
            float *y = (float *)o->out + i * pixels;
            plane(v, (const float *)o->in[0] + i * pixels, down, large ? made : y);
            if (large) cpu_stream(y, made, pixels);
        }
        cpu_stream_end(); /* each thread, before it ends */
    }
    return NULL;
}

const struct impl pool2d_cpu_planes = {
    .name = "pool2d_cpu_planes",
    .summary = "stride 1 in nchw: a plane as one long row",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
