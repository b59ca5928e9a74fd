/* summary.h: an op, or a whole run, in a few rows: what README and the report page say first. */
#ifndef WHEELBENCH_SUMMARY_H
#define WHEELBENCH_SUMMARY_H
#include "report/stored.h"

/* "device" when the run has usable rows there, else "host". */
const char *summary_place(const struct stored_run *run);

/* The rows of an op's headline cell that stand for all: the fastest naive rung, the fastest one by
 * hand, the rival. */
struct summary {
    struct headline head;
    const struct row *naive, *best; /* best is NULL when the naive rung is it */
};
struct summary summary_of(const struct stored_run *run, const char *op, const char *place);

/* A problem on which a hand kernel met a library call, cold and in the place's usual timing (batch,
 * host). */
struct duel {
    const struct row *best, *rival; /* the fastest usable rows by hand and of the library */
    struct ratio ratio;             /* t_best / t_rival */
};
enum duel_end { DUEL_LOST, DUEL_EVEN, DUEL_WON }; /* even: the interval of the ratio holds 1 */
enum duel_end duel_end(const struct duel *d);

/* All of them, in the order of the rows; returns how many, at most max. */
size_t summary_duels(const struct stored_run *run, const char *place, struct duel *out, size_t max);
#endif
