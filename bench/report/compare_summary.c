/* compare_summary.c: what all cells together say: sums of times, never a mean of ratios, over the
 * problems that have a number on both sides. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "report/compare.h"

/* The modes that a place is summed in: the first of which there is a cell. */
static const struct {
    const char *place, *cache, *timing;
} modes[] = {
    {"device", "cold", "batch"}, {"device", "cold", "isolated"}, {"device", "hot", "batch"},
    {"host", "cold", "host"},    {"device", "hot", "isolated"},  {"host", "hot", "host"},
};

int compare_timed(const struct cell *cell) { return !isnan(cell->q.ratio); }

int compare_has(const struct comparison *c, const char *place)
{
    for (size_t i = 0; i < c->count; i++)
        if (compare_timed(&c->cells[i]) && !strcmp(c->cells[i].row[0]->place, place)) return 1;
    return 0;
}

static int in_mode(const struct cell *c, const struct gain *g)
{
    const struct row *r = c->row[0];

    return compare_timed(c) && !strcmp(r->place, g->place) && !strcmp(r->cache, g->cache) &&
           !strcmp(r->timing, g->timing);
}

int compare_same_problem(const struct row *a, const struct row *b)
{
    return !strcmp(a->shape, b->shape) && !strcmp(a->op, b->op) &&
           !strcmp(a->precision, b->precision) && !strcmp(a->layout, b->layout);
}

enum kind { LIBRARY, HAND, ANY };

static int of_kind(const struct row *r, enum kind k)
{
    return k == ANY || (k == LIBRARY ? !strcmp(r->tier, "library") : derive_by_hand(r));
}

/* The fastest time of each side for the problem of cell i among the cells of a kind, NaN: none. */
static void fastest(const struct comparison *c, const struct gain *g, size_t i, enum kind k,
                    double t[2])
{
    t[0] = t[1] = NAN;
    for (size_t j = 0; j < c->count; j++) {
        const struct cell *other = &c->cells[j];
        if (!in_mode(other, g) || !of_kind(other->row[0], k) ||
            !compare_same_problem(other->row[0], c->cells[i].row[0]))
            continue;
        for (int s = 0; s < 2; s++) t[s] = fmin(t[s], other->evidence[s].t);
    }
}

static int first_of_problem(const struct comparison *c, const struct gain *g, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (in_mode(&c->cells[j], g) &&
            compare_same_problem(c->cells[j].row[0], c->cells[i].row[0]))
            return 0;
    return 1;
}

/* One problem more into a sum. */
static void add(struct total *to, double a, double b, double n)
{
    const struct total one = derive_sum(&a, &b, &n, 1);

    to->us += one.us;
    to->rival_us += one.rival_us;
    to->problems += one.problems;
    to->of++;
    to->factor = to->problems ? to->us / to->rival_us : NAN;
}

static void add_problem(const struct comparison *c, struct gain *g, size_t i)
{
    const struct cell *cell = &c->cells[i];
    double t[2];

    fastest(c, g, i, LIBRARY, t);
    add(&g->library, t[0], t[1], cell->n);
    fastest(c, g, i, HAND, t);
    add(&g->hand, t[0], t[1], cell->n);
    fastest(c, g, i, ANY, t);
    if (cell->bound[0] != cell->bound[1]) return;
    if (cell->bound[0] == BOUND_MEMORY) {
        add(&g->memory, t[0], t[1], cell->n);
        add(&g->memory_roof, cell->roof_us[0], cell->roof_us[1], cell->n);
    } else if (cell->bound[0] == BOUND_COMPUTE) {
        add(&g->compute, t[0], t[1], cell->n);
        add(&g->compute_roof, cell->roof_us[0], cell->roof_us[1], cell->n);
    }
}

void compare_sum(struct comparison *c)
{
    for (size_t m = 0; m < sizeof modes / sizeof modes[0]; m++) {
        struct gain *g = &c->gain[!strcmp(modes[m].place, "host")];
        if (g->place && (g->library.of || g->hand.of)) continue;
        *g = (struct gain){.place = modes[m].place,
                           .cache = modes[m].cache,
                           .timing = modes[m].timing,
                           .library.factor = NAN,
                           .hand.factor = NAN};
        for (size_t i = 0; i < c->count; i++)
            if (in_mode(&c->cells[i], g) && first_of_problem(c, g, i)) add_problem(c, g, i);
    }
    for (int i = 0; i < 2; i++)
        if (!c->gain[i].library.of) c->gain[i].place = NULL;
}
