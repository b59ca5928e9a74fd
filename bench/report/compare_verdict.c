/* compare_verdict.c: what two measurements of one cell allow to say. A difference counts when it is
 * larger than what equal programs differ by and the interval excludes 1; equality is claimed only
 * where the whole interval lies inside that band. All else is undecided, and said to be. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "measure/stats.h"
#include "report/compare.h"

const char *const verdict_names[VERDICTS] = {
    [FASTER] = "FASTER", [SLOWER] = "SLOWER", [SAME] = "SAME",   [UNSURE] = "UNSURE",
    [CLOCK] = "CLOCK",   [BROKEN] = "BROKEN", [FIXED] = "FIXED", [NEW] = "NEW",
    [GONE] = "GONE",     [NEITHER] = "-"};

static const double significant = 0.05;

static int few(const struct cell *c)
{
    return c->evidence[0].repeats < BETWEEN_REPEATS || c->evidence[1].repeats < BETWEEN_REPEATS;
}

/* 1 + that share of the time. */
static double band_of(const struct cell *c, double threshold_pct)
{
    double pct = isnan(threshold_pct) ? COMPARE_BAND_PCT : threshold_pct;

    if (few(c)) pct = fmax(pct, COMPARE_BAND_ONE_PCT);
    for (int s = 0; s < 2; s++) {
        double floor = 0;
        manifest_number(&c->run[s]->manifest, "health", "aa_floor_pct", &floor);
        pct = fmax(pct, COMPARE_AA_FLOORS * floor);
    }
    return 1 + pct / 100;
}

static int inside(double ratio, double band) { return ratio <= band && ratio >= 1 / band; }

/* A run and itself: its own interval says nothing against it. */
static int same_measurement(const struct cell *c)
{
    const struct evidence *a = &c->evidence[0], *b = &c->evidence[1];
    int same = a->repeats == b->repeats && !strcmp(c->row[0]->run, c->row[1]->run);

    for (int i = 0; i < a->repeats && same; i++) same = a->repeat[i] == b->repeat[i];
    return same;
}

static enum verdict of_times(const struct cell *c, enum compare_mode mode)
{
    const struct between *q = &c->q;
    const int excludes = few(c) ? q->lo > 1 || q->hi < 1 : q->p <= significant;

    if (same_measurement(c)) return SAME;
    if (!inside(q->ratio, c->band) && excludes) {
        if (mode == COMPARE_REGRESSION && inside(c->cycles, c->band)) return CLOCK;
        return q->ratio > 1 ? FASTER : SLOWER;
    }
    return inside(q->lo, c->band) && inside(q->hi, c->band) ? SAME : UNSURE;
}

static int has_failed(const struct row *r)
{
    return r && (!strcmp(r->status, "wrong") || !strcmp(r->status, "failed"));
}

static enum verdict of_status(const struct cell *c)
{
    const int a = c->evidence[0].repeats > 0, b = c->evidence[1].repeats > 0;

    if (a && !b) return has_failed(c->row[1]) ? BROKEN : GONE;
    if (b && !a) return has_failed(c->row[0]) ? FIXED : NEW;
    return NEITHER;
}

/* Of a row that has been chosen: its roof, and its part of it in the time that is compared. */
static void put_roof(struct cell *c, int s)
{
    struct row r = *c->row[s];
    const struct roof roof = stored_roof(c->run[s], &r);

    r.t_med_us = c->evidence[s].t;
    c->roof_us[s] = derive_roof_us(r.flop, r.bytes, &roof);
    c->bound[s] = derive_bound(r.flop, r.bytes, &roof);
    c->of_roof[s] = derive_percent_of_roof(&r, &roof);
}

static void judge(struct cell *c, enum compare_mode mode, double threshold_pct)
{
    const char *label;
    char problem[256];

    c->n = 1;
    c->q = derive_between(&c->evidence[0], &c->evidence[1]);
    c->band = c->cycles = c->roof_ratio = NAN;
    for (int s = 0; s < 2; s++) {
        c->mhz[s] = c->roof_us[s] = c->of_roof[s] = NAN;
        if (!c->evidence[s].repeats) continue;
        c->mhz[s] = c->row[s]->sm_mhz;
        put_roof(c, s);
    }
    if (!c->evidence[0].repeats || !c->evidence[1].repeats) {
        c->verdict = of_status(c);
        return;
    }
    const struct row *r = c->row[0];
    snprintf(problem, sizeof problem, "%s %s %s %s", r->op, r->precision, r->layout, r->shape);
    manifest_problem(&c->run[0]->manifest, problem, &c->n, &label);
    c->band = band_of(c, threshold_pct);
    if (c->mhz[0] > 0 && c->mhz[1] > 0) c->cycles = c->q.ratio * c->mhz[0] / c->mhz[1];
    c->roof_ratio = c->roof_us[0] / c->roof_us[1];
    c->verdict = of_times(c, mode);
}

void compare_judge(struct comparison *c, const struct compare_request *r)
{
    for (size_t i = 0; i < c->count; i++) {
        struct cell *cell = &c->cells[i];
        judge(cell, c->mode, r->threshold_pct);
        c->verdicts[cell->verdict]++;
        c->few += !isnan(cell->q.ratio) && few(cell);
    }
}

/* Broken 3, fixed 2, a ratio 1, the others 0. */
static int rank(const struct cell *c)
{
    if (c->verdict == BROKEN) return 3;
    if (c->verdict == FIXED) return 2;
    return !isnan(c->q.ratio);
}

static int by_effect(const void *p, const void *q)
{
    const struct cell *a = *(const struct cell *const *)p, *b = *(const struct cell *const *)q;
    const double x = fabs(log(a->q.ratio)), y = fabs(log(b->q.ratio));

    if (rank(a) != rank(b)) return rank(b) - rank(a);
    if (x > y || x < y) return x > y ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

void compare_by_effect(const struct cell **cells, size_t count)
{
    qsort(cells, count, sizeof *cells, by_effect);
}
