/* repeats.c: see repeats.h. */
#include "measure/repeats.h"
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

/* ---- merging ---- */

/* Median over the repeats of one field of their statistics. */
static double median_of(const struct stats *of, int repeats, size_t field)
{
    double v[REPEATS_MAX];

    for (int q = 0; q < repeats; q++) v[q] = *(const double *)((const char *)&of[q] + field);
    return stats_median(v, repeats);
}

struct stats repeats_stats(const struct stats *of, int repeats, double *x, int n)
{
    double medians[REPEATS_MAX] = {of[0].median};

    if (repeats == 1) return *of;
    for (int q = 1; q < repeats; q++) medians[q] = of[q].median;
    const struct stats between = stats_of(medians, repeats);
    struct stats s = {.n = n,
                      .median = between.median,
                      .min = of[0].min,
                      .p05 = NAN,
                      .p95 = NAN,
                      .ci_lo = between.ci_lo,
                      .ci_hi = between.ci_hi,
                      .ci_pct = between.ci_pct,
                      .mad = median_of(of, repeats, offsetof(struct stats, mad)),
                      .drift_pct = median_of(of, repeats, offsetof(struct stats, drift_pct)),
                      .iqr_pct = median_of(of, repeats, offsetof(struct stats, iqr_pct))};
    for (int q = 1; q < repeats; q++) s.min = fmin(s.min, of[q].min);
    if (n >= 50) {
        stats_sort(x, n);
        s.p05 = stats_quantile(x, n, 0.05);
        s.p95 = stats_quantile(x, n, 0.95);
    }
    return s;
}

/* The outcomes of one impl lie `count` apart. */
struct series {
    const struct outcome *of;
    int repeats, count, impl;
    const struct sample_log *log;
};

static const struct outcome *at(const struct series *s, int repeat)
{
    return &s->of[repeat * s->count + s->impl];
}

/* What the own samples say: statistics and clock. */
static void merge_samples(const struct series *s, int cell, struct cell *to)
{
    enum { MOST = REPEATS_MAX * STATS_MAX };
    static double us[MOST], mhz[MOST];
    struct stats of[REPEATS_MAX];
    int n = 0, clocks = 0;

    for (int i = 0; i < s->log->count && n < MOST; i++) {
        const struct logged *l = &s->log->at[i];
        if (l->impl != s->impl || l->cell != cell || !l->own) continue;
        us[n++] = l->sample.us;
        if (!isnan(l->sample.sm_mhz)) mhz[clocks++] = l->sample.sm_mhz;
    }
    for (int q = 0; q < s->repeats; q++) of[q] = at(s, q)->cell[cell].stats;
    to->stats = repeats_stats(of, s->repeats, us, n);
    to->clock = rounds_clock_of(mhz, clocks);
}

/* What was counted meanwhile. */
static void merge_counts(const struct series *s, int cell, struct cell *to)
{
    double stolen = 0;
    int known = 0;

    to->restless = to->exposed = 0;
    for (int q = 0; q < s->repeats; q++) {
        const struct cell *c = &at(s, q)->cell[cell];
        to->restless += c->restless;
        to->exposed += c->exposed;
        if (!isnan(c->stolen_pct)) stolen += c->stolen_pct, known++;
    }
    to->stolen_pct = known ? stolen / known : NAN;
}

static void merge_cell(const struct series *s, int cell, struct cell *to)
{
    for (int q = 0; q < s->repeats; q++)
        if (at(s, q)->cell[cell].status != STATUS_OK) {
            *to = at(s, q)->cell[cell];
            return;
        }
    merge_samples(s, cell, to);
    merge_counts(s, cell, to);
}

static void merge_impl(const struct series *s, struct outcome *to)
{
    int last = 0; /* the repeat that decides, or the last one */

    while (last < s->repeats - 1 && at(s, last)->status == STATUS_OK) last++;
    if (at(s, last)->status != STATUS_OK) {
        *to = *at(s, last);
    } else {
        *to = *at(s, 0);
        for (int q = 1; q < s->repeats; q++)
            if (at(s, q)->agreement.max_frac > to->agreement.max_frac)
                to->agreement = at(s, q)->agreement;
    }
    const struct series played = {s->of, last + 1, s->count, s->impl, s->log};
    for (int k = 0; k < CELLS; k++)
        if (to->cell[k].planned && to->cell[k].status == STATUS_OK)
            merge_cell(&played, k, &to->cell[k]);
}

void repeats_merge(const struct outcome *of, int repeats, int count, const struct sample_log *log,
                   struct outcome *out)
{
    for (int i = 0; i < count; i++) {
        const struct series s = {of, repeats, count, i, log};
        if (repeats == 1) out[i] = of[i];
        else merge_impl(&s, &out[i]);
    }
}

/* ---- playing ---- */

/* The impls that still play, as a contest, and their places in the whole one. */
struct field {
    struct contest c;
    const struct impl *impl[ENTRIES_MAX];
    int place[ENTRIES_MAX];
};

/* Plays them once; of and the log get what the whole contest would have. */
static const char *play_once(struct worker *w, struct field *f, int repeat, struct outcome *of)
{
    struct sample_log *log = f->c.log;
    const int before = log->count, count = f->c.count;
    struct outcome *out = calloc((size_t)count, sizeof *out);

    if (!out) return "oom: host memory for a contest";
    const char *why = worker_play(w, &f->c, out);
    for (int i = before; i < log->count; i++) {
        log->at[i].impl = f->place[log->at[i].impl];
        log->at[i].repeat = repeat;
    }
    f->c.count = 0;
    for (int i = 0; i < count && !why; i++) {
        of[f->place[i]] = out[i];
        if (out[i].status != STATUS_OK) continue;
        f->place[f->c.count] = f->place[i];
        f->impl[f->c.count++] = f->impl[i];
    }
    free(out);
    return why;
}

const char *repeats_play(struct worker *w, const struct contest *c, int repeats,
                         struct outcome *out)
{
    struct outcome *of = calloc((size_t)repeats * (size_t)c->count, sizeof *of);
    struct field f = {.c = *c};
    const char *why = NULL;

    if (!of) return "oom: host memory for a contest";
    for (int i = 0; i < c->count && i < ENTRIES_MAX; i++) f.impl[i] = c->impls[i], f.place[i] = i;
    f.c.impls = f.impl;
    for (int q = 0; q < repeats && f.c.count && !why; q++) {
        const double now = timer_now_us(), deadline = c->rounds.deadline_us;
        if (repeats > 1) worker_renew(w);
        if (deadline > 0) f.c.rounds.deadline_us = now + (deadline - now) / (repeats - q);
        f.c.rounds.seed = c->rounds.seed + (uint64_t)q;
        if (q) f.c.energy_s = 0;
        why = play_once(w, &f, q + 1, of + q * c->count);
    }
    if (!why) repeats_merge(of, repeats, c->count, c->log, out);
    free(of);
    return why;
}
