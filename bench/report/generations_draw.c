/* generations_draw.c: draws what generations.c chose, see generations.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/figures.h"
#include "report/generations.h"
#include "report/words.h"

enum { LABEL_GAP = 15 }; /* px */

static double percent(const struct row *r, const struct row *rival)
{
    return derive_percent(r, rival);
}

static struct axis make_axis(const struct generations *g)
{
    struct axis y = {.low = 50, .high = 150, .log = 1};

    for (int i = 0; i < g->count; i++)
        for (int slot = 0; slot < CHOSEN_MAX; slot++)
            for (int d = 0; d < DEVICES_MAX; d++) {
                const struct generations_panel *p = &g->panels[i];
                if (p->points[slot][d] && p->rivals[d])
                    chart_stretch(&y, percent(p->points[slot][d], p->rivals[d]));
            }
    y.low /= 1.5, y.high *= 1.4;
    return y;
}

/* As many words from the start of *text as fit, at least one; *text moves behind them. */
static void take_words(const char **text, double width, char *to, size_t n)
{
    const char *s = *text;
    size_t cut = 0;

    for (size_t i = 1; i <= strlen(s); i++) {
        if (s[i] && s[i] != ' ' && s[i] != '-') continue;
        snprintf(to, n, "%.*s", (int)i, s);
        if (!cut || words_width(to, FONT_NOTE) <= width) cut = i;
    }
    snprintf(to, n, "%.*s", (int)cut, s);
    *text = s + cut + (s[cut] != 0);
}

/* "NVIDIA H100 80GB HBM3" without the maker, as much of it as fits into two lines, and the release.
 */
static void name_device(struct chart *c, const struct generation *d, double x, double y,
                        double width)
{
    static const char *const makers[] = {"NVIDIA ", "GeForce ", "Intel(R) ", "AMD "};
    const char *name = *d->spec.name ? d->spec.name : d->name;
    char line[128];

    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++)
        if (!strncmp(name, makers[i], strlen(makers[i])) && name[strlen(makers[i])])
            name += strlen(makers[i]);
    for (int i = 0; i < 2 && *name; i++, y -= 14) {
        take_words(&name, width, line, sizeof line);
        chart_text(c, CHART_CENTER, x, y, INK_BLACK, width + 4, line);
    }
    if (*d->spec.released)
        chart_text(c, CHART_CENTER, x, y - 1, INK_GREY, width + 4, d->spec.released);
}

/* Where one series ends: its name and value go there. */
struct end {
    double x, y;
    int slot;
    char text[100];
};

/* The points of a slot, joined where the order of the processors is known and none is missing
 * between. Returns whether it has any. */
static int draw_series(struct generations *g, struct chart *c, const struct generations_panel *p,
                       int slot, int devices, const struct axis *x, const struct axis *y,
                       struct end *end)
{
    double last_x = NAN, last_y = NAN;
    char name[64], text[40];
    int any = 0, doubtful = 0;

    for (int d = 0; d < devices; d++) {
        const struct row *r = p->points[slot - 1][d];
        if (!r || !p->rivals[d]) {
            last_x = NAN;
            continue;
        }
        const double v = percent(r, p->rivals[d]), at = axis_pixel(x, d), up = axis_pixel(y, v);
        const struct span span = choose_span(r);
        const int star = words_doubtful(r);
        if (last_x > 0 && g->dated) chart_line(c, CHART_CURVE, last_x, last_y, at, up, slot);
        chart_line(c, CHART_RANGE, at, axis_pixel(y, v * r->t_med_us / span.high), at,
                   axis_pixel(y, v * r->t_med_us / span.low), slot);
        chart_mark(c, at, up, slot, star);
        doubtful |= star;
        any = 1;
        last_x = at, last_y = up;
        *end = (struct end){.x = at, .y = up, .slot = slot};
        snprintf(end->text, sizeof end->text, "%.40s%s %s", words_impl(r, name, sizeof name),
                 doubtful ? "*" : "", words_percent(v, text, sizeof text));
    }
    g->doubtful |= doubtful;
    return any;
}

static void draw_ends(struct chart *c, const struct box *box, const struct end *ends, size_t count)
{
    double at[CHOSEN_MAX + 1];

    for (size_t i = 0; i < count; i++) at[i] = ends[i].y;
    label_spread(at, count, LABEL_GAP, box->bottom, box->top);
    for (size_t i = 0; i < count; i++) {
        chart_text(c, CHART_LEFT, box->right + 14, at[i], ends[i].slot, 138, ends[i].text);
        if (fabs(at[i] - ends[i].y) > 3 || box->right - ends[i].x > 50)
            chart_line(c, CHART_THIN, ends[i].x + 5, ends[i].y, box->right + 11, at[i], INK_GREY);
    }
}

static void draw_panel(struct generations *g, struct chart *c, const struct generations_panel *p,
                       struct axis y, int first)
{
    const int host = !strcmp(p->place, "host"), devices = g->device_count[host];
    const struct box *box = &p->box;
    const double width = (box->right - box->left) / devices;
    struct axis x = {.low = -0.5, .high = devices - 0.5, .from = box->left, .to = box->right};
    struct panel_text *t = chart_panel(c, *box, box->right - box->left + 130);
    struct end ends[CHOSEN_MAX + 1];
    char shape[200];
    size_t n = 0;

    snprintf(t->title, sizeof t->title, "%s %s %s on the %s", p->of->op, p->of->precision,
             p->of->layout, host ? "CPU" : "GPU");
    snprintf(t->note[1], sizeof t->note[1], "%s, %s",
             words_shape(p->of->shape, shape, sizeof shape), p->of->cache);
    chart_y_axis(c, box, &y, chart_percent, first ? "% of that processor's library" : "");
    const double full = axis_pixel(&y, 100);
    chart_box(c, CHART_SHADE,
              (struct box){box->left, box->right, axis_pixel(&y, 90), axis_pixel(&y, 1000 / 9.)},
              5);
    chart_line(c, CHART_RULE, box->left, full, box->right, full, 5);
    for (int d = 0; d < devices; d++)
        name_device(c, &g->devices[host][d], axis_pixel(&x, d), box->bottom - 13, width - 8);
    for (int slot = 1; slot < CHOSEN_MAX; slot++)
        n += (size_t)draw_series(g, c, p, slot, devices, &x, &y, &ends[n]);
    ends[n++] = (struct end){.x = box->right, .y = full, .slot = 5, .text = "library"};
    draw_ends(c, box, ends, n);
}

const char *generations_draw(struct generations *g, const char *dir)
{
    const int columns = g->count == 1 ? 1 : g->count == 2 || g->count == 4 ? 2 : 3;
    const int rows = (g->count + columns - 1) / columns;
    const double widths[] = {0, 560, 400, 300};
    const int most =
        g->device_count[0] > g->device_count[1] ? g->device_count[0] : g->device_count[1];
    const double width = fmax(widths[columns], most * 62);
    char subtitle[300];
    const struct axis y = make_axis(g);
    char footer[1000], more[64] = "";
    struct chart c;

    chart_begin(&c, columns, rows, width, rows > 1 ? 240 : 320, 220, 92, 158);
    c.page.height += 20; /* three lines below the last row */
    for (int i = 0; i < g->count; i++) {
        g->panels[i].box = page_panel(&c.page, i % columns, i / columns);
        draw_panel(g, &c, &g->panels[i], y, i % columns == 0);
    }
    choose_footers(g->runs, g->run_count, NULL, footer, sizeof footer);
    snprintf(subtitle, sizeof subtitle,
             "Each kernel in %% of the best library call on the same processor, %s.  Gap: does not "
             "run there.  Band: within 10 %%.",
             g->dated ? "in order of release" : "in the order given");
    if (g->older) snprintf(more, sizeof more, " · %d older not drawn", g->older);
    snprintf(footer + strlen(footer), sizeof footer - strlen(footer), "%s%s", more,
             g->doubtful ? " · hollow with *: has a warning flag" : "");
    return chart_save(&c, dir, "generations", figure_question("generations"), subtitle, footer);
}
