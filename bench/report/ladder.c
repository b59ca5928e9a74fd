/* ladder.c: the figure "What does the next rung cost?": source lines against % of the library, both
 * logarithmic, one panel per op and place. On a run with GPU rows the columns are ops, the first
 * row the GPU, the second the host. */
#include "report/ladder.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/figures.h"
#include "report/words.h"

enum { LABEL_HEIGHT = 13 }; /* px */

static void add_panel(struct ladder *l, const char *op, const char *place, int column, int row)
{
    struct ladder_panel *p = &l->panels[l->count];

    if (l->count == PANELS_MAX) return;
    *p = (struct ladder_panel){.op = op, .place = place, .column = column, .row = row};
    p->head = derive_headline(l->run->rows, l->run->count, op, place);
    if (!p->head.of) return;
    p->count = derive_rungs(l->run->rows, l->run->count, &p->head, p->rungs, &p->left_out);
    l->left_out += p->left_out;
    l->count += p->count > 0;
}

/* With up to three ops the columns are ops, so that GPU and host stand above each other. */
static void choose_panels(struct ladder *l)
{
    static const char *const places[] = {"device", "host"};
    const char *ops[32];
    const size_t op_count = stored_ops(l->run, ops, 32);
    int column_of[32] = {0}, used = 0;

    for (size_t o = 0; o < op_count; o++) {
        column_of[o] = used;
        used += derive_headline(l->run->rows, l->run->count, ops[o], "device").of ||
                derive_headline(l->run->rows, l->run->count, ops[o], "host").of;
    }
    for (int place = 0, row = 0; place < 2; place++) {
        const int before = l->count;
        for (size_t o = 0; o < op_count; o++)
            add_panel(l, ops[o], places[place], column_of[o], row);
        row += l->count > before;
    }
    for (int i = 0; i < l->count; i++) {
        if (used > 3) { /* too many ops for one row: in order, three a row */
            l->panels[i].column = i % 3;
            l->panels[i].row = i / 3;
        }
        if (l->panels[i].column >= l->columns) l->columns = l->panels[i].column + 1;
        if (l->panels[i].row >= l->rows) l->rows = l->panels[i].row + 1;
    }
}

static void make_page(struct ladder *l)
{
    const double width[] = {0, 640, 400, 300};

    l->page = page_make(l->columns, l->rows, width[l->columns], 270, 26, 92);
    l->x = (struct axis){.low = INFINITY, .high = 0, .log = 1};
    l->y = (struct axis){.low = 100, .high = 100, .log = 1};
    for (int i = 0; i < l->count; i++) {
        struct ladder_panel *p = &l->panels[i];
        p->box = page_panel(&l->page, p->column, p->row);
        for (size_t j = 0; j < p->count; j++) {
            l->x.low = fmin(l->x.low, p->rungs[j].row->sloc);
            l->x.high = fmax(l->x.high, p->rungs[j].row->sloc);
            l->y.low = fmin(l->y.low, p->rungs[j].percent);
            l->y.high = fmax(l->y.high, p->rungs[j].percent);
        }
    }
    l->x.low /= 1.5;
    l->x.high *= 1.7;
    l->y.low = fmin(l->y.low / 1.9, 30);
    l->y.high = fmax(l->y.high * 1.8, 290);
}

void ladder_frame(struct ladder *l, const struct box *b)
{
    l->x.from = b->left, l->x.to = b->right;
    l->y.from = b->bottom, l->y.to = b->top;
}

/* Labels of one panel, clear of the marks, of the staircase and of the line at 100 %. */
static void label_panel(struct ladder *l, struct ladder_panel *p)
{
    struct segment lines[2 * RUNGS_MAX + 1];
    size_t line_count = 0;
    const struct box frame = {p->box.left + 3, p->box.right + 8, p->box.bottom + 3, p->box.top - 2};
    const struct label *last = NULL;

    ladder_frame(l, &p->box);
    const double full = axis_pixel(&l->y, 100);
    lines[line_count++] = (struct segment){p->box.left, full, p->box.right, full};
    for (size_t i = 0; i < p->count; i++) {
        const struct rung *r = &p->rungs[i];
        struct label *t = &p->labels[i];
        char name[sizeof r->row->impl], time[40];
        const int star = words_doubtful(r->row);
        snprintf(t->text, sizeof t->text, "%s%s%s%s", words_impl(r->row, name, sizeof name),
                 star ? "*" : "", r->row == p->head.base ? ": " : "",
                 r->row == p->head.base ? words_time(r->row->t_med_us, time, sizeof time) : "");
        l->doubtful |= star;
        t->x = axis_pixel(&l->x, r->row->sloc);
        t->y = axis_pixel(&l->y, r->percent);
        t->width = words_width(t->text, FONT_NOTE);
        t->height = LABEL_HEIGHT;
        if (r->kind != RUNG_FRONT) continue;
        if (last) {
            lines[line_count++] = (struct segment){last->x, last->y, t->x, last->y};
            lines[line_count++] = (struct segment){t->x, last->y, t->x, t->y};
        }
        last = t;
    }
    label_place(p->labels, p->count, &frame, lines, line_count);
}

const char *ladder_write(const struct stored_run *run, const char *dir, int *panels)
{
    struct ladder l = {.run = run};
    struct plotdata d;

    choose_panels(&l);
    *panels = l.count;
    if (!l.count) return NULL;
    make_page(&l);
    for (int i = 0; i < l.count; i++) label_panel(&l, &l.panels[i]);
    plotdata_begin(&d, "ladder");
    ladder_put(&d, &l);
    return plotdata_save(&d, dir, "ladder.dat");
}
