/* conv2d_cpu_winograd: Winograd's F(2 x 2, 3 x 3): four outputs from 16 products
 * instead of 36, so it may pass the roof of the direct rungs. Price: transforms of inputs, filters
 * and outputs, which run along channels, and an error of W = 2 in the bound. Left: the transforms
 * are a third of the time; conv2d_cpu_winograd4 multiplies less still. */
#include <stdio.h>
#include "fail.h"
#include "kernels/cpu_winograd.h"

enum { M = 2 };

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    return cpu_winograd_why_not(p);
}

static const char *prepare(struct plan *plan)
{
    const struct cpu_micro *u;

    TRY(cpu_micro_pick(sizeof(float), &u));
    plan->state = (void *)u;
    plan->slack = 2;
    plan->workspace_bytes = cpu_winograd_room(&plan->problem->conv2d, u, M, plan->device->threads);
    snprintf(plan->algo, sizeof plan->algo, "Winograd F(%dx%d) %s %dx%d t%d", M, M, u->isa, u->mr,
             u->nr, plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    (void)stream;
    cpu_winograd(&plan->problem->conv2d, plan->state, M, plan->device->threads, o->in[0], o->in[1],
                 o->out, o->workspace);
    return NULL;
}

const struct impl conv2d_cpu_winograd = {
    .name = "conv2d_cpu_winograd",
    .summary = "Winograd F(2x2): 16 products for 36",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
