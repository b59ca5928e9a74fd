/* sweep.c: the figure "At which size does a rung start to pay?": useful FLOP/s of square
 * gemm against n, one panel per place, precision and layout. At most five series a panel: the naive
 * kernel, the best of each third of the ladder, the rival. The axis starts at 0 and ends at the
 * roof that the run measured, so that the height of a curve is its share of the machine. */
#include "report/sweep.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/figures.h"
#include "report/words.h"

/* n of a square shape without options; 0: another shape. */
static double side(const struct row *r)
{
    long m, n, k;
    int end = 0;

    if (sscanf(r->shape, "%9ldx%9ldx%9ld%n", &m, &n, &k, &end) != 3 || r->shape[end]) return 0;
    return m == n && n == k ? (double)m : 0;
}

static int drawable(const struct row *r)
{
    const char *timing = !strcmp(r->place, "host") ? "host" : "batch";

    return !strcmp(r->op, "gemm") && !strcmp(r->cache, "cold") && !strcmp(r->timing, timing) &&
           derive_usable(r) && r->flop > 0 && side(r) > 0;
}

static int same_panel(const struct row *a, const struct row *b)
{
    return !strcmp(a->place, b->place) && !strcmp(a->precision, b->precision) &&
           !strcmp(a->layout, b->layout);
}

/* ---- which panels ---- */

/* Distinct sizes of the panel that r belongs to. */
static size_t sizes(const struct stored_run *run, const struct row *r)
{
    double seen[POINTS];
    size_t n = 0;

    for (size_t i = 0; i < run->count; i++) {
        const struct row *c = &run->rows[i];
        size_t j = 0;
        if (!drawable(c) || !same_panel(c, r)) continue;
        while (j < n && seen[j] != side(c)) j++;
        if (j == n && n < POINTS) seen[n++] = side(c);
    }
    return n;
}

/* Places and precisions in the order in which people ask for them. */
static int priority(const struct row *r)
{
    static const char *const order[] = {"f32", "bf16", "f16", "f64", "tf32"};
    static const char *const host_order[] = {"f32", "f64", "bf16", "f16", "tf32"};
    const int host = !strcmp(r->place, "host");
    int i = 0;

    while (i < 5 && strcmp((host ? host_order : order)[i], r->precision)) i++;
    return i + (host ? 10 : 0);
}

struct candidate {
    const struct row *of;
    int key; /* second layouts come after all first ones */
    size_t sizes;
};

static int by_key(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->key != y->key) return x->key - y->key;
    return (x->of > y->of) - (x->of < y->of);
}

static void choose_panels(struct sweep *s)
{
    struct candidate all[POINTS];
    size_t n = 0;

    for (size_t i = 0; i < s->run->count && n < POINTS; i++) {
        const struct row *r = &s->run->rows[i];
        size_t j = 0;
        if (!drawable(r)) continue;
        while (j < n && !same_panel(all[j].of, r)) j++;
        if (j == n) all[n++] = (struct candidate){r, 0, sizes(s->run, r)};
    }
    for (size_t i = 0; i < n; i++) {
        size_t rank = 0;
        for (size_t j = 0; j < n; j++)
            rank += !strcmp(all[j].of->place, all[i].of->place) &&
                    !strcmp(all[j].of->precision, all[i].of->precision) &&
                    (all[j].sizes > all[i].sizes || (all[j].sizes == all[i].sizes && j < i));
        all[i].key = priority(all[i].of) + 100 * (int)rank;
    }
    qsort(all, n, sizeof *all, by_key);
    for (size_t i = 0; i < n && s->count < SWEEP_PANELS; i++)
        if (all[i].sizes > 1) s->panels[s->count++].of = all[i].of;
}

/* ---- which series ---- */

static int by_n(const void *a, const void *b)
{
    const double x = ((const struct sweep_point *)a)->n, y = ((const struct sweep_point *)b)->n;

    return (x > y) - (x < y);
}

static struct sweep_series collect(const struct stored_run *run, const struct row *of)
{
    struct sweep_series s = {.of = of};

    for (size_t i = 0; i < run->count && s.count < POINTS; i++) {
        const struct row *r = &run->rows[i];
        if (!drawable(r) || !same_panel(r, of) || strcmp(r->impl, of->impl)) continue;
        const int many = r->t_p05_us > 0 && r->t_p95_us > 0; /* else the median's interval */
        const double fast = many ? r->t_p05_us : r->t_ci_lo_us;
        const double slow = many ? r->t_p95_us : r->t_ci_hi_us;
        const double rate = r->flop / r->t_med_us * 1e6;
        s.points[s.count++] =
            (struct sweep_point){side(r), rate, slow > 0 ? r->flop / slow * 1e6 : rate,
                                 fast > 0 ? r->flop / fast * 1e6 : rate};
        s.doubtful |= words_doubtful(r);
    }
    qsort(s.points, s.count, sizeof *s.points, by_n);
    return s;
}

/* Is a better than b? By the rate at the largest size that both have, else by the larger size. */
static int better(const struct sweep_series *a, const struct sweep_series *b)
{
    if (!b->of) return 1;
    for (size_t i = a->count; i-- > 0;)
        for (size_t j = b->count; j-- > 0;)
            if (a->points[i].n == b->points[j].n) return a->points[i].rate > b->points[j].rate;
    return a->points[a->count - 1].n > b->points[b->count - 1].n;
}

static void choose_series(struct sweep *s, struct sweep_panel *p)
{
    const struct stored_run *run = s->run;

    for (size_t i = 0; i < run->count; i++) {
        const struct row *r = &run->rows[i];
        if (!drawable(r) || !same_panel(r, p->of)) continue;
        struct sweep_series *best = &p->series[derive_slot(run->rows, run->count, r) - 1];
        if (best->of && !strcmp(best->of->impl, r->impl)) continue;
        const struct sweep_series mine = collect(run, r);
        if (better(&mine, best)) *best = mine;
    }
    for (int i = 0; i < SERIES; i++) s->doubtful |= p->series[i].doubtful;
}

/* ---- axes ---- */

/* 1, 2 or 5 times a power of ten, so that about `parts` of them make `range`. */
static double round_step(double range, int parts)
{
    const double power = pow(10, floor(log10(range / parts))), digit = range / parts / power;

    return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
}

static void make_axes(struct sweep_panel *p)
{
    double most = 0;

    p->x = (struct axis){.low = INFINITY, .log = 1};
    for (int i = 0; i < SERIES; i++)
        for (size_t j = 0; j < p->series[i].count; j++) {
            p->x.low = fmin(p->x.low, p->series[i].points[j].n);
            p->x.high = fmax(p->x.high, p->series[i].points[j].n);
            most = fmax(most, p->series[i].points[j].high);
        }
    p->x.low /= 1.07;
    p->x.high *= 1.07;
    const int measured = p->roof.gflops > 0;
    double top = measured ? fmax(p->roof.gflops * 1e9, most) : most * 1.04;
    p->unit = top >= 1e12 ? 1e12 : 1e9;
    top /= p->unit;
    p->step = round_step(top, 6);
    p->top = measured ? top : ceil(top / p->step) * p->step;
    p->y = (struct axis){.low = 0, .high = p->top};
    p->x.from = p->box.left, p->x.to = p->box.right;
    p->y.from = p->box.bottom, p->y.to = p->box.top;
}

static void make_page(struct sweep *s)
{
    const int columns = s->count == 1 ? 1 : 2, rows = (s->count + 1) / 2;

    s->page =
        page_make(columns, rows, s->count == 1 ? 620 : 360, s->count == 1 ? 340 : 280, 200, 150);
    for (int i = 0; i < s->count; i++) {
        struct sweep_panel *p = &s->panels[i];
        p->box = page_panel(&s->page, i % columns, i / columns);
        p->roof = stored_roof(s->run, p->of);
        choose_series(s, p);
        make_axes(p);
    }
}

int sweep_possible(const struct stored_run *run)
{
    struct sweep s = {.run = run};

    choose_panels(&s);
    return s.count > 0;
}

const char *sweep_write(const struct stored_run *run, const char *dir, int *panels)
{
    struct sweep s = {.run = run};
    struct plotdata d;

    choose_panels(&s);
    *panels = s.count;
    if (!s.count) return NULL;
    make_page(&s);
    plotdata_begin(&d, "sweep");
    sweep_put(&d, &s);
    return plotdata_save(&d, dir, "sweep.dat");
}
