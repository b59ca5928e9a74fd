/* gemm_cpu_packed: pieces of A and B are copied into the order in which the FMA units eat them.
 * gemm_cpu_tile reads rows of A and B that lie ld apart: another page and, if ld is a power of two,
 * the same cache set each time. Here every load in the tile is sequential, transposed operands cost
 * nothing extra, and on one thread the FMA units are the bound. Left: each thread has its own rows
 * of C and packs all of B for them; gemm_cpu_threads packs it once for all. */
#include <stdio.h>
#include "fail.h"
#include "kernels/cpu_gemm.h"
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
    const struct cpu_cuts cut = cpu_gemm_cuts(u, p->gemm.n, p->gemm.k);
    plan->state = (void *)u;
    plan->workspace_bytes = cpu_gemm_room(u, p->gemm.n, p->gemm.k) * (size_t)plan->device->threads;
    snprintf(plan->algo, sizeof plan->algo, "%s %dx%d k%ld n%ld t%d", u->isa, u->mr, u->nr, cut.kc,
             cut.nc, plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct cpu_micro *u = plan->state;
    const struct cpu_gemm g = cpu_gemm_at(cpu_gemm_of(&plan->problem->gemm, u), o);
    const int threads = plan->device->threads;
    const long slivers = cpu_up(g.m, u->mr);
    const size_t room = cpu_gemm_room(u, g.n, g.k);

    (void)stream;
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int t = 0; t < threads; t++) {
        const long first = slivers * t / threads * u->mr,
                   end = cpu_min(slivers * (t + 1) / threads * u->mr, g.m);
        struct cpu_gemm mine = g;
        mine.m = end - first;
        mine.a = (const char *)g.a + first * g.ars * u->size;
        mine.c = (char *)g.c + first * g.ldc * u->size;
        if (mine.m > 0) cpu_gemm(&mine, (char *)o->workspace + room * (size_t)t);
    }
    return NULL;
}

const struct impl gemm_cpu_packed = {
    .name = "gemm_cpu_packed",
    .summary = "operands packed into slivers, then tiles in registers",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
