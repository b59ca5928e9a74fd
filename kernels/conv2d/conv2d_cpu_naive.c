/* conv2d_cpu_naive: the definition, one output at a time, bounds tested at each tap, outputs shared
 * out over the threads. Bound: every add waits for the one before, and every tap is tested.
 * conv2d_im2col_openblas makes it a matrix product. */
#include "number.h"

/* The shape, and how many elements apart neighbours lie. */
struct view {
    struct conv2d g;
    long channels; /* of a group */
    long xc, xh, xw, wc, wr, ws;
};

/* What one output sums: x from the first channel of its group, w from its filter. */
struct spot {
    long x, w, top, left;
};

static struct view view_of(const struct conv2d *g)
{
    const long channels = g->c / g->groups;

    if (g->nhwc)
        return (struct view){*g, channels, 1, g->w * g->c, g->c, 1, g->s * channels, channels};
    return (struct view){*g, channels, g->h * g->w, g->w, 1, g->r * g->s, g->s, 1};
}

/* index counts the elements of y in memory order */
static struct spot spot_of(const struct view *v, long index)
{
    const struct conv2d *g = &v->g;
    const long plane = g->p * g->q, image = index / (plane * g->k), rest = index % (plane * g->k);
    const long k = g->nhwc ? rest % g->k : rest / plane,
               pixel = g->nhwc ? rest / g->k : rest % plane;

    return (struct spot){
        .x = image * g->c * g->h * g->w + k / (g->k / g->groups) * v->channels * v->xc,
        .w = k * v->channels * g->r * g->s,
        .top = pixel / g->q * g->stride_h - g->pad_h,
        .left = pixel % g->q * g->stride_w - g->pad_w,
    };
}

/* One body for each storage type: LOAD widens an element, STORE rounds to it. */
#define DEFINE(type, T, ACC, LOAD, STORE)                                                          \
    static T output_##type(const struct view *v, struct spot at, const T *x, const T *w)           \
    {                                                                                              \
        const struct conv2d *g = &v->g;                                                            \
        ACC sum = 0;                                                                               \
        x += at.x;                                                                                 \
        w += at.w;                                                                                 \
        for (long c = 0; c < v->channels; c++)                                                     \
            for (long r = 0; r < g->r; r++)                                                        \
                for (long s = 0; s < g->s; s++) {                                                  \
                    const long row = at.top + r * g->dil_h, column = at.left + s * g->dil_w;       \
                    if (row < 0 || row >= g->h || column < 0 || column >= g->w) continue;          \
                    sum += LOAD(x[c * v->xc + row * v->xh + column * v->xw]) *                     \
                           LOAD(w[c * v->wc + r * v->wr + s * v->ws]);                             \
                }                                                                                  \
        return STORE(sum);                                                                         \
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

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct conv2d *g = &plan->problem->conv2d;
    const struct view v = view_of(g);
    const enum precision precision = plan->problem->precision;
    const int threads = plan->device->threads;
    const long outputs = g->n * g->k * g->p * g->q;
    const void *x = o->in[0], *w = o->in[1];

    (void)stream;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (long i = 0; i < outputs; i++) {
        const struct spot at = spot_of(&v, i);
        switch (precision) {
        case F64: ((double *)o->out)[i] = output_f64(&v, at, x, w); break;
        case F16: ((uint16_t *)o->out)[i] = output_f16(&v, at, x, w); break;
        case BF16: ((uint16_t *)o->out)[i] = output_bf16(&v, at, x, w); break;
        default: ((float *)o->out)[i] = output_f32(&v, at, x, w); break;
        }
    }
    return NULL;
}

const struct impl conv2d_cpu_naive = {
    .name = "conv2d_cpu_naive",
    .summary = "one dot product an output, bounds tested at each tap",
    .file = __FILE__,
    .tier = NAIVE,
    .place = HOST,
    .why_not = why_not,
    .prepare = NULL,
    .run = run,
    .cleanup = NULL,
};
