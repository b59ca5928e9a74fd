/* ready.h: an impl with operands, ready to be timed block by block: for proofs that need more
 * than contests have. Used in the process that measures. */
#ifndef WHEELBENCH_READY_H
#define WHEELBENCH_READY_H
#include "data/sets.h"
#include "measure/timer.h"

struct ready { /* starts as {0} */
    struct problem problem;
    const struct timer *timer;
    const struct place_ops *ops;
    struct sets sets;
    struct plan plan;
    struct operands operands;
    struct timed timed;
    int prepared, opened;
};

/* One set of real data, hot. NULL, or why not, an impl's why_not included; ready_close afterwards,
 * whatever it returns. r must stay where it is. */
const char *ready_open(struct ready *r, const struct impl *impl, const char *problem,
                       const struct device *d);
/* Calls for warm_us that do not count, then for block_us. */
const char *ready_block(struct ready *r, double warm_us, double block_us, struct block *b);
void ready_close(struct ready *r);

/* An honest impl of pool2d with a window of one element, which is a copy: as fast as memory. */
extern const struct impl copy_device; /* where HAVE_NVCC */
#endif
