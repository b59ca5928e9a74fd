/* liars_host.c: impls on the host whose result is wrong, or that touch memory which is not theirs.
 * The checks before timing must see every one of them. */
#include <math.h>
#include "selftest/liar.h"
#include "selftest/product.h"

#define LIAR(name)                                                                                 \
    static const char *name(const struct plan *p, const struct operands *o, struct CUstream_st *s)
#define UNUSED ((void)p, (void)o, (void)s)

static const char small[] = "gemm f32 nn 30x40x64 ldc=43"; /* not square, gaps between rows of C */
static const char sampled[] = "gemm f32 nn 70x72x40";      /* more products than liar_budget */
static const char deep[] = "gemm f32 nn 16x17x16384", half[] = "gemm f16 nn 24x25x1024";

LIAR(run_honest)
{
    UNUSED;
    product_all(p, o);
    return NULL;
}
LIAR(run_nothing)
{
    UNUSED;
    return NULL;
}
LIAR(run_zeros)
{
    UNUSED;
    for (long i = 0; i < p->problem->gemm.m; i++)
        for (long j = 0; j < p->problem->gemm.n; j++) product_store(p, o, i, j, 0);
    return NULL;
}
LIAR(run_nan)
{
    UNUSED;
    product_all(p, o);
    product_store(p, o, 0, 5, NAN);
    return NULL;
}
/* without its remainder loop: the rows beyond the last whole tile of 8 */
LIAR(run_last_tile)
{
    UNUSED;
    product_rows(p, o, 0, p->problem->gemm.m / 8 * 8, p->problem->gemm.k, NULL);
    return NULL;
}
LIAR(run_last_k)
{
    UNUSED;
    product_rows(p, o, 0, p->problem->gemm.m, p->problem->gemm.k - 1, NULL);
    return NULL;
}
/* right for square problems: rows of C lie m apart, not ldc */
LIAR(run_swapped)
{
    const struct gemm *g = &p->problem->gemm;
    float *c = o->out;

    UNUSED;
    for (long i = 0; i < g->m; i++)
        for (long j = 0; j < g->n; j++)
            c[i * g->m + j] = (float)product_dot(p, o, i, j, 0, g->k, NULL);
    return NULL;
}
/* one output, outside of what the judge samples of that problem */
LIAR(run_one)
{
    UNUSED;
    product_all(p, o);
    product_store(p, o, 20, 21, product_dot(p, o, 20, 21, 0, p->problem->gemm.k, NULL) + 1);
    return NULL;
}
/* beta * C with beta 0: NaN wherever C held one */
LIAR(run_reads_c)
{
    const struct gemm *g = &p->problem->gemm;
    float *c = o->out;

    UNUSED;
    for (long i = 0; i < g->m; i++)
        for (long j = 0; j < g->n; j++)
            c[i * g->ldc + j] =
                (float)product_dot(p, o, i, j, 0, g->k, NULL) + (float)g->beta * c[i * g->ldc + j];
    return NULL;
}
LIAR(run_past_end)
{
    UNUSED;
    product_all(p, o);
    product_store(p, o, p->problem->gemm.m - 1, p->problem->gemm.n, 1);
    return NULL;
}
LIAR(run_before)
{
    UNUSED;
    product_all(p, o);
    product_store(p, o, 0, -1, 1);
    return NULL;
}
LIAR(run_gap)
{
    UNUSED;
    product_all(p, o);
    product_store(p, o, 0, p->problem->gemm.n, 1);
    return NULL;
}
LIAR(run_input)
{
    UNUSED;
    product_all(p, o);
    ((float *)(size_t)o->in[0])[0] += 1;
    return NULL;
}
/* a load too many, whose value goes nowhere: B has k rows */
LIAR(run_reads_past)
{
    const volatile float *b = o->in[1];

    UNUSED;
    (void)b[p->problem->gemm.k * p->problem->gemm.ldb];
    product_all(p, o);
    return NULL;
}

/* An f32 rounded to the 10 bits of tf32, ties to even. */
static double as_tf32(double v)
{
    const uint32_t u = bits_from_float((float)v);

    return (double)float_from_bits((u + 0xfffu + (u >> 13 & 1)) & 0xffffe000u);
}
static double as_f16(double v) { return (double)float_from_f16(f16_from_float((float)v)); }

LIAR(run_tf32)
{
    UNUSED;
    product_rows(p, o, 0, p->problem->gemm.m, p->problem->gemm.k, as_tf32);
    return NULL;
}
LIAR(run_f16)
{
    UNUSED;
    product_rows(p, o, 0, p->problem->gemm.m, p->problem->gemm.k, as_f16);
    return NULL;
}
/* sums rounded to f16 after every 16 products, as a matrix unit with an f16 accumulator does */
LIAR(run_f16_sum)
{
    const struct gemm *g = &p->problem->gemm;

    UNUSED;
    for (long i = 0; i < g->m; i++)
        for (long j = 0; j < g->n; j++) {
            double sum = 0;
            for (long q = 0; q < g->k; q += 16)
                sum = as_f16(sum + product_dot(p, o, i, j, q, q + 16 < g->k ? q + 16 : g->k, NULL));
            product_store(p, o, i, j, sum);
        }
    return NULL;
}
static const char *claim_slack(struct plan *p)
{
    p->slack = 8; /* as a Winograd F(4x4) may */
    return NULL;
}

#define IMPL(its_name, its_run)                                                                    \
    .impl = {.name = its_name, .summary = "", .file = "", .tier = TUNED, .run = its_run}

const struct impl honest_host = {
    .name = "gemm_honest", .summary = "the definition", .file = "", .run = run_honest};

const struct liar liars_host[] = {
    {IMPL("gemm_zeros", run_zeros), .problem = small, .expect = "wrong, exact:", .flag = "WRONG"},
    {IMPL("gemm_nothing", run_nothing), .problem = small, .expect = "wrong, nan:", .flag = "WRONG"},
    {IMPL("gemm_nan", run_nan), .problem = small, .expect = "wrong, nan: 1 of 1200",
     .flag = "WRONG"},
    {IMPL("gemm_past_end", run_past_end), .problem = small,
     .expect = "wrong, guard: 4 bytes behind C", .flag = "MEMORY"},
    {IMPL("gemm_before", run_before), .problem = small, .expect = "wrong, guard: 4 bytes before C",
     .flag = "MEMORY"},
    {IMPL("gemm_gap", run_gap), .problem = small,
     .expect = "wrong, guard: 4 bytes between the rows of C", .flag = "MEMORY"},
    {IMPL("gemm_input", run_input), .problem = small, .expect = "wrong, input changed: A",
     .flag = "MEMORY"},
    {IMPL("gemm_last_tile", run_last_tile), .problem = small,
     .expect = "wrong, nan:", .flag = "WRONG"},
    {IMPL("gemm_last_k", run_last_k), .problem = small, .expect = "wrong, exact:", .flag = "WRONG"},
    {IMPL("gemm_swapped", run_swapped), .problem = small, .expect = "wrong, nan:", .flag = "WRONG"},
    {IMPL("gemm_reads_c", run_reads_c), .problem = small, .expect = "wrong, nan:", .flag = "WRONG"},
    {IMPL("gemm_tf32", run_tf32), .problem = small, .expect = "wrong, bound:", .flag = "WRONG"},
    {IMPL("gemm_f16_inside", run_f16), .problem = small, .expect = "wrong, nan:", .flag = "WRONG"},
    {IMPL("gemm_reads_past", run_reads_past), .problem = small, .expect = "ok",
     .needs = LIAR_CHECKER},
    {IMPL("gemm_one", run_one), .problem = sampled,
     .expect = "wrong, exact: outside of the sample 1 of 72 in a line differ, first (20,21)",
     .flag = "WRONG", .needs = LIAR_SAMPLE},
    {IMPL("gemm_tf32_deep", run_tf32), .problem = deep,
     .expect = "wrong, precision:", .flag = "DOWNGRADED", .slow = 1},
    {IMPL("gemm_tf32_slack", run_tf32), .impl.prepare = claim_slack, .problem = deep,
     .expect = "wrong, precision:", .flag = "DOWNGRADED", .slow = 1},
    {IMPL("gemm_f16_sum", run_f16_sum), .problem = half,
     .expect = "wrong, precision:", .flag = "DOWNGRADED", .slow = 1},
    {.problem = NULL},
};
