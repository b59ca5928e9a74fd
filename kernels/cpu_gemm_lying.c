/* cpu_gemm_lying.c: few dozen rows of A make too few products of each element of B to pay for its
 * packing. B has rows of its own, so slivers are read where they lie: a block of columns is brought
 * into L2 by the first tile and found there by the others. A is read in place, too. */
#include "kernels/cpu_gemm_small.h"

enum { COLUMNS = 512 }; /* of a block: 64 KiB of f32 for 32 rows of B */

size_t cpu_gemm_lying_room(const struct cpu_gemm *g)
{
    return cpu_gemm_room(g->u, cpu_min(g->n, g->u->nr), g->k);
}

void cpu_gemm_lying(const struct cpu_gemm *g, void *room)
{
    const struct cpu_micro *u = g->u;
    const struct cpu_scale s = {g->alpha, g->beta};
    const long z = u->size, third = u->mr / 3, none = 0, whole = g->n / u->nr * u->nr;

    for (long j = 0; j < whole; j += COLUMNS)
        for (long i = 0, m; i < g->m; i += m) {
            m = g->m - i == u->mr + third ? 2 * third : cpu_min(u->mr, g->m - i);
            u->inplace(1, &none, g->k, (const char *)g->a + i * g->ars * z, g->ars, g->acs,
                       (const char *)g->b + j * z, g->brs, u->nr, &s,
                       (char *)g->c + (i * g->ldc + j) * z, g->ldc, m, cpu_min(COLUMNS, whole - j));
        }
    if (whole < g->n) {
        struct cpu_gemm rest = *g;
        rest.n = g->n - whole;
        rest.b = (const char *)g->b + whole * z;
        rest.c = (char *)g->c + whole * z;
        cpu_gemm(&rest, room);
    }
}
