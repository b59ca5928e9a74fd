/* versus_draw.c: draws what versus.c chose, see versus.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/figures.h"
#include "report/versus.h"
#include "report/words.h"

enum { ROW_HEIGHT = 21, RATIO_COLUMN = 84, NAMES = 150 }; /* px */

/* Panels of one place share it: a CPU's noise would hide a GPU's differences. */
static struct axis make_axis(const struct versus *f, const char *place)
{
    struct axis x = {.low = 0.84, .high = 1.19, .log = 1};

    for (int i = 0; i < f->panel_count; i++)
        for (int k = 0; k < f->panels[i].count && !strcmp(f->panels[i].place, place); k++) {
            chart_stretch(&x, f->panels[i].cells[k]->q.ratio);
            chart_stretch(&x, f->panels[i].cells[k]->q.lo);
            chart_stretch(&x, f->panels[i].cells[k]->q.hi);
        }
    x.low /= 1.06, x.high *= 1.06;
    return x;
}

/* 1 and the most telling of the ratios that find room beside it. */
static void draw_ticks(struct chart *c, const struct box *box, const struct axis *x)
{
    static const double wanted[] = {1,    2,    0.5, 4,    0.25, 8,    0.125, 16,   0.0625,
                                    100,  0.01, 1e3, 1e-3, 1e4,  1e-4, 1e5,   1e-5, 1.5,
                                    0.67, 1.25, 0.8, 3,    1.1,  0.9,  1.05,  0.95};
    double at[sizeof wanted / sizeof wanted[0]], half[sizeof wanted / sizeof wanted[0]];
    size_t n = 0;
    char text[40];

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const double p = axis_pixel(x, wanted[i]);
        size_t j = 0;
        if (p < box->left || p > box->right) continue;
        half[n] = words_width(chart_factor(wanted[i], text, sizeof text), FONT_NOTE) / 2 + 4;
        while (j < n && fabs(at[j] - p) >= half[j] + half[n]) j++;
        if (j < n) continue;
        at[n++] = p;
        chart_x_tick(c, box, p, text);
    }
}

struct promise {
    double ratio;
    char names[100];
};

static void add_promise(struct promise *list, int *n, const char *name, double a, double b)
{
    if (!(a > 0) || !(b > 0)) return;
    for (int i = 0; i < *n; i++) {
        const size_t used = strlen(list[i].names);
        if (fabs(log(list[i].ratio / (b / a))) > 0.02) continue;
        snprintf(list[i].names + used, sizeof list[i].names - used, ", %s", name);
        return;
    }
    list[*n].ratio = b / a;
    snprintf(list[*n].names, sizeof list[*n].names, "%s", name);
    ++*n;
}

/* Dashed: what the measured roofs of B promise against those of A. Equal ones share a line. */
static void draw_promises(struct chart *c, const struct versus_panel *p, const struct box *box,
                          const struct axis *x)
{
    struct promise list[1 + VERSUS_CELLS];
    double last = -1e9, up = 0;
    char text[160];
    int n = 0;

    for (int i = 0; i < p->count; i++) {
        const struct cell *q = p->cells[i];
        const char *precision = q->row[0]->precision;
        const struct roof a = stored_roof(q->run[0], q->row[0]),
                          b = stored_roof(q->run[1], q->row[1]);
        if (!i) add_promise(list, &n, "memory", a.gbs, b.gbs);
        if ((!i || strcmp(precision, p->cells[i - 1]->row[0]->precision)) && q->row[0]->flop > 0)
            add_promise(list, &n, precision, a.gflops, b.gflops);
    }
    for (int i = 0; i < n; i++) {
        const double at = axis_pixel(x, list[i].ratio);
        if (at < box->left || at > box->right) continue;
        chart_line(c, CHART_DASH, at, box->bottom, at, box->top, INK_BLACK);
        snprintf(text, sizeof text, "%s roof %.2f×", list[i].names, list[i].ratio);
        up = fabs(at - last) < 150 && up == 0 ? 14 : 0;
        chart_text(c, CHART_CENTER, at, box->top + 8 + up, INK_BLACK, 0, text);
        last = at;
    }
}

static void draw_row(struct versus *f, struct chart *c, const struct axis *x,
                     const struct cell *cell, const struct box *box, double y)
{
    const struct stored_run *run = cell->run[0];
    const struct between *q = &cell->q;
    const int slot = derive_slot(run->rows, run->count, cell->row[0]);
    const int star = words_doubtful(cell->row[0]) || words_doubtful(cell->row[1]);
    const int differs = cell->verdict == FASTER || cell->verdict == SLOWER;
    char name[64], text[100];

    f->doubtful |= star;
    f->clock |= cell->verdict == CLOCK;
    snprintf(text, sizeof text, "%s%s", words_impl(cell->row[0], name, sizeof name),
             star ? "*" : "");
    chart_text(c, CHART_RIGHT, box->left - 10, y, slot, NAMES - 16, text);
    if (q->lo > 0 && q->hi > 0)
        chart_line(c, CHART_RANGE, axis_pixel(x, q->lo), y, axis_pixel(x, q->hi), y, slot);
    chart_mark(c, axis_pixel(x, q->ratio), y, slot, star || !differs);
    if (q->ratio < 9.995 && q->ratio >= 0.0995) snprintf(text, sizeof text, "%.2f×", q->ratio);
    else chart_factor(q->ratio, text, sizeof text);
    chart_text(c, CHART_LEFT, box->right + 14, y, slot, 0, text);
}

/* The CPUs of a panel, with what they were allowed. */
static void say_hosts(const struct versus *f, char *to, size_t n)
{
    for (int s = 0; s < 2; s++) {
        const struct stored_run *run = &f->c->side[s]->runs[0];
        const size_t used = strlen(to);
        double threads = 0;
        manifest_number(&run->manifest, "host", "threads", &threads);
        snprintf(to + used, n - used, "%s%c: %.80s", s ? ".  " : "", 'A' + s, run->host);
        if (threads > 0)
            snprintf(to + strlen(to), n - strlen(to), ", %g thread%s", threads,
                     threads > 1 ? "s" : "");
    }
}

static void draw_panel(struct versus *f, struct chart *c, const struct versus_panel *p,
                       struct box box)
{
    struct panel_text *t = chart_panel(c, box, box.right - box.left);
    const struct row *last = NULL;
    struct axis x = make_axis(f, p->place);
    char text[400], shape[200];
    int end;

    x.from = box.left, x.to = box.right;
    t->box.left = 24; /* the ratios of the roofs stand above the box */
    snprintf(t->title, sizeof t->title, "%s on the %s, cold", p->cells[0]->row[0]->op,
             strcmp(p->place, "host") ? "GPU" : "CPU");
    if (f->c->mode == COMPARE_HARDWARE && !strcmp(p->place, "host")) {
        t->width = box.right + RATIO_COLUMN - 24;
        say_hosts(f, t->note[0], sizeof t->note[0]);
    }
    for (int i = 0; i < p->count; i = end) { /* a box as far as the band is the same */
        const double band = p->cells[i]->band;
        for (end = i + 1; end < p->count && fabs(p->cells[end]->band - band) < 1e-9;) end++;
        chart_box(c, CHART_SHADE,
                  (struct box){axis_pixel(&x, 1 / band), axis_pixel(&x, band),
                               box.top - end * ROW_HEIGHT, box.top - i * ROW_HEIGHT},
                  INK_GREY);
    }
    chart_line(c, CHART_AXIS, axis_pixel(&x, 1), box.bottom, axis_pixel(&x, 1), box.top, INK_BLACK);
    draw_ticks(c, &box, &x);
    chart_text(c, CHART_LEFT, box.left, box.bottom - 36, INK_BLACK, 0, "← A is faster");
    chart_text(c, CHART_RIGHT, box.right, box.bottom - 36, INK_BLACK, 0, "B is faster →");
    draw_promises(c, p, &box, &x);
    for (int i = 0; i < p->count; i++) {
        const struct row *of = p->cells[i]->row[0];
        const double y = box.top - (i + 0.5) * ROW_HEIGHT;
        draw_row(f, c, &x, p->cells[i], &box, y);
        if (last && compare_same_problem(of, last)) continue;
        if (last)
            chart_line(c, CHART_GRID, 20, y + ROW_HEIGHT / 2., box.right + RATIO_COLUMN,
                       y + ROW_HEIGHT / 2., INK_GREY);
        snprintf(text, sizeof text, "%s %s %s", of->precision, of->layout,
                 words_shape(of->shape, shape, sizeof shape));
        chart_text(c, CHART_LEFT, 24, y, INK_BLACK, box.left - 24 - NAMES, text);
        last = of;
    }
}

/* "4 %", "2 to 4 %": more repeats make it narrower. */
static void say_band(const struct versus *f, char *to, size_t n)
{
    double low = INFINITY, high = 0;

    for (int i = 0; i < f->panel_count; i++)
        for (int k = 0; k < f->panels[i].count; k++) {
            low = fmin(low, 100 * (f->panels[i].cells[k]->band - 1));
            high = fmax(high, 100 * (f->panels[i].cells[k]->band - 1));
        }
    if (high - low > 1e-6) snprintf(to, n, "%.3g to %.3g %%", low, high);
    else snprintf(to, n, "%.3g %%", low);
}

/* Tags of all runs; by name at most two of a side. */
static void put_footer(const struct versus *f, char *to, size_t n)
{
    enum { NAMED = 2 };
    struct stored_run *all = malloc(2 * SIDE_RUNS_MAX * sizeof *all);
    char letters[2 * SIDE_RUNS_MAX + 1] = "";
    size_t count = 0;
    int more = 0;

    for (int s = 0; s < 2 && all; s++)
        for (int i = 0; i < f->c->side[s]->count; i++) {
            all[count] = f->c->side[s]->runs[i];
            letters[count++] = (char)(i < NAMED ? 'A' + s : ' ');
            more += i >= NAMED;
        }
    choose_footers(all, count, letters, to, n);
    free(all);
    if (more) snprintf(to + strlen(to), n - strlen(to), " and %d more", more);
    if (f->doubtful)
        snprintf(to + strlen(to), n - strlen(to), " · hollow with *: has a warning flag");
}

const char *versus_draw(struct versus *f, const char *dir)
{
    const int on_device = !strcmp(f->panels[0].place, "device"); /* these come first */
    char subtitle[700], band[60], a[400], b[400], footer[900];
    struct box boxes[CHART_PANELS];
    int rows[PANELS_MAX];
    struct chart c;

    for (int i = 0; i < f->panel_count; i++) rows[i] = f->panels[i].count;
    chart_begin_rows(&c, (size_t)f->panel_count, rows, ROW_HEIGHT, 460, 510, RATIO_COLUMN + 8,
                     boxes);
    for (int i = 0; i < f->panel_count; i++) draw_panel(f, &c, &f->panels[i], boxes[i]);
    put_footer(f, footer, sizeof footer);
    say_band(f, band, sizeof band);
    snprintf(subtitle, sizeof subtitle,
             "A: %.90s.  B: %.90s.  Hollow: not told from noise (band: %s)%s.  %d of %d common "
             "cells.",
             compare_processors(&f->c->side[0]->runs[0], on_device, !on_device, a, sizeof a),
             compare_processors(&f->c->side[1]->runs[0], on_device, !on_device, b, sizeof b), band,
             f->clock ? ", or by the clock alone" : "", f->drawn, f->common);
    return chart_save(&c, dir, "compare", figure_question("compare"), subtitle, footer);
}
