/* methods.h: ways in which a careful reader would time one kernel by hand, without graphs, rounds
 * or anything else of bench/measure, so that its times can be held against something. Times in us.
 */
#ifndef STUDY_METHODS_H
#define STUDY_METHODS_H
#include "wheelbench.h"

/* What is timed: a call of run on these operands, or, for impl == NULL, a kernel that does nothing.
 */
struct work {
    const struct impl *impl;
    const struct plan *plan;
    struct operands operands;
};

struct times {
    int n; /* samples */
    double median_us, p05_us, p95_us;
    double sm_mhz; /* clock right after the last sample */
};

struct method {
    const char *name;
    const char *(*sample)(const struct work *, int calls, double *us);
};
extern const struct method methods[]; /* a NULL name at the end */

/* Events and the buffer that flushes the L2 cache, twice its size. Once, before all else. */
const char *methods_open(size_t l2_bytes);
void methods_close(void);

/* Load of 0.4 s: neither host nor device is asleep or at a low clock after it. */
const char *methods_warm(void);

/* One call, queued. */
const char *work_call(const struct work *w);
/* Queues what leaves no line of the operands in L2: a memset, or reading (no dirty lines). */
const char *flush_by_memset(void);
const char *flush_by_reading(void);

/* Warms up, then takes samples until there are enough or time is up. */
const char *method_measure(const struct method *m, const struct work *w, struct times *t);
#endif
