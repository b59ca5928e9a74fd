/* conv2d_cpu_winograd4: Winograd's F(4 x 4, 3 x 3): sixteen outputs from 36 products
 * instead of 144. Price: constants up to 8 in the transforms, so a larger error, W = 8 in the
 * bound, and filters that grow to four times their size in every call, which is the larger part
 * where there are few tiles: layers of 7 x 7 are faster as they are. */
#include <stdio.h>
#include "fail.h"
#include "kernels/cpu_winograd.h"

enum { M = 4 };

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->conv2d.pad_h > 1 || p->conv2d.pad_w > 1)
        return "pad of at most 1: an output that sees one pixel has the error of its whole tile";
    return cpu_winograd_why_not(p);
}

static const char *prepare(struct plan *plan)
{
    const struct cpu_micro *u;

    TRY(cpu_micro_pick(sizeof(float), &u));
    plan->state = (void *)u;
    plan->slack = 8;
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

const struct impl conv2d_cpu_winograd4 = {
    .name = "conv2d_cpu_winograd4",
    .summary = "Winograd F(4x4): 36 products for 144",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
