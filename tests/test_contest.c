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

/* ---- timing modes, by timers that note what they are given ---- */

static int opened, opened_cold, most_sets, replays;

static const char *note_open(struct timed *t)
{
    opened++;
    opened_cold += t->cold;
    if (t->sets > most_sets) most_sets = t->sets;
    t->call_us = 10;
    return NULL;
}
static const char *note_block(struct timed *t, double warm_us, double block_us, struct block *b)
{
    (void)t, (void)warm_us, (void)block_us;
    *b = (struct block){.us = 10, .calls = 50, .sm_mhz = 1700, .exposed = 1};
    return NULL;
}
static const char *note_replay(struct timed *t, int set)
{
    replays++;
    return t->impl->run(t->plan, &t->set[set], NULL);
}
static void note_close(struct timed *t) { (void)t; }

static const struct timer note = {.name = "isolated",
                                  .open = note_open,
                                  .block = note_block,
                                  .replay = note_replay,
                                  .close = note_close},
                          not_built = {.name = "isolated", .missing = "not built: no nvcc"};

static void isolated(struct machine *m)
{
    static const struct impl first = IMPL(run_first_only, .summary = "");
    const struct impl *one[1] = {&liars[0].impl};
    struct sample_log log = {0};
    struct outcome out[1];
    struct problem p;

    CHECK_LOSS("a cold time of problems that are too small for a cold batch");
    CHECK_OK(problem_parse(&p, "gemm f32 nn 1x1x1"));
    struct contest c = contest_of(&p, m, one, 1);
    c.wanted[cell_of(BATCH, HOT)] = 0;
    c.wanted[cell_of(ISOLATED, COLD)] = c.wanted[cell_of(ISOLATED, HOT)] = 1;
    c.timer[ISOLATED] = &note;
    c.log = &log;
    CHECK_OK(contest_run(&c, out));
    const struct cell *cold = &out[0].cell[cell_of(ISOLATED, COLD)],
                      *hot = &out[0].cell[cell_of(ISOLATED, HOT)];
    CHECK(out[0].cell[cell_of(BATCH, COLD)].status == STATUS_SKIPPED);
    CHECK(!out[0].cell[cell_of(BATCH, HOT)].planned);
    CHECK(cold->planned && cold->status == STATUS_OK && cold->stats.median == 10);
    CHECK(hot->planned && hot->status == STATUS_OK && hot->exposed == 6);
    CHECK_NEAR(cold->clock.mean_mhz, 1700, 1e-9);
    CHECK(opened == 2 && opened_cold == 1 && most_sets == 2 && replays == 2);
    CHECK(log.count == 12 && log.at[0].cell == cell_of(ISOLATED, COLD) &&
          log.at[11].cell == cell_of(ISOLATED, HOT));
    free(log.at);
    c.log = NULL;

    CHECK_LOSS("the check after timing, for isolated cells");
    one[0] = &first;
    calls = 0;
    CHECK_OK(problem_parse(&p, "gemm f32 nn 32x32x32"));
    CHECK_OK(contest_run(&c, out));
    CHECK(out[0].status == STATUS_WRONG && cold->status == STATUS_WRONG);

    CHECK_LOSS("the reason why a mode is not there");
    one[0] = &liars[0].impl;
    c.timer[ISOLATED] = &not_built;
    CHECK_OK(contest_run(&c, out));
    CHECK(cold->status == STATUS_SKIPPED && out[0].cell[COLD].status == STATUS_OK);
    CHECK_STR(cold->reason, "not built: no nvcc");
    c.timer[ISOLATED] = NULL; /* a host impl has no such mode */
    CHECK_OK(contest_run(&c, out));
    CHECK(cold->status == STATUS_SKIPPED && cold->reason[0]);
}

/* ---- a cache in which lines can be told to stay ---- */

static int persisting, resets, leaves;
static void cache_reset(void) { resets++, persisting = 0; }
static const char *cache_left(void)
{
    const int left = persisting;

    persisting = 0;
    return left ? "cache: left a window" : NULL;
}
LIAR(run_persisting)
{
    UNUSED;
    product(p, o, 0);
    persisting = ++leaves > 0;
    return NULL;
}

LIAR(run_persisting_zeros)
{
    persisting = 1;
    return run_zeros(p, o, s);
}

static void persisting_lines(struct machine *m)
{
    static const struct impl liar = IMPL(run_persisting, .summary = ""),
                             zeros = IMPL(run_persisting_zeros, .summary = "");
    const struct impl *two[2] = {&liar, &liars[0].impl};
    struct place_ops ops = place_host;
    struct outcome out[2];
    struct problem p;

    CHECK_LOSS("cold times that are cold: an impl pins its operands in the cache");
    ops.cache_reset = cache_reset;
    ops.cache_left = cache_left;
    CHECK_OK(problem_parse(&p, "gemm f32 nn 32x32x32"));
    struct contest c = contest_of(&p, m, two, 2);
    c.ops = &ops;
    CHECK_OK(contest_run(&c, out));
    CHECK(resets == 1 && out[0].status == STATUS_WRONG);
    CHECK_STR(out[0].flag, "CACHED");
    CHECK_STR(out[0].reason, "cache: left a window");
    CHECK(out[1].status == STATUS_OK); /* who comes after the liar is not blamed */
    two[0] = &zeros;
    CHECK_OK(contest_run(&c, out));
    CHECK_STR(out[0].flag, "WRONG");
    CHECK(out[1].status == STATUS_OK);
    two[0] = &liar;
    leaves = -3; /* clean through both checks and a first timed call */
    CHECK_OK(contest_run(&c, out));
    CHECK(out[0].status == STATUS_WRONG && !strncmp(out[0].reason, "after timing: cache", 19));
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
    isolated(&m);
    persisting_lines(&m);
    return check_done();
}
