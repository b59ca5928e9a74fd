/* pairs.h: rows of two runs that measured the same: equal op, precision, layout, shape, impl,
 * place, cache and timing. */
#ifndef WHEELBENCH_PAIRS_H
#define WHEELBENCH_PAIRS_H
#include "report/stored.h"

struct pair {
    const struct row *a, *b; /* both usable */
    double ratio;            /* t_a / t_b: above 1 B is faster */
    double lo, hi;           /* from the intervals of both medians; NaN: not known */
    int decided;             /* the interval excludes 1 and the ratio is outside the band */
};

/* All pairs in the order of A. Returns how many; *out is freed by the caller. Out of memory: none,
 * *out NULL. */
size_t pairs_find(const struct stored_run *a, const struct stored_run *b, struct pair **out);

/* A ratio between 1 / band and band is not told from noise: 1 + max(4 %, 3 times the larger A/A
 * floor of the two runs). */
double pairs_band(const struct stored_run *a, const struct stored_run *b);
#endif
