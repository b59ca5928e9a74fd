/* chart.h: draws a figure in pixels. Axes, ticks, bars, marks and texts are placed here, and
 * plots/chart.gp repeats them layer by layer; what is placed in C cannot shift in gnuplot. Inks:
 * 1 to 5 are the rung slots, then grey and black. Pixels, x to the right, y upwards. */
#ifndef WHEELBENCH_CHART_H
#define WHEELBENCH_CHART_H
#include "report/page.h"

enum { CHART_PANELS = 9, INK_GREY = 6, INK_BLACK = 7 };

/* What kind of thing is drawn how; which lies above which, plots/chart.gp says. */
enum chart_layer {
    CHART_SHADE, /* boxes: pale, filled, only their edge */
    CHART_BAR,
    CHART_OPEN,
    CHART_GRID, /* lines: faint, grey, thick, dashed, leader, pale and thick, curve, interval */
    CHART_AXIS,
    CHART_RULE,
    CHART_DASH,
    CHART_THIN,
    CHART_STEM,
    CHART_CURVE,
    CHART_RANGE,
    CHART_MARK,
    CHART_LEFT, /* texts, by where their point is */
    CHART_CENTER,
    CHART_RIGHT,
    CHART_UPRIGHT,
    CHART_LAYERS
};

struct chart {
    struct page page;
    struct plotdata layers[CHART_LAYERS];
    struct panel_text texts[CHART_PANELS];
    size_t panels, unnamed; /* unnamed: points whose name found no place */
};

/* A page of columns x rows panels between a left and a right margin. */
void chart_begin(struct chart *c, int columns, int rows, double panel_width, double panel_height,
                 double gap_x, double left, double right);

/* The same with panels of so many rows below each other, which it boxes. */
void chart_begin_rows(struct chart *c, size_t panels, const int *rows, double row_height,
                      double width, double left, double right, struct box boxes[CHART_PANELS]);

/* The next panel: its frame, and the texts above it, which get `width` px. */
struct panel_text *chart_panel(struct chart *c, struct box box, double width);

void chart_line(struct chart *c, enum chart_layer layer, double x0, double y0, double x1, double y1,
                int ink);
void chart_box(struct chart *c, enum chart_layer layer, struct box box, int ink);
void chart_mark(struct chart *c, double x, double y, int slot, int hollow);

/* Cut to width px; 0: whole. */
void chart_text(struct chart *c, enum chart_layer layer, double x, double y, int ink, double width,
                const char *text);

/* Places the labels, then writes them and the lines to those that had to move away. Where points
 * crowd so much that a name would cover another, it is left out, and the footer says so. */
void chart_labels(struct chart *c, struct label *labels, const int *inks, size_t count,
                  const struct box *frame, const struct segment *lines, size_t line_count);

/* Writes dir/<figure>.dat and frees. NULL, or why not. */
const char *chart_save(struct chart *c, const char *dir, const char *figure, const char *question,
                       const char *subtitle, const char *footer);

/* ---- axes (chart_axes.c) ---- */

/* What stands at a tick of value v. */
typedef char *chart_words(double v, char *to, size_t n);
chart_words chart_plain, chart_percent, chart_time, chart_energy, chart_bytes, chart_flops,
    chart_factor;

/* Ticks, grid lines and name of the axis below the box or to its left; the axis gets its pixels.
 */
void chart_x_axis(struct chart *c, const struct box *box, struct axis *x, chart_words *say,
                  const char *name);
void chart_y_axis(struct chart *c, const struct box *box, struct axis *y, chart_words *say,
                  const char *name);

/* One tick, at p px. */
void chart_x_tick(struct chart *c, const struct box *box, double p, const char *text);

/* Widens low..high so that v fits; both start as NaN. Ignores what no logarithm has. */
void chart_stretch(struct axis *a, double v);

/* Widens a logarithmic axis of `size` px so that its values keep that many px from its ends; one
 * without extent gets a factor of 4. */
void chart_pad(struct axis *a, double size, double below, double above);
#endif
