/* derive_between.c: one cell measured in two sets of runs. The unit of evidence is the repeat, a
 * fresh process: two processes of one program differ by more than the rounds within one, so rounds
 * are never pooled. */
#include <math.h>
#include "measure/ranks.h"
#include "measure/stats.h"
#include "report/derive.h"
#include "store/samples.h"

_Static_assert((int)EVIDENCE_MAX <= (int)RANKS_MAX, "the test takes all evidence");

struct repeat {
    double median, lo, hi; /* us; 95 % interval within the process, NaN without */
};

static int repeats_of(const struct row *r, struct repeat out[REPEATS_MAX])
{
    double t[STATS_MAX];
    int repeats = 0;

    if (!derive_usable(r)) return 0;
    /* The first `samples` lines are the row's own; behind them it was a guest of another contest.
     */
    const int own = r->sample_count > r->samples ? (int)r->samples : r->sample_count;
    for (int repeat = 1; repeat <= REPEATS_MAX; repeat++) {
        int n = 0;
        for (int i = 0; i < own && n < STATS_MAX; i++)
            if (r->sample[i].repeat == repeat) t[n++] = r->sample[i].t_us;
        if (!n) continue;
        const int k = stats_median_rank(n);
        out[repeats++] =
            (struct repeat){stats_median(t, n), k ? t[k - 1] : NAN, k ? t[n - k] : NAN};
    }
    if (repeats > 1) return repeats;
    out[0] = (struct repeat){r->t_med_us, r->t_ci_lo_us, r->t_ci_hi_us};
    return 1;
}

int derive_add_evidence(struct evidence *e, const struct row *r)
{
    struct repeat repeat[REPEATS_MAX];
    double sorted[EVIDENCE_MAX];
    const int n = repeats_of(r, repeat), first = e->repeats == 0;
    int i = 0;

    for (; i < n && e->repeats < EVIDENCE_MAX; i++) {
        const int begins = e->repeats == 0;
        e->repeat[e->repeats++] = repeat[i].median;
        /* Wherever one of the processes would have it; one without makes it unknown. */
        e->lo = begins || !(repeat[i].lo >= e->lo) ? repeat[i].lo : e->lo;
        e->hi = begins || !(repeat[i].hi <= e->hi) ? repeat[i].hi : e->hi;
        if (!(e->lo > 0)) e->lo = e->hi = NAN;
    }
    for (int k = 0; k < e->repeats; k++) sorted[k] = e->repeat[k];
    if (e->repeats) e->t = first ? r->t_med_us : stats_median(sorted, e->repeats);
    return i == n;
}

struct between derive_between(const struct evidence *a, const struct evidence *b)
{
    struct between q = {NAN, NAN, NAN, NAN};
    double x[EVIDENCE_MAX], y[EVIDENCE_MAX];

    if (!a->repeats || !b->repeats) return q;
    q.ratio = a->t / b->t;
    if (a->repeats < BETWEEN_REPEATS || b->repeats < BETWEEN_REPEATS) {
        q.lo = a->lo / b->hi;
        q.hi = a->hi / b->lo;
        return q;
    }
    for (int i = 0; i < a->repeats; i++) x[i] = log(a->repeat[i]);
    for (int i = 0; i < b->repeats; i++) y[i] = log(b->repeat[i]);
    q.p = ranks_p(x, a->repeats, y, b->repeats);
    if (ranks_shift(x, a->repeats, y, b->repeats, &q.lo, &q.hi)) q.lo = exp(q.lo), q.hi = exp(q.hi);
    return q;
}
