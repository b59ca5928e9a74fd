/* compare_impl.c: see compare_impl.h. Rivals and fronts are those of all rows of a run, whatever
 * the filter shows. */
#include "report/compare_impl.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"

/* Lines per doubling of a row on the front of its cell, and what kind of rung it is. */
static void put_rung(struct ladder_cell *c)
{
    struct rung rungs[RUNGS_MAX];
    const struct rung *before = NULL;
    size_t left_out;
    const struct headline head = {.of = c->row, .rival = c->rival, .base = c->rival};
    const size_t n = derive_rungs(c->run->rows, c->run->count, &head, rungs, &left_out);

    c->kind = derive_by_hand(c->row) ? RUNG_DEAD_END : RUNG_LIBRARY;
    for (size_t i = 0; i < n; i++) {
        if (rungs[i].kind != RUNG_FRONT) continue;
        if (rungs[i].row == c->row) {
            c->kind = RUNG_FRONT;
            if (before)
                c->per_doubling = derive_lines_per_doubling(
                    before->row->sloc, before->row->t_med_us, c->row->sloc, c->row->t_med_us);
        }
        before = &rungs[i];
    }
}

static enum verdict judge(const struct ladder_cell *c)
{
    if (!strcmp(c->row->status, "wrong") || !strcmp(c->row->status, "failed")) return BROKEN;
    if (!derive_usable(c->row) || !derive_by_hand(c->row) || !c->rival) return NEITHER;
    if (isnan(c->w.lo)) return UNSURE;
    return c->w.hi < 1 ? FASTER : c->w.lo > 1 ? SLOWER : SAME;
}

static void put_cell(struct compare_ladder *l, const struct stored_run *run, const struct row *row,
                     int first)
{
    struct ladder_cell *c = &l->cells[l->count++];
    const struct roof roof = stored_roof(run, row);

    *c = (struct ladder_cell){.run = run, .row = row, .first = first, .per_doubling = NAN};
    c->rival = derive_rival(run->rows, run->count, row);
    c->w = derive_ratio(row, c->rival);
    c->of_roof = derive_percent_of_roof(row, &roof);
    c->bound = derive_bound(row->flop, row->bytes, &roof);
    c->energy_ratio = derive_energy_ratio(row, c->rival);
    c->joules_per_gflop = derive_joules_per_gflop(row);
    if (derive_usable(row)) put_rung(c);
    c->verdict = judge(c);
    l->verdicts[c->verdict]++;
}

/* Cold, and batch (or host); isolated where the problem has no usable batch. */
static int headline_mode(const struct stored_run *run, const struct row *r)
{
    if (strcmp(r->cache, "cold")) return 0;
    if (strcmp(r->timing, "isolated")) return 1;
    for (size_t i = 0; i < run->count; i++) {
        struct row batch = *r;
        strcpy(batch.timing, "batch");
        if (derive_usable(&run->rows[i]) && derive_same_cell(&run->rows[i], &batch)) return 0;
    }
    return 1;
}

struct ordered {
    const struct row *row;
    size_t order;
};

static int by_ladder(const void *p, const void *q)
{
    const struct ordered *a = p, *b = q;

    if (a->order != b->order) return a->order < b->order ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* The rows of one cell, which begins with row i, in the order of the ladder. */
static void put_group(struct compare_ladder *l, const struct stored_run *run, size_t i,
                      const char *shown, struct ordered *work)
{
    size_t n = 0;

    for (size_t k = i; k < run->count; k++)
        if (shown[k] && derive_same_cell(&run->rows[k], &run->rows[i]))
            work[n++] =
                (struct ordered){&run->rows[k], derive_order(run->rows, run->count, &run->rows[k])};
    qsort(work, n, sizeof *work, by_ladder);
    for (size_t k = 0; k < n; k++) put_cell(l, run, work[k].row, k == 0);
}

static const char *put_run(struct compare_ladder *l, const struct stored_run *run,
                           const struct filter *filter, int all)
{
    char *shown = calloc(run->count + 1, 1);
    struct ordered *work = malloc((run->count + 1) * sizeof *work);

    for (size_t i = 0; i < run->count && shown && work; i++) {
        const int passes = side_has(l->side, &run->rows[i]) && filter_row(filter, &run->rows[i]);
        shown[i] = (char)(passes && (all || headline_mode(run, &run->rows[i])));
        l->left_out += passes && !shown[i];
    }
    for (size_t i = 0; i < run->count && shown && work; i++) {
        size_t k = 0;
        while (k < i && !(shown[k] && derive_same_cell(&run->rows[k], &run->rows[i]))) k++;
        if (shown[i] && k == i) put_group(l, run, i, shown, work);
    }
    const char *why = shown && work ? NULL : "out of memory";
    free(shown);
    free(work);
    return why;
}

const char *compare_ladder_begin(struct compare_ladder *l, const struct side *side,
                                 const struct filter *filter, int all, int *no_row)
{
    const struct row **rows;
    size_t total = 0, n = 0;

    *l = (struct compare_ladder){.side = side};
    *no_row = 0;
    for (int i = 0; i < side->count; i++) total += side->runs[i].count;
    l->cells = malloc((total + 1) * sizeof *l->cells);
    rows = malloc((total + 1) * sizeof *rows);
    const char *why = l->cells && rows ? NULL : "out of memory";
    for (int i = 0; i < side->count && !why; i++)
        for (size_t k = 0; k < side->runs[i].count; k++)
            if (side_has(side, &side->runs[i].rows[k])) rows[n++] = &side->runs[i].rows[k];
    if (!why) why = filter_check(filter, rows, n), *no_row = why != NULL;
    free(rows);
    for (int i = 0; i < side->count && !why; i++) why = put_run(l, &side->runs[i], filter, all);
    const int others_alone = !l->count && l->left_out; /* only hot or isolated cells: they are it */
    if (others_alone) l->left_out = 0;
    for (int i = 0; i < side->count && !why && others_alone; i++)
        why = put_run(l, &side->runs[i], filter, 1);
    if (!why && !l->count) why = "no row matches all of the options", *no_row = n > 0;
    return why;
}

void compare_ladder_end(struct compare_ladder *l)
{
    free(l->cells);
    *l = (struct compare_ladder){0};
}
