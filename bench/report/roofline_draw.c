/* roofline_draw.c: draws what roofline.c chose, see roofline.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/figures.h"
#include "report/roofline.h"
#include "report/words.h"

static double rate(const struct row *r) { return r->flop / r->t_med_us / 1e3; }

static double roof_at(const struct roofline_panel *p, double x)
{
    return fmin(p->roof.gflops, p->roof.gbs * x);
}

static void make_axes(struct roofline_panel *p)
{
    const double ridge = p->roof.gflops / p->roof.gbs;

    p->x = (struct axis){.low = ridge, .high = ridge, .log = 1};
    p->y = (struct axis){.low = p->roof.gflops, .high = p->roof.gflops, .log = 1};
    chart_stretch(&p->y, p->spec.gflops);
    for (size_t i = 0; i < p->count; i++) {
        chart_stretch(&p->x, p->verticals[i].x);
        for (int k = 0; k < CHOSEN_MAX; k++)
            if (p->verticals[i].rungs[k]) chart_stretch(&p->y, rate(p->verticals[i].rungs[k]));
    }
    p->x.low /= 4, p->x.high *= 6;
    chart_stretch(&p->y, roof_at(p, p->x.low));
    chart_pad(&p->y, p->box.top - p->box.bottom, 34, 48);
    p->x.from = p->box.left, p->x.to = p->box.right;
    p->y.from = p->box.bottom, p->y.to = p->box.top;
}

/* The two pieces of a roof, in pixels; the first may start on the bottom edge. */
static void roof_pieces(const struct roofline_panel *p, double gflops, double gbs,
                        struct segment to[2])
{
    const double start = fmax(p->x.low, p->y.low / gbs), ridge = fmax(gflops / gbs, start);
    const double x = axis_pixel(&p->x, ridge), y = axis_pixel(&p->y, gflops);

    to[0] = (struct segment){axis_pixel(&p->x, start), axis_pixel(&p->y, fmin(gflops, gbs * start)),
                             x, y};
    to[1] = (struct segment){x, y, p->box.right, y};
}

static void draw_roofs(struct chart *c, const struct roofline_panel *p, struct segment pieces[2])
{
    struct segment vendor[2];

    roof_pieces(p, p->roof.gflops, p->roof.gbs, pieces);
    for (int i = 0; i < 2; i++)
        chart_line(c, CHART_RULE, pieces[i].x0, pieces[i].y0, pieces[i].x1, pieces[i].y1,
                   INK_BLACK);
    if (!(p->spec.gbs > 0) || !(p->spec.gflops > 0)) return;
    roof_pieces(p, p->spec.gflops, p->spec.gbs, vendor);
    for (int i = 0; i < 2; i++)
        chart_line(c, CHART_DASH, vendor[i].x0, vendor[i].y0, vendor[i].x1, vendor[i].y1, INK_GREY);
}

struct drawing {
    struct label labels[LABELS_MAX];
    int inks[LABELS_MAX];
    size_t count;
    struct segment lines[4 + 3 * VERTICALS_MAX];
    size_t line_count;
};

static void draw_rung(struct roofline *f, struct chart *c, const struct roofline_panel *p,
                      const struct vertical *v, int slot, struct drawing *to)
{
    const struct row *r = v->rungs[slot - 1];
    const double x = axis_pixel(&p->x, v->x), y = axis_pixel(&p->y, rate(r));
    const double t_roof = derive_roof_us(r->flop, r->bytes, &p->roof);
    const struct span span = choose_span(r);
    struct label *t = &to->labels[to->count];
    const int star = words_doubtful(r);
    char name[64], percent[40];

    f->doubtful |= star;
    chart_line(c, CHART_RANGE, x, axis_pixel(&p->y, r->flop / span.high / 1e3), x,
               axis_pixel(&p->y, r->flop / span.low / 1e3), slot);
    chart_mark(c, x, y, slot, star);
    snprintf(t->text, sizeof t->text, "%.40s%s %s", words_impl(r, name, sizeof name),
             star ? "*" : "", words_percent(100 * t_roof / r->t_med_us, percent, sizeof percent));
    t->x = x, t->y = y;
    to->inks[to->count++] = slot;
}

static void draw_vertical(struct roofline *f, struct chart *c, const struct roofline_panel *p,
                          const struct vertical *v, struct drawing *to)
{
    const double x = axis_pixel(&p->x, v->x), top = axis_pixel(&p->y, roof_at(p, v->x));
    double lowest = top;

    for (int slot = 1; slot <= CHOSEN_MAX; slot++) {
        if (!v->rungs[slot - 1] || to->count == LABELS_MAX) continue;
        lowest = fmin(lowest, axis_pixel(&p->y, rate(v->rungs[slot - 1])));
        draw_rung(f, c, p, v, slot, to);
    }
    chart_line(c, CHART_STEM, x, lowest, x, top, INK_GREY);
    for (int i = -1; i <= 1; i++) /* as wide as it is drawn */
        to->lines[to->line_count++] = (struct segment){x + 3 * i, lowest, x + 3 * i, top};
}

/* Names of the ops above the roof, one row higher where a neighbour is near. */
static void name_verticals(struct chart *c, const struct roofline_panel *p)
{
    double up[VERTICALS_MAX];

    for (size_t i = 0; i < p->count; i++) {
        const double x = axis_pixel(&p->x, p->verticals[i].x);
        up[i] = 0;
        for (size_t j = 0; j < i; j++)
            if (fabs(axis_pixel(&p->x, p->verticals[j].x) - x) < 60 && up[j] == up[i])
                up[i] += 15, j = (size_t)-1;
        chart_text(c, CHART_CENTER, x, p->box.top - 10 - up[i], INK_BLACK, 0,
                   p->verticals[i].of->op);
    }
}

static void say_panel(const struct roofline_panel *p, struct panel_text *t)
{
    const struct row *of = p->verticals[0].of;
    char rate_text[40], bytes[40], shape[200];
    size_t used = 0;

    snprintf(t->title, sizeof t->title, "%s on the %s: roof %s and %s", of->precision,
             !strcmp(of->place, "host") ? "CPU" : "GPU",
             words_rate(p->roof.gflops, "FLOP/s", rate_text, sizeof rate_text),
             words_rate(p->roof.gbs, "B/s", bytes, sizeof bytes));
    for (size_t i = 0; i < p->count && i < 2; i++) {
        of = p->verticals[i].of;
        used = strlen(t->note[i]);
        snprintf(t->note[i] + used, sizeof t->note[i] - used, "%s %s %s, %s", of->op, of->layout,
                 words_shape(of->shape, shape, sizeof shape), of->cache);
    }
    if (p->count == 1) {
        memcpy(t->note[1], t->note[0], sizeof t->note[1]);
        *t->note[0] = 0;
    }
}

static void draw_panel(struct roofline *f, struct chart *c, struct roofline_panel *p, int first)
{
    struct drawing to = {.count = 0};
    const struct box frame = {p->box.left + 4, p->box.right + 90, p->box.bottom + 4,
                              p->box.top - 4};

    make_axes(p);
    say_panel(p, chart_panel(c, p->box, p->box.right - p->box.left + 90));
    chart_x_axis(c, &p->box, &p->x, chart_plain, "useful flop per compulsory byte");
    chart_y_axis(c, &p->box, &p->y, chart_flops, first ? "useful FLOP/s" : "");
    draw_roofs(c, p, to.lines);
    to.lines[2] = to.lines[3] = to.lines[1]; /* names stay below the roof, as their rungs do */
    to.lines[2].y0 = to.lines[2].y1 += 10;
    to.lines[3].y0 = to.lines[3].y1 += 20;
    to.line_count = 4;
    for (size_t i = 0; i < p->count; i++) draw_vertical(f, c, p, &p->verticals[i], &to);
    name_verticals(c, p);
    chart_labels(c, to.labels, to.inks, to.count, &frame, to.lines, to.line_count);
}

const char *roofline_draw(struct roofline *f, const char *dir)
{
    const int columns = f->count == 1 ? 1 : 2, rows = (f->count + 1) / 2;
    char subtitle[400], devices[300], footer[700];
    struct chart c;
    int vendor = 0;

    chart_begin(&c, columns, rows, f->count == 1 ? 640 : 380, f->count == 1 ? 380 : 320, 160, 92,
                104);
    for (int i = 0; i < f->count; i++) {
        f->panels[i].box = page_panel(&c.page, i % columns, i / columns);
        draw_panel(f, &c, &f->panels[i], i % columns == 0);
        vendor |= f->panels[i].spec.gflops > 0 && f->panels[i].spec.gbs > 0;
    }
    snprintf(subtitle, sizeof subtitle,
             "%s.  Line: roof measured in this run%s.  Numbers: %% of what the roof allows.",
             choose_devices(f->run, f->device, f->host, devices, sizeof devices),
             vendor ? "; dashed: the maker's figure" : "");
    return chart_save(&c, dir, "roofline", figure_question("roofline"), subtitle,
                      choose_footer(f->run, f->doubtful, footer, sizeof footer));
}
