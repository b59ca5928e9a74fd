/* test_traces.c: the statistics of every stored run, made anew from its samples by today's code. A
 * user would lose the meaning of old numbers to a change that nobody noticed: a stored run stays as
 * it is, so the code has to. Samples are stored with 7 digits, which is the tolerance. */
#include <stdlib.h>
#include "check.h"
#include "measure/repeats.h"
#include "report/shelf.h"

static long rows_seen;

/* Near as stored numbers are; both may be empty. */
static int same(double got, double want, double scale)
{
    return isnan(want) ? isnan(got) : fabs(got - want) <= 1.2e-6 * fabs(scale);
}

static void check_row(const struct shelf_run *s, size_t i, const struct row *r)
{
    static double us[REPEATS_MAX * STATS_MAX];
    struct stats of[REPEATS_MAX], all;
    int repeats = 0, n = (int)r->samples;

    if (!CHECK(n > 0 && n <= r->sample_count)) return;
    for (int k = 0, from = 0; k <= n; k++) {
        if (k < n) us[k] = r->sample[k].t_us;
        if (k < n && r->sample[k].repeat == r->sample[from].repeat) continue;
        of[repeats++] = stats_of(us + from, k - from);
        from = k;
    }
    all = repeats > 1 ? repeats_stats(of, repeats, us, n) : of[0];
    const double t = r->t_med_us;
    const int holds = same(all.median, t, t) && same(all.min, r->t_min_us, t) &&
                      same(all.p05, r->t_p05_us, t) && same(all.p95, r->t_p95_us, t) &&
                      same(all.ci_lo, r->t_ci_lo_us, t) && same(all.ci_hi, r->t_ci_hi_us, t) &&
                      same(all.mad, r->mad_us, t) && same(all.drift_pct, r->drift_pct, 100.0 * n);
    if (!CHECK(holds))
        printf("    %s line %zu: median %.7g, stored %.7g; drift %g, stored %g\n", s->dir, i + 2,
               all.median, t, all.drift_pct, r->drift_pct);
    rows_seen++;
}

/* Does the stored flag say what today's rule says of these statistics? */
static void check_flags(const struct shelf_run *s, size_t i, const struct row *r)
{
    const double half = 50 * (r->t_ci_hi_us - r->t_ci_lo_us) / r->t_med_us;
    const int wide = strstr(r->flags, "CI_WIDE") != NULL;

    if (isnan(half) || fabs(half - STATS_CI_GOAL_PCT) < 1e-4) return;
    if (!CHECK(wide == (half > STATS_CI_GOAL_PCT)))
        printf("    %s line %zu: interval +-%.4g %%, flags %s\n", s->dir, i + 2, half, r->flags);
}

int main(void)
{
    static struct shelf shelf;
    int runs = 0;

    CHECK_LOSS("what a stored time was made of");
    CHECK_OK(shelf_open(&shelf, "results"));
    for (int k = 0; k < shelf.count; k++) {
        const struct shelf_run *s = &shelf.runs[k];
        if (!s->packed || s->why || !s->run.samples.count) continue;
        runs++;
        for (size_t i = 0; i < s->run.count; i++) {
            if (!derive_usable(&s->run.rows[i])) continue;
            check_row(s, i, &s->run.rows[i]);
            check_flags(s, i, &s->run.rows[i]);
        }
    }
    CHECK(runs >= 6 && rows_seen > 1000);
    printf("%d runs, %ld rows\n", runs, rows_seen);
    shelf_close(&shelf);
    return check_done();
}
