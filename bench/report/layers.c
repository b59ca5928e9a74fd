/* layers.c: the figure "Where does a network's time go?": for each labelled conv2d problem of a
 * list its count times the time of the best library call and of the best kernel by hand, one panel
 * per place, precision and layout. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/chart.h"
#include "report/choose.h"
#include "report/figures.h"
#include "report/words.h"

enum { LAYERS_MAX = 32, LAYERS_PANELS = 3, ROW_HEIGHT = 40 }; /* of a panel; of a figure; px */

struct layer {
    const char *label;
    double times; /* that the network has it */
    struct duel best;
};

struct layers_panel {
    const struct row *of;
    struct layer layers[LAYERS_MAX];
    int count, more;      /* more: layers that found no place, but count in what follows */
    int both;             /* layers with a library call and a hand kernel */
    double hand, library; /* sums of their times */
};

struct layers {
    const struct stored_run *run;
    struct layers_panel panels[CHART_PANELS * 4];
    int count, doubtful;
};

static int same_panel(const struct row *a, const struct row *b)
{
    return !strcmp(a->place, b->place) && !strcmp(a->precision, b->precision) &&
           !strcmp(a->layout, b->layout) && !strcmp(a->device, b->device);
}

static void add_layer(struct layers_panel *p, const struct layer *l)
{
    if (p->count < LAYERS_MAX) p->layers[p->count++] = *l;
    else p->more++;
    if (!l->best.hand || !l->best.library) return;
    p->both++;
    p->hand += l->times * l->best.hand->t_med_us;
    p->library += l->times * l->best.library->t_med_us;
}

static void collect(struct layers *f)
{
    const int most = sizeof f->panels / sizeof f->panels[0];

    for (size_t i = 0; i < f->run->count; i++) {
        const struct row *r = &f->run->rows[i];
        struct layer l;
        int k = 0;
        if (strcmp(r->op, "conv2d") || !choose_opens_cell(f->run->rows, i)) continue;
        l.times = choose_listed(f->run, r, &l.label);
        l.best = choose_duel(f->run->rows, f->run->count, r);
        if (!*l.label || (!l.best.hand && !l.best.library)) continue;
        while (k < f->count && !same_panel(f->panels[k].of, r)) k++;
        if (k == most) continue;
        if (k == f->count) f->panels[f->count++].of = r;
        add_layer(&f->panels[k], &l);
    }
}

static int before(const struct layers_panel *a, const struct layers_panel *b)
{
    return a->both != b->both ? a->both > b->both : a->count > b->count;
}

/* The panels with most to compare first; those with one layer, and those beyond the page, go. */
static void choose_panels(struct layers *f)
{
    for (int i = 1; i < f->count; i++)
        for (int j = i; j > 0 && before(&f->panels[j], &f->panels[j - 1]); j--) {
            const struct layers_panel swap = f->panels[j];
            f->panels[j] = f->panels[j - 1];
            f->panels[j - 1] = swap;
        }
    int n = 0;
    for (int i = 0; i < f->count && n < LAYERS_PANELS; i++)
        if (f->panels[i].count > 1) f->panels[n++] = f->panels[i];
    f->count = n;
}

static void draw_bar(struct layers *f, struct chart *c, const struct axis *x, const struct row *r,
                     double times, double y)
{
    const int slot = derive_slot(f->run->rows, f->run->count, r), star = words_doubtful(r);
    const struct span span = choose_span(r);
    const double end = axis_pixel(x, times * r->t_med_us), high = axis_pixel(x, times * span.high);
    const struct box bar = {x->from, end, y - 6, y + 6};
    char name[64], time[40], text[160];

    f->doubtful |= star;
    chart_box(c, star ? CHART_OPEN : CHART_BAR, bar, slot);
    chart_line(c, CHART_RANGE, axis_pixel(x, times * span.low), y, high, y, INK_BLACK);
    snprintf(text, sizeof text, "%.30s%s %s", words_impl(r, name, sizeof name), star ? "*" : "",
             words_time(times * r->t_med_us, time, sizeof time));
    chart_text(c, CHART_LEFT, fmax(end, high) + 6, y, slot, 0, text);
}

static void draw_layer(struct layers *f, struct chart *c, const struct axis *x,
                       const struct layer *l, double y)
{
    const struct row *of = l->best.hand ? l->best.hand : l->best.library;
    char text[300], shape[200];

    if (l->times > 1) snprintf(text, sizeof text, "%.200s, %.0f times", l->label, l->times);
    else snprintf(text, sizeof text, "%.200s", l->label);
    chart_text(c, CHART_RIGHT, x->from - 10, y + 8, INK_BLACK, x->from - 24, text);
    chart_text(c, CHART_RIGHT, x->from - 10, y - 7, INK_GREY, x->from - 24,
               words_shape(of->shape, shape, sizeof shape));
    if (l->best.library) draw_bar(f, c, x, l->best.library, l->times, y + 8);
    if (l->best.hand) draw_bar(f, c, x, l->best.hand, l->times, y - 8);
}

/* The sums over the layers that both have, and how many those are. */
static void say_panel(const struct layers_panel *p, struct panel_text *t)
{
    char h[40], l[40], hour[64];

    snprintf(t->title, sizeof t->title, "conv2d %s %s on the %s, cold", p->of->precision,
             p->of->layout, strcmp(p->of->place, "host") ? "GPU" : "CPU");
    if (!p->both) {
        snprintf(t->note[1], sizeof t->note[1], "no layer has a library call and a hand kernel");
        return;
    }
    snprintf(t->note[1], sizeof t->note[1],
             "%d of %d layers have both: library %s, best by hand %s: 1 h becomes %s", p->both,
             p->count + p->more, words_time(p->library, l, sizeof l),
             words_time(p->hand, h, sizeof h),
             words_hour_short(p->hand / p->library, hour, sizeof hour));
    if (p->more) snprintf(t->note[0], sizeof t->note[0], "%d of the layers are not drawn", p->more);
}

static void draw_panel(struct layers *f, struct chart *c, const struct layers_panel *p,
                       struct box box)
{
    struct axis x = {.low = 0, .high = 0};

    for (int i = 0; i < p->count; i++) {
        const struct layer *l = &p->layers[i];
        if (l->best.hand) chart_stretch(&x, l->times * choose_span(l->best.hand).high);
        if (l->best.library) chart_stretch(&x, l->times * choose_span(l->best.library).high);
    }
    x.high *= 1.02;
    say_panel(p, chart_panel(c, box, box.right - box.left + 160));
    chart_x_axis(c, &box, &x, chart_time, "time in the network");
    for (int i = 0; i < p->count; i++)
        draw_layer(f, c, &x, &p->layers[i], box.top - (i + 0.5) * ROW_HEIGHT);
}

const char *layers_write(const struct stored_run *run, const char *dir, int *panels)
{
    struct layers f = {.run = run};
    char subtitle[500], devices[300], footer[700];
    struct box boxes[CHART_PANELS];
    int rows[LAYERS_PANELS], device = 0, host = 0;
    struct chart c;

    collect(&f);
    choose_panels(&f);
    *panels = f.count;
    if (!f.count) return NULL;
    for (int i = 0; i < f.count; i++) {
        rows[i] = f.panels[i].count;
        *(strcmp(f.panels[i].of->place, "host") ? &device : &host) = 1;
    }
    chart_begin_rows(&c, (size_t)f.count, rows, ROW_HEIGHT, 460, 300, 190, boxes);
    for (int i = 0; i < f.count; i++) draw_panel(&f, &c, &f.panels[i], boxes[i]);
    snprintf(subtitle, sizeof subtitle,
             "%s.  Upper bar: best library call; lower: best by hand.  Black: spread of samples.",
             choose_devices(run, device, host, devices, sizeof devices));
    return chart_save(&c, dir, "layers", figure_question("layers"), subtitle,
                      choose_footer(run, f.doubtful, footer, sizeof footer));
}
