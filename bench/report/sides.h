/* sides.h: the runs that an argument of `compare` means: a run directory, a slug (the newest
 * complete run below the root), slug@commit (all complete runs of that commit), or a list of these
 * with commas. */
#ifndef WHEELBENCH_SIDES_H
#define WHEELBENCH_SIDES_H
#include "report/stored.h"

enum { SIDE_RUNS_MAX = 32 };

struct side {
    struct stored_run *runs; /* in the order of the argument, of a slug by time */
    int count;
    char slug[96]; /* of the device, on runs without one of the host: the same in all runs */
};

/* NULL, or why not. side_close afterwards, whatever it returns. */
const char *side_open(struct side *s, const char *argument, const char *root);
void side_close(struct side *s);

/* Of a run: device.slug, without a device host.slug; "" when the manifest has neither. */
const char *side_slug(const struct stored_run *run);
#endif
