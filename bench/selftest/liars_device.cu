/* liars_device.cu: impls on the device whose result is wrong, or that touch memory which is not
 * theirs. The checks before timing must see every one of them. */
#include "selftest/product.cuh"
#include "fail.h"
#include "selftest/liar.h"

#define LIAR(name)                                                                                 \
    static const char *name(const struct plan *p, const struct operands *o, struct CUstream_st *s)
#define UNUSED ((void)p, (void)o, (void)s)

static const char small[] = "gemm f32 nn 30x40x64 ldc=43"; /* not square, gaps between rows of C */
static const char sampled[] = "gemm f32 nn 70x72x40";      /* more products than liar_budget */
static const char deep[] = "gemm f32 nn 16x17x16384", half[] = "gemm f16 nn 24x25x1024";

/* One element, anywhere. */
static __global__ void poke_kernel(float *at, float value) { *at = value; }
static __global__ void add_kernel(float *at, float value) { *at += value; }
static __global__ void peek_kernel(const volatile float *at) { (void)*at; }

static void poke(const void *base, long index, float value, cudaStream_t s)
{
    poke_kernel<<<1, 1, 0, s>>>((float *)base + index, value);
}

LIAR(run_honest)
{
    product_all(p, o, s);
    return NULL;
}
LIAR(run_nothing)
{
    UNUSED;
    return NULL;
}
LIAR(run_zeros)
{
    struct bend bend = bend_none(&p->problem->gemm);

    bend.k = 0;
    product_launch(p, o, bend, s);
    return NULL;
}
LIAR(run_nan)
{
    product_all(p, o, s);
    poke(o->out, 5, float_from_bits(0x7fc00000u), s);
    return NULL;
}
/* without its remainder loop: the rows beyond the last whole tile of 8 */
LIAR(run_last_tile)
{
    struct bend bend = bend_none(&p->problem->gemm);

    bend.to = bend.to / 8 * 8;
    product_launch(p, o, bend, s);
    return NULL;
}
LIAR(run_last_k)
{
    struct bend bend = bend_none(&p->problem->gemm);

    bend.k--;
    product_launch(p, o, bend, s);
    return NULL;
}
/* right for square problems: rows of C lie m apart, not ldc */
LIAR(run_swapped)
{
    struct bend bend = bend_none(&p->problem->gemm);

    bend.ldc = p->problem->gemm.m;
    product_launch(p, o, bend, s);
    return NULL;
}
/* one output, outside of what the judge samples of that problem */
LIAR(run_one)
{
    product_all(p, o, s);
    add_kernel<<<1, 1, 0, s>>>((float *)o->out + 20 * p->problem->gemm.ldc + 21, 1);
    return NULL;
}
LIAR(run_reads_c)
{
    struct bend bend = bend_none(&p->problem->gemm);

    bend.reads_c = 1;
    product_launch(p, o, bend, s);
    return NULL;
}
LIAR(run_past_end)
{
    product_all(p, o, s);
    poke(o->out, (p->problem->gemm.m - 1) * p->problem->gemm.ldc + p->problem->gemm.n, 1, s);
    return NULL;
}
LIAR(run_before)
{
    product_all(p, o, s);
    poke(o->out, -1, 1, s);
    return NULL;
}
LIAR(run_gap)
{
    product_all(p, o, s);
    poke(o->out, p->problem->gemm.n, 1, s);
    return NULL;
}
LIAR(run_input)
{
    product_all(p, o, s);
    poke(o->in[0], 0, 3, s);
    return NULL;
}
/* a load too many, whose value goes nowhere: B has k rows */
LIAR(run_reads_past)
{
    peek_kernel<<<1, 1, 0, s>>>((const float *)o->in[1] +
                                p->problem->gemm.k * p->problem->gemm.ldb);
    product_all(p, o, s);
    return NULL;
}
LIAR(run_tf32)
{
    struct bend bend = bend_none(&p->problem->gemm);

    bend.cut = CUT_TF32;
    product_launch(p, o, bend, s);
    return NULL;
}
LIAR(run_f16)
{
    struct bend bend = bend_none(&p->problem->gemm);

    bend.cut = CUT_F16;
    product_launch(p, o, bend, s);
    return NULL;
}
LIAR(run_f16_sum)
{
    struct bend bend = bend_none(&p->problem->gemm);

    bend.sum_f16 = 1;
    product_launch(p, o, bend, s);
    return NULL;
}
static const char *claim_slack(struct plan *p)
{
    p->slack = 8; /* as a Winograd F(4x4) may */
    return NULL;
}

/* In declaration order: name summary file tier place why_not prepare run cleanup. */
#define IMPL(name, prepare, run)                                                                   \
    {                                                                                              \
        name, "", "", TUNED, DEVICE, NULL, prepare, run, NULL                                      \
    }

extern "C" const struct impl honest_device = {
    "gemm_honest", "the definition", "", NAIVE, DEVICE, NULL, NULL, run_honest, NULL};

/* Impl, problem, expect, flag, first_call_ms, needs, slow. */
extern "C" const struct liar liars_device[] = {
    {IMPL("gemm_zeros", NULL, run_zeros), small, "wrong, exact:", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_nothing", NULL, run_nothing), small, "wrong, nan:", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_nan", NULL, run_nan), small, "wrong, nan: 1 of 1200", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_past_end", NULL, run_past_end), small, "wrong, guard: 4 bytes behind C", "MEMORY",
     0, LIAR_PLAIN, 0},
    {IMPL("gemm_before", NULL, run_before), small, "wrong, guard: 4 bytes before C", "MEMORY", 0,
     LIAR_PLAIN, 0},
    {IMPL("gemm_gap", NULL, run_gap), small, "wrong, guard: 4 bytes between the rows of C",
     "MEMORY", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_input", NULL, run_input), small, "wrong, input changed: A", "MEMORY", 0, LIAR_PLAIN,
     0},
    {IMPL("gemm_last_tile", NULL, run_last_tile), small, "wrong, nan:", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_last_k", NULL, run_last_k), small, "wrong, exact:", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_swapped", NULL, run_swapped), small, "wrong, nan:", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_reads_c", NULL, run_reads_c), small, "wrong, nan:", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_tf32", NULL, run_tf32), small, "wrong, bound:", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_f16_inside", NULL, run_f16), small, "wrong, nan:", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_reads_past", NULL, run_reads_past), small, "ok", NULL, 0, LIAR_CHECKER, 0},
    {IMPL("gemm_one", NULL, run_one), sampled,
     "wrong, exact: outside of the sample 1 of 72 in a line differ, first (20,21)", "WRONG", 0,
     LIAR_SAMPLE, 0},
    {IMPL("gemm_tf32_deep", NULL, run_tf32), deep, "wrong, precision:", "DOWNGRADED", 0, LIAR_PLAIN,
     1},
    {IMPL("gemm_tf32_slack", claim_slack, run_tf32), deep, "wrong, precision:", "DOWNGRADED", 0,
     LIAR_PLAIN, 1},
    {IMPL("gemm_f16_sum", NULL, run_f16_sum), half, "wrong, precision:", "DOWNGRADED", 0,
     LIAR_PLAIN, 1},
    {{}, NULL, NULL, NULL, 0, LIAR_PLAIN, 0},
};
