/* generations.c: the figure "Does a hand kernel keep up?": processors in order of release against %
 * of the best library call on the same processor. One panel per op, place and precision, each with
 * the problem that most processors share. */
#include "report/generations.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/figures.h"
#include "report/words.h"

static const char *const places[] = {"device", "host"};

/* ---- processors ---- */

static const char *slug_of(const struct stored_run *run, const char *place)
{
    for (size_t i = 0; i < run->count; i++)
        if (derive_usable(&run->rows[i]) && !strcmp(run->rows[i].place, place))
            return run->rows[i].device;
    return NULL;
}

/* Run names begin with their time, so the greater name is the newer run. */
static void add_run(struct generations *g, int place, const struct stored_run *run)
{
    struct generation *list = g->devices[place];
    const char *slug = slug_of(run, places[place]);
    int i = 0;

    if (!slug) return;
    while (i < g->device_count[place] && strcmp(list[i].slug, slug)) i++;
    if (i == DEVICES_MAX) return;
    if (i < g->device_count[place]) {
        if (strcmp(run->id, list[i].run->id) <= 0) return;
    } else g->device_count[place]++;
    list[i] = (struct generation){run, slug, place ? run->host : run->device,
                                  spec_find(run, slug, "f32")};
}

static int earlier(const struct generation *a, const struct generation *b)
{
    return strcmp(a->spec.released, b->spec.released) < 0;
}

static void find_devices(struct generations *g, int place)
{
    struct generation *list = g->devices[place];

    int runs = 0;
    for (size_t i = 0; i < g->run_count; i++) {
        add_run(g, place, &g->runs[i]);
        runs += slug_of(&g->runs[i], places[place]) != NULL;
    }
    if (g->device_count[place] < 2) return;
    g->older += runs - g->device_count[place];
    for (int i = 0; i < g->device_count[place]; i++) g->dated &= *list[i].spec.released != 0;
    for (int i = 1; i < g->device_count[place] && g->dated; i++)
        for (int j = i; j > 0 && earlier(&list[j], &list[j - 1]); j--) {
            const struct generation swap = list[j];
            list[j] = list[j - 1];
            list[j - 1] = swap;
        }
}

/* ---- panels ---- */

static int same_problem(const struct row *a, const struct row *b)
{
    return !strcmp(a->shape, b->shape) && !strcmp(a->op, b->op) &&
           !strcmp(a->precision, b->precision) && !strcmp(a->layout, b->layout) &&
           !strcmp(a->place, b->place) && !strcmp(a->cache, b->cache) &&
           !strcmp(a->timing, b->timing);
}

/* The row of this problem and impl; impl NULL: the fastest library call. */
static const struct row *find(const struct stored_run *run, const struct row *of, const char *impl)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct row *r = &run->rows[i];
        if (!derive_usable(r) || !same_problem(r, of)) continue;
        if (!impl) return derive_rival(run->rows, run->count, r);
        if (!strcmp(r->impl, impl)) return r;
    }
    return NULL;
}

/* On how many processors is there a rival for this problem? */
static int spread(const struct generations *g, int place, const struct row *of)
{
    int n = 0;

    for (int i = 0; i < g->device_count[place]; i++)
        n += find(g->devices[place][i].run, of, NULL) != NULL;
    return n;
}

static size_t rungs(const struct stored_run *run, const struct row *of)
{
    size_t n = 0;

    for (size_t i = 0; i < run->count; i++)
        n += derive_by_hand(&run->rows[i]) && derive_usable(&run->rows[i]) &&
             same_problem(&run->rows[i], of);
    return n;
}

/* The problem on most processors, then with most rungs, then with most FLOPs. */
static const struct row *choose_problem(const struct generations *g, int place, const char *op,
                                        const char *precision)
{
    const struct row *best = NULL;
    int best_spread = 1;
    size_t best_rungs = 0;

    for (int d = 0; d < g->device_count[place]; d++) {
        const struct stored_run *run = g->devices[place][d].run;
        for (size_t i = 0; i < run->count; i++) {
            const struct row *r = &run->rows[i];
            if (strcmp(r->op, op) || strcmp(r->precision, precision) ||
                strcmp(r->place, places[place]) || !choose_opens_cell(run->rows, i))
                continue;
            const int s = spread(g, place, r);
            const size_t n = rungs(run, r);
            if (s < 2 || s < best_spread || (s == best_spread && n < best_rungs)) continue;
            if (best && s == best_spread && n == best_rungs && !(r->flop > best->flop)) continue;
            best = r, best_spread = s, best_rungs = n;
        }
    }
    return best;
}

/* Sum over processors of how near an impl comes to the library; more processors count first. */
static double merit(const struct generations *g, int place, const struct row *of, const char *impl)
{
    double sum = 0;

    for (int i = 0; i < g->device_count[place]; i++) {
        const struct stored_run *run = g->devices[place][i].run;
        const struct row *r = find(run, of, impl), *rival = find(run, of, NULL);
        if (r && rival) sum += 100 + log10(rival->t_med_us / r->t_med_us);
    }
    return sum;
}

static void fill_slots(struct generations *g, int place, struct generations_panel *p)
{
    const char *best[CHOSEN_MAX] = {NULL};
    double merits[CHOSEN_MAX] = {0};

    for (int d = 0; d < g->device_count[place]; d++) {
        const struct stored_run *run = g->devices[place][d].run;
        p->rivals[d] = find(run, p->of, NULL);
        for (size_t i = 0; i < run->count; i++) {
            const struct row *r = &run->rows[i];
            if (!derive_usable(r) || !derive_by_hand(r) || !same_problem(r, p->of)) continue;
            const int slot = derive_slot(run->rows, run->count, r) - 1;
            const double m = merit(g, place, p->of, r->impl);
            if (m > merits[slot]) merits[slot] = m, best[slot] = r->impl;
        }
    }
    for (int slot = 0; slot < CHOSEN_MAX; slot++)
        for (int d = 0; d < g->device_count[place] && best[slot]; d++)
            p->points[slot][d] = find(g->devices[place][d].run, p->of, best[slot]);
}

static void add_panels(struct generations *g, int place, const char *precision)
{
    const char *ops[32];
    size_t op_count = 0;

    if (!g->device_count[place]) return;
    op_count = stored_ops(g->devices[place][0].run, ops, 32);
    for (size_t o = 0; o < op_count && g->count < CHART_PANELS; o++) {
        const struct row *of = choose_problem(g, place, ops[o], precision);
        if (!of) continue;
        g->panels[g->count] = (struct generations_panel){.place = places[place], .of = of};
        fill_slots(g, place, &g->panels[g->count++]);
    }
}

const char *generations_write(const struct stored_run *runs, size_t count, const char *dir,
                              int *panels)
{
    struct generations g = {.runs = runs, .run_count = count, .dated = 1};

    for (int place = 0; place < 2; place++) find_devices(&g, place);
    add_panels(&g, 0, "f32");
    add_panels(&g, 0, "bf16");
    add_panels(&g, 1, "f32");
    *panels = g.count;
    return g.count ? generations_draw(&g, dir) : NULL;
}
