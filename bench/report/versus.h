/* versus.h: inside the figure `compare`: versus.c chooses cells, versus_draw.c draws them. */
#ifndef WHEELBENCH_VERSUS_H
#define WHEELBENCH_VERSUS_H
#include "report/chart.h"
#include "report/choose.h"
#include "report/pairs.h"

enum { VERSUS_ROWS = 18, VERSUS_CELLS = 3 }; /* of a panel */

struct versus_panel {
    const char *place;
    const struct pair *pairs[VERSUS_ROWS];
    int count;
};

struct versus {
    const struct stored_run *a, *b;
    struct pair *pairs;
    size_t count;
    struct versus_panel panels[PANELS_MAX];
    int panel_count, drawn, doubtful;
    double band;
};

const char *versus_draw(struct versus *f, const char *dir);
#endif
