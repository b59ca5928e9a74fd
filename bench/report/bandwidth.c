/* bandwidth.c: the figure "How much of the memory's speed is used?": compulsory bytes per second of
 * the cells that memory binds, the best kernel by hand and the best library call of each, against
 * the copy that the run measured. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/chart.h"
#include "report/choose.h"
#include "report/figures.h"
#include "report/words.h"

enum { BANDWIDTH_ROWS = 16, ROW_HEIGHT = 38, COLUMN = 178, COLUMN_MAX = 340 }; /* a panel; px */

struct bandwidth_panel {
    const char *place;
    const struct row *cells[BANDWIDTH_ROWS];
    int count, more; /* more: cells that found no place */
    double roof;     /* GB/s; NaN: not measured */
};

struct bandwidth {
    const struct stored_run *run;
    struct bandwidth_panel panels[2];
    int count, doubtful;
    double column[2]; /* widths, by hand and library: that of the longest text */
};

/* Does the time for its bytes exceed that for its FLOPs and for a launch? Rows without FLOPs: yes,
 * whatever is known of the machine. */
static int memory_binds(const struct stored_run *run, const struct row *r)
{
    struct roof roof = stored_roof(run, r);

    if (!(r->bytes > 0)) return 0;
    if (!(r->flop > 0)) return 1;
    const double t = derive_roof_us(r->flop, r->bytes, &roof);
    return roof.gbs > 0 && t > 0 && r->bytes / roof.gbs / 1e3 >= t * (1 - 1e-9);
}

static void choose(struct bandwidth *f, const char *place)
{
    struct bandwidth_panel *p = &f->panels[f->count];
    const struct stored_run *run = f->run;

    *p = (struct bandwidth_panel){.place = place, .roof = NAN};
    for (size_t i = 0; i < run->count; i++) {
        const struct row *r = &run->rows[i];
        if (strcmp(r->place, place) || !choose_opens_cell(run->rows, i) || !memory_binds(run, r))
            continue;
        const struct duel d = choose_duel(run->rows, run->count, r);
        if (!d.hand && !d.library) continue; /* a framework alone */
        p->roof = stored_roof(run, r).gbs;
        if (p->count < BANDWIDTH_ROWS) p->cells[p->count++] = r;
        else p->more++;
    }
    f->count += p->count > 0;
}

static double gbs(const struct row *r, double us) { return r->bytes / us / 1e3; }

static void stretch(struct axis *x, const struct row *r)
{
    if (r) chart_stretch(x, gbs(r, choose_span(r).low));
}

static char *name_and_rate(const struct row *r, char *to, size_t n)
{
    char name[64], rate[40];

    snprintf(to, n, "%.30s%s %s", words_impl(r, name, sizeof name), words_doubtful(r) ? "*" : "",
             words_rate(gbs(r, r->t_med_us), "B/s", rate, sizeof rate));
    return to;
}

/* A mark before the text, and some room behind it. */
static void widen(double *column, const struct row *r)
{
    char text[160];

    if (!r) return;
    const double width = words_width(name_and_rate(r, text, sizeof text), FONT_NOTE) + 32;
    *column = fmin(fmax(*column, width), COLUMN_MAX);
}

static void measure_columns(struct bandwidth *f)
{
    f->column[0] = f->column[1] = COLUMN;
    for (int i = 0; i < f->count; i++)
        for (int k = 0; k < f->panels[i].count; k++) {
            const struct duel d = choose_duel(f->run->rows, f->run->count, f->panels[i].cells[k]);
            widen(&f->column[0], d.hand);
            widen(&f->column[1], d.library);
        }
}

/* One kernel of a row: its interval and mark, and in a column at the right its name and rate. */
static void draw_one(struct bandwidth *f, struct chart *c, const struct axis *x,
                     const struct row *r, double y, double column, double width)
{
    const int slot = derive_slot(f->run->rows, f->run->count, r), star = words_doubtful(r);
    const struct span span = choose_span(r);
    char text[160];

    f->doubtful |= star;
    chart_line(c, CHART_RANGE, axis_pixel(x, gbs(r, span.high)), y, axis_pixel(x, gbs(r, span.low)),
               y, slot);
    chart_mark(c, axis_pixel(x, gbs(r, r->t_med_us)), y, slot, star);
    chart_mark(c, column, y, slot, star);
    chart_text(c, CHART_LEFT, column + 10, y, slot, width - 16,
               name_and_rate(r, text, sizeof text));
}

static void draw_cell(struct bandwidth *f, struct chart *c, const struct box *box,
                      const struct axis *x, const struct row *of, double y)
{
    const struct duel d = choose_duel(f->run->rows, f->run->count, of);
    char text[300], shape[200];
    const char *label;

    choose_listed(f->run, of, &label);
    snprintf(text, sizeof text, "%s %s %s%s%s", of->op, of->precision, of->layout,
             *label ? "  " : "", label);
    chart_text(c, CHART_RIGHT, box->left - 10, y + 8, INK_BLACK, box->left - 24, text);
    chart_text(c, CHART_RIGHT, box->left - 10, y - 7, INK_GREY, box->left - 24,
               words_shape(of->shape, shape, sizeof shape));
    chart_line(c, CHART_GRID, box->left, y, box->right, y, INK_GREY);
    if (d.hand && d.library)
        chart_line(c, CHART_STEM, axis_pixel(x, gbs(d.hand, d.hand->t_med_us)), y,
                   axis_pixel(x, gbs(d.library, d.library->t_med_us)), y, INK_GREY);
    const double column = box->right + 24;
    const double second = column + f->column[0];
    if (d.hand) draw_one(f, c, x, d.hand, y, column, f->column[0]);
    else chart_text(c, CHART_LEFT, column - 4, y, INK_GREY, 0, "no hand kernel");
    if (d.library) draw_one(f, c, x, d.library, y, second, f->column[1]);
    else chart_text(c, CHART_LEFT, second - 4, y, INK_GREY, 0, "no library row");
}

static void draw_panel(struct bandwidth *f, struct chart *c, const struct bandwidth_panel *p,
                       struct box box)
{
    struct axis x = {.low = 0, .high = 0};
    struct panel_text *t =
        chart_panel(c, box, box.right - box.left + 24 + f->column[0] + f->column[1]);
    char roof[40], text[100];

    if (p->roof > 0) chart_stretch(&x, p->roof);
    for (int i = 0; i < p->count; i++) {
        const struct duel d = choose_duel(f->run->rows, f->run->count, p->cells[i]);
        stretch(&x, d.hand);
        stretch(&x, d.library);
    }
    x.high *= 1.03;
    chart_x_axis(c, &box, &x, chart_bytes, "compulsory bytes per second");
    for (int i = 0; i < p->count; i++)
        draw_cell(f, c, &box, &x, p->cells[i], box.top - (i + 0.5) * ROW_HEIGHT);
    snprintf(t->title, sizeof t->title, "on the %s, cold",
             strcmp(p->place, "host") ? "GPU" : "CPU");
    if (p->more)
        snprintf(t->title + strlen(t->title), sizeof t->title - strlen(t->title),
                 " (%d more in results.csv)", p->more);
    chart_text(c, CHART_LEFT, box.right + 20, box.top + 10, INK_BLACK, 0, "best by hand");
    chart_text(c, CHART_LEFT, box.right + 20 + f->column[0], box.top + 10, INK_BLACK, 0,
               "best library");
    if (!(p->roof > 0)) {
        snprintf(t->note[1], sizeof t->note[1], "no roof was measured in this run");
        return;
    }
    const double at = axis_pixel(&x, p->roof);
    chart_line(c, CHART_RULE, at, box.bottom, at, box.top, INK_BLACK);
    snprintf(text, sizeof text, "measured copy: %s", words_rate(p->roof, "B/s", roof, sizeof roof));
    chart_text(c, CHART_RIGHT, at + 3, box.top + 10, INK_BLACK, 0, text);
}

const char *bandwidth_write(const struct stored_run *run, const char *dir, int *panels)
{
    struct bandwidth f = {.run = run};
    char subtitle[500], devices[300], footer[700];
    struct box boxes[CHART_PANELS];
    int rows[2];
    struct chart c;

    choose(&f, "device");
    choose(&f, "host");
    *panels = f.count;
    if (!f.count) return NULL;
    for (int i = 0; i < f.count; i++) rows[i] = f.panels[i].count;
    measure_columns(&f);
    chart_begin_rows(&c, (size_t)f.count, rows, ROW_HEIGHT, 420, 300,
                     24 + f.column[0] + f.column[1], boxes);
    for (int i = 0; i < f.count; i++) draw_panel(&f, &c, &f.panels[i], boxes[i]);
    snprintf(subtitle, sizeof subtitle,
             "%s.  Problems that memory binds; each input read once, each output written once.",
             choose_devices(run, !strcmp(f.panels[0].place, "device"),
                            !strcmp(f.panels[f.count - 1].place, "host"), devices, sizeof devices));
    return chart_save(&c, dir, "bandwidth", figure_question("bandwidth"), subtitle,
                      choose_footer(run, f.doubtful, footer, sizeof footer));
}
