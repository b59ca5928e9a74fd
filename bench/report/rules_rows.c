/* rules_rows.c: rules 2, 3 and 8: the rows are those that were planned, their numbers follow from
 * each other and from the samples, and what is called right is right. What a single row must be,
 * the reader has seen to. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "measure/stats.h"
#include "ops/problem.h"
#include "report/rules.h"

#define AGREE 0.01 /* of a number recomputed; judgement, not evidence */

/* ---- rule 2: the plan ---- */

static int same_problem(const struct row *a, const struct row *b)
{
    return !strcmp(a->shape, b->shape) && !strcmp(a->op, b->op) &&
           !strcmp(a->precision, b->precision) && !strcmp(a->layout, b->layout);
}

static int same_place(const struct row *a, const struct row *b)
{
    return !strcmp(a->op, b->op) && !strcmp(a->place, b->place);
}

/* Impls that the run has of the op and place of a row. */
static int impls_of(const struct stored_run *run, const struct row *of)
{
    int n = 0;

    for (size_t i = 0; i < run->count; i++) {
        if (!same_place(&run->rows[i], of)) continue;
        size_t j = 0;
        while (j < i &&
               (!same_place(&run->rows[j], of) || strcmp(run->rows[j].impl, run->rows[i].impl)))
            j++;
        n += j == i;
    }
    return n;
}

/* Every impl of a place has a row in every cell that any of them has. */
static void check_problem(struct ruling *r, const struct row *first)
{
    int rows = 0, cells = 0;

    for (size_t i = (size_t)(first - r->run->rows); i < r->run->count; i++) {
        const struct row *row = &r->run->rows[i];
        if (!same_problem(row, first) || !same_place(row, first)) continue;
        rows++;
        cells += !strcmp(row->impl, first->impl);
    }
    const int impls = impls_of(r->run, first);
    if (rows != impls * cells)
        rules_add(r, 2, RULE_ERROR, "%s %s %s %s, %s: %d rows; %d impls in %d cells are %d",
                  first->op, first->precision, first->layout, first->shape, first->place, rows,
                  impls, cells, impls * cells);
}

static void check_planned(struct ruling *r)
{
    const struct manifest_entry *entry;
    const int n = manifest_entries(&r->run->manifest, "problems", &entry);
    char text[256];

    for (int i = 0; i < n; i++) {
        size_t k = 0;
        for (; k < r->run->count; k++) {
            const struct row *row = &r->run->rows[k];
            snprintf(text, sizeof text, "%s %s %s %s", row->op, row->precision, row->layout,
                     row->shape);
            if (!strcmp(text, entry[i].key)) break;
        }
        if (k == r->run->count)
            rules_add(r, 2, RULE_ERROR, "planned, but without a row: %.200s", entry[i].key);
    }
}

static void check_counts(struct ruling *r)
{
    const struct stored_run *run = r->run;
    const struct {
        const char *key;
        int count;
    } counts[] = {{"rows_ok", run->ok},
                  {"rows_skipped", run->skipped},
                  {"rows_wrong", run->wrong},
                  {"rows_failed", run->failed}};
    double said;

    for (int i = 0; i < 4; i++)
        if (manifest_number(&run->manifest, "", counts[i].key, &said) && said != counts[i].count)
            rules_add(r, 2, RULE_ERROR, "the manifest says %s %.0f, there are %d", counts[i].key,
                      said, counts[i].count);
}

void rules_plan(struct ruling *r)
{
    for (size_t i = 0; i < r->run->count; i++) {
        const struct row *row = &r->run->rows[i];
        size_t j = 0;
        while (j < i && !(same_problem(&r->run->rows[j], row) && same_place(&r->run->rows[j], row)))
            j++;
        if (j == i) check_problem(r, row);
    }
    check_planned(r);
    check_counts(r);
}

/* ---- rules 3 and 8: numbers ---- */

static int off(double got, double want) { return !(fabs(got - want) <= AGREE * fabs(want)); }

/* Both there, and in the wrong order. */
static int above(double low, double high) { return low > high; }

static void check_order(struct ruling *r, const struct row *row)
{
    if (above(row->t_min_us, row->t_ci_lo_us) || above(row->t_ci_lo_us, row->t_med_us) ||
        above(row->t_med_us, row->t_ci_hi_us) || above(row->t_min_us, row->t_med_us))
        rules_add(r, 3, RULE_ERROR, "%s: not t_min <= t_ci_lo <= t_med <= t_ci_hi",
                  rules_row(r, row));
    if (above(row->t_p05_us, row->t_med_us) || above(row->t_med_us, row->t_p95_us) ||
        above(row->t_min_us, row->t_p05_us))
        rules_add(r, 3, RULE_ERROR, "%s: not t_min <= t_p05 <= t_med <= t_p95", rules_row(r, row));
}

static void check_rates(struct ruling *r, const struct row *row)
{
    struct problem p;
    struct row want = *row;

    row_rates(&want);
    if (isfinite(want.gflops) ? off(row->gflops, want.gflops) : isfinite(row->gflops))
        rules_add(r, 3, RULE_ERROR, "%s: gflops is %g; flop and t_med_us give %g",
                  rules_row(r, row), row->gflops, want.gflops);
    if (isfinite(want.gbs) && off(row->gbs, want.gbs))
        rules_add(r, 3, RULE_ERROR, "%s: gbs is %g; bytes and t_med_us give %g", rules_row(r, row),
                  row->gbs, want.gbs);
    if (rules_problem(row, &p)) return; /* an op, or a form, of another version */
    if (row->flop != p.op->flops(&p) || row->bytes != p.op->bytes(&p))
        rules_add(r, 3, RULE_ERROR, "%s: flop %.0f, bytes %.0f; by the definition %.0f and %.0f",
                  rules_row(r, row), row->flop, row->bytes, p.op->flops(&p), p.op->bytes(&p));
}

/* Median of the samples behind a row's time; of several repeats: of their medians. NaN: there are
 * fewer lines than the row says. */
static double median_of_samples(const struct row *row)
{
    const int n = row->samples > 0 ? (int)fmin(row->samples, 1e6) : 0;
    double *t = malloc(((size_t)n + 1) * sizeof *t), medians[REPEATS_MAX];
    int repeats = 0;

    for (int i = 0; t && n <= row->sample_count && i < n && repeats < REPEATS_MAX;) {
        int k = 0;
        const double repeat = row->sample[i].repeat;
        for (; i < n && row->sample[i].repeat == repeat; i++) t[k++] = row->sample[i].t_us;
        medians[repeats++] = stats_median(t, k);
    }
    free(t);
    return repeats ? stats_median(medians, repeats) : NAN;
}

static void check_samples(struct ruling *r, const struct row *row)
{
    const double median = median_of_samples(row);

    if (isnan(median))
        rules_add(r, 3, RULE_ERROR, "%s: %.0f samples, of which samples.csv has %d",
                  rules_row(r, row), row->samples, row->sample_count);
    else if (off(row->t_med_us, median))
        rules_add(r, 3, RULE_ERROR, "%s: t_med_us is %g; its samples give %g", rules_row(r, row),
                  row->t_med_us, median);
}

void rules_numbers(struct ruling *r)
{
    char path[PATH_MAX + 64];

    snprintf(path, sizeof path, "%s/" SAMPLES_NAME, r->dir);
    const int sampled = !access(path, F_OK); /* runs of before there was this file have none */
    for (size_t i = 0; i < r->run->count; i++) {
        const struct row *row = &r->run->rows[i];
        if (!strcmp(row->status, "wrong") && !strcmp(row->tier, "library"))
            rules_add(r, 8, RULE_ERROR, "%s: a library's result is wrong: %.100s",
                      rules_row(r, row), row->reason);
        if (!derive_usable(row)) continue;
        check_order(r, row);
        check_rates(r, row);
        if (sampled) check_samples(r, row);
        if (row->err_bound_frac > 1)
            rules_add(r, 8, RULE_ERROR, "%s: ok, but its error is %g of the bound",
                      rules_row(r, row), row->err_bound_frac);
    }
}
