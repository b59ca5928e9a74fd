/* roofline.h: inside the figure "Is it us, or the machine?": roofline.c chooses problems and rungs,
 * roofline_draw.c draws them. */
#ifndef WHEELBENCH_ROOFLINE_H
#define WHEELBENCH_ROOFLINE_H
#include "report/chart.h"
#include "report/choose.h"
#include "report/spec.h"

enum { VERTICALS_MAX = 8, ROOFLINE_PANELS = 4 };

struct vertical {
    const struct row *of, *rungs[CHOSEN_MAX];
    double x; /* flop per byte */
};

struct roofline_panel {
    struct row *rows; /* those of its precision */
    struct vertical verticals[VERTICALS_MAX];
    size_t count;
    struct roof roof;
    struct spec spec;
    struct axis x, y;
    struct box box;
};

struct roofline {
    const struct stored_run *run;
    struct roofline_panel panels[ROOFLINE_PANELS];
    int count, doubtful, device, host;
};

const char *roofline_draw(struct roofline *f, const char *dir);
#endif
