/* floors.h: below what the timers of the device see nothing: the step of events, and the time of a
 * kernel that does nothing. They are stored beside the times and never subtracted. */
#ifndef WHEELBENCH_FLOORS_H
#define WHEELBENCH_FLOORS_H
#include "measure/timer.h"

/* NaN: not known. */
struct floors {
    double event_step_ns;      /* least difference of two times between events */
    double launch_us[TIMINGS]; /* of an empty kernel, by each way of timing */
};

/* Measured on the device; all NaN without nvcc. Only where HAVE_CUDART. */
struct floors floors_measure(const struct device *d);

/* The least of n times, in ns, and of the differences between them, that is not 0 when rounded to
 * whole ns; NaN: there is none. Sorts. */
double floors_step_ns(double *ns, int n);
#endif
