/* verdicts_device.c: what decides about the proofs of what the device does; pure functions. A NaN
 * never holds. */
#include <math.h>
#include <stdio.h>
#include "fail.h"
#include "selftest/proof.h"

/* A memory clock does not rise above what the driver says, as that of the multiprocessors does
 * (FLOOR_LEEWAY): what is left is 1 % for timers. */
static const double COPY_LEAST = 0.60, COPY_MOST = 1.01;
static const double HOT_LEAST = 1.2, HOT_SAME = 0.05;
static const double AGREE_PCT = 0.5;     /* what ran before does not matter */
static const double FORGOTTEN_PCT = 1.0; /* nor one of them alone, after the longest pre-roll */

const double settle_rolls_ms[SETTLE_ROLLS] = {0, 20, 100, 200, 300, 500};

static struct finding finding(int holds, const char *said)
{
    struct finding f = {.verdict = holds ? VERDICT_HOLDS : VERDICT_FAILS};

    snprintf(f.said, sizeof f.said, "%s", said);
    return f;
}

struct finding copy_verdict(double gbs, double spec_gbs)
{
    struct finding f;

    if (isnan(spec_gbs) && gbs > 0) {
        f = finding(0, fail_text("%.0f GB/s; bus width or memory clock are not known here", gbs));
        f.verdict = VERDICT_UNTRIED;
        return f;
    }
    return finding(gbs >= COPY_LEAST * spec_gbs && gbs <= COPY_MOST * spec_gbs,
                   fail_text("%.0f GB/s, %.1f %% of the %.0f that bus width x memory clock allow; "
                             "expected %.0f to %.0f %%",
                             gbs, 100 * gbs / spec_gbs, spec_gbs, 100 * COPY_LEAST,
                             100 * COPY_MOST));
}

struct finding cache_verdict(double cold_us, double hot_us, int fits)
{
    const double ratio = cold_us / hot_us;
    const int timed = cold_us > 0 && hot_us > 0;

    if (fits)
        return finding(timed && ratio > HOT_LEAST,
                       fail_text("cold %.2f us / hot %.2f us = %.3f, expected more than %g",
                                 cold_us, hot_us, ratio, HOT_LEAST));
    return finding(timed && fabs(ratio - 1) <= HOT_SAME,
                   fail_text("cold %.2f us / hot %.2f us = %.3f, expected 1 +- %g", cold_us, hot_us,
                             ratio, HOT_SAME));
}

/* ---- settle ---- */

double settle_window_us(const struct settle_trace *t, double from_ms, double to_ms)
{
    double at_ms = 0, calls = 0, span_us = 0;

    for (int i = 0; i < t->blocks; i++) {
        if (at_ms >= from_ms && at_ms < to_ms) {
            calls += t->span_us[i] / t->us[i];
            span_us += t->span_us[i];
        }
        at_ms += 1e-3 * t->span_us[i];
    }
    return at_ms >= to_ms && calls > 0 ? span_us / calls : NAN;
}

/* Mean over the traces of a repeat. */
static double mean_us(const struct settle_trace trace[SETTLE_BEFORE], double from_ms, double to_ms)
{
    double sum = 0;

    for (int b = 0; b < SETTLE_BEFORE; b++) sum += settle_window_us(&trace[b], from_ms, to_ms);
    return sum / SETTLE_BEFORE;
}

static double last_us(const struct settle_trace trace[SETTLE_BEFORE])
{
    const double from = settle_rolls_ms[SETTLE_ROLLS - 1];

    return mean_us(trace, from, from + SETTLE_TIMED_MS);
}

/* NaN where one is. */
static double median_known(double x[SETTLE_REPEATS])
{
    for (int r = 0; r < SETTLE_REPEATS; r++)
        if (isnan(x[r])) return NAN;
    return stats_median(x, SETTLE_REPEATS);
}

void settle_off(struct settle_trace trace[SETTLE_REPEATS][SETTLE_BEFORE],
                double off[SETTLE_BEFORE][SETTLE_ROLLS])
{
    for (int b = 0; b < SETTLE_BEFORE; b++)
        for (int k = 0; k < SETTLE_ROLLS; k++) {
            const double from = settle_rolls_ms[k];
            double all[SETTLE_REPEATS];
            for (int r = 0; r < SETTLE_REPEATS; r++) {
                const double us = settle_window_us(&trace[r][b], from, from + SETTLE_TIMED_MS);
                all[r] = 100 * (us / last_us(trace[r]) - 1);
            }
            off[b][k] = median_known(all);
        }
}

double settle_later_pct(struct settle_trace trace[SETTLE_REPEATS][SETTLE_BEFORE])
{
    double all[SETTLE_REPEATS];

    for (int r = 0; r < SETTLE_REPEATS; r++)
        all[r] = 100 * (mean_us(trace[r], SETTLE_TOTAL_MS - SETTLE_END_MS, SETTLE_TOTAL_MS) /
                            last_us(trace[r]) -
                        1);
    return median_known(all);
}

double settle_needed_ms(double off[SETTLE_BEFORE][SETTLE_ROLLS])
{
    double needed = NAN;

    for (int k = SETTLE_ROLLS - 1; k >= 0; k--) {
        for (int a = 0; a < SETTLE_BEFORE; a++)
            for (int b = 0; b < SETTLE_BEFORE; b++)
                if (!(off[a][k] - off[b][k] <= AGREE_PCT)) return needed;
        needed = settle_rolls_ms[k];
    }
    return needed;
}

struct finding settle_one_verdict(const double off[SETTLE_ROLLS])
{
    char text[SAID] = "";
    size_t used = 0;

    for (int k = 0; k < SETTLE_ROLLS; k++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%+.2f %% (%g ms)",
                                 k ? ", " : "", off[k], settle_rolls_ms[k]);
    return finding(
        fabs(off[SETTLE_ROLLS - 1]) <= FORGOTTEN_PCT,
        fail_text("off by %s of pre-roll, expected within %g %% at last", text, FORGOTTEN_PCT));
}

struct finding settle_verdict(double needed_ms, double used_ms)
{
    if (isnan(needed_ms))
        return finding(0,
                       fail_text("no pre-roll up to %g ms makes them agree within %g %%; publish "
                                 "uses %g ms",
                                 settle_rolls_ms[SETTLE_ROLLS - 1], AGREE_PCT, used_ms));
    return finding(needed_ms <= used_ms,
                   fail_text("pre-roll of %g ms needed, from which on all agree within %g %%; "
                             "publish uses %g ms",
                             needed_ms, AGREE_PCT, used_ms));
}
