/* sides.h: the runs that an argument of `compare` means: a run directory, a slug (the newest
 * complete run below the root), slug@commit (all complete runs of that commit), or a list of these
 * with commas. A slug that has no directory may be that of a CPU in whose machine a GPU was
 * measured: then it means the host rows of those runs. */
#ifndef WHEELBENCH_SIDES_H
#define WHEELBENCH_SIDES_H
#include "report/stored.h"

enum { SIDE_RUNS_MAX = 32 };

struct side {
    struct stored_run *runs; /* in the order of the argument, of a slug by time */
    int count;
    int host_only; /* by the slug of a CPU: its other rows do not count */
    char slug[96]; /* of the device, on runs without one of the host; host_only: of the host. The
                      same in all runs */
};

/* NULL, or why not. side_close afterwards, whatever it returns. */
const char *side_open(struct side *s, const char *argument, const char *root);
void side_close(struct side *s);

/* Makes a side of runs that are open, which stay the caller's. */
void side_of(struct side *s, struct stored_run *runs, int count);

/* Has it nothing but rows of hosts that could count? */
int side_is_host(const struct side *s);

/* Does a row of the side count? */
int side_has(const struct side *s, const struct row *r);

/* Of a run: device.slug, without a device host.slug; "" when the manifest has neither. */
const char *side_slug(const struct stored_run *run);
const char *side_host_slug(const struct stored_run *run);
#endif
