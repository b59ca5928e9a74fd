/* accuracy.c: the figure "What do digits cost?": % of the library against the largest error as a
 * share of the bound that the precision allows, one panel per op and place. An exact result has no
 * logarithm: it stands on the bottom line. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/figures.h"
#include "report/scatter.h"
#include "report/words.h"

static int has_error(const struct row *r, const void *none)
{
    (void)none;
    return r->err_bound_frac >= 0;
}

static int place(const struct scatter_panel *panel, struct scatter_point *p)
{
    const struct row *base = panel->head.base;
    const struct span span = choose_span(p->row);

    p->x = derive_percent(p->row, base);
    p->y = p->row->err_bound_frac;
    p->x_low = p->x * p->row->t_med_us / span.high;
    p->x_high = p->x * p->row->t_med_us / span.low;
    return p->x > 0;
}

static void make_axes(struct scatter_panel *p)
{
    p->x = (struct axis){.low = 100, .high = 100, .log = 1};
    p->y = (struct axis){.low = 1, .high = 1, .log = 1};
    for (size_t i = 0; i < p->count; i++) {
        chart_stretch(&p->x, p->points[i].x_low);
        chart_stretch(&p->x, p->points[i].x_high);
        chart_stretch(&p->y, p->points[i].y);
    }
    p->x.low /= 1.8, p->x.high *= 1.8;
    /* the bottom line is no value: it stays clear of the lowest tick, and is said to be exact */
    p->y.low = 0.55 * pow(10, floor(log10(fmin(p->y.low / 2, 0.02)))), p->y.high *= 1.6;
    p->x.from = p->box.left, p->x.to = p->box.right;
    p->y.from = p->box.bottom, p->y.to = p->box.top;
}

static void draw_panel(struct scatter *f, struct chart *c, struct scatter_panel *p, int first)
{
    struct panel_text *t = scatter_say(c, p);
    size_t exact = 0;

    make_axes(p);
    for (size_t i = 0; i < p->count; i++) {
        exact += p->points[i].y == 0;
        if (p->points[i].y == 0) p->points[i].y = p->y.low;
    }
    if (exact) chart_text(c, CHART_RIGHT, p->box.left - 8, p->box.bottom, INK_BLACK, 0, "exact");
    if (!p->head.rival)
        snprintf(t->note[1], sizeof t->note[1], "%% of the best rung: no library row");
    chart_x_axis(c, &p->box, &p->x, chart_percent, "% of library throughput");
    chart_y_axis(c, &p->box, &p->y, chart_plain, first ? "largest error / bound" : "");
    const double limit = axis_pixel(&p->y, 1), full = axis_pixel(&p->x, 100);
    const struct segment lines[] = {{p->box.left, limit, p->box.right, limit},
                                    {full, p->box.bottom, full, p->box.top}};
    chart_line(c, CHART_RULE, p->box.left, limit, p->box.right, limit, INK_BLACK);
    chart_text(c, CHART_RIGHT, p->box.right, limit + 9, INK_BLACK, 0, "limit: above is wrong");
    chart_line(c, CHART_DASH, full, p->box.bottom, full, limit, p->head.rival ? 5 : INK_GREY);
    scatter_draw(f, c, p, 60, lines, 2);
}

const char *accuracy_write(const struct stored_run *run, const char *dir, int *panels)
{
    struct scatter f = {.run = run};
    struct chart c;

    scatter_choose(&f, has_error, place);
    *panels = f.count;
    if (!f.count) return NULL;
    scatter_begin(&f, &c, 300);
    for (int i = 0; i < f.count; i++) draw_panel(&f, &c, &f.panels[i], i == 0);
    const char *why = scatter_save(&f, &c, dir, "accuracy",
                                   "Error against float64, as a share of what the precision allows."
                                   "  Lower is more exact, right is faster.");
    scatter_free(&f);
    return why;
}
