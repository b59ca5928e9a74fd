/* stamp.c: from two stamps to a clock; see stamp.h. */
#include "measure/stamp.h"
#include <math.h>
#include "measure/stats.h"

double stamp_mhz(const struct stamp first[STAMP_SMS], const struct stamp last[STAMP_SMS])
{
    double mhz[STAMP_SMS];
    int n = 0;

    for (int i = 0; i < STAMP_SMS; i++) {
        const struct stamp *a = &first[i], *b = &last[i];
        if (!a->ns || b->ns <= a->ns || b->cycles <= a->cycles) continue;
        mhz[n++] = 1e3 * (double)(b->cycles - a->cycles) / (double)(b->ns - a->ns);
    }
    return n ? stats_median(mhz, n) : NAN;
}
