/* test_tune.c: the harness chooses among the variants of an impl, with a made-up timer. A user
 * would get a slower variant than there is, or a fast one that is wrong. */
#include "check.h"
#include <stdlib.h>
#include "contest_of.h"
#include "ops/problem.h"

extern const struct impl gemm_cpu_naive;

enum { MOST = 20 };

/* What the variants are like, and what became of them. */
static struct {
    int count, current;
    double us[MOST]; /* of a call; each block 1 % off, up and down */
    int wrong[MOST], fails[MOST], unfit[MOST], breaks[MOST];
    int from; /* runs after which a wrong one is wrong */
    size_t workspace[MOST];
    int blocks[MOST], runs[MOST], order[400], turns;
    int small; /* runs with less memory than the variant asked for */
} v;

static int variants(const struct plan *p)
{
    (void)p;
    return v.count;
}

static const char *use(struct plan *p, int i)
{
    if (v.unfit[i]) return "needs k % 128 == 0";
    v.current = i;
    p->workspace_bytes = v.workspace[i];
    snprintf(p->algo, sizeof p->algo, "tile%d", i);
    return NULL;
}

static const char *run(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    const int i = v.current;

    if (v.workspace[i])
        for (size_t k = 0; k < v.workspace[i]; k++) ((char *)o->workspace)[k] = 0; /* all of it */
    v.small += p->workspace_bytes != v.workspace[i];
    if (v.fails[i]) return "the library said no";
    return v.runs[i]++ >= v.from && v.wrong[i] ? NULL : gemm_cpu_naive.run(p, o, s);
}

static const struct impl tuned = {.name = "gemm_tuned",
                                  .file = "",
                                  .place = HOST,
                                  .tier = TUNED,
                                  .run = run,
                                  .variants = variants,
                                  .use = use};

/* ---- a timer that makes the times up ---- */

static const char *open(struct timed *t)
{
    t->call_us = t->impl == &tuned ? v.us[v.current] : 50;
    return NULL;
}
static const char *block(struct timed *t, double warm_us, double block_us, struct block *b)
{
    static int count;

    (void)warm_us, (void)block_us;
    *b = (struct block){
        .us = t->call_us * (1 + 0.01 * (count++ % 3 - 1)), .calls = 1, .sm_mhz = NAN};
    if (t->impl != &tuned) return NULL;
    CHECK(t->call_us == v.us[v.current]); /* the one that is in place is the one that is timed */
    if (v.turns < 400) v.order[v.turns++] = v.current;
    v.blocks[v.current]++;
    return v.breaks[v.current] ? "the kernel did not come back" : NULL;
}
static const char *replay(struct timed *t, int set)
{
    return t->impl->run(t->plan, &t->set[set], NULL);
}
static void close(struct timed *t) { (void)t; }
static const struct timer made_up = {
    .name = "host", .open = open, .block = block, .replay = replay, .close = close};

static struct machine machine;
static struct outcome out[2];
static struct sample_log samples;

static void reset(int count)
{
    memset(&v, 0, sizeof v);
    v.count = count;
    for (int i = 0; i < MOST; i++) v.us[i] = 100 + 10 * i;
}

static void play(int timed)
{
    static const struct impl *const impls[] = {&gemm_cpu_naive, &tuned};
    struct problem p;

    CHECK_OK(problem_parse(&p, "gemm f32 nn 30x40x50"));
    struct contest c = contest_of(&p, &machine, impls, 2);
    c.wanted[HOT] = 0;
    c.wanted[COLD] = timed;
    c.timer[BATCH] = &made_up;
    samples.count = 0;
    c.log = &samples;
    CHECK_OK(contest_run(&c, out));
    CHECK(out[0].status == STATUS_OK && !out[0].tune_close);
}

static void best_wins(void)
{
    int first[16] = {0};

    CHECK_LOSS("the fastest variant, or evenness between them");
    reset(18);
    v.us[5] = 40;
    v.us[17] = 1; /* beyond the 16 that are looked at */
    v.workspace[5] = 64, v.workspace[9] = 4096;
    play(1);
    CHECK(out[1].status == STATUS_OK && out[1].exact_ok == 1);
    CHECK_STR(out[1].algo, "tile5");
    CHECK(out[1].workspace_bytes == 64 && !v.small && !out[1].tune_close);
    CHECK(v.blocks[5] == 10 + 6); /* and the rounds */
    CHECK(v.blocks[0] == 10 && v.blocks[1] == 10 && v.blocks[2] == 3 && v.blocks[15] == 3);
    CHECK(!v.blocks[16] && !v.blocks[17]);
    for (int i = 0; i < 16; i++) first[v.order[i]]++;
    for (int i = 0; i < 16; i++) CHECK(first[i] == 1);          /* turn by turn, */
    CHECK(memcmp(v.order, v.order + 16, 16 * sizeof *v.order)); /* each in an order of its own */
    int tuned_samples = 0;
    for (int i = 0; i < samples.count; i++) tuned_samples += samples.at[i].impl == 1;
    CHECK(tuned_samples == 6); /* those of the tuning are not kept */
    CHECK_NEAR(out[1].cell[COLD].stats.median, 40, 1);
    CHECK(out[1].prepare_ms > 0);
}

static void wrong_ones(void)
{
    CHECK_LOSS("the refusal of a fast variant that is wrong");
    reset(4);
    v.us[2] = 10, v.wrong[2] = 1; /* at once */
    play(1);
    CHECK(out[1].status == STATUS_OK && !v.blocks[2]);
    CHECK_STR(out[1].algo, "tile0");
    reset(4);
    v.us[2] = 10, v.wrong[2] = 1, v.from = 2; /* after it was checked twice */
    play(1);
    CHECK(out[1].status == STATUS_OK && v.blocks[2] == 10);
    CHECK_STR(out[1].algo, "tile0");
    CHECK(out[1].exact_ok == 1 && !*out[1].flag && !*out[1].reason);
    reset(2);
    v.wrong[0] = v.wrong[1] = 1;
    play(1);
    CHECK(out[1].status == STATUS_WRONG && !v.turns);
    CHECK_STR(out[1].flag, "WRONG");
    CHECK(strstr(out[1].reason, "variant 1: nan:"));
    reset(3);
    v.wrong[1] = 1; /* `check` wants all of them to be right */
    play(0);
    CHECK(out[1].status == STATUS_WRONG && strstr(out[1].reason, "variant 1: "));
    reset(3);
    play(0);
    CHECK(out[1].status == STATUS_OK && !v.turns);
    CHECK_STR(out[1].algo, "tile0");
}

static void failing_ones(void)
{
    CHECK_LOSS("an impl of which one variant cannot run here");
    reset(5);
    v.us[1] = v.us[2] = v.us[3] = 10;
    v.unfit[1] = v.fails[2] = v.breaks[3] = 1;
    play(1);
    CHECK(out[1].status == STATUS_OK);
    CHECK_STR(out[1].algo, "tile0");
    CHECK(!v.runs[1] && !v.blocks[2] && v.blocks[3] == 1);
    reset(2);
    v.unfit[0] = v.fails[1] = 1;
    play(1);
    CHECK(out[1].status == STATUS_FAILED);
    CHECK_STR(out[1].reason, "variant 1: the library said no");
    reset(2);
    v.unfit[0] = v.unfit[1] = 1;
    play(1);
    CHECK(out[1].status == STATUS_FAILED);
    CHECK_STR(out[1].reason, "prepare: no variant fits: needs k % 128 == 0");
    reset(0);
    play(1);
    CHECK(out[1].status == STATUS_FAILED);
}

static void close_ones(void)
{
    CHECK_LOSS("word that another run may take another variant");
    reset(3);
    v.us[1] = 100.1;
    play(1);
    CHECK(out[1].status == STATUS_OK && out[1].tune_close);
    reset(1);
    play(1);
    CHECK(out[1].status == STATUS_OK && !out[1].tune_close && v.turns == 6);
}

int main(void)
{
    machine_look_host(&machine);
    machine.device.threads = 1;
    machine.device.llc_bytes = 1 << 18;
    best_wins();
    wrong_ones();
    failing_ones();
    close_ones();
    free(samples.at);
    return check_done();
}
