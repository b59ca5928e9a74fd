/* energy.c: the figure "Is the fast one the thrifty one?": time of a call against its energy, from
 * the energy pass, one panel per op and place. Both axes are logarithmic, so calls of equal power
 * lie on a rising diagonal: whoever is below its neighbours' diagonal draws less. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/figures.h"
#include "report/scatter.h"
#include "report/words.h"

enum { POWERS_MAX = 16 };

static int has_energy(const struct row *r, const void *none)
{
    (void)none;
    return r->energy_mj > 0;
}

static int place(const struct scatter_panel *panel, struct scatter_point *p)
{
    const struct span span = choose_span(p->row);

    (void)panel;
    p->x = p->row->t_med_us, p->y = p->row->energy_mj;
    p->x_low = span.low, p->x_high = span.high;
    return 1;
}

/* mJ at `us` with so many watts. */
static double energy_at(double watts, double us) { return watts * us * 1e-3; }

static void make_axes(struct scatter_panel *p)
{
    p->x = p->y = (struct axis){.low = NAN, .high = NAN, .log = 1};
    for (size_t i = 0; i < p->count; i++) {
        chart_stretch(&p->x, p->points[i].x_low);
        chart_stretch(&p->x, p->points[i].x_high);
        chart_stretch(&p->y, p->points[i].y);
    }
    chart_pad(&p->x, p->box.right - p->box.left, 70, 50);
    chart_pad(&p->y, p->box.top - p->box.bottom, 50, 40);
    p->x.from = p->box.left, p->x.to = p->box.right;
    p->y.from = p->box.bottom, p->y.to = p->box.top;
}

/* Lines of 1, 2 and 5 times powers of ten of watts through the panel, each named where it leaves.
 * Only powers near those of the points are drawn: others would say nothing. */
static size_t draw_powers(struct chart *c, const struct scatter_panel *p,
                          struct segment out[POWERS_MAX])
{
    static const double digits[] = {1, 2, 5};
    double least = INFINITY, most = 0;
    size_t n = 0;

    for (size_t i = 0; i < p->count; i++) {
        const double watts = p->points[i].y / p->points[i].x * 1e3;
        least = fmin(least, watts);
        most = fmax(most, watts);
    }
    for (int e = -6; e < 8; e++)
        for (int k = 0; k < 3; k++) {
            const double watts = digits[k] * pow(10, e);
            const double x0 = fmax(p->x.low, p->y.low / watts * 1e3);
            const double x1 = fmin(p->x.high, p->y.high / watts * 1e3);
            char text[40];
            if (watts < least / 2.6 || watts > most * 2.6 || x0 >= x1 || n == POWERS_MAX) continue;
            struct segment *s = &out[n];
            *s = (struct segment){axis_pixel(&p->x, x0), axis_pixel(&p->y, energy_at(watts, x0)),
                                  axis_pixel(&p->x, x1), axis_pixel(&p->y, energy_at(watts, x1))};
            if (n && fabs(s->x1 - s[-1].x1) < 54 && fabs(s->y1 - s[-1].y1) < 14) continue;
            n++;
            chart_line(c, CHART_DASH, s->x0, s->y0, s->x1, s->y1, INK_GREY);
            snprintf(text, sizeof text, "%g W", watts);
            if (s->x1 > p->box.right - 1)
                chart_text(c, CHART_LEFT, s->x1 + 5, s->y1, INK_GREY, 0, text);
            else chart_text(c, CHART_CENTER, s->x1, s->y1 + 8, INK_GREY, 0, text);
        }
    return n;
}

const char *energy_write(const struct stored_run *run, const char *dir, int *panels)
{
    struct scatter f = {.run = run};
    struct segment lines[POWERS_MAX];
    struct chart c;

    scatter_choose(&f, has_energy, place);
    *panels = f.count;
    if (!f.count) return NULL;
    scatter_begin(&f, &c, 320);
    for (int i = 0; i < f.count; i++) {
        struct scatter_panel *p = &f.panels[i];
        make_axes(p);
        scatter_say(&c, p);
        chart_x_axis(&c, &p->box, &p->x, chart_time, "time of one call");
        chart_y_axis(&c, &p->box, &p->y, chart_energy, i == 0 ? "energy of one call" : "");
        scatter_draw(&f, &c, p, 0, lines, draw_powers(&c, p, lines));
    }
    const char *why = scatter_save(&f, &c, dir, "energy",
                                   "Dashed: equal power.  Lower is thriftier, left is faster.");
    scatter_free(&f);
    return why;
}
