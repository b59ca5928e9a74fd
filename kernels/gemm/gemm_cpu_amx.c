/* gemm_cpu_amx: an f32 product by bf16 matrix units. gemm_cpu_threads ends at the rate of the FMA
 * units, 64 FLOP a cycle and core with AVX-512; AMX does 1,024 of bf16. As in gemm_bf16x6 a float
 * is three bf16 parts, 8 bits each, and of their nine products the six largest are formed, which
 * leaves 1,024 / 6 = 170; what is left out is about 2^-24 of a product. Bound, by counting: the
 * tiles' multiplications, 24 of 16 cycles for 20 loads of 8. Left: splitting, and a barrier per
 * panel. No figure is known yet, so gemm_cpu_hand does not choose this way. An infinity becomes
 * NaN; below 2^-110 the smallest part is lost, since AMX takes denormals as zero. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "kernels/cpu_amx.h"
#include "kernels/cpu_clones.h"
#include "kernels/cpu_gemm.h"
#include "number.h"

/* A tile: 16 rows of A or columns of B, 32 deep. Its three parts follow each other. */
enum { SIDE = 16, DEPTH = 32, TILE = SIDE * DEPTH, PARTS = 3, BLOCK = 2 * SIDE };
enum { KC = 256, NC = 768 }; /* B: 1.1 MB of an L2 of 2 MB; A: 48 KB */

struct cut {
    long kc, nc;
    size_t panel, own; /* bytes: of B, and of A for each thread */
};

/* Elements of one sliver: SIDE rows or columns, kc deep. */
static long sliver(long kc) { return cpu_up(kc, DEPTH) * PARTS * TILE; }

static struct cut cut_of(const struct gemm *g)
{
    struct cut t = {.kc = cpu_even(g->k, KC, DEPTH), .nc = cpu_even(g->n, NC, BLOCK)};

    t.panel = cpu_pages((size_t)(t.nc / SIDE * sliver(t.kc)) * sizeof(uint16_t));
    t.own = cpu_pages((size_t)(2 * sliver(t.kc)) * sizeof(uint16_t));
    return t;
}

/* To what bf16 holds, so that the first part is finite and the rest exact; NaN stays. */
static inline float clamped(float x)
{
    const float most = 0x1.fep127f;
    return x > most ? most : x < -most ? -most : x;
}

static CLONES void split(const float *from, uint16_t *to)
{
    for (int i = 0; i < TILE; i++) {
        const float x = from[i];
        const uint16_t hi = bf16_from_float(clamped(x));
        const float rest = x - float_from_bf16(hi); /* exact, and so is the next */
        const uint16_t mid = bf16_from_float(rest);
        to[i] = hi;
        to[TILE + i] = mid;
        to[2 * TILE + i] = bf16_from_float(rest - float_from_bf16(mid));
    }
}

/* One sliver: `count` <= SIDE rows of A (columns of B) `step` apart, `depth` elements `down` apart.
 * B's are interleaved by twos. Zeros behind the edges. */
static void pack(const float *from, long count, long step, long depth, long down, int pairs,
                 uint16_t *to)
{
    float t[TILE];

    for (; depth > 0; depth -= DEPTH, from += DEPTH * down, to += PARTS * TILE) {
        const long deep = cpu_min(depth, DEPTH);
        if (count < SIDE || deep < DEPTH) memset(t, 0, sizeof t);
        if (pairs)
            for (long p = 0; p < deep; p++)
                for (long i = 0; i < count; i++)
                    t[p / 2 * DEPTH + 2 * i + p % 2] = from[i * step + p * down];
        else
            for (long i = 0; i < count; i++)
                for (long p = 0; p < deep; p++) t[i * DEPTH + p] = from[i * step + p * down];
        split(t, to);
    }
}

/* Tiles 0 to 3 are C, 4 and 5 of A, 6 and 7 of B. */
#define LOAD_A(part)                                                                               \
    do {                                                                                           \
        AMX_LOAD(4, a + (part)*TILE);                                                              \
        AMX_LOAD(5, a + length + (part)*TILE);                                                     \
    } while (0)
#define LOAD_B(part)                                                                               \
    do {                                                                                           \
        AMX_LOAD(6, b + (part)*TILE);                                                              \
        AMX_LOAD(7, b + length + (part)*TILE);                                                     \
    } while (0)
#define MULTIPLY()                                                                                 \
    do {                                                                                           \
        AMX_DOT(0, 4, 6);                                                                          \
        AMX_DOT(1, 4, 7);                                                                          \
        AMX_DOT(2, 5, 6);                                                                          \
        AMX_DOT(3, 5, 7);                                                                          \
    } while (0)

/* c[4] = 32 x 32 outputs by tiles, from two slivers of A and two of B: parts 0 hi, 1 mid, 2 lo,
 * small products first. */
static void multiply(const uint16_t *a, const uint16_t *b, long length, float (*c)[SIDE * SIDE])
{
    AMX_ZERO(0);
    AMX_ZERO(1);
    AMX_ZERO(2);
    AMX_ZERO(3);
    for (const uint16_t *end = a + length; a < end; a += PARTS * TILE, b += PARTS * TILE) {
        LOAD_A(2);
        LOAD_B(0);
        MULTIPLY();
        LOAD_A(0);
        LOAD_B(2);
        MULTIPLY();
        LOAD_A(1);
        LOAD_B(1);
        MULTIPLY();
        LOAD_B(0); /* mid hi */
        MULTIPLY();
        LOAD_A(0);
        LOAD_B(1);
        MULTIPLY();
        LOAD_B(0); /* hi hi */
        MULTIPLY();
    }
    AMX_STORE(0, c[0]);
    AMX_STORE(1, c[1]);
    AMX_STORE(2, c[2]);
    AMX_STORE(3, c[3]);
}

static void store(float (*t)[SIDE * SIDE], float alpha, float beta, float *c, long ldc, long m,
                  long n)
{
    for (long i = 0; i < m; i++, c += ldc)
        for (long j = 0; j < n; j += SIDE) {
            const float *from = t[i / SIDE * 2 + j / SIDE] + i % SIDE * SIDE;
            const long wide = cpu_min(n - j, SIDE);
            if (beta == 0)
                for (long e = 0; e < wide; e++) c[j + e] = alpha * from[e];
            else
                for (long e = 0; e < wide; e++) c[j + e] = alpha * from[e] + beta * c[j + e];
        }
}

/* C[0..m)[0..n) of one block of rows; b: as many slivers as n needs, and one more where they are
 * odd.
 */
static void rows(const uint16_t *a, const uint16_t *b, long length, float alpha, float beta,
                 float *c, long ldc, long m, long n)
{
    float t[4][SIDE * SIDE] __attribute__((aligned(64)));

    for (long j = 0; j < n; j += BLOCK, b += 2 * length) {
        multiply(a, b, length, t);
        store(t, alpha, beta, c + j, ldc, cpu_min(m, BLOCK), cpu_min(n - j, BLOCK));
    }
}

/* Two slivers; what lies behind `count` is zeros. */
static void pack_two(const float *from, long count, long step, long depth, long down, int pairs,
                     uint16_t *to)
{
    pack(from, cpu_min(count, SIDE), step, depth, down, pairs, to);
    pack(from + SIDE * step, cpu_max(cpu_min(count - SIDE, SIDE), 0), step, depth, down, pairs,
         to + sliver(depth));
}

static void product(const struct gemm *g, const struct operands *o, int threads)
{
    const struct cut cut = cut_of(g);
    const long ars = g->trans_a ? 1 : g->lda, acs = g->trans_a ? g->lda : 1;
    const long brs = g->trans_b ? 1 : g->ldb, bcs = g->trans_b ? g->ldb : 1;
    const long blocks = cpu_up(g->m, BLOCK);
    uint16_t *panel = o->workspace;
    long cuts = 1; /* along n, while there are fewer than 4 blocks a thread */

    while (blocks * cuts < 4 * threads && cut.nc >= 8 * cuts * BLOCK) cuts *= 2;
    const long part = cpu_up(cut.nc / BLOCK, cuts) * BLOCK;

#pragma omp parallel num_threads(threads)
    {
        uint16_t *mine = (uint16_t *)((char *)panel + cut.panel + cut.own * (size_t)cpu_thread());
        AMX_CONFIGURE(&amx_whole);
        for (long jc = 0; jc < g->n; jc += cut.nc)
            for (long pc = 0; pc < g->k; pc += cut.kc) {
                const long nc = cpu_min(cut.nc, g->n - jc), kc = cpu_min(cut.kc, g->k - pc);
                const long length = sliver(kc);
                const float *a = (const float *)o->in[0] + pc * acs,
                            *b = (const float *)o->in[1] + pc * brs + jc * bcs;
#pragma omp for schedule(dynamic)
                for (long j = 0; j < nc; j += BLOCK)
                    pack_two(b + j * bcs, nc - j, bcs, kc, brs, 1, panel + j / SIDE * length);
#pragma omp for schedule(dynamic)
                for (long e = 0; e < blocks * cuts; e++) {
                    const long i = e / cuts * BLOCK, j = e % cuts * part;
                    if (j >= nc) continue;
                    pack_two(a + i * ars, g->m - i, ars, kc, acs, 0, mine);
                    rows(mine, panel + j / SIDE * length, length, (float)g->alpha,
                         pc ? 1 : (float)g->beta, (float *)o->out + i * g->ldc + jc + j, g->ldc,
                         g->m - i, cpu_min(part, nc - j));
                }
            }
        AMX_RELEASE();
    }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const char *level = getenv("WHEELBENCH_CPU");

    (void)d;
    if (p->precision != F32) return "f32 only";
    if (level && *level) return fail_text("AMX is not in WHEELBENCH_CPU=%s", level);
    return amx_why_not();
}

static const char *prepare(struct plan *plan)
{
    const struct cut cut = cut_of(&plan->problem->gemm);
    const int threads = plan->device->threads;

    plan->workspace_bytes = cut.panel + cut.own * (size_t)threads;
    snprintf(plan->algo, sizeof plan->algo, "%dx%d k%ld n%ld, 6 products t%d", BLOCK, BLOCK, cut.kc,
             cut.nc, threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    (void)stream;
    product(&plan->problem->gemm, o, plan->device->threads);
    return NULL;
}

const struct impl gemm_cpu_amx = {
    .name = "gemm_cpu_amx",
    .summary = "f32 as three bf16 parts, the 6 largest products by AMX; inf gives nan",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
