/* repeats.h: a contest played several times, each time in a process of its own. Where memory and
 * libraries happen to lie is the luck of a process, and lasts as long as it: more rounds do not
 * average it out, more processes do. So with several repeats the unit of evidence is the median of
 * a repeat, not a sample. */
#ifndef WHEELBENCH_REPEATS_H
#define WHEELBENCH_REPEATS_H
#include "measure/worker.h"

/* One cell over its repeats: median, mad, drift_pct and iqr_pct are medians over the repeats; the
 * interval has the ranks of the medians of the repeats, so that below 6 there is none; n, min, p05
 * and p95 are of all samples, x[n], which it sorts. One repeat stays as it is. */
struct stats repeats_stats(const struct stats *of, int repeats, double *x, int n);

/* of[repeats * count], repeat by repeat, becomes out[count]; the log has the samples of all. The
 * first repeat in which an impl, or else a cell, is not ok decides about it: what comes after is
 * not looked at. */
void repeats_merge(const struct outcome *of, int repeats, int count, const struct sample_log *log,
                   struct outcome *out);

/* worker_play, that often: each repeat of several in a new child, with an order of its rounds of
 * its own and an equal part of the time for extra rounds, without the impls that were not ok
 * before. The energy pass is that of the first repeat. c->log must be there; its samples get the
 * number of their repeat. When it returns a reason, out stays as it is: a problem is measured as a
 * whole or not at all. */
const char *repeats_play(struct worker *w, const struct contest *c, int repeats,
                         struct outcome *out);
#endif
