/* judge.h: the float64 truth of one set, computed once and held against the output of every impl.
 */
#ifndef WHEELBENCH_JUDGE_H
#define WHEELBENCH_JUDGE_H
#include "data/freivalds.h"

struct judge {
    struct sets *sets;
    int set;      /* which of them */
    long outputs; /* of the problem */
    long checked; /* of those, the judged ones: all, or a sample */
    long *index;  /* in the place of the sets; NULL: all outputs in order */
    double *y, *s;
    int bitwise;          /* exact data whose result is unique */
    struct freivalds all; /* of these, when only a sample is judged, all others too */
};

/* Judges set `set`: all outputs when they cost at most `budget` products, else a sample: one random
 * output in every 32 x 32 tile (every 1024 neighbours where the output is one row), the first and
 * last rows and columns, and the whole last tile. Where the result is unique, the outputs beyond
 * the sample are then looked at too, together (freivalds.h). */
const char *judge_open(struct judge *j, struct sets *sets, int set, double budget);
void judge_close(struct judge *j);

/* Is the output of the set right? NULL, or why not with the row's flag. slack: W of the impl. */
const char *judge_check(const struct judge *j, double slack, struct agreement *a,
                        const char **flag);
#endif
