/* rounds.h: impls timed against each other. A round is one block of every impl in a random order;
 * the next round takes the reverse, so that a drift of clock or temperature cancels. */
#ifndef WHEELBENCH_ROUNDS_H
#define WHEELBENCH_ROUNDS_H
#include <stdint.h>
#include "measure/stats.h"
#include "measure/timer.h"

struct rounds_plan {
    double warm_us, block_us; /* pre-roll of the same impl, thrown away; timed part */
    int rounds;
    double slow_us;       /* calls longer than this: no pre-roll, fewer rounds */
    double slow_total_us; /* which together last about this long, 3 rounds at least */
    uint64_t seed;        /* of the order */
};

struct entry {
    struct timed timed;
    int dead;                 /* open failed, or a block did: no further blocks */
    char why[1024];           /* then the reason */
    int rounds, done;         /* wanted, timed */
    double sample[STATS_MAX]; /* us a call, in the order of the rounds */
};

/* Opens nothing and closes nothing: entries come opened by the timer, or dead. */
void rounds_run(const struct timer *timer, struct entry *entries, int count,
                const struct rounds_plan *plan);

/* How many rounds a call of this length gets, and what they take with pre-roll, us. */
int rounds_wanted(const struct rounds_plan *plan, double call_us);
double rounds_price_us(const struct rounds_plan *plan, double call_us);
#endif
