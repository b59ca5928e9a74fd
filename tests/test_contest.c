/* test_contest.c: impls that lie. The harness is only worth what it catches: each liar below must
 * be rejected, for the expected reason, without a time, and the honest one beside it must not
 * suffer. */
#include "check.h"
#include <stdlib.h>
#include "measure/contest.h"
#include "number.h"
#include "ops/problem.h"

static int calls; /* of the liar at hand, since the last prepare */
static const void *last_in;
static float kept[64 * 64];

static const char *start(struct plan *p)
{
    (void)p;
    calls = 0;
    last_in = NULL;
    return NULL;
}

/* C = A B over the first k - less products; the truth when less is 0. */
static void product(const struct plan *p, const struct operands *o, long less)
{
    const struct gemm *g = &p->problem->gemm;
    const float *a = o->in[0], *b = o->in[1];
    float *c = o->out;

    for (long i = 0; i < g->m; i++)
        for (long j = 0; j < g->n; j++) {
            float sum = 0;
            for (long q = 0; q < g->k - less; q++) sum += a[i * g->lda + q] * b[q * g->ldb + j];
            c[i * g->ldc + j] = sum;
        }
}

#define LIAR(name)                                                                                 \
    static const char *name(const struct plan *p, const struct operands *o, struct CUstream_st *s)
#define UNUSED ((void)p, (void)o, (void)s)

LIAR(run_honest)
{
    UNUSED;
    product(p, o, 0);
    return NULL;
}
LIAR(run_nothing)
{
    UNUSED;
    return NULL;
}
LIAR(run_error)
{
    UNUSED;
    return "the library said no";
}
LIAR(run_last_k)
{
    UNUSED;
    product(p, o, 1);
    return NULL;
}
LIAR(run_zeros)
{
    UNUSED;
    for (long i = 0; i < p->problem->gemm.m; i++)
        memset((float *)o->out + i * p->problem->gemm.ldc, 0, (size_t)p->problem->gemm.n * 4);
    return NULL;
}
LIAR(run_nan)
{
    UNUSED;
    product(p, o, 0);
    ((float *)o->out)[5] = NAN;
    return NULL;
}
LIAR(run_past_end)
{
    UNUSED;
    product(p, o, 0);
    ((float *)o->out)[(p->problem->gemm.m - 1) * p->problem->gemm.ldc + p->problem->gemm.n] = 1;
    return NULL;
}
LIAR(run_gap)
{
    UNUSED;
    product(p, o, 0);
    ((float *)o->out)[p->problem->gemm.n] = 1;
    return NULL;
}
LIAR(run_input)
{
    UNUSED;
    product(p, o, 0);
    ((float *)(size_t)o->in[0])[0] += 1;
    return NULL;
}
LIAR(run_first_only)
{
    UNUSED;
    if (calls++ < 3) product(p, o, 0);
    return NULL;
}
/* computes for the first set it sees after the checks, then copies that result for every other */
LIAR(run_stale)
{
    UNUSED;
    const struct gemm *g = &p->problem->gemm;
    if (calls++ < 3) {
        product(p, o, 0);
        for (long i = 0; i < g->m; i++)
            memcpy(kept + i * g->n, (float *)o->out + i * g->ldc, (size_t)g->n * 4);
        return NULL;
    }
    for (long i = 0; i < g->m; i++)
        memcpy((float *)o->out + i * g->ldc, kept + i * g->n, (size_t)g->n * 4);
    return NULL;
}
/* f32 in name: the inputs lose their low 13 bits */
LIAR(run_tf32)
{
    UNUSED;
    const struct gemm *g = &p->problem->gemm;
    const float *a = o->in[0], *b = o->in[1];
    for (long i = 0; i < g->m; i++)
        for (long j = 0; j < g->n; j++) {
            double sum = 0;
            for (long q = 0; q < g->k; q++)
                sum += (double)float_from_bits(bits_from_float(a[i * g->lda + q]) & 0xffffe000u) *
                       (double)float_from_bits(bits_from_float(b[q * g->ldb + j]) & 0xffffe000u);
            ((float *)o->out)[i * g->ldc + j] = (float)sum;
        }
    return NULL;
}
static const char *refuse(const struct problem *p, const struct device *d)
{
    (void)p, (void)d;
    return "needs k % 8 == 0";
}
static const char *cannot_prepare(struct plan *p)
{
    (void)p;
    return "no plan fits";
}

static const struct liar {
    struct impl impl;
    enum status status;
    const char *reason, *flag;
} liars[] = {
#define IMPL(r, ...)                                                                               \
    {                                                                                              \
        .name = #r, .file = "", .place = HOST, .tier = TUNED, .run = r, .prepare = start,          \
        __VA_ARGS__                                                                                \
    }
    {IMPL(run_honest, .summary = ""), STATUS_OK, "", ""},
    {IMPL(run_nothing, .summary = ""), STATUS_WRONG, "nan:", "WRONG"},
    {IMPL(run_error, .summary = ""), STATUS_FAILED, "the library said no", ""},
    {IMPL(run_last_k, .summary = ""), STATUS_WRONG, "exact:", "WRONG"},
    {IMPL(run_zeros, .summary = ""), STATUS_WRONG, "exact:", "WRONG"},
    {IMPL(run_nan, .summary = ""), STATUS_WRONG, "nan: 1 of 1200", "WRONG"},
    {IMPL(run_past_end, .summary = ""), STATUS_WRONG, "guard: ", "MEMORY"},
    {IMPL(run_gap, .summary = ""), STATUS_WRONG, "between the rows of C", "MEMORY"},
    {IMPL(run_input, .summary = ""), STATUS_WRONG, "input changed: A", "MEMORY"},
    {IMPL(run_tf32, .summary = ""), STATUS_WRONG, "bound:", "WRONG"},
    {IMPL(run_honest, .why_not = refuse), STATUS_SKIPPED, "needs k % 8 == 0", ""},
    {{.name = "no_plan",
      .file = "",
      .place = HOST,
      .tier = TUNED,
      .run = run_honest,
      .prepare = cannot_prepare},
     STATUS_FAILED,
     "prepare: no plan fits",
     ""},
};
enum { LIARS = sizeof liars / sizeof liars[0] };

static struct contest contest_of(const struct problem *p, struct machine *m,
                                 const struct impl *const *impls, int count)
{
    return (struct contest){.problem = p,
                            .machine = m,
                            .place = HOST,
                            .impls = impls,
                            .count = count,
                            .wanted = {1, 1},
                            .rounds = {.warm_us = 100,
                                       .block_us = 200,
                                       .rounds = 6,
                                       .slow_us = 1e6,
                                       .slow_total_us = 1e6,
                                       .seed = 1},
                            .limit_s = 10,
                            .judge_budget = 1e9,
                            .seed = 1};
}

static void all_at_once(struct machine *m)
{
    const struct impl *impls[LIARS];
    static struct outcome out[LIARS];
    struct problem p;

    CHECK_OK(problem_parse(&p, "gemm f32 nn 30x40x50 ldc=43"));
    for (int i = 0; i < LIARS; i++) impls[i] = &liars[i].impl;
    const struct contest c = contest_of(&p, m, impls, LIARS);
    CHECK_OK(contest_run(&c, out));
    for (int i = 0; i < LIARS; i++) {
        CHECK_LOSS(liars[i].impl.name);
        CHECK(out[i].status == liars[i].status);
        CHECK(strstr(out[i].reason, liars[i].reason) != NULL);
        CHECK_STR(out[i].flag, liars[i].flag);
        for (int k = 0; k < CACHES; k++) {
            CHECK(out[i].cell[k].status == liars[i].status);
            CHECK((out[i].cell[k].reason[0] == '\0') == (liars[i].status == STATUS_OK));
        }
        if (strstr(out[i].reason, liars[i].reason) == NULL)
            printf("    %s: %s\n", liars[i].impl.name, out[i].reason);
    }
    CHECK_LOSS("the honest impl among liars");
    CHECK(out[0].cell[COLD].stats.n == 6 && out[0].cell[COLD].stats.median > 0 &&
          out[0].exact_ok == 1 && out[0].agreement.checked == 1200);
}

/* Right while it is checked, wrong while it is timed: only the check after timing sees that. */
static void after_timing(struct machine *m)
{
    static const struct impl first = IMPL(run_first_only, .summary = ""),
                             stale = IMPL(run_stale, .summary = "");
    const struct impl *one[1];
    struct outcome out[1];
    struct problem p;

    CHECK_LOSS("the check after timing: an impl that works only while it is watched");
    CHECK_OK(problem_parse(&p, "gemm f32 nn 32x32x32"));
    one[0] = &first;
    const struct contest c = contest_of(&p, m, one, 1);
    CHECK_OK(contest_run(&c, out));
    CHECK(out[0].status == STATUS_WRONG &&
          strstr(out[0].reason, "after timing: ") == out[0].reason);
    CHECK(out[0].cell[COLD].status == STATUS_WRONG && out[0].cell[HOT].status == STATUS_WRONG);
    one[0] = &stale;
    CHECK_OK(contest_run(&c, out));
    CHECK(out[0].status == STATUS_WRONG &&
          strstr(out[0].reason, "after timing: ") == out[0].reason);
}

static void limits(struct machine *m)
{
    const struct impl *one[1] = {&liars[0].impl};
    struct outcome out[1];
    struct problem p;

    CHECK_LOSS("a machine that swaps, or sits for hours in one call");
    CHECK_OK(problem_parse(&p, "gemm f32 nn 2147483647x2147483647x1"));
    struct contest c = contest_of(&p, m, one, 1);
    c.limit_s = 1e12;
    CHECK_OK(contest_run(&c, out));
    CHECK(out[0].status == STATUS_SKIPPED && strstr(out[0].reason, "GiB are free"));
    CHECK_OK(problem_parse(&p, "gemm f32 nn 8192x8192x8192"));
    c.limit_s = 1;
    CHECK_OK(contest_run(&c, out));
    CHECK(out[0].status == STATUS_SKIPPED && strstr(out[0].reason, "time budget: "));
    CHECK_OK(problem_parse(&p, "gemm f32 nn 1x1x1"));
    CHECK_OK(contest_run(&c, out));
    CHECK(out[0].cell[COLD].status == STATUS_SKIPPED &&
          strstr(out[0].cell[COLD].reason, "copies of the operands"));
    CHECK(out[0].cell[HOT].status == STATUS_OK && out[0].cell[HOT].reason[0] == '\0');
}

int main(void)
{
    static struct machine m;

    machine_look_host(&m);
    m.device.threads = 1;
    m.device.llc_bytes = 1 << 18; /* few sets: the test is quick */
    all_at_once(&m);
    after_timing(&m);
    limits(&m);
    return check_done();
}
