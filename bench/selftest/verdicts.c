/* verdicts.c: what decides about a proof, apart from what measures; pure functions. A NaN never
 * holds. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "fail.h"
#include "selftest/proof.h"

static struct finding finding(int holds, const char *said)
{
    struct finding f = {.verdict = holds ? VERDICT_HOLDS : VERDICT_FAILS};

    snprintf(f.said, sizeof f.said, "%s", said);
    return f;
}

void tally_add(struct tally *t, const char *name, const struct finding *f)
{
    static const char *const words[] = {[VERDICT_HOLDS] = "ok",
                                        [VERDICT_FAILS] = "FAIL",
                                        [VERDICT_NOISY] = "noisy",
                                        [VERDICT_UNTRIED] = "-"};

    t->held += f->verdict == VERDICT_HOLDS;
    t->failed += f->verdict == VERDICT_FAILS;
    t->noisy += f->verdict == VERDICT_NOISY;
    printf("%-5s %-26s %s\n", words[f->verdict], name, f->said);
    fflush(stdout);
}

void tally_start(struct tally *t)
{
    *t = (struct tally){0};
    facts_clear(&t->facts);
}

const char *tally_failure(struct tally *t, const char *name, const char *why)
{
    if (!why || !strcmp(why, "interrupted")) return why;
    const struct finding f = finding(0, fail_text("could not be made: %s", why));
    tally_add(t, name, &f);
    return NULL;
}

/* ---- liars ---- */

/* Does text start with one of the alternatives, between which there is a '|'? */
static int starts_as(const char *text, const char *alternatives)
{
    for (const char *s = alternatives;; s++) {
        const size_t n = strcspn(s, "|");
        if (!strncmp(text, s, n)) return 1;
        s += n;
        if (!*s) return 0;
    }
}

struct finding liar_verdict(const struct liar *l, const struct outcome *o)
{
    static const char *const words[] = {[STATUS_OK] = "ok",
                                        [STATUS_SKIPPED] = "skipped",
                                        [STATUS_WRONG] = "wrong",
                                        [STATUS_FAILED] = "failed"};
    const char *flag = o->status == STATUS_WRONG && l->flag ? l->flag : "";
    char got[SAID];
    int timed = 0;

    for (int k = 0; k < CELLS; k++) timed += o->cell[k].status == STATUS_OK;
    if (o->status == STATUS_OK) snprintf(got, sizeof got, "ok");
    else snprintf(got, sizeof got, "%s, %s", words[o->status], o->reason);
    if (o->status == STATUS_SKIPPED && l->impl.why_not) {
        struct finding f = {.verdict = VERDICT_UNTRIED};
        snprintf(f.said, sizeof f.said, "not tried here: %s", o->reason);
        return f;
    }
    if (l->needs == LIAR_CHECKER) {
        struct finding f = finding(!strcmp(got, "ok"), got);
        if (f.verdict != VERDICT_HOLDS) return f;
        f.verdict = VERDICT_UNTRIED;
        snprintf(f.said, sizeof f.said, "not seen without a checker");
        return f;
    }
    if (!starts_as(got, l->expect) || strcmp(o->flag, flag))
        return finding(0, fail_text("%s %s; expected: %s %s", got, o->flag, l->expect, flag));
    if (o->status != STATUS_OK)
        return timed ? finding(0, fail_text("rejected, but with %d times: %s", timed, got))
                     : finding(1, fail_text("rejected: %s", got));
    if (!(o->first_call_ms >= l->first_call_ms))
        return finding(0, fail_text("first call %.1f ms, expected at least %.1f", o->first_call_ms,
                                    l->first_call_ms));
    return finding(timed > 0, timed ? fail_text("honest: ok, first call %.1f ms", o->first_call_ms)
                                    : "ok, but without a time");
}

/* ---- times ---- */

struct finding duration_verdict(double nominal_us, double us, double floor_us, double share)
{
    const double expected = nominal_us + floor_us, slack = 1 + share * nominal_us;

    return finding(fabs(us - expected) <= slack,
                   fail_text("%.3f us, expected %.3f +- %.3f", us, expected, slack));
}

struct finding floor_verdict(double us, double most_us)
{
    return finding(us > 0 && us < most_us,
                   fail_text("%.3f us for next to nothing, expected less than %g", us, most_us));
}

int binomial_99(int n, double p)
{
    double term = pow(1 - p, n), sum = term;
    int k = 0;

    for (; sum < 0.99 && k < n; k++) {
        term *= (double)(n - k) / (k + 1) * p / (1 - p);
        sum += term;
    }
    return k;
}

/* Ratios this close to 1 are not told from it: on an H100 one kernel under two names, each with a
 * graph of its own, kept differences of up to 0.06 % from round to round
 * (study/raw/h100/selftest.txt). */
static const double RESOLUTION = 0.001;

double equal_floor_pct(const struct ratio *r, int cells)
{
    double largest = cells ? 0 : NAN;

    for (int i = 0; i < cells; i++) {
        const double off = 100 * fabs(r[i].factor - 1);
        if (isnan(off)) return NAN;
        largest = fmax(largest, off);
    }
    return largest;
}

struct finding equal_verdict(const struct ratio *r, int cells, double most_pct)
{
    const int allowed = binomial_99(cells, 0.05);
    const double largest = equal_floor_pct(r, cells);
    int excluded = 0, without = 0;

    for (int i = 0; i < cells; i++) {
        without += !(r[i].hi >= r[i].lo);
        excluded += r[i].lo > 1 + RESOLUTION || r[i].hi < 1 - RESOLUTION;
    }
    return finding(
        cells && !without && largest <= most_pct && excluded <= allowed,
        fail_text("%d of %d intervals of the ratio exclude 1 +- 0.1 %% (at most %d), floor %.2f "
                  "%% (at most %g %%)%s",
                  excluded, cells, allowed, largest, most_pct,
                  without ? "; some have no interval" : ""));
}

struct finding influence_verdict(const struct ratio *r, double most_pct)
{
    /* an interval of more than three times the limit says nothing about it */
    const double off = 100 * (r->factor - 1), half = 50 * (r->hi - r->lo);

    return finding(fabs(off) <= most_pct && half <= 3 * most_pct,
                   fail_text("%+.3f %%, 95 %% interval %+.3f to %+.3f (at most %g; interval at "
                             "most +-%g)",
                             off, 100 * (r->lo - 1), 100 * (r->hi - 1), most_pct, 3 * most_pct));
}

struct finding extra_verdict(const struct ratio *r, int cells, double extra_pct, int sign_only)
{
    const int needed = (int)ceil(0.95 * cells);
    double sum = 0;
    int found = 0;

    for (int i = 0; i < cells; i++) {
        found += sign_only ? r[i].factor > 1 : r[i].lo > 1;
        sum += 100 * (r[i].factor - 1) / cells;
    }
    return finding(cells && found >= needed,
                   fail_text("%s in %d of %d cells (at least %d), mean %+.2f %% for +%g %%",
                             sign_only ? "sign right" : "found", found, cells, needed, sum,
                             extra_pct));
}

struct finding linear_verdict(const double us[4], double share)
{
    const double first = us[2] - us[1], second = (us[3] - us[2]) / 2, slope = second / first,
                 intercept = us[1] - first;

    return finding(fabs(slope - 1) <= share && fabs(intercept - us[0]) <= 1 + share * us[1],
                   fail_text("1x 2x 4x: slopes 1 : %.4f (+- %g), intercept %.2f us, no work %.2f "
                             "(+- %.2f)",
                             slope, share, intercept, us[0], 1 + share * us[1]));
}

/* ---- statistics ---- */

struct finding coverage_verdict(int n, long held, long trials)
{
    const int k = stats_median_rank(n);
    double term = pow(0.5, n), tail = 0; /* P(Bin(n, 1/2) <= k - 1) */

    for (int i = 0; i < k; i++) {
        tail += term;
        term *= (double)(n - i) / (i + 1);
    }
    const double truth = 1 - 2 * tail, share = (double)held / (double)trials,
                 slack = 4 * sqrt(truth * (1 - truth) / (double)trials);
    return finding(k && truth >= 0.95 && fabs(share - truth) <= slack,
                   fail_text("%.2f %% of the intervals of %d samples hold the median, expected "
                             "%.2f +- %.2f",
                             100 * share, n, 100 * truth, 100 * slack));
}
