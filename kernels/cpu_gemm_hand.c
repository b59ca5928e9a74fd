/* cpu_gemm_hand.c: see cpu_gemm_hand.h. The limits are where the ways meet on Zen 4 with AVX-512.
 */
#include "kernels/cpu_gemm_hand.h"
#include "kernels/cpu_gemm_small.h"
#include "kernels/cpu_gemm_team.h"

/* Work in FLOPs of f32; one of f64 counts twice. */
static const double TINY_FLOPS = 8e6;       /* n = 158 */
static const double TINY_BYTES = 256 << 10; /* of an L2 of 512 KiB or more */
static const double WORTH_WAKING = 2.5e5;   /* for a thread: about 2 us */
static const double APART_BYTES = 16 << 20; /* of B */
enum { LYING_ROWS = 128, LYING_DEPTH = 256 };
enum { APART_ROWS = 64 }; /* of a thread: at most a sixth of its time goes into packing B */

struct cpu_gemm_choice cpu_gemm_choose(const struct cpu_gemm *g, int threads)
{
    const double m = (double)g->m, n = (double)g->n, k = (double)g->k, z = g->u->size;
    const double flops = 2 * m * n * k * z / 4;
    const long few = cpu_min(g->m, g->n);
    const int by_dots = g->n < g->m ? g->acs == 1 : g->bcs != 1; /* k runs fastest in the large */
    const int little = flops <= TINY_FLOPS;
    const int apart = (int)cpu_max(
        1, cpu_min(cpu_min(threads, (long)(flops / WORTH_WAKING)), g->m / (2 * g->u->mr)));

    if (few <= (by_dots ? g->u->mr : g->u->mr / 2))
        return (struct cpu_gemm_choice){CPU_GEMM_FEW, threads};
    if (little && (m * k + k * n + m * n) * z <= TINY_BYTES)
        return (struct cpu_gemm_choice){CPU_GEMM_TINY, apart};
    if (threads == 1 && g->bcs == 1 && g->m <= LYING_ROWS && g->k <= LYING_DEPTH &&
        g->m % (g->u->mr / 3) == 0)
        return (struct cpu_gemm_choice){CPU_GEMM_LYING, 1};
    if (threads == 1 || little || (k * n * z <= APART_BYTES && m >= (double)threads * APART_ROWS))
        return (struct cpu_gemm_choice){CPU_GEMM_PACKED, apart};
    return (struct cpu_gemm_choice){CPU_GEMM_TEAM, threads};
}

const char *cpu_gemm_way_name(enum cpu_gemm_way way)
{
    static const char *const name[] = {"few", "tiny", "lying", "packed", "team"};

    return name[way];
}

/* Bytes of one thread of those that go tiny or packed. */
static size_t own_room(enum cpu_gemm_way way, const struct cpu_gemm *g)
{
    return way == CPU_GEMM_TINY ? cpu_gemm_tiny_room(g) : cpu_gemm_room(g->u, g->n, g->k);
}

size_t cpu_gemm_by_room(struct cpu_gemm_choice choice, const struct cpu_gemm *g)
{
    switch (choice.way) {
    case CPU_GEMM_FEW: return cpu_gemm_few_room(g, choice.threads);
    case CPU_GEMM_LYING: return cpu_gemm_lying_room(g);
    case CPU_GEMM_TEAM: return cpu_gemm_team_room(g->u, g->n, g->k, choice.threads);
    default: return own_room(choice.way, g) * (size_t)choice.threads;
    }
}

/* The rows of thread t, whole tiles of them. */
static void rows(struct cpu_gemm_choice choice, struct cpu_gemm g, int t, char *room)
{
    const long tiles = cpu_up(g.m, g.u->mr), first = tiles * t / choice.threads * g.u->mr,
               end = cpu_min(tiles * (t + 1) / choice.threads * g.u->mr, g.m);

    room += own_room(choice.way, &g) * (size_t)t;
    g.m = end - first;
    g.a = (const char *)g.a + first * g.ars * g.u->size;
    g.c = (char *)g.c + first * g.ldc * g.u->size;
    if (choice.way == CPU_GEMM_TINY) cpu_gemm_tiny(&g, room);
    else cpu_gemm(&g, room);
}

void cpu_gemm_by(struct cpu_gemm_choice choice, const struct cpu_gemm *g, void *room)
{
    switch (choice.way) {
    case CPU_GEMM_FEW: cpu_gemm_few(g, choice.threads, room); return;
    case CPU_GEMM_LYING: cpu_gemm_lying(g, room); return;
    case CPU_GEMM_TEAM: cpu_gemm_team(g, choice.threads, room); return;
    default: break;
    }
    if (choice.threads == 1) {
        rows(choice, *g, 0, room);
        return;
    }
#pragma omp parallel for num_threads(choice.threads) schedule(static, 1)
    for (int t = 0; t < choice.threads; t++) rows(choice, *g, t, room);
}
