/* test_contest.c: impls that lie, those of `wheelbench selftest`. The harness is only worth what it
 * catches: each must be rejected, for the expected reason, without a time, and the honest one
 * beside it must not suffer. Also impls that only cannot run. */
#include "check.h"
#include "contest_of.h"
#include "ops/problem.h"
#include "selftest/proof.h"

static const char *run_error(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    (void)p, (void)o, (void)s;
    return "the library said no";
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
static const char *declines(struct plan *p)
{
    (void)p;
    return IMPL_DECLINES "f64 by this library";
}

/* Those of one problem that stay in their process. */
static void liars_of_problem(struct machine *m, const char *text)
{
    enum { MOST = 40 };
    static struct outcome out[MOST];
    const struct impl *impls[MOST] = {&honest_host};
    const struct liar *liar[MOST] = {NULL};
    struct problem p;
    int n = 1;

    for (const struct liar *const *table = liars_of(HOST); *table; table++)
        for (const struct liar *l = *table; l->problem; l++)
            if (n < MOST && l->needs != LIAR_CHILD && !strcmp(l->problem, text))
                liar[n] = l, impls[n++] = &l->impl;
    CHECK_OK(problem_parse(&p, text));
    struct contest c = contest_of(&p, m, impls, n);
    c.judge_budget = liar_budget(liar[1]);
    CHECK_OK(contest_run(&c, out));
    for (int i = 1; i < n; i++) {
        const struct finding f = liar_verdict(liar[i], &out[i]);
        CHECK_LOSS(liar[i]->impl.name);
        CHECK(f.verdict == (liar[i]->needs == LIAR_CHECKER ? VERDICT_UNTRIED : VERDICT_HOLDS));
        if (f.verdict == VERDICT_FAILS) printf("    %s: %s\n", liar[i]->impl.name, f.said);
        for (int k = 0; k < CACHES; k++) {
            CHECK(out[i].cell[k].status == out[i].status);
            CHECK((out[i].cell[k].reason[0] == '\0') == (out[i].status == STATUS_OK));
        }
    }
    CHECK_LOSS("the honest impl among liars");
    CHECK(out[0].status == STATUS_OK && out[0].exact_ok == 1);
    CHECK(out[0].cell[HOT].stats.n == 6 && out[0].cell[HOT].stats.median > 0);
    CHECK((out[0].agreement.checked == p.gemm.m * p.gemm.n) == (liar[1]->needs != LIAR_SAMPLE));
}

static void cannot_run(struct machine *m)
{
    struct impl error = honest_host, refuses = honest_host, no_plan = honest_host,
                declined = honest_host;
    const struct impl *const impls[] = {&error, &refuses, &no_plan, &honest_host, &declined};
    struct outcome out[5];
    struct problem p;

    error.run = run_error;
    refuses.why_not = refuse;
    no_plan.prepare = cannot_prepare;
    declined.prepare = declines;
    CHECK_LOSS("the reason why an impl did not run");
    CHECK_OK(problem_parse(&p, "gemm f32 nn 30x40x50 ldc=43"));
    const struct contest c = contest_of(&p, m, impls, 5);
    CHECK_OK(contest_run(&c, out));
    CHECK(out[0].status == STATUS_FAILED && out[2].status == STATUS_FAILED);
    CHECK_STR(out[0].reason, "the library said no");
    CHECK_STR(out[2].reason, "prepare: no plan fits");
    CHECK(out[1].status == STATUS_SKIPPED && out[3].status == STATUS_OK);
    CHECK_STR(out[1].cell[COLD].reason, "needs k % 8 == 0");
    CHECK(out[4].status == STATUS_SKIPPED);
    CHECK_STR(out[4].cell[COLD].reason, "not supported: f64 by this library");
}

static void limits(struct machine *m)
{
    const struct impl *one[1] = {&honest_host};
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
    liars_of_problem(&m, "gemm f32 nn 30x40x64 ldc=43");
    liars_of_problem(&m, "gemm f32 nn 70x72x40");
    liars_of_problem(&m, "gemm f32 nn 16x17x16384");
    liars_of_problem(&m, "gemm f16 nn 24x25x1024");
    cannot_run(&m);
    limits(&m);
    return check_done();
}
