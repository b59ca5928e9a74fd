/* versus_draw.c: draws what versus.c chose, see versus.h. */
#include <math.h>
#include <stdio.h>
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
            chart_stretch(&x, f->panels[i].pairs[k]->ratio);
            chart_stretch(&x, f->panels[i].pairs[k]->lo);
            chart_stretch(&x, f->panels[i].pairs[k]->hi);
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
static void draw_promises(const struct versus *f, struct chart *c, const struct versus_panel *p,
                          const struct box *box, const struct axis *x)
{
    struct promise list[1 + VERSUS_CELLS];
    double last = -1e9, up = 0;
    char text[160];
    int n = 0;

    for (int i = 0; i < p->count; i++) {
        const struct pair *q = p->pairs[i];
        const struct roof a = stored_roof(f->a, q->a), b = stored_roof(f->b, q->b);
        if (!i) add_promise(list, &n, "memory", a.gbs, b.gbs);
        if ((!i || strcmp(q->a->precision, p->pairs[i - 1]->a->precision)) && q->a->flop > 0)
            add_promise(list, &n, q->a->precision, a.gflops, b.gflops);
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

static void draw_row(struct versus *f, struct chart *c, const struct axis *x, const struct pair *q,
                     const struct box *box, double y)
{
    const int slot = derive_slot(f->a->rows, f->a->count, q->a);
    const int star = words_doubtful(q->a) || words_doubtful(q->b);
    char name[64], text[100];

    f->doubtful |= star;
    snprintf(text, sizeof text, "%s%s", words_impl(q->a, name, sizeof name), star ? "*" : "");
    chart_text(c, CHART_RIGHT, box->left - 10, y, slot, NAMES - 16, text);
    if (q->lo > 0 && q->hi > 0)
        chart_line(c, CHART_RANGE, axis_pixel(x, q->lo), y, axis_pixel(x, q->hi), y, slot);
    chart_mark(c, axis_pixel(x, q->ratio), y, slot, star || !q->decided);
    if (q->ratio < 9.995 && q->ratio >= 0.0995) snprintf(text, sizeof text, "%.2f×", q->ratio);
    else chart_factor(q->ratio, text, sizeof text);
    chart_text(c, CHART_LEFT, box->right + 14, y, slot, 0, text);
}

static void draw_panel(struct versus *f, struct chart *c, const struct versus_panel *p,
                       struct box box)
{
    struct panel_text *t = chart_panel(c, box, box.right - box.left);
    const struct row *last = NULL;
    struct axis x = make_axis(f, p->place);
    char text[400], shape[200];

    x.from = box.left, x.to = box.right;
    t->box.left = 24; /* the ratios of the roofs stand above the box */
    snprintf(t->title, sizeof t->title, "%s on the %s, cold", p->pairs[0]->a->op,
             strcmp(p->place, "host") ? "GPU" : "CPU");
    chart_box(
        c, CHART_SHADE,
        (struct box){axis_pixel(&x, 1 / f->band), axis_pixel(&x, f->band), box.bottom, box.top},
        INK_GREY);
    chart_line(c, CHART_AXIS, axis_pixel(&x, 1), box.bottom, axis_pixel(&x, 1), box.top, INK_BLACK);
    draw_ticks(c, &box, &x);
    chart_text(c, CHART_LEFT, box.left, box.bottom - 36, INK_BLACK, 0, "← A is faster");
    chart_text(c, CHART_RIGHT, box.right, box.bottom - 36, INK_BLACK, 0, "B is faster →");
    draw_promises(f, c, p, &box, &x);
    for (int i = 0; i < p->count; i++) {
        const struct row *of = p->pairs[i]->a;
        const double y = box.top - (i + 0.5) * ROW_HEIGHT;
        draw_row(f, c, &x, p->pairs[i], &box, y);
        if (last && derive_same_cell(of, last)) continue;
        if (last)
            chart_line(c, CHART_GRID, 20, y + ROW_HEIGHT / 2., box.right + RATIO_COLUMN,
                       y + ROW_HEIGHT / 2., INK_GREY);
        snprintf(text, sizeof text, "%s %s %s", of->precision, of->layout,
                 words_shape(of->shape, shape, sizeof shape));
        chart_text(c, CHART_LEFT, 24, y, INK_BLACK, box.left - 24 - NAMES, text);
        last = of;
    }
}

const char *versus_draw(struct versus *f, const char *dir)
{
    const struct stored_run both[] = {*f->a, *f->b};
    char subtitle[700], a[300], b[300], footer[900];
    struct box boxes[CHART_PANELS];
    int rows[PANELS_MAX];
    struct chart c;

    for (int i = 0; i < f->panel_count; i++) rows[i] = f->panels[i].count;
    chart_begin_rows(&c, (size_t)f->panel_count, rows, ROW_HEIGHT, 460, 510, RATIO_COLUMN + 8,
                     boxes);
    for (int i = 0; i < f->panel_count; i++) draw_panel(f, &c, &f->panels[i], boxes[i]);
    choose_devices(f->a, 1, !*f->a->device, a, sizeof a);
    choose_devices(f->b, 1, !*f->b->device, b, sizeof b);
    snprintf(subtitle, sizeof subtitle,
             "A: %.60s.  B: %.60s.  Hollow: not told from noise (band: %.3g %%).  %d of %zu common "
             "cells.",
             a, b, 100 * (f->band - 1), f->drawn, f->count);
    choose_footers(both, 2, 1, footer, sizeof footer);
    if (f->doubtful)
        snprintf(footer + strlen(footer), sizeof footer - strlen(footer),
                 " · hollow with *: has a warning flag");
    return chart_save(&c, dir, "compare", figure_question("compare"), subtitle, footer);
}
