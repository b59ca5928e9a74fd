/* compare_impl_print.c: the ladder of each problem in words, then what the hand kernels cost over
 * all problems. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/compare_print.h"
#include "report/words.h"

static int same_table(const struct ladder_cell *a, const struct ladder_cell *b)
{
    return a->run == b->run && derive_same_cell(a->row, b->row);
}

static int has_energy(const struct compare_ladder *l)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->cells[i].row->energy_mj > 0) return 1;
    return 0;
}

/* Why there is no rival. */
static const char *no_library(const struct ladder_cell *c, char *to, size_t n)
{
    snprintf(to, n, "no library row");
    for (size_t i = 0; i < c->run->count; i++) {
        const struct row *r = &c->run->rows[i];
        if (!strcmp(r->tier, "library") && *r->reason && derive_same_cell(r, c->row))
            snprintf(to, n, "no library row: %.300s", r->reason);
    }
    return to;
}

static const char *say(const struct ladder_cell *c, char *to, size_t n)
{
    if (!derive_usable(c->row)) snprintf(to, n, "%s: %.300s", c->row->status, c->row->reason);
    else if (c->row == c->rival) snprintf(to, n, "the rival");
    else if (!c->rival) no_library(c, to, n);
    else if (c->verdict == SAME) snprintf(to, n, "no difference measured");
    else if (c->verdict == UNSURE) snprintf(to, n, "UNSURE: no interval");
    else snprintf(to, n, "%s", c->verdict == NEITHER ? "" : verdict_names[c->verdict]);
    const size_t used = strlen(to);
    if (c->of_roof > 100 && *c->row->algo)
        snprintf(to + used, n - used, "%sby %s", used ? ", " : "", c->row->algo);
    return to;
}

static void put_row(struct table *t, const struct ladder_cell *c, int energy)
{
    const struct row *r = c->row;
    const int usable = derive_usable(r);
    char text[400];

    table_cell(t, "%s", r->impl);
    words_time(r->t_med_us, text, sizeof text);
    table_cell(t, "%s%s", text, usable && words_doubtful(r) ? "*" : "");
    if (usable) words_row_rate(r, text, sizeof text);
    table_cell(t, "%s", usable ? text : "-");
    table_cell(t, "%s", compare_factor(c->w.factor, text, sizeof text));
    table_cell(t, "%s", compare_interval(c->w.lo, c->w.hi, text, sizeof text));
    table_cell(t, "%s", words_percent(c->of_roof, text, sizeof text));
    if (r->sloc > 0) table_cell(t, "%.0f", r->sloc);
    else table_cell(t, "-");
    if (isfinite(c->per_doubling)) table_cell(t, "%.3g", c->per_doubling);
    else table_cell(t, "%s", usable && c->kind == RUNG_DEAD_END ? "dead end" : "-");
    if (energy) {
        table_cell(t, "%s", compare_factor(c->energy_ratio, text, sizeof text));
        if (isfinite(c->joules_per_gflop)) table_cell(t, "%.3g", c->joules_per_gflop);
        else table_cell(t, "-");
    }
    table_cell(t, "%s", say(c, text, sizeof text));
}

/* The cells from i on that are of one problem and mode. Returns how many. */
static size_t put_problem(const struct compare_ladder *l, size_t i, const struct compare_view *v,
                          int energy, struct plain_buffer *to)
{
    const struct ladder_cell *first = &l->cells[i], *usable = NULL;
    const int markdown = v->format == COMPARE_MD;
    char text[256], mode[32];
    size_t n = 0, hidden = 0;
    struct table t;

    while (i + n < l->count && same_table(first, &l->cells[i + n])) {
        if (derive_usable(first[n].row)) usable = &first[n];
        /* A library alone is no ladder. */
        hidden += !strcmp(first[n].row->status, "skipped") ||
                  (derive_usable(first[n].row) && !derive_by_hand(first[n].row));
        n++;
    }
    if (hidden == n && !v->all) return n;
    compare_problem(first->row, text, sizeof text);
    compare_mode_of(first->row, mode, sizeof mode);
    const char *bound = usable ? derive_bound_name(usable->bound) : "-";
    const int known = strcmp(bound, "-") != 0;
    table_say(to, markdown, "%s, %s %s%s%s", text, first->row->place, mode,
              known ? ", bound by " : "", known ? bound : "");
    table_begin(&t, markdown,
                energy ? "impl|>time|>rate|>w|interval|>of roof|>lines|>per doubling|>energy|>"
                         "J/GFLOP|verdict"
                       : "impl|>time|>rate|>w|interval|>of roof|>lines|>per doubling|verdict");
    for (size_t k = 0; k < n; k++)
        if (v->all || strcmp(first[k].row->status, "skipped")) put_row(&t, &first[k], energy);
    table_end(&t, to);
    return n;
}

/* Is it the first cell of its impl, place, cache and timing in its run? */
static int first_of_impl(const struct compare_ladder *l, size_t i)
{
    const struct row *a = l->cells[i].row;

    for (size_t j = 0; j < i; j++) {
        const struct row *b = l->cells[j].row;
        if (l->cells[j].run == l->cells[i].run && !strcmp(a->impl, b->impl) &&
            !strcmp(a->place, b->place) && !strcmp(a->cache, b->cache) &&
            !strcmp(a->timing, b->timing))
            return 0;
    }
    return 1;
}

/* How often the problem of each row counts; NULL: no memory for it. */
static double *weights(const struct stored_run *run)
{
    double *n = malloc((run->count + 1) * sizeof *n);
    const char *label;
    char text[256];

    for (size_t i = 0; i < run->count && n; i++)
        manifest_problem(&run->manifest, compare_problem(&run->rows[i], text, sizeof text), &n[i],
                         &label);
    return n;
}

/* What all the work would take with each hand kernel. */
static void put_sums(const struct compare_ladder *l, int markdown, struct plain_buffer *to)
{
    const struct stored_run *run = NULL;
    double *n = NULL;
    struct table t;
    char text[64];

    table_begin(&t, markdown, "sum of times against the library|mode|>W|problems");
    for (size_t i = 0; i < l->count; i++) {
        const struct ladder_cell *c = &l->cells[i];
        if (!derive_by_hand(c->row) || !first_of_impl(l, i)) continue;
        if (run != c->run) {
            free(n);
            n = weights(run = c->run);
            to->failed |= !n;
        }
        const struct total s = derive_total(run->rows, run->count, n, c->row);
        if (!s.problems) continue;
        table_cell(&t, "%s", c->row->impl);
        table_cell(&t, "%s", compare_mode_of(c->row, text, sizeof text));
        table_cell(&t, "%s", compare_factor(s.factor, text, sizeof text));
        table_cell(&t, "%d of %d", s.problems, s.of);
    }
    free(n);
    table_end(&t, to);
}

void compare_impl_print(const struct compare_ladder *l, const struct compare_view *v,
                        struct plain_buffer *to)
{
    const int markdown = v->format == COMPARE_MD, energy = has_energy(l);
    const size_t *n = l->verdicts;
    size_t skipped = 0;

    if (v->format == COMPARE_CSV) {
        compare_impl_csv(l, to);
        return;
    }
    compare_print_runs(l->side, 'A', !l->side->host_only, 1, markdown, to);
    plain_append_text(to, "\n");
    for (size_t i = 0; i < l->count;) i += put_problem(l, i, v, energy, to);
    put_sums(l, markdown, to);
    for (size_t i = 0; i < l->count; i++) skipped += !strcmp(l->cells[i].row->status, "skipped");
    table_say(to, markdown,
              "cells of hand kernels: %zu FASTER than the library, %zu SLOWER, %zu without a "
              "difference, %zu without an interval",
              n[FASTER], n[SLOWER], n[SAME], n[UNSURE]);
    table_say(to, markdown,
              "%zu wrong or failed, %zu skipped%s; %zu cells of other cache or timing modes%s",
              n[BROKEN], skipped, skipped && !v->all ? " (--all lists them)" : "", l->left_out,
              l->left_out ? " (--cache, --timing or --all)" : "");
    table_say(to, markdown,
              "w: time / time of the fastest library call; per doubling: lines for each factor of "
              "two since the rung before; * has a warning flag");
}
