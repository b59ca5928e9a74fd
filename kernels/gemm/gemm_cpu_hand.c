/* gemm_cpu_hand: the best of our own ways for each problem, by the rule in cpu_gemm_hand.h: the
 * team of gemm_cpu_threads where there is work for it, the packed product on one thread where there
 * is not, and without packing where packing would be the larger part: few rows or columns (bound by
 * reading the large operand once), and operands that all lie in the L2 cache. */
#include <stdio.h>
#include "fail.h"
#include "kernels/cpu_gemm_hand.h"
#include "number.h"

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    return cpu_gemm_why_not(p);
}

static const char *prepare(struct plan *plan)
{
    const struct problem *p = plan->problem;
    const int threads = plan->device->threads;
    const struct cpu_micro *u;

    TRY(cpu_micro_pick((size_t)storage_size(storage_of(p->precision)), &u));
    const struct cpu_gemm g = cpu_gemm_of(&p->gemm, u);
    const enum cpu_gemm_way way = cpu_gemm_choose(&g, threads);
    plan->state = (void *)u;
    plan->workspace_bytes = cpu_gemm_way_room(way, &g, threads);
    snprintf(plan->algo, sizeof plan->algo, "%s %s %dx%d t%d", cpu_gemm_way_name(way), u->isa,
             u->mr, u->nr, threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct cpu_gemm g = cpu_gemm_at(cpu_gemm_of(&plan->problem->gemm, plan->state), o);
    const int threads = plan->device->threads;

    (void)stream;
    cpu_gemm_by(cpu_gemm_choose(&g, threads), &g, threads, o->workspace);
    return NULL;
}

const struct impl gemm_cpu_hand = {
    .name = "gemm_cpu_hand",
    .summary = "the best of our ways, by shape and size",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
