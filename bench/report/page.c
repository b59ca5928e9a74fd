/* page.c: see page.h. */
#include "report/page.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/words.h"

static const double above_first_row = 150, below_last_row = 84, between_rows = 116, left = 84;

struct page page_make(int columns, int rows, double panel_width, double panel_height, double gap_x,
                      double right)
{
    return (struct page){
        .width = left + columns * panel_width + (columns - 1) * gap_x + right,
        .height =
            above_first_row + rows * panel_height + (rows - 1) * between_rows + below_last_row,
        .panel_width = panel_width,
        .panel_height = panel_height,
        .left = left,
        .gap_x = gap_x,
        .gap_y = between_rows,
        .above = above_first_row,
    };
}

struct box page_panel(const struct page *p, int column, int row)
{
    const double x = p->left + column * (p->panel_width + p->gap_x);
    const double y = p->height - p->above - row * (p->panel_height + p->gap_y);

    return (struct box){x, x + p->panel_width, y - p->panel_height, y};
}

static void put_fitted(struct plotdata *d, const char *key, const char *text, double width,
                       double font)
{
    char clean[1024], fitted[1024];

    plotdata_clean(text, clean, sizeof clean);
    plotdata_meta_text(d, key, words_fit(clean, width, font, fitted, sizeof fitted));
}

/* The footer in one line, or in two, broken behind a comma or before a dot. */
static void put_footer(struct plotdata *d, const struct page *p, const char *footer)
{
    const double room = p->width - 40;
    char text[1024], first[1024];
    size_t cut = 0;

    plotdata_clean(footer, text, sizeof text);
    for (size_t i = 1; text[i] && words_width(text, FONT_FOOTER) > room; i++) {
        if (text[i] != ' ' || (text[i - 1] != ',' && strncmp(text + i, " · ", 4))) continue;
        snprintf(first, sizeof first, "%.*s", (int)i, text);
        if (words_width(first, FONT_FOOTER) <= room) cut = i;
    }
    snprintf(first, sizeof first, "%.*s", (int)cut, text);
    if (cut) put_fitted(d, "above", first, room, FONT_FOOTER);
    const char *rest = text + cut + (cut > 0);
    if (cut && !strncmp(rest, "· ", 3)) rest += 3;
    put_fitted(d, "footer", rest, room, FONT_FOOTER);
    plotdata_meta(d, "yfooter", 16 / p->height);
    plotdata_meta(d, "yabove", 31 / p->height);
}

void page_meta(struct plotdata *d, const struct page *p, const char *title, const char *subtitle,
               const char *footer)
{
    put_fitted(d, "title", title, p->width - 40, FONT_TITLE);
    put_fitted(d, "subtitle", subtitle, p->width - 40, FONT_SUBTITLE);
    put_footer(d, p, footer);
    plotdata_meta(d, "width", p->width);
    plotdata_meta(d, "height", p->height);
    plotdata_meta(d, "columns", round(p->width / 7.5)); /* of a terminal: one letter each 7.5 px */
    plotdata_meta(d, "lines", round(p->height / 14));   /* so that lines 15 px apart stay apart */
    plotdata_meta(d, "ytitle", 1 - 32 / p->height);
    plotdata_meta(d, "ysubtitle", 1 - 62 / p->height);
}

void page_box(struct plotdata *d, const struct page *p, const struct box *b)
{
    const double fractions[] = {b->left / p->width, b->right / p->width, b->bottom / p->height,
                                b->top / p->height};

    plotdata_numbers(d, 4, fractions);
}

static void put_text(struct plotdata *d, const struct page *p, const struct panel_text *t,
                     double up, const char *text, double font)
{
    char clean[1024], fitted[1024];

    if (!*text) return;
    plotdata_clean(text, clean, sizeof clean);
    plotdata_number(d, t->box.left / p->width);
    plotdata_number(d, (t->box.top + up) / p->height);
    plotdata_text(d, words_fit(clean, t->width, font, fitted, sizeof fitted));
    plotdata_row(d);
}

/* gnuplot warns of a block without rows, and 5.4 crashes on labels that are all gaps: this one
 * stands beside the page. */
static void put_none(struct plotdata *d)
{
    const double outside[] = {-1, -1};

    plotdata_numbers(d, 2, outside);
    plotdata_text(d, "-");
    plotdata_row(d);
}

void page_texts(struct plotdata *d, const struct page *p, const struct panel_text *t, size_t count)
{
    int notes = 0;

    plotdata_block(d, "head", "x y text");
    for (size_t i = 0; i < count; i++)
        put_text(d, p, &t[i], *t[i].note[0] ? 50 : 32, t[i].title, FONT_PANEL);
    plotdata_block(d, "note", "x y text");
    for (size_t i = 0; i < count; i++) {
        put_text(d, p, &t[i], 31, t[i].note[0], FONT_NOTE);
        put_text(d, p, &t[i], 14, t[i].note[1], FONT_NOTE);
        notes += *t[i].note[0] || *t[i].note[1];
    }
    if (!notes) put_none(d);
}

double axis_pixel(const struct axis *a, double v)
{
    const double part =
        a->log ? log(v / a->low) / log(a->high / a->low) : (v - a->low) / (a->high - a->low);

    return a->from + part * (a->to - a->from);
}

double axis_value(const struct axis *a, double pixel)
{
    const double part = (pixel - a->from) / (a->to - a->from);

    return a->log ? a->low * pow(a->high / a->low, part) : a->low + part * (a->high - a->low);
}
