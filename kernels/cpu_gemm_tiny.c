/* cpu_gemm_tiny.c: with all operands in the caches, strides cost nothing and packing does. Tiles
 * read A and whole slivers of B where they lie, A transposed or not; a transposed B and the rims
 * are packed. One thread: waking others costs more than it brings. */
#include "kernels/cpu_gemm_small.h"

size_t cpu_gemm_tiny_room(const struct cpu_gemm *g)
{
    const struct cpu_micro *u = g->u;

    return cpu_pages(
        (size_t)((cpu_up(g->m, u->mr) * u->mr + cpu_up(g->n, u->nr) * u->nr) * g->k * u->size));
}

static const long COLD_BYTES = 64 << 10; /* less is likely to be in the cache still */

/* Asks for all of an operand, rows x cols with strides (rs, cs), one of them 1, line after line:
 * read as the product reads them, many rows at a time, cold ones come one miss after another. */
static void ask(const char *x, long rows, long cols, long rs, long cs, long z)
{
    const long lines = cs == 1 ? rows : cols, step = (cs == 1 ? rs : cs) * z;
    const long bytes = (cs == 1 ? cols : rows) * z;

    for (long i = 0; i < lines; i++)
        for (long j = 0; j < bytes; j += 64) __builtin_prefetch(x + i * step + j, 0, 2);
}

void cpu_gemm_tiny(const struct cpu_gemm *g, void *room)
{
    const struct cpu_micro *u = g->u;
    const struct cpu_scale s = {g->alpha, g->beta};
    const long z = u->size, third = u->mr / 3, none = 0;
    const long lying = g->m / third * third; /* rows of A that stay where they are */
    const char *a = g->a, *b = g->b;
    char *c = g->c, *panel = room, *rest = panel + cpu_up(g->n, u->nr) * u->nr * g->k * z;
    long m, brs = g->brs, bstep = u->nr;

    if ((g->m * g->k + g->k * g->n + g->m * g->n) * z > COLD_BYTES) {
        ask(b, g->k, g->n, g->brs, g->bcs, z);
        ask(a, g->m, g->k, g->ars, g->acs, z);
        ask(c, g->m, g->n, g->ldc, 1, z);
    }

    if (g->bcs != 1 || g->n % u->nr || lying < g->m) { /* a packed A needs a packed B */
        u->pack_b(g->n, g->k, b, g->brs, g->bcs, panel);
        b = panel;
        brs = u->nr;
        bstep = u->nr * g->k;
    }
    if (lying < g->m) u->pack_a(g->m - lying, g->k, a + lying * g->ars * z, g->ars, g->acs, rest);
    for (long i = 0; i < lying; i += m) {
        m = lying - i == u->mr + third ? 2 * third : cpu_min(u->mr, lying - i);
        u->inplace(1, &none, g->k, a + i * g->ars * z, g->ars, g->acs, b, brs, bstep, &s,
                   c + i * g->ldc * z, g->ldc, m, g->n);
    }
    for (long i = lying; i < g->m; i += u->mr)
        u->tile(g->k, rest + (i - lying) * g->k * z, b, &s, c + i * g->ldc * z, g->ldc,
                cpu_min(u->mr, g->m - i), g->n);
}
