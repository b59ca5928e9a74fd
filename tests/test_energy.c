/* test_energy.c: the energy of a call, from a contest with a made-up timer and a made-up meter of
 * 700 W. A user would publish joules that belong to another kernel, or to a meter that stood still.
 */
#include "scratch.h"
#include "check.h"
#include "fake_nvml.h"
#include "cmd/record_energy.h"
#include "ops/problem.h"

extern const struct impl gemm_cpu_naive, gemm_cpu_reordered;

static char order[64]; /* blocks of the energy pass: n(aive) r(eordered) */
static int fails_at = -1;

static const char *timer_open(struct timed *t)
{
    t->call_us = 100;
    return NULL;
}
static const char *timer_block(struct timed *t, double warm_us, double block_us, struct block *b)
{
    *b = (struct block){.us = 100, .calls = (long)(block_us / 100), .sm_mhz = NAN};
    if (warm_us < 1e6) return NULL;
    const size_t n = strlen(order);
    order[n] = t->impl == &gemm_cpu_naive ? 'n' : 'r';
    wait_ms((int)(block_us / 1e3));
    return (int)n == fails_at ? "cuda: it broke" : NULL;
}
static const char *timer_replay(struct timed *t, int set)
{
    return t->impl->run(t->plan, &t->set[set], NULL);
}
static void timer_close(struct timed *t) { (void)t; }

static const struct timer fake_timer = {.name = "batch",
                                        .now_us = timer_now_us,
                                        .open = timer_open,
                                        .block = timer_block,
                                        .replay = timer_replay,
                                        .close = timer_close};

static void play(struct outcome out[2], double energy_s)
{
    static struct machine m;
    const struct impl *two[] = {&gemm_cpu_naive, &gemm_cpu_reordered};
    struct problem p;

    machine_look_host(&m);
    m.device.threads = 1;
    m.device.llc_bytes = 1 << 18;
    CHECK_OK(problem_parse(&p, "gemm f32 nn 16x16x16"));
    const struct contest c = {.problem = &p,
                              .machine = &m,
                              .place = HOST,
                              .impls = two,
                              .count = 2,
                              .wanted = {1, 1},
                              .rounds = {.block_us = 200, .rounds = 6, .slow_us = 1e6, .seed = 1},
                              .limit_s = 10,
                              .energy_s = energy_s,
                              .judge_budget = 1e9,
                              .seed = 1,
                              .timer = {[BATCH] = &fake_timer}};
    memset(order, 0, sizeof order);
    CHECK_OK(contest_run(&c, out));
}

int main(void)
{
    static struct outcome out[2];
    struct flag_facts f = {0};

    if (fake_absent()) return 77;
    scratch_begin();
    CHECK_LOSS("joules that are not a drift of the board");
    fake("FAKE_NVML_FULL", "", "");
    recorder_start(OURS, 1);
    recorder_energy(1);
    play(out, 1.6);
    CHECK_STR(order, "nrrn");
    const double mj = record_energy_mj(&out[0].cell[COLD], &f);
    CHECK_NEAR(mj, 700 * 100e-3, 7); /* 700 W for 100 us */
    CHECK(f.energy_halves_pct < 15 && f.energy_power_pct < 15);
    CHECK(isnan(record_energy_mj(&out[0].cell[HOT], &f)));

    CHECK_LOSS("a row of a kernel that breaks under steady load");
    fails_at = 1;
    play(out, 0.1);
    CHECK_STR(order, "nrn");
    CHECK(out[0].status == STATUS_OK && out[1].status == STATUS_FAILED);
    CHECK_STR(out[1].reason, "cuda: it broke");
    fails_at = -1;
    recorder_stop();

    CHECK_LOSS("a column that is empty where nothing was measured");
    play(out, 0);
    CHECK_STR(order, "");
    CHECK(isnan(record_energy_mj(&out[0].cell[COLD], NULL)));
    play(out, 0.1); /* without a meter */
    CHECK(isnan(record_energy_mj(&out[0].cell[COLD], NULL)));
    return check_done();
}
