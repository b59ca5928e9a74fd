/* timer.h: how a block of calls is timed. Rounds (rounds.h) know nothing else of clocks and
 * devices, so tests drive them with a fake timer that drifts, lies and fails. */
#ifndef WHEELBENCH_TIMER_H
#define WHEELBENCH_TIMER_H
#include "wheelbench.h"

/* How device impls are timed: many calls behind one another, for throughput; or each call by
 * itself, for latency. Host impls know one way only, which counts as the first. */
enum timing { BATCH, ISOLATED, TIMINGS };

/* One impl of one problem, ready to run over some sets of operands in turn. */
struct timed {
    const struct impl *impl;
    const struct plan *plan;
    const struct operands *set; /* [sets], workspace filled in */
    int sets; /* 1: hot. More: each call takes the next, so that caches are cold */
    int cold; /* a timer that can empty the cache before a call does so */
    int once; /* each set at most once a pass: out is an input too */

    double call_us; /* what one call takes: set by open from a trial, then kept up to date */
    void *state;    /* the timer's own */
};

/* What one block gave. */
struct block {
    double us;      /* time of one call */
    long calls;     /* that were timed */
    double span_us; /* from the first of them to the last; 0: calls * us */
    double sm_mhz;  /* clock of the device's multiprocessors meanwhile; NaN: not known */

    /* On the host: CPU time of all cores meanwhile, and how much of it a hypervisor gave to others,
     * in clock ticks; both 0 where that is not known. */
    double ticks, stolen;
    int restless; /* the process did not get quiet before it */
    int exposed;  /* isolated: calls were queued too late, so that the host's part is in the time */
};

struct timer {
    const char *name;    /* CSV column timing: batch, isolated, host */
    const char *missing; /* why this build cannot time so; NULL: it can */
    double (*now_us)(void);
    /* Trial calls, then whatever lets blocks start at once. Outputs are overwritten. */
    const char *(*open)(struct timed *t);
    /* Calls for about warm_us that are not timed, then calls for about block_us, at least one, that
     * are. */
    const char *(*block)(struct timed *t, double warm_us, double block_us, struct block *b);
    /* The timed path once more, untimed, over set `set` at least: the check after timing looks at
     * it. */
    const char *(*replay)(struct timed *t, int set);
    void (*close)(struct timed *t); /* also after an open that failed */
};

extern const struct timer timer_host; /* wall clock from call to result */
extern const struct timer
    timer_batch; /* CUDA graph of calls between two events; where HAVE_CUDART */
extern const struct timer
    timer_isolated; /* one call between two events, behind a gate; where HAVE_CUDART */

double timer_now_us(void); /* the monotonic clock */
#endif
