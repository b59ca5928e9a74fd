/* floors.c: the part of floors.h that needs no device. */
#include "measure/floors.h"
#include <math.h>
#include "measure/stats.h"

double floors_step_ns(double *ns, int n)
{
    double step = NAN;

    for (int i = 0; i < n; i++) ns[i] = rint(ns[i]);
    stats_sort(ns, n);
    for (int i = 0; i < n; i++) {
        const double from_last = ns[i] - (i ? ns[i - 1] : 0);
        if (from_last > 0 && !(from_last >= step)) step = from_last;
    }
    return step;
}
