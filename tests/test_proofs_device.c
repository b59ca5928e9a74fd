/* test_proofs_device.c: what `wheelbench selftest` says of the device and of what runs beside a
 * time: influence, physics, settling. A user would lose the right to believe it when it passes. */
#include "check.h"
#include "selftest/play.h"
#include "selftest/proof.h"

#define HOLDS(f) CHECK((f).verdict == VERDICT_HOLDS)
#define FAILS(f) CHECK((f).verdict == VERDICT_FAILS)

static void of_influences(void)
{
    const double with[] = {10.01, 10.02, 10.01, 10.01, 10.02, 10.01},
                 without[] = {10, 10, 10, 10, 10, 10};
    struct ratio r = play_pairs(with, without, 6);

    CHECK_LOSS("a recorder that slows down what it watches");
    CHECK(fabs(r.factor - 1.001) < 1e-6 && r.lo > 1.0009 && r.hi < 1.0021 && r.rounds == 6);
    HOLDS(influence_verdict(&r, 0.2));
    FAILS(influence_verdict(&r, 0.05));
    r.factor = 0.997; /* faster with it is an influence too */
    FAILS(influence_verdict(&r, 0.2));
    r = (struct ratio){1.001, 0.99, 1.012, 6, 1}; /* too wide to tell */
    FAILS(influence_verdict(&r, 0.2));
    r = (struct ratio){1, NAN, NAN, 3, 1};
    FAILS(influence_verdict(&r, 0.2));
    r = (struct ratio){NAN, 1, 1, 6, 1};
    FAILS(influence_verdict(&r, 0.2));

    CHECK_LOSS("the floor below which differences are none");
    const struct ratio some[] = {{1.001, 1, 1, 6, 1}, {0.996, 1, 1, 6, 1}, {NAN, 1, 1, 6, 1}};
    CHECK(fabs(equal_floor_pct(some, 2) - 0.4) < 1e-9);
    CHECK(isnan(equal_floor_pct(some, 3)) && isnan(equal_floor_pct(some, 0)));
}

static void of_physics(void)
{
    CHECK_LOSS("a bandwidth that no memory has, or a device that is half asleep");
    HOLDS(copy_verdict(3000, 3350));
    HOLDS(copy_verdict(3380, 3350));
    FAILS(copy_verdict(3400, 3350));
    FAILS(copy_verdict(2000, 3350));
    FAILS(copy_verdict(NAN, 3350));
    FAILS(copy_verdict(NAN, NAN));
    CHECK(copy_verdict(3000, NAN).verdict == VERDICT_UNTRIED);
    CHECK_LOSS("cold times that are hot, or hot ones that are cold");
    HOLDS(cache_verdict(13, 10, 1));
    FAILS(cache_verdict(11.9, 10, 1));
    FAILS(cache_verdict(10, 0, 1));
    FAILS(cache_verdict(NAN, 10, 1));
    HOLDS(cache_verdict(104, 100, 0));
    HOLDS(cache_verdict(96, 100, 0));
    FAILS(cache_verdict(106, 100, 0));
    FAILS(cache_verdict(94, 100, 0));
    FAILS(cache_verdict(100, NAN, 0));
}

/* Calls of 1 ms in blocks of 20 ms; what ran before lends this many %, less by 1/e each tau. */
static void make_trace(struct settle_trace *t, double lent_pct, double tau_ms)
{
    double at_ms = 0;

    *t = (struct settle_trace){0};
    while (at_ms < SETTLE_TOTAL_MS + 1 && t->blocks < SETTLE_BLOCKS) {
        const double us = 1e3 * (1 - 0.01 * lent_pct * exp(-(at_ms + 10) / tau_ms));
        t->us[t->blocks] = us;
        t->span_us[t->blocks++] = 20 * us;
        at_ms += 20e-3 * us;
    }
}

static double needed(double lent_pct, double tau_ms, double off[SETTLE_BEFORE][SETTLE_ROLLS])
{
    static struct settle_trace trace[SETTLE_REPEATS][SETTLE_BEFORE];

    for (int r = 0; r < SETTLE_REPEATS; r++) {
        make_trace(&trace[r][0], lent_pct, tau_ms);
        make_trace(&trace[r][1], 0.5 * lent_pct, tau_ms);
        make_trace(&trace[r][2], 0, tau_ms);
    }
    settle_off(trace, off);
    return settle_needed_ms(off);
}

static double later(double lent_pct, double tau_ms)
{
    static struct settle_trace trace[SETTLE_REPEATS][SETTLE_BEFORE];

    for (int r = 0; r < SETTLE_REPEATS; r++)
        for (int b = 0; b < SETTLE_BEFORE; b++) make_trace(&trace[r][b], lent_pct, tau_ms);
    return settle_later_pct(trace);
}

static void of_settling(void)
{
    double off[SETTLE_BEFORE][SETTLE_ROLLS];
    struct settle_trace t;

    CHECK_LOSS("which pre-roll makes a time that of its own kernel");
    make_trace(&t, 10, 50);
    CHECK(settle_window_us(&t, 0, 100) < 970 && settle_window_us(&t, 600, 900) > 999);
    CHECK(isnan(settle_window_us(&t, 900, 1000))); /* the trace ends before */
    t.blocks = 0;
    CHECK(isnan(settle_window_us(&t, 0, 100)));
    CHECK(needed(0.3, 50, off) == 0);
    CHECK(needed(5, 20, off) == 20 || needed(5, 20, off) == 100);
    CHECK(needed(8, 50, off) == 100);
    HOLDS(settle_one_verdict(off[0]));
    CHECK(off[0][0] < -3 && fabs(off[2][0]) < 0.1);
    CHECK(needed(8, 100, off) == 200 || needed(8, 100, off) == 300);
    CHECK(isnan(needed(8, 1e4, off)));
    off[1][3] = NAN; /* what is not known does not agree */
    CHECK(!(settle_needed_ms(off) <= settle_rolls_ms[3]));
    off[1][SETTLE_ROLLS - 1] = 1.1;
    FAILS(settle_one_verdict(off[1]));
    off[1][SETTLE_ROLLS - 1] = NAN;
    FAILS(settle_one_verdict(off[1]));
    CHECK_LOSS("that a kernel at the power limit goes on to get slower");
    CHECK(fabs(later(8, 50)) < 0.1 && later(30, 1e3) > 0.5);
    HOLDS(settle_verdict(100, 100));
    FAILS(settle_verdict(200, 100));
    FAILS(settle_verdict(NAN, 100));
}

int main(void)
{
    of_influences();
    of_physics();
    of_settling();
    return check_done();
}
