/* gemm_cpu_hand: the best of our own ways for each problem, by the rule in cpu_gemm_hand.h: packed
 * products side by side, the team of gemm_cpu_threads where B is large or rows are few, and without
 * packing where packing would be the larger part: few rows or columns (bound by reading the large
 * operand once), and operands that all lie in the L2 cache. No more threads than have work. */
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
    const struct cpu_micro *u;

    TRY(cpu_micro_pick((size_t)storage_size(storage_of(p->precision)), &u));
    const struct cpu_gemm g = cpu_gemm_of(&p->gemm, u);
    const struct cpu_gemm_choice choice = cpu_gemm_choose(&g, plan->device->threads);
    plan->state = (void *)u;
    plan->workspace_bytes = cpu_gemm_by_room(choice, &g);
    snprintf(plan->algo, sizeof plan->algo, "%s %s %dx%d t%d", cpu_gemm_way_name(choice.way),
             u->isa, u->mr, u->nr, choice.threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct cpu_gemm g = cpu_gemm_at(cpu_gemm_of(&plan->problem->gemm, plan->state), o);

    (void)stream;
    cpu_gemm_by(cpu_gemm_choose(&g, plan->device->threads), &g, o->workspace);
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
