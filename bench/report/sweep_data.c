/* sweep_data.c: the words and the blocks of the sweep's plot data, see sweep.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/figures.h"
#include "report/sweep.h"
#include "report/words.h"

enum { LABEL_GAP = 15 }; /* px between the names at the ends of curves */

/* ---- blocks ---- */

static void put_values(struct plotdata *d, size_t count, const double *v)
{
    plotdata_numbers(d, count, v);
    plotdata_row(d);
}

static void put_series(struct plotdata *d, const struct sweep_panel *p, int i)
{
    const double gap[] = {NAN, NAN, NAN, NAN};
    char block[32];

    for (int slot = 0; slot < SERIES; slot++) {
        const struct sweep_series *s = &p->series[slot];
        snprintf(block, sizeof block, "series-%02d-%d", i, slot + 1);
        plotdata_block(d, block, "n rate low high");
        for (size_t j = 0; j < s->count; j++) {
            const struct sweep_point *q = &s->points[j];
            const double v[] = {q->n, q->rate / p->unit, q->low / p->unit, q->high / p->unit};
            put_values(d, 4, v);
        }
        if (!s->count) put_values(d, 4, gap);
    }
}

/* What the roof allows at each size, launch and bytes included; a gap where it is above the axis.
 */
static void put_roof(struct plotdata *d, const struct sweep_panel *p, int i)
{
    enum { STEPS = 96 };
    char block[32];
    const char *precision = p->of->precision;
    const double size = !strcmp(precision, "f64")                                 ? 8
                        : !strcmp(precision, "f16") || !strcmp(precision, "bf16") ? 2
                                                                                  : 4;

    snprintf(block, sizeof block, "roof-%02d", i);
    plotdata_block(d, block, "n rate");
    for (int k = 0; k <= STEPS; k++) {
        const double n = p->x.low * pow(p->x.high / p->x.low, (double)k / STEPS);
        const double flop = 2 * n * n * n, us = derive_roof_us(flop, 3 * n * n * size, &p->roof);
        const double rate = p->roof.gbs > 0 ? flop / us * 1e6 / p->unit : NAN;
        const double v[] = {n, rate < p->top * 0.9999 ? rate : NAN};
        put_values(d, 2, v);
    }
}

static void put_ticks(struct plotdata *d, const struct sweep_panel *p, int i)
{
    char block[32], text[40];
    double stride = 2;

    while (log(p->x.high / p->x.low) / log(stride) > 7.5) stride *= 2;
    snprintf(block, sizeof block, "xtick-%02d", i);
    plotdata_block(d, block, "n inside label");
    int any = 0;
    for (double n = 1; n <= p->x.high; n *= stride) {
        if (n < p->x.low) continue;
        snprintf(text, sizeof text, "%.0f", n);
        plotdata_number(d, n);
        plotdata_number(d, p->top / 2);
        plotdata_text(d, text);
        plotdata_row(d);
        any = 1;
    }
    const double gap[] = {NAN, NAN};
    if (!any) put_values(d, 2, gap);
}

/* Names and last rates in the right margin, each at the height of its curve's end where there is
 * room, with a thin line back to the end where it moved or the curve stopped early. */
static void put_ends(struct plotdata *d, const struct sweep *s, const struct sweep_panel *p, int i)
{
    double at[SERIES];
    int of[SERIES], n = 0, leaders = 0;
    char block[32], name[64], rate[40], text[160];

    for (int slot = 0; slot < SERIES; slot++) {
        const struct sweep_series *q = &p->series[slot];
        if (!q->count) continue;
        of[n] = slot;
        at[n++] = axis_pixel(&p->y, q->points[q->count - 1].rate / p->unit);
    }
    label_spread(at, (size_t)n, LABEL_GAP, p->box.bottom, p->box.top);
    snprintf(block, sizeof block, "end-%02d", i);
    plotdata_block(d, block, "x y slot text");
    for (int k = 0; k < n; k++) {
        const struct sweep_series *q = &p->series[of[k]];
        snprintf(text, sizeof text, "%s%s %s", words_impl(q->of, name, sizeof name),
                 q->doubtful ? "*" : "",
                 words_rate(q->points[q->count - 1].rate / 1e9, "", rate, sizeof rate));
        plotdata_number(d, (p->box.right + 18) / s->page.width);
        plotdata_number(d, at[k] / s->page.height);
        plotdata_number(d, of[k] + 1);
        plotdata_text(d, words_fit(text, 150, FONT_NOTE, name, sizeof name));
        plotdata_row(d);
    }
    snprintf(block, sizeof block, "leader-%02d", i);
    plotdata_block(d, block, "x y dx dy");
    for (int k = 0; k < n; k++) {
        const struct sweep_point *end = &p->series[of[k]].points[p->series[of[k]].count - 1];
        const double x = axis_pixel(&p->x, end->n) + 5;
        const double y = axis_pixel(&p->y, end->rate / p->unit);
        const double v[] = {x / s->page.width, y / s->page.height,
                            (p->box.right + 15 - x) / s->page.width, (at[k] - y) / s->page.height};
        if (fabs(at[k] - y) < 3 && p->box.right - x < 10) continue;
        put_values(d, 4, v);
        leaders++;
    }
    const double gap[] = {NAN, NAN, NAN, NAN};
    if (!leaders) put_values(d, 4, gap);
}

static void say_panel(const struct sweep *s, const struct sweep_panel *p, struct panel_text *t)
{
    char roof[40];

    *t = (struct panel_text){.box = p->box, .width = s->page.panel_width + 140};
    snprintf(t->title, sizeof t->title, "gemm %s %s n³ on the %s", p->of->precision, p->of->layout,
             !strcmp(p->of->place, "host") ? "CPU" : "GPU");
    words_rate(p->roof.gflops, "FLOP/s", roof, sizeof roof);
    if (!(p->roof.gflops > 0))
        snprintf(t->note[1], sizeof t->note[1], "no roof was measured in this run");
    else if (p->top * p->unit > p->roof.gflops * 1.000001e9)
        snprintf(t->note[1], sizeof t->note[1], "above the measured roof, %s", roof);
    else
        snprintf(t->note[1], sizeof t->note[1], "top of the axis: measured roof, %s%s", roof,
                 p->roof.gbs > 0 ? "; dashed: at that size" : "");
}

static void put_panels(struct plotdata *d, const struct sweep *s)
{
    struct panel_text texts[SWEEP_PANELS];

    plotdata_block(d, "panel", "i left right bottom top xmin xmax ymax ystep roof tera");
    for (int i = 0; i < s->count; i++) {
        const struct sweep_panel *p = &s->panels[i];
        const double v[] = {p->x.low, p->x.high,          p->top,
                            p->step,  p->roof.gflops > 0, p->unit > 1e9};
        plotdata_number(d, i);
        page_box(d, &s->page, &p->box);
        put_values(d, 6, v);
        say_panel(s, p, &texts[i]);
    }
    page_texts(d, &s->page, texts, (size_t)s->count);
    for (int i = 0; i < s->count; i++) {
        put_roof(d, &s->panels[i], i);
        put_series(d, &s->panels[i], i);
        put_ticks(d, &s->panels[i], i);
        put_ends(d, s, &s->panels[i], i);
    }
}

static void say_page(const struct sweep *s, struct plotdata *d)
{
    const struct stored_run *run = s->run;
    char subtitle[400], footer[700];
    int device = 0, host = 0;

    for (int i = 0; i < s->count; i++)
        if (!strcmp(s->panels[i].of->place, "host")) host = 1;
        else device = 1;
    snprintf(subtitle, sizeof subtitle,
             "%s%s%s, cold.  Useful FLOP/s against n.  Band: 5th to 95th percentile, or the "
             "median's interval.",
             device ? run->device : "", device && host ? " and " : "", host ? run->host : "");
    snprintf(footer, sizeof footer, "%s%s", run->footer,
             s->doubtful ? " · * has a warning flag, see results.csv" : "");
    page_meta(d, &s->page, figures[1].question, subtitle, footer);
    plotdata_meta(d, "panels", s->count);
}

void sweep_put(struct plotdata *d, const struct sweep *s)
{
    say_page(s, d);
    put_panels(d, s);
}
