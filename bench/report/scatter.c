/* scatter.c: see scatter.h. */
#include "report/scatter.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/figures.h"
#include "report/words.h"

static void add_points(struct scatter *f, struct scatter_panel *p, scatter_place *place)
{
    for (size_t i = 0; i < f->run->count; i++) {
        const struct row *r = &p->rows[i];
        struct scatter_point q = {.row = r, .x_low = NAN, .x_high = NAN};
        if (!derive_usable(r) || !derive_same_cell(r, p->head.of) || !place(p, &q)) continue;
        q.slot = derive_slot(p->rows, f->run->count, r);
        if (p->count < LABELS_MAX) p->points[p->count++] = q;
        else p->more++;
    }
}

void scatter_choose(struct scatter *f, choose_keep *keep, scatter_place *place)
{
    static const char *const places[] = {"device", "host"};
    const char *ops[32];
    const size_t op_count = stored_ops(f->run, ops, 32);

    for (int i = 0; i < 2; i++)
        for (size_t o = 0; o < op_count && f->count < PANELS_MAX; o++) {
            struct scatter_panel *p = &f->panels[f->count];
            *p = (struct scatter_panel){.rows = choose_rows(f->run, keep, NULL)};
            if (!p->rows) continue;
            p->head = derive_headline(p->rows, f->run->count, ops[o], places[i]);
            if (p->head.of) add_points(f, p, place);
            if (!p->count) free(p->rows);
            f->count += p->count > 0;
            if (p->count) *(i ? &f->host : &f->device) = 1;
        }
}

void scatter_free(struct scatter *f)
{
    for (int i = 0; i < f->count; i++) free(f->panels[i].rows);
}

void scatter_begin(struct scatter *f, struct chart *c, double height)
{
    const int columns = f->count == 1 ? 1 : f->count == 2 || f->count == 4 ? 2 : 3;
    const double widths[] = {0, 640, 440, 340};

    chart_begin(c, columns, (f->count + columns - 1) / columns, widths[columns], height, 110, 92,
                104);
    for (int i = 0; i < f->count; i++)
        f->panels[i].box = page_panel(&c->page, i % columns, i / columns);
}

void scatter_draw(struct scatter *f, struct chart *c, struct scatter_panel *p, double beyond,
                  const struct segment *lines, size_t line_count)
{
    const struct box frame = {p->box.left + 3, p->box.right + beyond, p->box.bottom + 4,
                              p->box.top - 2};
    struct label labels[LABELS_MAX];
    int inks[LABELS_MAX];
    char name[64];

    for (size_t i = 0; i < p->count; i++) {
        const struct scatter_point *q = &p->points[i];
        struct label *t = &labels[i];
        const int star = words_doubtful(q->row);
        f->doubtful |= star;
        t->x = axis_pixel(&p->x, q->x), t->y = axis_pixel(&p->y, q->y);
        if (q->x_low > 0 && q->x_high > 0)
            chart_line(c, CHART_RANGE, axis_pixel(&p->x, q->x_low), t->y,
                       axis_pixel(&p->x, q->x_high), t->y, q->slot);
        chart_mark(c, t->x, t->y, q->slot, star);
        snprintf(t->text, sizeof t->text, "%.50s%s", words_impl(q->row, name, sizeof name),
                 star ? "*" : "");
        inks[i] = q->slot;
    }
    chart_labels(c, labels, inks, p->count, &frame, lines, line_count);
}

struct panel_text *scatter_say(struct chart *c, const struct scatter_panel *p)
{
    struct panel_text *t = chart_panel(c, p->box, p->box.right - p->box.left + 84);
    const struct row *of = p->head.of;
    char shape[200];

    snprintf(t->title, sizeof t->title, "%s %s %s on the %s", of->op, of->precision, of->layout,
             strcmp(of->place, "host") ? "GPU" : "CPU");
    snprintf(t->note[0], sizeof t->note[0], "%s, %s", words_shape(of->shape, shape, sizeof shape),
             of->cache);
    return t;
}

const char *scatter_save(struct scatter *f, struct chart *c, const char *dir, const char *figure,
                         const char *how)
{
    char subtitle[500], devices[300], footer[700];
    size_t more = 0;

    for (int i = 0; i < f->count; i++) more += f->panels[i].more;
    snprintf(subtitle, sizeof subtitle, "%s.  %s",
             choose_devices(f->run, f->device, f->host, devices, sizeof devices), how);
    choose_footer(f->run, f->doubtful, footer, sizeof footer);
    if (more)
        snprintf(footer + strlen(footer), sizeof footer - strlen(footer), " · %zu not drawn", more);
    return chart_save(c, dir, figure, figure_question(figure), subtitle, footer);
}
