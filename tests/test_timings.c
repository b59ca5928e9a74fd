/* test_timings.c: contests under both ways of timing, and in a cache in which lines can be told to
 * stay, with timers and a place that take notes. A user would lose isolated rows, the check of
 * them, or cold times that are cold. */
#include "check.h"
#include "contest_of.h"
#include <stdlib.h>
#include "measure/contest.h"
#include "ops/problem.h"

extern const struct impl gemm_cpu_naive;
static int calls; /* of run_first_only */

#define LIAR(name)                                                                                 \
    static const char *name(const struct plan *p, const struct operands *o, struct CUstream_st *s)
#define IMPL(r)                                                                                    \
    {                                                                                              \
        .name = #r, .file = "", .place = HOST, .tier = TUNED, .run = r                             \
    }

/* ---- timing modes, by timers that note what they are given ---- */

static int opened, opened_cold, most_sets, replays;
static double noted_us = 10; /* what a call takes */

static const char *note_open(struct timed *t)
{
    opened++;
    opened_cold += t->cold;
    if (t->sets > most_sets) most_sets = t->sets;
    t->call_us = noted_us;
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

/* right while it is checked, then nothing */
LIAR(run_first_only) { return calls++ < 2 ? gemm_cpu_naive.run(p, o, s) : NULL; }

static void isolated(struct machine *m)
{
    static const struct impl first = IMPL(run_first_only);
    const struct impl *one[1] = {&gemm_cpu_naive};
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

    CHECK_LOSS("minutes for isolated calls that are long, and the time of their batch");
    one[0] = &gemm_cpu_naive;
    noted_us = 2500;
    CHECK_OK(contest_run(&c, out));
    CHECK(out[0].status == STATUS_OK && out[0].cell[COLD].status == STATUS_OK);
    CHECK(cold->status == STATUS_SKIPPED && strstr(cold->reason, "this one takes 2.5 ms"));
    noted_us = 10;

    CHECK_LOSS("the reason why a mode is not there");
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
    persisting = ++leaves > 0;
    return gemm_cpu_naive.run(p, o, s);
}

/* and does not compute */
LIAR(run_persisting_nothing)
{
    (void)p, (void)o, (void)s;
    persisting = 1;
    return NULL;
}

static void persisting_lines(struct machine *m)
{
    static const struct impl liar = IMPL(run_persisting), nothing = IMPL(run_persisting_nothing);
    const struct impl *two[2] = {&liar, &gemm_cpu_naive};
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
    two[0] = &nothing;
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
    isolated(&m);
    persisting_lines(&m);
    return check_done();
}
