/* chart.c: see chart.h. */
#include "report/chart.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/words.h"

enum { LABEL_HEIGHT = 13, ROWS_GAP = 124 }; /* px; between stacked panels */

static const struct {
    const char *name, *columns;
} layers[CHART_LAYERS] = {
    {"shade", "left right bottom top ink"},
    {"bar", "left right bottom top ink"},
    {"open", "left right bottom top ink"},
    {"grid", "x y dx dy ink"},
    {"axis", "x y dx dy ink"},
    {"rule", "x y dx dy ink"},
    {"dash", "x y dx dy ink"},
    {"thin", "x y dx dy ink"},
    {"stem", "x y dx dy ink"},
    {"curve", "x y dx dy ink"},
    {"interval", "x y dx dy ink"},
    {"mark", "x y slot hollow"},
    {"at-left", "x y ink text"},
    {"at-center", "x y ink text"},
    {"at-right", "x y ink text"},
    {"at-upright", "x y ink text"},
};

void chart_begin(struct chart *c, int columns, int rows, double panel_width, double panel_height,
                 double gap_x, double left, double right)
{
    memset(c, 0, sizeof *c);
    c->page = page_make(columns, rows, panel_width, panel_height, gap_x, right);
    c->page.width += left - c->page.left;
    c->page.left = left;
}

void chart_begin_rows(struct chart *c, size_t panels, const int *rows, double row_height,
                      double width, double left, double right, struct box boxes[CHART_PANELS])
{
    double height = 0;

    for (size_t i = 0; i < panels; i++) height += rows[i] * row_height;
    chart_begin(c, 1, 1, width, height + (double)(panels - 1) * ROWS_GAP, 0, left, right);
    c->page.height += 14; /* a footer may have two lines */
    double top = page_panel(&c->page, 0, 0).top;
    for (size_t i = 0; i < panels; i++) {
        boxes[i] = (struct box){left, left + width, top - rows[i] * row_height, top};
        top = boxes[i].bottom - ROWS_GAP;
    }
}

struct panel_text *chart_panel(struct chart *c, struct box box, double width)
{
    struct panel_text *t = &c->texts[c->panels++];

    *t = (struct panel_text){.box = box, .width = width};
    chart_line(c, CHART_AXIS, box.left, box.bottom, box.right, box.bottom, INK_GREY);
    chart_line(c, CHART_AXIS, box.left, box.bottom, box.left, box.top, INK_GREY);
    return t;
}

static void put(struct chart *c, enum chart_layer layer, size_t count, const double *v)
{
    plotdata_numbers(&c->layers[layer], count, v);
    plotdata_row(&c->layers[layer]);
}

void chart_line(struct chart *c, enum chart_layer layer, double x0, double y0, double x1, double y1,
                int ink)
{
    const double v[] = {x0, y0, x1 - x0, y1 - y0, ink};

    put(c, layer, 5, v);
}

void chart_box(struct chart *c, enum chart_layer layer, struct box b, int ink)
{
    const double v[] = {b.left, b.right, b.bottom, b.top, ink};

    put(c, layer, 5, v);
}

void chart_mark(struct chart *c, double x, double y, int slot, int hollow)
{
    const double v[] = {x, y, slot, hollow};

    put(c, CHART_MARK, 4, v);
}

void chart_text(struct chart *c, enum chart_layer layer, double x, double y, int ink, double width,
                const char *text)
{
    const double v[] = {x, y, ink};
    char clean[1024], fitted[1024];

    plotdata_clean(text, clean, sizeof clean);
    plotdata_numbers(&c->layers[layer], 3, v);
    plotdata_text(&c->layers[layer],
                  width > 0 ? words_fit(clean, width, FONT_NOTE, fitted, sizeof fitted) : clean);
    plotdata_row(&c->layers[layer]);
}

/* Does label i lie on an earlier one? */
static int covers(const struct label *labels, size_t i)
{
    const struct label *a = &labels[i];

    for (size_t j = 0; j < i; j++) {
        const struct label *b = &labels[j];
        if (b->width > 0 && a->at_x < b->at_x + b->width && b->at_x < a->at_x + a->width &&
            fabs(a->at_y - b->at_y) < LABEL_HEIGHT - 2)
            return 1;
    }
    return 0;
}

void chart_labels(struct chart *c, struct label *labels, const int *inks, size_t count,
                  const struct box *frame, const struct segment *lines, size_t line_count)
{
    for (size_t i = 0; i < count; i++) {
        labels[i].width = words_width(labels[i].text, FONT_NOTE);
        labels[i].height = LABEL_HEIGHT;
    }
    label_place(labels, count, frame, lines, line_count);
    for (size_t i = 0; i < count; i++) {
        const struct label *t = &labels[i];
        if (covers(labels, i)) {
            labels[i].width = 0;
            c->unnamed++;
            continue;
        }
        chart_text(c, CHART_LEFT, t->at_x, t->at_y, inks[i], 0, t->text);
        if (t->leader) chart_line(c, CHART_THIN, t->from_x, t->from_y, t->x, t->y, INK_GREY);
    }
}

/* A layer without rows holds a gap, since gnuplot warns of missing blocks; a layer of texts one
 * beside the page, since gnuplot 5.4 crashes on labels of which all are gaps. */
static void put_layer(struct plotdata *d, struct plotdata *rows, enum chart_layer layer)
{
    static const char gap[] = "NaN\tNaN\t1\t1\t1\n", outside[] = "-1\t-1\t1\t-\n";

    plotdata_block(d, layers[layer].name, layers[layer].columns);
    if (rows->text.length) plain_append(&d->text, rows->text.data, rows->text.length);
    else plain_append_text(&d->text, layer >= CHART_LEFT ? outside : gap);
    d->text.failed |= rows->text.failed;
    free(rows->text.data);
}

const char *chart_save(struct chart *c, const char *dir, const char *figure, const char *question,
                       const char *subtitle, const char *footer)
{
    struct plotdata d;
    char name[64], all[1200];

    plotdata_begin(&d, figure);
    snprintf(all, sizeof all, "%.1100s", footer);
    if (c->unnamed)
        snprintf(all + strlen(all), sizeof all - strlen(all),
                 " · %zu points without room for a name", c->unnamed);
    page_meta(&d, &c->page, question, subtitle, all);
    plotdata_meta(&d, "panels", (double)c->panels);
    plotdata_block(&d, "panel", "i left right bottom top");
    for (size_t i = 0; i < c->panels; i++) {
        plotdata_number(&d, (double)i);
        page_box(&d, &c->page, &c->texts[i].box);
        plotdata_row(&d);
    }
    page_texts(&d, &c->page, c->texts, c->panels);
    for (int i = 0; i < CHART_LAYERS; i++) put_layer(&d, &c->layers[i], (enum chart_layer)i);
    snprintf(name, sizeof name, "%.50s.dat", figure);
    return plotdata_save(&d, dir, name);
}
