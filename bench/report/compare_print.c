/* compare_print.c: the table of a comparison, a row a cell: by size of effect, what is the same
 * folded away, and with every undecided cell the command that would settle it. */
#include "report/compare_print.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/words.h"
#include "measure/stats.h"

const char *compare_problem(const struct row *r, char *to, size_t n)
{
    snprintf(to, n, "%s %s %s %s", r->op, r->precision, r->layout, r->shape);
    return to;
}

const char *compare_mode_of(const struct row *r, char *to, size_t n)
{
    snprintf(to, n, "%s %s", r->cache, r->timing);
    return to;
}

static const char *digits_of(double v)
{
    return v >= 99.95 ? "%.0f" : v >= 9.995 ? "%.1f" : v >= 0.0995 ? "%.2f" : "%.2g";
}

const char *compare_factor(double v, char *to, size_t n)
{
    snprintf(to, n, "-");
    if (!isfinite(v)) return to;
    snprintf(to, n, digits_of(v), v);
    snprintf(to + strlen(to), n - strlen(to), "x");
    return to;
}

const char *compare_interval(double lo, double hi, char *to, size_t n)
{
    snprintf(to, n, "-");
    if (!isfinite(lo) || !isfinite(hi)) return to;
    snprintf(to, n, digits_of(lo), lo);
    snprintf(to + strlen(to), n - strlen(to), "..");
    snprintf(to + strlen(to), n - strlen(to), digits_of(hi), hi);
    return to;
}

/* Why a side has no number. */
static const char *lack(const struct cell *c, int s, char *to, size_t n)
{
    if (!c->row[s]) snprintf(to, n, "not in %c", 'A' + s);
    else snprintf(to, n, "%s in %c: %.300s", c->row[s]->status, 'A' + s, c->row[s]->reason);
    return to;
}

/* What would settle it: fresh processes, twice as many where there were some. */
static void settle(const struct cell *c, const char *problem, char *to, size_t n)
{
    const int least = c->evidence[0].repeats < c->evidence[1].repeats ? c->evidence[0].repeats
                                                                      : c->evidence[1].repeats;
    char more[32] = "";

    if (least >= BETWEEN_REPEATS && 2 * least <= REPEATS_MAX)
        snprintf(more, sizeof more, " --repeats %d", 2 * least);
    snprintf(to, n, "UNSURE: run --preset publish%s -p \"%s\"", more, problem);
}

static const char *say_verdict(const struct comparison *c, const struct cell *cell, char *to,
                               size_t n)
{
    char text[400];

    snprintf(to, n, "%s", verdict_names[cell->verdict]);
    const size_t used = strlen(to);
    switch (cell->verdict) {
    case UNSURE:
        compare_problem(cell->row[0], text, sizeof text);
        settle(cell, text, to, n);
        break;
    case CLOCK:
        snprintf(to + used, n - used, ": %.0f | %.0f MHz", cell->mhz[0], cell->mhz[1]);
        break;
    case BROKEN:
    case GONE: snprintf(to + used, n - used, ": %s", lack(cell, 1, text, sizeof text)); break;
    case FIXED:
    case NEW: snprintf(to + used, n - used, ": %s", lack(cell, 0, text, sizeof text)); break;
    case NEITHER:
        snprintf(to, n, "%s", lack(cell, 0, text, sizeof text));
        snprintf(to + strlen(to), n - strlen(to), "; %s", lack(cell, 1, text, sizeof text));
        break;
    default: /* less than the roofs promise */
        if (c->mode != COMPARE_HARDWARE || !(cell->roof_ratio > 0)) break;
        if (cell->q.ratio * cell->band < cell->roof_ratio)
            snprintf(to + used, n - used, ", %.2f of its roof's gain",
                     cell->q.ratio / cell->roof_ratio);
    }
    return to;
}

/* A time, with a star when its row carries a flag that makes it doubtful. */
static void cell_time(struct table *t, const struct cell *c, int s)
{
    char text[40];

    if (!c->evidence[s].repeats) {
        table_cell(t, "-");
        return;
    }
    words_time(c->evidence[s].t, text, sizeof text);
    table_cell(t, "%s%s", text, words_doubtful(c->row[s]) ? "*" : "");
}

static void cell_roofs(struct table *t, const struct cell *c)
{
    char text[64];

    table_cell(t, "%s", compare_factor(c->roof_ratio, text, sizeof text));
    if (c->bound[0] == c->bound[1] || !c->bound[0] || !c->bound[1])
        table_cell(t, "%s", derive_bound_name(c->bound[0] ? c->bound[0] : c->bound[1]));
    else table_cell(t, "%s>%s", derive_bound_name(c->bound[0]), derive_bound_name(c->bound[1]));
    if (c->of_roof[0] > 0 && c->of_roof[1] > 0)
        table_cell(t, "%.0f>%.0f %%", c->of_roof[0], c->of_roof[1]);
    else table_cell(t, "-");
}

static void put_row(struct table *t, const struct comparison *c, const struct cell *cell)
{
    const struct row *r = cell->row[0] ? cell->row[0] : cell->row[1];
    char text[1024];

    table_cell(t, "%s", compare_problem(r, text, sizeof text));
    table_cell(t, "%s", r->impl);
    table_cell(t, "%s", compare_mode_of(r, text, sizeof text));
    for (int s = 0; s < 2; s++) cell_time(t, cell, s);
    table_cell(t, "%s", compare_factor(cell->q.ratio, text, sizeof text));
    table_cell(t, "%s", compare_interval(cell->q.lo, cell->q.hi, text, sizeof text));
    if (c->mode == COMPARE_HARDWARE) cell_roofs(t, cell);
    else table_cell(t, "%s", compare_factor(cell->cycles, text, sizeof text));
    table_cell(t, "%s", say_verdict(c, cell, text, sizeof text));
}

static int folded(const struct cell *c, const struct compare_view *v)
{
    return !v->all &&
           (c->verdict == SAME || c->verdict == NEW || c->verdict == GONE || c->verdict == NEITHER);
}

static void put_table(const struct comparison *c, const struct compare_view *v,
                      struct plain_buffer *to)
{
    const struct cell **sorted = malloc((c->count + 1) * sizeof *sorted);
    struct table t;
    size_t n = 0;

    if (!sorted) {
        to->failed = 1;
        return;
    }
    for (size_t i = 0; i < c->count; i++)
        if (!folded(&c->cells[i], v)) sorted[n++] = &c->cells[i];
    if (!v->by_order) compare_by_effect(sorted, n);
    table_begin(&t, v->format == COMPARE_MD,
                c->mode == COMPARE_HARDWARE
                    ? "problem|impl|mode|>A|>B|>B/A|interval|>roof|bound|>of roof|verdict"
                    : "problem|impl|mode|>A|>B|>B/A|interval|>cycles|verdict");
    for (size_t i = 0; i < n; i++) put_row(&t, c, sorted[i]);
    table_end(&t, to);
    free(sorted);
}

void compare_print(const struct comparison *c, const struct compare_view *v,
                   struct plain_buffer *to)
{
    if (v->format == COMPARE_CSV) {
        compare_csv(c, to);
        return;
    }
    compare_print_head(c, v->format == COMPARE_MD, to);
    if (v->format == COMPARE_TEXT) plain_append_text(to, "\n");
    put_table(c, v, to);
    compare_print_end(c, v, to);
}
