/* sweep.h: inside the figure "At which size does a rung start to pay?": sweep.c chooses panels,
 * series and axes, sweep_data.c words it and writes the blocks. */
#ifndef WHEELBENCH_SWEEP_H
#define WHEELBENCH_SWEEP_H
#include "report/page.h"

enum { SWEEP_PANELS = 4, SERIES = 5, POINTS = 64 };

struct sweep_point {
    double n, rate, low, high; /* FLOP/s in the panel's unit */
};

struct sweep_series {
    const struct row *of; /* a row of its impl; NULL: none for this slot */
    struct sweep_point points[POINTS];
    size_t count;
    int doubtful;
};

struct sweep_panel {
    const struct row *of;               /* a row of its place, precision and layout */
    struct sweep_series series[SERIES]; /* by slot */
    struct roof roof;
    double unit; /* FLOP/s of 1 on the axis: 1e9 or 1e12 */
    double top, step;
    struct axis x, y;
    struct box box;
};

struct sweep {
    const struct stored_run *run;
    struct sweep_panel panels[SWEEP_PANELS];
    int count, doubtful;
    struct page page;
};

/* Writes `meta` and everything behind it: titles, curves, bands, roofs, ticks, labels. */
void sweep_put(struct plotdata *d, const struct sweep *s);
#endif
