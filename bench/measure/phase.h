/* phase.h: what the process that measures is doing, and whose code runs there, in memory that its
 * supervisor sees: so that a hang can be ended in time and a crash be blamed. */
#ifndef WHEELBENCH_PHASE_H
#define WHEELBENCH_PHASE_H
#include "wheelbench.h"

struct phase {
    const struct impl *impl; /* whose code runs; NULL: the harness's own */
    const char *what;        /* "prepare", "run", ...: a constant */
    double since_us;         /* by the monotonic clock */
    double limit_s;          /* it may take this long */
    int energy;              /* the energy counter is wanted at every tick */
};

/* Phases of this process go into *shared from now on; NULL: nowhere. */
void phase_watch(struct phase *shared, double limit_s);

/* Called by the harness at each step. limit_s 0: the limit that phase_watch was given. */
void phase_enter(const struct impl *impl, const char *what, double limit_s);
void phase_energy(int wanted);

/* Seconds that the phase is over its limit; negative: that are left. */
double phase_over_s(const struct phase *p);
#endif
