/* versus.c: the figure `compare`: "Is B faster than A, and by more than noise?" A row per cell with
 * the ratio of speeds and its interval, a panel per op and place: of each precision the problem
 * that most impls share. */
#include "report/versus.h"
#include <math.h>
#include <string.h>
#include "report/figures.h"

/* Cells whose row of A is drawn in the same place as this one, and of its problem. */
static int beside(const struct cell *cell, const struct row *of)
{
    return compare_timed(cell) && choose_is_headline(cell->row[0]) &&
           !strcmp(cell->row[0]->place, of->place) && compare_same_problem(cell->row[0], of);
}

static size_t cells_beside(const struct comparison *c, const struct row *of)
{
    size_t n = 0;

    for (size_t i = 0; i < c->count && of; i++) n += (size_t)beside(&c->cells[i], of);
    return n;
}

/* Is x the better example of its op, place and precision? */
static int better(const struct comparison *c, const struct row *x, const struct row *y)
{
    const size_t nx = cells_beside(c, x), ny = cells_beside(c, y);

    if (nx != ny) return nx > ny;
    return (x->flop > 0 ? x->flop : x->bytes) > (y->flop > 0 ? y->flop : y->bytes);
}

/* The example of one precision, or NULL. */
static const struct row *example(const struct comparison *c, const char *op, const char *place,
                                 const char *precision)
{
    const struct row *best = NULL;

    for (size_t i = 0; i < c->count; i++) {
        const struct row *r = c->cells[i].row[0];
        if (!compare_timed(&c->cells[i]) || !choose_is_headline(r) || strcmp(r->op, op) ||
            strcmp(r->place, place) || strcmp(r->precision, precision))
            continue;
        if (!best || (!compare_same_problem(r, best) && better(c, r, best))) best = r;
    }
    return best;
}

static size_t ladder_order(const struct cell *cell)
{
    return derive_order(cell->run[0]->rows, cell->run[0]->count, cell->row[0]);
}

static void add_problem(const struct comparison *c, struct versus_panel *p, const struct row *of)
{
    const int first = p->count;

    for (size_t i = 0; i < c->count && p->count < VERSUS_ROWS; i++) {
        const struct cell *cell = &c->cells[i];
        int at = p->count;
        if (!beside(cell, of)) continue;
        for (; at > first && ladder_order(cell) < ladder_order(p->cells[at - 1]); at--)
            p->cells[at] = p->cells[at - 1];
        p->cells[at] = cell;
        p->count++;
    }
}

/* Those of the registry, then those of other versions. */
static size_t all_ops(const struct comparison *c, const char *ops[], size_t max)
{
    size_t n = stored_ops(&c->side[0]->runs[0], ops, max), k;

    for (size_t i = 0; i < c->count && n < max; i++) {
        if (!compare_timed(&c->cells[i])) continue;
        for (k = 0; k < n && strcmp(ops[k], c->cells[i].row[0]->op);) k++;
        if (k == n) ops[n++] = c->cells[i].row[0]->op;
    }
    return n;
}

static void choose(struct versus *f)
{
    static const char *const places[] = {"device", "host"};
    static const char *const precisions[2][VERSUS_CELLS] = {{"f32", "bf16", "f16"},
                                                            {"f32", "f64", "bf16"}};
    const char *ops[32];
    const size_t op_count = all_ops(f->c, ops, 32);

    for (int i = 0; i < 2; i++)
        for (size_t o = 0; o < op_count && f->panel_count < PANELS_MAX; o++) {
            struct versus_panel *p = &f->panels[f->panel_count];
            p->place = places[i];
            for (int k = 0; k < VERSUS_CELLS; k++) {
                const struct row *of = example(f->c, ops[o], places[i], precisions[i][k]);
                if (of) add_problem(f->c, p, of);
            }
            f->panel_count += p->count > 0;
            f->drawn += p->count;
        }
}

const char *versus_write_comparison(const struct comparison *c, const char *dir, int *panels)
{
    struct versus f = {.c = c};

    for (size_t i = 0; i < c->count; i++) f.common += compare_timed(&c->cells[i]);
    choose(&f);
    *panels = f.panel_count;
    return f.panel_count ? versus_draw(&f, dir) : NULL;
}

const char *versus_write(const struct stored_run *runs, size_t count, const char *dir, int *panels)
{
    const struct compare_request request = {.threshold_pct = NAN};
    struct comparison c;
    struct side side[2];
    int no_row;

    *panels = 0;
    if (count < 2) return NULL;
    struct stored_run copy[2] = {runs[0], runs[1]}; /* whatever they hold stays the caller's */
    for (int s = 0; s < 2; s++) side_of(&side[s], &copy[s], 1);
    const char *why = compare_begin(&c, &side[0], &side[1], &request, &no_row);
    if (!why) why = versus_write_comparison(&c, dir, panels);
    compare_end(&c);
    return why;
}
