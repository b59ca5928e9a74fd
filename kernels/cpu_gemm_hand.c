/* cpu_gemm_hand.c: see cpu_gemm_hand.h. The limits are where the ways meet on Zen 4 with AVX-512.
 */
#include "kernels/cpu_gemm_hand.h"
#include "kernels/cpu_gemm_small.h"
#include "kernels/cpu_gemm_team.h"

static const double SMALL_FLOPS = 8e6;      /* of f32, half of f64: n = 158 */
static const double TINY_BYTES = 256 << 10; /* of an L2 of 512 KiB or more */

enum cpu_gemm_way cpu_gemm_choose(const struct cpu_gemm *g, int threads)
{
    const double m = (double)g->m, n = (double)g->n, k = (double)g->k, z = g->u->size;
    const long few = cpu_min(g->m, g->n);
    const int by_dots = g->n < g->m ? g->acs == 1 : g->bcs != 1; /* k runs fastest in the large */
    const int small = 2 * m * n * k * z / 4 < SMALL_FLOPS;

    if (few <= (by_dots ? g->u->mr : g->u->mr / 2)) return CPU_GEMM_FEW;
    if (small && (m * k + k * n + m * n) * z <= TINY_BYTES) return CPU_GEMM_TINY;
    return threads == 1 || small ? CPU_GEMM_PACKED : CPU_GEMM_TEAM;
}

const char *cpu_gemm_way_name(enum cpu_gemm_way way)
{
    static const char *const name[] = {"few", "tiny", "packed", "team"};

    return name[way];
}

size_t cpu_gemm_way_room(enum cpu_gemm_way way, const struct cpu_gemm *g, int threads)
{
    switch (way) {
    case CPU_GEMM_FEW: return cpu_gemm_few_room(g, threads);
    case CPU_GEMM_TINY: return cpu_gemm_tiny_room(g);
    case CPU_GEMM_PACKED: return cpu_gemm_room(g->u, g->n, g->k);
    default: return cpu_gemm_team_room(g->u, g->n, g->k, threads);
    }
}

void cpu_gemm_by(enum cpu_gemm_way way, const struct cpu_gemm *g, int threads, void *room)
{
    switch (way) {
    case CPU_GEMM_FEW: cpu_gemm_few(g, threads, room); break;
    case CPU_GEMM_TINY: cpu_gemm_tiny(g, room); break;
    case CPU_GEMM_PACKED: cpu_gemm(g, room); break;
    default: cpu_gemm_team(g, threads, room); break;
    }
}
