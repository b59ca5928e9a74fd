/* versus.h: inside the figure `compare`: versus.c chooses cells of a comparison, versus_draw.c
 * draws them. All that is said of a cell is what the comparison says in words. */
#ifndef WHEELBENCH_VERSUS_H
#define WHEELBENCH_VERSUS_H
#include "report/chart.h"
#include "report/choose.h"
#include "report/compare.h"

enum { VERSUS_ROWS = 18, VERSUS_CELLS = 3 }; /* of a panel */

struct versus_panel {
    const char *place;
    const struct cell *cells[VERSUS_ROWS];
    int count;
};

struct versus {
    const struct comparison *c;
    struct versus_panel panels[PANELS_MAX];
    int panel_count, drawn, common; /* common: cells with numbers of both sides */
    int doubtful, clock;            /* has one been drawn */
};

const char *versus_draw(struct versus *f, const char *dir);
#endif
