/* compare_impl.h: the third mode of compare: one side, its impls against their libraries, problem
 * by problem: what the next rung costs and gives. */
#ifndef WHEELBENCH_COMPARE_IMPL_H
#define WHEELBENCH_COMPARE_IMPL_H
#include "report/compare.h"

struct ladder_cell {
    const struct stored_run *run;
    const struct row *row, *rival; /* rival NULL: no usable library row */
    int first;                     /* of its problem, place, cache and timing */
    struct ratio w;                /* against the rival, NaN without */
    double of_roof;                /* % */
    enum bound bound;
    enum rung_kind kind;
    double per_doubling; /* lines since the rung before on the front; NaN: none */
    double energy_ratio, joules_per_gflop;
    enum verdict verdict; /* of hand kernels, by the interval of w: SAME is "no difference
                             measured", UNSURE has none; BROKEN is wrong or failed */
};

struct compare_ladder {
    const struct side *side;
    struct ladder_cell *cells; /* problem by problem in the order of the file, then of the ladder */
    size_t count;
    size_t verdicts[VERDICTS];
    size_t left_out; /* cells of other cache or timing modes than the headline ones */
};

/* all: every cache and timing mode; else cold ones, batch where there is one. *no_row: a filter
 * matches nothing. compare_ladder_end afterwards, whatever it returns. */
const char *compare_ladder_begin(struct compare_ladder *l, const struct side *side,
                                 const struct filter *filter, int all, int *no_row);
void compare_ladder_end(struct compare_ladder *l);
#endif
