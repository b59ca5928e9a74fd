/* conv2d_cpu_hand: the best of our own ways for each problem:
 *
 *   depthwise   groups = c = k
 *   winograd4   3x3, stride 1, no dilation, at least 16 channels and filters, and at least 128
 *               tiles of 4 x 4: with fewer the transform of the filters is the larger part
 *   winograd    the same with 48 tiles of 2 x 2, while the filters' transform fits into 4 MiB
 *   inplace     at most 256 pixels of nhwc in all, 800 of nchw: filters are not worth packing
 *   im2col      1x1 with stride 1 of nchw: x itself is the matrix
 *   direct      nhwc without groups, rows of y that fill their tiles to 15/16
 *   implicit    the rest
 *
 * Each is the impl of that name; which one runs is in `algo`. */
#include <stdio.h>
#include <string.h>
#include "fail.h"
#include "kernels/cpu_conv.h"
#include "kernels/cpu_micro.h"
#include "kernels/cpu_unfold.h"

extern const struct impl conv2d_cpu_depthwise, conv2d_cpu_direct, conv2d_cpu_im2col,
    conv2d_cpu_implicit, conv2d_cpu_inplace, conv2d_cpu_winograd, conv2d_cpu_winograd4;

enum {
    FEWEST_LARGE_TILES = 128,
    FEWEST_TILES = 48,
    FEWEST_CHANNELS = 16,
    MOST_PIXELS = 256,
    MOST_PIXELS_NCHW = 800,
    MOST_FILTERS = 4 << 20 /* bytes */
};

static const struct impl *choose(const struct problem *p, const struct device *d, int mr)
{
    const struct conv2d *v = &p->conv2d;
    const long tiles4 = v->n * cpu_up(v->p, 4) * cpu_up(v->q, 4), third = mr / 3,
               tiles2 = v->n * cpu_up(v->p, 2) * cpu_up(v->q, 2);
    const int many = v->c >= FEWEST_CHANNELS && v->k >= FEWEST_CHANNELS;
    const double filled = (double)v->q / (double)(cpu_up(v->q, third) * third);

    if (!conv2d_cpu_depthwise.why_not(p, d)) return &conv2d_cpu_depthwise;
    if (many && !conv2d_cpu_winograd4.why_not(p, d) && tiles4 >= FEWEST_LARGE_TILES)
        return &conv2d_cpu_winograd4;
    if (many && !conv2d_cpu_winograd.why_not(p, d) && tiles2 >= FEWEST_TILES &&
        16 * v->c * v->k * (long)sizeof(float) <= MOST_FILTERS)
        return &conv2d_cpu_winograd;
    if (!conv2d_cpu_inplace.why_not(p, d) &&
        v->n * v->p * v->q <= (v->nhwc ? MOST_PIXELS : MOST_PIXELS_NCHW))
        return &conv2d_cpu_inplace;
    if (!v->nhwc && !strip_needed(v)) return &conv2d_cpu_im2col;
    if (!conv2d_cpu_direct.why_not(p, d) && filled >= 0.9375) return &conv2d_cpu_direct;
    return &conv2d_cpu_implicit;
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    return conv2d_cpu_implicit.why_not(p, d);
}

static const char *prepare(struct plan *plan)
{
    const struct cpu_micro *u;
    char algo[sizeof plan->algo];

    TRY(cpu_micro_pick(sizeof(float), &u));
    const struct impl *way = choose(plan->problem, plan->device, u->mr);
    TRY(way->prepare(plan));
    snprintf(algo, sizeof algo, "%.20s: %.100s", way->name + strlen("conv2d_cpu_"), plan->algo);
    memcpy(plan->algo, algo, sizeof algo);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct cpu_micro *u;

    TRY(cpu_micro_pick(sizeof(float), &u));
    return choose(plan->problem, plan->device, u->mr)->run(plan, o, stream);
}

const struct impl conv2d_cpu_hand = {
    .name = "conv2d_cpu_hand",
    .summary = "the best of our ways, by shape and size",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
