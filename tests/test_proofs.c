/* test_proofs.c: the proofs of `wheelbench selftest` fail when the harness is broken. A user
 * would lose the right to believe a selftest that passes. */
#include "check.h"
#include "data/place.h"
#include "ops/problem.h"
#include "selftest/play.h"
#include "selftest/proof.h"

#define HOLDS(f) CHECK((f).verdict == VERDICT_HOLDS)
#define FAILS(f) CHECK((f).verdict == VERDICT_FAILS)

static void of_liars(void)
{
    const struct liar liar = {.problem = "", .expect = "wrong, nan:|failed, x", .flag = "WRONG"},
                      sleeper = {.problem = "", .expect = "ok", .first_call_ms = 60},
                      unseen = {.problem = "", .expect = "ok", .needs = LIAR_CHECKER};
    struct outcome o = {.status = STATUS_WRONG, .reason = "nan: 3", .flag = "WRONG"};

    for (int k = 0; k < CELLS; k++) o.cell[k].status = STATUS_WRONG;
    CHECK_LOSS("a liar that is not rejected, or for another reason than its own");
    HOLDS(liar_verdict(&liar, &o));
    FAILS(liar_verdict(&unseen, &o));
    o.cell[1].status = STATUS_OK; /* it got a time */
    FAILS(liar_verdict(&liar, &o));
    o.cell[1].status = STATUS_WRONG;
    snprintf(o.flag, sizeof o.flag, "MEMORY");
    FAILS(liar_verdict(&liar, &o));
    snprintf(o.flag, sizeof o.flag, "WRONG");
    snprintf(o.reason, sizeof o.reason, "bound: 3");
    FAILS(liar_verdict(&liar, &o));
    o.flag[0] = '\0';
    o.status = STATUS_SKIPPED;
    FAILS(liar_verdict(&liar, &o));
    o.status = STATUS_FAILED;
    snprintf(o.reason, sizeof o.reason, "xy");
    HOLDS(liar_verdict(&liar, &o));

    CHECK_LOSS("an honest impl that suffers");
    o = (struct outcome){.status = STATUS_OK, .first_call_ms = 61};
    HOLDS(liar_verdict(&sleeper, &o));
    FAILS(liar_verdict(&liar, &o));
    o.first_call_ms = 59;
    FAILS(liar_verdict(&sleeper, &o));
    o.first_call_ms = 61;
    for (int k = 0; k < CELLS; k++) o.cell[k].status = STATUS_SKIPPED;
    FAILS(liar_verdict(&sleeper, &o));
}

static const char *blind(const struct agree_rule *r, const struct tensor *t, const void *out,
                         const long *index, long first, long count, const double *y,
                         const double *s, struct agreement *a)
{
    (void)r, (void)t, (void)out, (void)index, (void)first, (void)y, (void)s;
    a->checked = count;
    return NULL;
}
static const char *untouched(const void *p, size_t n, const struct tensor *gaps, long *count)
{
    (void)p, (void)n, (void)gaps;
    *count = 0;
    return NULL;
}

/* A harness whose judge sees nothing, and one whose guards do not. */
static void of_a_blind_harness(void)
{
    static struct machine m;
    static struct outcome out[2];
    struct place_ops no_judge = place_host, no_guards = place_host;
    const struct liar *zeros = NULL, *past = NULL;
    struct problem p;

    no_judge.agree = blind;
    no_guards.count_written = untouched;
    machine_look_host(&m);
    for (const struct liar *l = liars_host; l->problem; l++) {
        if (!strcmp(l->impl.name, "gemm_zeros")) zeros = l;
        if (!strcmp(l->impl.name, "gemm_past_end")) past = l;
    }
    const struct impl *const impls[] = {&zeros->impl, &past->impl};
    CHECK_OK(problem_parse(&p, zeros->problem));
    struct contest c = {.problem = &p,
                        .machine = &m,
                        .place = HOST,
                        .impls = impls,
                        .count = 2,
                        .limit_s = 10,
                        .judge_budget = 1e9,
                        .seed = 1};
    CHECK_LOSS("a judge that sees nothing, and nobody who sees that");
    CHECK_OK(contest_run(&c, out));
    HOLDS(liar_verdict(zeros, &out[0]));
    HOLDS(liar_verdict(past, &out[1]));
    c.ops = &no_judge;
    CHECK_OK(contest_run(&c, out));
    FAILS(liar_verdict(zeros, &out[0]));
    c.ops = &no_guards;
    CHECK_OK(contest_run(&c, out));
    FAILS(liar_verdict(past, &out[1]));
}

static void of_times(void)
{
    CHECK_LOSS("a clock that is off by more than its resolution");
    HOLDS(duration_verdict(100, 103.4, 2, 0.005));
    FAILS(duration_verdict(100, 103.6, 2, 0.005));
    FAILS(duration_verdict(100, 100.4, 2, 0.005));
    FAILS(duration_verdict(100, NAN, 2, 0.005));
    HOLDS(floor_verdict(1.5, 20));
    FAILS(floor_verdict(21, 20));
    FAILS(floor_verdict(0, 20));
    FAILS(floor_verdict(NAN, 20));

    CHECK_LOSS("a timer that adds, or does not scale");
    HOLDS(linear_verdict((const double[]){2, 102, 202, 402}, 0.005));
    FAILS(linear_verdict((const double[]){2, 102, 202, 404}, 0.005));
    FAILS(linear_verdict((const double[]){2, 112, 212, 412}, 0.005)); /* 10 us from nowhere */
    FAILS(linear_verdict((const double[]){2, 102, 102, 102}, 0.005));
    FAILS(linear_verdict((const double[]){2, 2, 2, 2}, 0.005));
    FAILS(linear_verdict((const double[]){2, NAN, 202, 402}, 0.005));
}

static void of_ratios(void)
{
    enum { CELLS_SEEN = 50 };
    struct ratio r[CELLS_SEEN];

    CHECK_LOSS("a bias between equals");
    CHECK(binomial_99(50, 0.05) == 7 && binomial_99(20, 0.05) == 4 && binomial_99(2, 0.05) == 1);
    for (int i = 0; i < CELLS_SEEN; i++)
        r[i] = (struct ratio){1.002, 1.0009, 1.004, 10, 1}; /* not told from 1 */
    HOLDS(equal_verdict(r, CELLS_SEEN, 0.5));
    for (int i = 0; i < 8; i++) { /* one more than chance */
        HOLDS(equal_verdict(r, CELLS_SEEN, 0.5));
        r[i].lo = 1.0011;
    }
    FAILS(equal_verdict(r, CELLS_SEEN, 0.5));
    r[0].lo = 0.999;
    HOLDS(equal_verdict(r, CELLS_SEEN, 0.5));
    r[20].factor = 0.994;
    FAILS(equal_verdict(r, CELLS_SEEN, 0.5));
    r[20].factor = NAN;
    FAILS(equal_verdict(r, CELLS_SEEN, 0.5));
    r[20] = (struct ratio){1, NAN, NAN, 3, 1};
    FAILS(equal_verdict(r, CELLS_SEEN, 0.5));
    FAILS(equal_verdict(r, 0, 0.5));

    CHECK_LOSS("a difference that is there and not found");
    for (int i = 0; i < CELLS_SEEN; i++) r[i] = (struct ratio){1.02, 1.01, 1.03, 10, 1};
    r[0].lo = r[1].lo = 0.99;
    HOLDS(extra_verdict(r, CELLS_SEEN, 2, 0));
    r[2].lo = 0.99;
    FAILS(extra_verdict(r, CELLS_SEEN, 2, 0));
    HOLDS(extra_verdict(r, CELLS_SEEN, 2, 1));
    r[0].factor = r[1].factor = 0.99;
    r[2].factor = NAN;
    FAILS(extra_verdict(r, CELLS_SEEN, 2, 1));
    FAILS(extra_verdict(r, 0, 2, 0));
}

static int tried;
static const char *third_time(void *of, int try, struct finding *f)
{
    const int fails_until = *(int *)of;

    tried++;
    if (fails_until < 0) return fails_until < -1 ? "interrupted" : "no memory";
    f[0].verdict = try >= fails_until ? VERDICT_HOLDS : VERDICT_FAILS;
    f[1].verdict = VERDICT_HOLDS;
    return NULL;
}

/* What a proof of this kind leaves, and in how many tries. */
static struct tally tally_of(int fails_until, int may_be_noisy, const char *want, int tries)
{
    static const char *const names[] = {"made-up proof", "another"};
    struct tally t;

    tally_start(&t);
    tried = 0;
    const char *why = proof_tries(&t, third_time, &fails_until, names, 2, may_be_noisy);
    CHECK(want ? why && !strcmp(why, want) : !why);
    CHECK(tried == tries);
    return t;
}

static void of_tries(void)
{
    CHECK_LOSS("one proof that fails takes the others along, or is not counted");
    struct tally t = tally_of(2, 0, NULL, 3);
    CHECK(t.held == 2 && !t.failed && isnan(t.facts.value[FACT_AA_HOST]));
    t = tally_of(3, 0, NULL, 3);
    CHECK(t.held == 1 && t.failed == 1);
    t = tally_of(3, 1, NULL, 3);
    CHECK(t.held == 1 && !t.failed && t.noisy == 1);
    t = tally_of(-1, 1, NULL, 3); /* not made at all is no noise */
    CHECK(t.failed == 2 && !t.noisy);
    t = tally_of(-2, 1, "interrupted", 1);
    CHECK(!t.held && !t.failed);
    CHECK_OK(tally_failure(&t, "made-up proof", NULL));
    CHECK(!t.failed);
    CHECK_OK(tally_failure(&t, "made-up proof", "no memory"));
    CHECK(t.failed == 1);
    CHECK(!strcmp(tally_failure(&t, "made-up proof", "interrupted"), "interrupted"));
    CHECK(t.failed == 1);
}

static void of_statistics(void)
{
    CHECK_LOSS("intervals that hold the median less often than they say");
    const long held = coverage_count(9, 10000);
    HOLDS(coverage_verdict(9, held, 10000));
    FAILS(coverage_verdict(9, 9000, 10000));
    FAILS(coverage_verdict(9, 10000, 10000)); /* too wide is wrong too */
    FAILS(coverage_verdict(5, 5000, 5000));   /* there is none */
}

static void drops_a_product(const struct problem *p, const struct operands *o, const void *before,
                            const long *index, long first, long count, double *y, double *s)
{
    op_find(p->op->name)->oracle(p, o, before, index, first, count, y, s);
    y[count - 1] += 1;
}
static const char *other_hash(const void *p, size_t n, uint64_t *sum)
{
    const char *why = place_host.hash(p, n, sum);
    ++*sum;
    return why;
}
static const char *other_fill(void *p, const struct tensor *t, const struct fill *f)
{
    struct fill changed = *f;
    changed.seed++;
    return place_host.fill(p, t, &changed);
}
static const char *other_oracle(const struct problem *p, const struct operands *o,
                                const void *before, const long *index, long first, long count,
                                double *y, double *s)
{
    drops_a_product(p, o, before, index, first, count, y, s);
    return NULL;
}

static void of_judges(void)
{
    static const char *const texts[] = {"gemm f64 tn 5x6x7 beta=2 ldc=9",
                                        "conv2d f32 nhwc 1x4x6x5 k6 3x3 pad1 groups2"};
    struct place_ops hash = place_host, fill = place_host, oracle = place_host;

    hash.hash = other_hash;
    fill.fill = other_fill;
    oracle.oracle = other_oracle;
    for (int i = 0; i < 2; i++)
        for (int kind = DATA_UNIFORM; kind <= DATA_EXACT; kind++) {
            struct problem p;
            CHECK_OK(problem_parse(&p, texts[i]));
            struct op broken = *p.op;
            broken.oracle = drops_a_product;
            CHECK_LOSS("the truth that every row is held against");
            CHECK_OK(oracle_direct(&p, kind));
            CHECK_OK(same_bits(&place_host, &place_host, &p, kind));
            CHECK_FAILS(same_bits(&place_host, &hash, &p, kind), "the hash of ");
            CHECK_FAILS(same_bits(&place_host, &fill, &p, kind), "differs in its bits");
            CHECK_FAILS(same_bits(&place_host, &oracle, &p, kind), "the judges differ");
            p.op = &broken;
            CHECK_FAILS(oracle_direct(&p, kind), "output");
        }
}

/* Whatever a table asks for must be there, and no name twice in it. */
static void of_tables(void)
{
    CHECK_LOSS("a proof that is skipped in silence");
    CHECK_OK(proofs_prepare());
    for (const struct liar *const *table = liars_of(HOST); *table; table++)
        for (const struct liar *l = *table; l->problem; l++) {
            CHECK(l->impl.run && l->impl.place == HOST && proofs_problem(l->problem));
            CHECK(!strncmp(l->expect, "ok", 2) == !l->flag || !strncmp(l->expect, "failed", 6));
            for (const struct liar *other = *table; other < l; other++)
                CHECK(strcmp(l->impl.name, other->impl.name));
        }
}

int main(void)
{
    of_liars();
    of_a_blind_harness();
    of_times();
    of_ratios();
    of_tries();
    of_statistics();
    of_judges();
    of_tables();
    return check_done();
}
