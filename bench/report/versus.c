/* versus.c: the figure `compare`: "Is B faster than A, and by more than noise?" A row per cell with
 * the ratio of speeds and its interval, a panel per op and place: of each precision the problem
 * that most impls share. */
#include "report/versus.h"
#include <stdlib.h>
#include <string.h>
#include "report/figures.h"

static size_t pairs_of_cell(const struct versus *f, const struct row *of)
{
    size_t n = 0;

    for (size_t i = 0; i < f->count; i++) n += derive_same_cell(f->pairs[i].a, of);
    return n;
}

/* Is x the better example of its op, place and precision? */
static int better(const struct versus *f, const struct row *x, const struct row *y)
{
    const size_t nx = pairs_of_cell(f, x), ny = y ? pairs_of_cell(f, y) : 0;

    if (nx != ny) return nx > ny;
    return (x->flop > 0 ? x->flop : x->bytes) > (y->flop > 0 ? y->flop : y->bytes);
}

/* The example of one precision, or NULL. */
static const struct row *example(const struct versus *f, const char *op, const char *place,
                                 const char *precision)
{
    const struct row *best = NULL;

    for (size_t i = 0; i < f->count; i++) {
        const struct row *r = f->pairs[i].a;
        if (!choose_is_headline(r) || strcmp(r->op, op) || strcmp(r->place, place) ||
            strcmp(r->precision, precision))
            continue;
        if (!best || (!derive_same_cell(r, best) && better(f, r, best))) best = r;
    }
    return best;
}

static int by_ladder(const struct versus *f, const struct row *x, const struct row *y)
{
    return derive_order(f->a->rows, f->a->count, x) < derive_order(f->a->rows, f->a->count, y);
}

static void add_cell(struct versus *f, struct versus_panel *p, const struct row *of)
{
    const int first = p->count;

    for (size_t i = 0; i < f->count && p->count < VERSUS_ROWS; i++) {
        int at = p->count;
        if (!derive_same_cell(f->pairs[i].a, of)) continue;
        for (; at > first && by_ladder(f, f->pairs[i].a, p->pairs[at - 1]->a); at--)
            p->pairs[at] = p->pairs[at - 1];
        p->pairs[at] = &f->pairs[i];
        p->count++;
    }
}

static void choose(struct versus *f)
{
    static const char *const places[] = {"device", "host"};
    static const char *const precisions[2][VERSUS_CELLS] = {{"f32", "bf16", "f16"},
                                                            {"f32", "f64", "bf16"}};
    const char *ops[32];
    const size_t op_count = stored_ops(f->a, ops, 32);

    for (int i = 0; i < 2; i++)
        for (size_t o = 0; o < op_count && f->panel_count < PANELS_MAX; o++) {
            struct versus_panel *p = &f->panels[f->panel_count];
            p->place = places[i];
            for (int k = 0; k < VERSUS_CELLS; k++) {
                const struct row *of = example(f, ops[o], places[i], precisions[i][k]);
                if (of) add_cell(f, p, of);
            }
            f->panel_count += p->count > 0;
            f->drawn += p->count;
        }
}

const char *versus_write(const struct stored_run *runs, size_t count, const char *dir, int *panels)
{
    struct versus f = {.a = &runs[0], .b = &runs[1]};
    const char *why = NULL;

    *panels = 0;
    if (count < 2) return NULL;
    f.band = pairs_band(f.a, f.b);
    f.count = pairs_find(f.a, f.b, &f.pairs);
    choose(&f);
    *panels = f.panel_count;
    if (f.panel_count) why = versus_draw(&f, dir);
    free(f.pairs);
    return why;
}
