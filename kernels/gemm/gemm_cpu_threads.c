/* gemm_cpu_threads: gemm_cpu_packed with one panel of B for all threads, packed by all of them, and
 * with rows of C handed out to who is idle. Left: a barrier per panel, which costs where n is
 * small; packing, which costs where a dimension is small. gemm_cpu_hand takes other ways there. */
#include <stdio.h>
#include "fail.h"
#include "kernels/cpu_gemm_team.h"
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
    const struct cpu_cuts cut = cpu_gemm_cuts(u, p->gemm.n, p->gemm.k);
    plan->state = (void *)u;
    plan->workspace_bytes = cpu_gemm_team_room(u, p->gemm.n, p->gemm.k, threads);
    snprintf(plan->algo, sizeof plan->algo, "%s %dx%d k%ld n%ld t%d", u->isa, u->mr, u->nr, cut.kc,
             cut.nc, threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct cpu_gemm g = cpu_gemm_at(cpu_gemm_of(&plan->problem->gemm, plan->state), o);

    (void)stream;
    cpu_gemm_team(&g, plan->device->threads, o->workspace);
    return NULL;
}

const struct impl gemm_cpu_threads = {
    .name = "gemm_cpu_threads",
    .summary = "one packed panel of B shared by all threads",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
