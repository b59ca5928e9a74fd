/* ladder_data.c: the words and the blocks of the ladder's plot data, see ladder.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/figures.h"
#include "report/ladder.h"
#include "report/words.h"

/* ---- words ---- */

static const char *no_library_reason(const struct stored_run *run, const struct headline *h)
{
    for (size_t i = 0; i < run->count; i++)
        if (!strcmp(run->rows[i].tier, "library") && derive_same_cell(&run->rows[i], h->of))
            return run->rows[i].reason;
    return "";
}

/* "1 h becomes 4.3 days (naive), 2.0 h (regtile)": from the slowest hand rung to the fastest. */
static void say_span(const struct stored_run *run, const struct ladder_panel *p, char *to, size_t n)
{
    const struct rung *slow = NULL, *fast = NULL;
    char name[48], hour[64];
    size_t used = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct rung *r = &p->rungs[i];
        if (r->kind == RUNG_LIBRARY) continue;
        if (!slow || r->percent < slow->percent) slow = r;
        if (!fast || r->percent > fast->percent) fast = r;
    }
    if (!p->head.rival) {
        const char *reason = no_library_reason(run, &p->head);
        snprintf(to, n, "%% of the best rung; no library row%s%.300s", *reason ? ": " : "", reason);
        return;
    }
    if (!slow) {
        snprintf(to, n, "no usable rung by hand");
        return;
    }
    used = (size_t)snprintf(to, n, "1 h becomes %s (%s)",
                            words_hour_short(100 / slow->percent, hour, sizeof hour),
                            words_impl(slow->row, name, sizeof name));
    if (fast != slow && used < n)
        snprintf(to + used, n - used, ", %s (%s)",
                 words_hour_short(100 / fast->percent, hour, sizeof hour),
                 words_impl(fast->row, name, sizeof name));
}

static void say_panel(const struct ladder *l, const struct ladder_panel *p, struct panel_text *t)
{
    const struct row *of = p->head.of;
    char shape[200];

    *t = (struct panel_text){.box = p->box,
                             .width = l->page.panel_width +
                                      (p->column + 1 < l->columns ? l->page.gap_x - 8 : 0)};
    snprintf(t->title, sizeof t->title, "%s %s %s on the %s", of->op, of->precision, of->layout,
             !strcmp(p->place, "host") ? "CPU" : "GPU");
    snprintf(t->note[0], sizeof t->note[0], "%s, %s", words_shape(of->shape, shape, sizeof shape),
             of->cache);
    say_span(l->run, p, t->note[1], sizeof t->note[1]);
}

static void say_page(const struct ladder *l, struct plotdata *d)
{
    const struct stored_run *run = l->run;
    char subtitle[400], footer[700];

    snprintf(
        subtitle, sizeof subtitle,
        "%s%s%s.  Band: within 10 %% of the best library call.  Hollow: more lines, not faster.",
        run->device, *run->device && *run->host ? " and " : "", run->host);
    snprintf(footer, sizeof footer, "%s%s", run->footer,
             l->doubtful ? " · * has a warning flag, see results.csv" : "");
    if (l->left_out)
        snprintf(footer + strlen(footer), sizeof footer - strlen(footer),
                 " · %zu without a line count are not drawn", l->left_out);
    page_meta(d, &l->page, figures[0].question, subtitle, footer);
    plotdata_meta(d, "panels", l->count);
    plotdata_meta(d, "xmin", l->x.low);
    plotdata_meta(d, "xmax", l->x.high);
    plotdata_meta(d, "ymin", l->y.low);
    plotdata_meta(d, "ymax", l->y.high);
}

/* ---- blocks ---- */

/* gnuplot takes tick labels only from points inside the panel: `inside` is a place on the other
 * axis where such a point can stand, unseen. */
static void put_tick(struct plotdata *d, double at, double inside, const char *text)
{
    plotdata_number(d, at);
    plotdata_number(d, inside);
    plotdata_text(d, text);
    plotdata_row(d);
}

/* 1 3 10 30 ..., only powers of ten on a long axis, 1 2 5 10 ... on a short one. */
static void put_log_ticks(struct plotdata *d, const char *block, const struct axis *a,
                          double inside, const char *format)
{
    static const double steps[3][3] = {{1, 0, 0}, {1, 3, 0}, {1, 2, 5}};
    const double decades = log10(a->high / a->low);
    const double *step = steps[decades > 4.2 ? 0 : decades > 1.4 ? 1 : 2];
    char text[40];

    plotdata_block(d, block, "at inside label");
    for (int e = -9; e < 12; e++)
        for (int i = 0; i < 3 && step[i] > 0; i++) {
            const double at = step[i] * pow(10, e);
            if (at < a->low || at > a->high) continue;
            snprintf(text, sizeof text, "%g", at);
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s", format);
            put_tick(d, at, inside, text);
        }
}

static void put_hour_ticks(struct plotdata *d, const struct axis *y, double inside)
{
    static const struct {
        double hours;
        const char *text;
    } ticks[] = {{1 / 60.0, "1 min"}, {5 / 60.0, "5 min"}, {1 / 3.0, "20 min"}, {1, "1 h"},
                 {3, "3 h"},          {10, "10 h"},        {24, "1 day"},       {72, "3 days"},
                 {240, "10 days"},    {720, "30 days"},    {2400, "100 days"},  {8766, "1 year"},
                 {43830, "5 years"},  {2.6e5, "30 years"}};
    const double decades = log10(y->high / y->low);
    double last = INFINITY;

    plotdata_block(d, "hour", "percent inside label");
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
        const double at = 100 / ticks[i].hours;
        if (at < y->low || at > y->high || log10(last / at) < decades / 14) continue;
        put_tick(d, at, inside, ticks[i].text);
        last = at;
    }
}

/* Points of one kind. A block without points holds a gap, since gnuplot warns of missing ones. */
static void put_points(struct plotdata *d, const struct ladder_panel *p, int i, const char *name,
                       enum rung_kind kind)
{
    const double gap[] = {NAN, NAN, 1};
    char block[32];
    int n = 0;

    snprintf(block, sizeof block, "%s-%02d", name, i);
    plotdata_block(d, block, "lines percent slot");
    for (size_t j = 0; j < p->count; j++) {
        const struct rung *r = &p->rungs[j];
        if (r->kind != kind) continue;
        const double v[] = {r->row->sloc, r->percent, r->slot};
        plotdata_numbers(d, 3, v);
        plotdata_row(d);
        n++;
    }
    if (n) return;
    plotdata_numbers(d, 3, gap);
    plotdata_row(d);
}

static void put_labels(struct plotdata *d, struct ladder *l, const struct ladder_panel *p, int i)
{
    const double gap[] = {NAN, NAN, NAN, NAN};
    char block[32];
    int leaders = 0;

    ladder_frame(l, &p->box);
    snprintf(block, sizeof block, "label-%02d", i);
    plotdata_block(d, block, "lines percent library text");
    for (size_t j = 0; j < p->count; j++) {
        const struct label *t = &p->labels[j];
        plotdata_number(d, axis_value(&l->x, t->at_x));
        plotdata_number(d, axis_value(&l->y, t->at_y));
        plotdata_number(d, p->rungs[j].kind == RUNG_LIBRARY);
        plotdata_text(d, t->text);
        plotdata_row(d);
    }
    snprintf(block, sizeof block, "leader-%02d", i);
    plotdata_block(d, block, "lines percent dlines dpercent");
    for (size_t j = 0; j < p->count; j++) {
        const struct label *t = &p->labels[j];
        if (!t->leader) continue;
        const double x = axis_value(&l->x, t->from_x), y = axis_value(&l->y, t->from_y);
        const double v[] = {x, y, p->rungs[j].row->sloc - x, p->rungs[j].percent - y};
        plotdata_numbers(d, 4, v);
        plotdata_row(d);
        leaders++;
    }
    if (leaders) return;
    plotdata_numbers(d, 4, gap);
    plotdata_row(d);
}

static int below(const struct ladder *l, const struct ladder_panel *p)
{
    for (int i = 0; i < l->count; i++)
        if (l->panels[i].column == p->column && l->panels[i].row > p->row) return 1;
    return 0;
}

static int beside(const struct ladder *l, const struct ladder_panel *p, int step)
{
    for (int i = 0; i < l->count; i++)
        if (l->panels[i].row == p->row && step * (l->panels[i].column - p->column) > 0) return 1;
    return 0;
}

static void put_panels(struct plotdata *d, struct ladder *l)
{
    struct panel_text texts[PANELS_MAX];

    plotdata_block(d, "panel", "i left right bottom top ytics xlabel hours rival");
    for (int i = 0; i < l->count; i++) {
        const struct ladder_panel *p = &l->panels[i];
        plotdata_number(d, i);
        page_box(d, &l->page, &p->box);
        const double has[] = {!beside(l, p, -1), !below(l, p), !beside(l, p, 1),
                              p->head.rival != NULL};
        plotdata_numbers(d, sizeof has / sizeof has[0], has);
        plotdata_row(d);
        say_panel(l, p, &texts[i]);
    }
    page_texts(d, &l->page, texts, (size_t)l->count);
    for (int i = 0; i < l->count; i++) {
        put_points(d, &l->panels[i], i, "front", RUNG_FRONT);
        put_points(d, &l->panels[i], i, "dead", RUNG_DEAD_END);
        put_points(d, &l->panels[i], i, "library", RUNG_LIBRARY);
        put_labels(d, l, &l->panels[i], i);
    }
}

void ladder_put(struct plotdata *d, struct ladder *l)
{
    const double middle = sqrt(l->x.low * l->x.high);

    say_page(l, d);
    put_log_ticks(d, "xtick", &l->x, 100, "");
    put_log_ticks(d, "ytick", &l->y, middle, " %");
    put_hour_ticks(d, &l->y, middle);
    put_panels(d, l);
}
