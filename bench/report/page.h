/* page.h: where things stand on a figure. All geometry is made here, in pixels, and handed to
 * gnuplot as fractions of the page, so that labels placed in C stand where C thinks they do. */
#ifndef WHEELBENCH_PAGE_H
#define WHEELBENCH_PAGE_H
#include "report/label.h"
#include "report/plotdata.h"
#include "report/stored.h"

enum { PANELS_MAX = 6 };

/* Font sizes in pixels of the page; plots/style.gp uses the same. */
enum { FONT_TITLE = 20, FONT_SUBTITLE = 13, FONT_PANEL = 15, FONT_NOTE = 12, FONT_FOOTER = 11 };

struct page {
    double width, height;
    double panel_width, panel_height;
    double left, gap_x, gap_y, above; /* left margin, between panels, above the first row */
};

/* A page of columns x rows panels, each with room for a title and two notes above it. */
struct page page_make(int columns, int rows, double panel_width, double panel_height, double gap_x,
                      double right);
struct box page_panel(const struct page *p, int column, int row);

/* Title, subtitle, footer and size of the page. */
void page_meta(struct plotdata *d, const struct page *p, const char *title, const char *subtitle,
               const char *footer);

/* Four fractions of the page: left right bottom top of a panel. */
void page_box(struct plotdata *d, const struct page *p, const struct box *b);

/* A panel's title and two notes, cut to the width: rows of the blocks `head` and `note`. */
struct panel_text {
    struct box box;
    double width; /* of the text, px */
    char title[200], note[2][400];
};
void page_texts(struct plotdata *d, const struct page *p, const struct panel_text *t, size_t count);

/* A place on a linear or logarithmic axis that runs over low..high from pixel `from` to `to`. */
struct axis {
    double low, high, from, to;
    int log;
};
double axis_pixel(const struct axis *a, double v);
double axis_value(const struct axis *a, double pixel);
#endif
