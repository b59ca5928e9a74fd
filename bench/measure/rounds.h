/* rounds.h: impls timed against each other. A round is one block of every impl in a random order;
 * the next round takes the reverse, so that a drift of clock or temperature cancels. */
#ifndef WHEELBENCH_ROUNDS_H
#define WHEELBENCH_ROUNDS_H
#include <stdint.h>
#include "measure/stats.h"
#include "measure/timer.h"

struct rounds_plan {
    double warm_us, block_us; /* pre-roll of the same impl, thrown away; timed part */
    int rounds;               /* that every cell gets, even */
    int most_rounds;          /* where that leaves an interval too wide; below rounds: no more */
    double slow_us;           /* calls longer than this: no pre-roll, fewer rounds */
    double slow_total_us;     /* which together last about this long, 3 rounds at least */
    double deadline_us;       /* by the timer's clock: when extra rounds must be over; 0: never */
    uint64_t seed;            /* of the order */
};

/* One timed block. */
struct sample {
    int round, pos; /* from 1; rounds are counted on from group to group (speed_class.h) */
    long calls;
    double us;               /* of one call */
    double start_us, end_us; /* when its timed part began and was over, by the timer's clock */
    double sm_mhz;           /* clock of the device meanwhile; NaN: not known */
};

struct entry {
    struct timed timed;
    int dead;       /* open failed, or a block did: no further blocks */
    char why[1024]; /* then the reason */
    /* All blocks, in the order of the rounds. The first `own` are those of the group where the impl
     * is at home, and make its time; the base has more, as a guest of others, for their ratios. */
    struct sample *sample;
    int done, own, room;
    double ticks, stolen;  /* sums over the blocks, see timer.h */
    int restless, exposed; /* how many blocks were */
};
enum { ENTRIES_MAX = 128 };

/* Opens nothing and closes nothing: entries, at most ENTRIES_MAX, come opened by the timer, or
 * dead. Rounds of a group end when every cell has an interval of the median of at most +-0.5 % of
 * it, looked at after every second round, or at the most rounds or the deadline. Never on what the
 * times say: stopping when a difference looks significant would make differences. */
void rounds_run(const struct timer *timer, struct entry *entries, int count,
                const struct rounds_plan *plan);

/* Statistics of the own samples; done must not be 0. */
struct stats rounds_stats(const struct entry *e);
void rounds_free(struct entry *e); /* its samples */

/* The clock of the device in the own samples that know it; NaN: none does. */
struct rounds_clock {
    double mean_mhz, spread_pct; /* highest less lowest, % of the median */
};
struct rounds_clock rounds_clock(const struct entry *e);
struct rounds_clock rounds_clock_of(double *mhz, int n); /* of the blocks that know it; sorts */

/* How many rounds a call of this length gets at least, and what they take with pre-roll, us. */
int rounds_wanted(const struct rounds_plan *plan, double call_us);
double rounds_price_us(const struct rounds_plan *plan, double call_us);
#endif
