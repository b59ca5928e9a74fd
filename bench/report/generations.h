/* generations.h: inside the figure "Does a hand kernel keep up?": generations.c chooses devices,
 * panels and series, generations_draw.c draws them. */
#ifndef WHEELBENCH_GENERATIONS_H
#define WHEELBENCH_GENERATIONS_H
#include "report/chart.h"
#include "report/choose.h"
#include "report/spec.h"

enum { DEVICES_MAX = 12 };

/* One processor: a run that has usable rows of this place, and the newest of those. */
struct generation {
    const struct stored_run *run;
    const char *slug, *name;
    struct spec spec;
};

struct generations_panel {
    const char *place;
    const struct row *of;                              /* a row of its problem */
    const struct row *points[CHOSEN_MAX][DEVICES_MAX]; /* by slot and device; NULL: a gap */
    const struct row *rivals[DEVICES_MAX];
    struct box box;
};

struct generations {
    const struct stored_run *runs;
    size_t run_count;
    struct generation devices[2][DEVICES_MAX]; /* of the GPU and of the host, by release */
    int device_count[2],
        older; /* older: runs of a processor with a newer one, of places with two processors */
    int dated; /* all releases are known: devices are in their order */
    struct generations_panel panels[CHART_PANELS];
    int count, columns, doubtful;
};

const char *generations_draw(struct generations *g, const char *dir);
#endif
