/* cpu_gemm_team.c: the panel of B is packed together and shared; blocks of rows of C are handed out
 * dynamically, and each thread packs its own A. Two panels by turns: who runs out of blocks starts
 * to pack the next panel, so there is one barrier per panel and it finds little to wait for. */
#include "kernels/cpu_gemm_team.h"

size_t cpu_gemm_team_room(const struct cpu_micro *u, long n, long k, int threads)
{
    const struct cpu_cuts cut = cpu_gemm_cuts(u, n, k);

    return 2 * cpu_pages((size_t)(cut.kc * cut.nc * u->size)) +
           cpu_pages((size_t)(cut.kc * cut.mc * u->size)) * (size_t)threads;
}

/* Columns first..end-1 of the panel times rows ic.. of A. */
static void block(const struct cpu_gemm *g, long jc, long pc, long kc, long ic, long mc, long first,
                  long end, char *slivers, const char *panel)
{
    const struct cpu_micro *u = g->u;
    const struct cpu_scale s = {g->alpha, pc ? 1 : g->beta};
    const long z = u->size;
    const char *a = (const char *)g->a + (ic * g->ars + pc * g->acs) * z;

    u->pack_a(mc, kc, a, g->ars, g->acs, slivers);
    for (long ir = 0; ir < mc; ir += u->mr)
        u->tile(kc, slivers + ir * kc * z, panel + first * kc * z, &s,
                (char *)g->c + ((ic + ir) * g->ldc + jc + first) * z, g->ldc,
                cpu_min(u->mr, mc - ir), end - first);
}

void cpu_gemm_team(const struct cpu_gemm *g, int threads, void *room)
{
    const struct cpu_micro *u = g->u;
    const struct cpu_cuts cut = cpu_gemm_cuts(u, g->n, g->k);
    const long z = u->size, wide = 4 * u->nr, blocks = cpu_up(g->m, cut.mc);
    const size_t both = cpu_pages((size_t)(cut.kc * cut.nc * z)),
                 own = cpu_pages((size_t)(cut.kc * cut.mc * z));
    long cuts = 1; /* along n, while there are fewer than 4 blocks a thread */

    while (blocks * cuts < 4 * threads && cut.nc >= 2 * cuts * wide) cuts *= 2;
    const long part = cpu_up(cpu_up(cut.nc, cuts), u->nr) * u->nr;

#pragma omp parallel num_threads(threads)
    {
        char *panel = room, *next = panel + both,
             *slivers = next + both + own * (size_t)cpu_thread();
        for (long jc = 0; jc < g->n; jc += cut.nc)
            for (long pc = 0; pc < g->k; pc += cut.kc) {
                const long nc = cpu_min(cut.nc, g->n - jc), kc = cpu_min(cut.kc, g->k - pc);
                const char *b = (const char *)g->b + (pc * g->brs + jc * g->bcs) * z;
#pragma omp for schedule(dynamic)
                for (long j = 0; j < nc; j += wide)
                    u->pack_b(cpu_min(wide, nc - j), kc, b + j * g->bcs * z, g->brs, g->bcs,
                              panel + j * kc * z);
#pragma omp for schedule(dynamic) nowait
                for (long e = 0; e < blocks * cuts; e++) {
                    const long ic = e / cuts * cut.mc, first = e % cuts * part;
                    if (first < nc)
                        block(g, jc, pc, kc, ic, cpu_min(cut.mc, g->m - ic), first,
                              cpu_min(first + part, nc), slivers, panel);
                }
                char *t = panel;
                panel = next;
                next = t;
            }
    }
}
