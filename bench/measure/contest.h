/* contest.h: the life of one problem: its impls of one place are prepared, checked on exact and on
 * real data, timed against each other, and checked again through the very path that was timed. */
#ifndef WHEELBENCH_CONTEST_H
#define WHEELBENCH_CONTEST_H
#include "data/place.h"
#include "device/machine.h"
#include "measure/recorder.h"
#include "measure/rounds.h"

enum cache { COLD, HOT, CACHES };
/* A cell of an impl: a cache mode under a way of timing; batch cold is cell 0. */
enum { CELLS = TIMINGS * CACHES };
static inline int cell_of(enum timing t, enum cache c) { return (int)t * CACHES + (int)c; }
static inline enum timing cell_timing(int cell) { return (enum timing)(cell / CACHES); }
static inline enum cache cell_cache(int cell) { return (enum cache)(cell % CACHES); }
enum status { STATUS_OK, STATUS_SKIPPED, STATUS_WRONG, STATUS_FAILED };

/* Steady load in the energy pass (energy.h), by the timers' clock, and what a call took then. */
struct energy_span {
    double from_us, to_us, call_us;
};

/* What became of one cell. */
struct cell {
    int planned;
    enum status status;
    char reason[1024]; /* empty exactly when ok */
    struct stats stats;
    double stolen_pct; /* CPU time that a hypervisor took meanwhile; NaN: not known */
    int restless;      /* blocks before which the process did not get quiet */
    int exposed;       /* blocks whose calls were queued too late */
    struct recorder_summary recorded; /* of the device, while the cell's blocks ran */
    struct rounds_clock clock;        /* of the device, as the blocks themselves measured it */
    struct energy_span energy[2];     /* all 0: there was no such pass */
};

struct outcome {
    const struct impl *impl;
    enum status status; /* of the impl; a failure before timing is that of all its cells */
    char reason[1024], flag[16];
    int exact_ok; /* 1 yes, 0 no, -1 not asked: results need not be unique */
    int checked;  /* agreement holds a result */
    struct agreement agreement;
    double first_call_ms, prepare_ms;
    size_t workspace_bytes;
    char algo[160];
    double slack;   /* W of the error bound, see struct plan */
    int tune_close; /* the best two variants are within their intervals */
    struct cell cell[CELLS];
};

/* The blocks behind the times of a problem. Of an impl that ended badly some may be here too. */
struct logged {
    int impl; /* index into the impls of the contest */
    int cell;
    int repeat; /* process inside the run, from 1; set by repeats_play */
    int own;    /* behind the cell's own time; else as a guest, for the ratios of others */
    struct sample sample;
};
struct sample_log { /* starts as {0}; free(at) ends it */
    struct logged *at;
    int count, room;
};

struct contest {
    const struct problem *problem;
    struct machine *machine; /* device.present becomes 0 when an impl kills the context */
    enum place place;
    const struct impl *const *impls;
    int count;
    int wanted[CELLS]; /* all 0: check only */
    struct rounds_plan rounds;
    struct sample_log *log; /* gets the samples; NULL: they are not kept */
    double limit_s;         /* impls whose call is longer are not timed */
    double energy_s;        /* of steady load for each impl, for its energy; 0: no such pass */
    double judge_budget;    /* products up to which every output is judged */
    int cold_sets;          /* copies of the operands of a cold batch; 0: as the cache needs */
    uint64_t seed;
    /* NULL: those of the place; tests have others */
    const struct place_ops *ops;
    const struct timer *timer[TIMINGS];
};

/* Fills out[count]. NULL, or why the run must stop: nothing is measured without a judge. */
const char *contest_run(const struct contest *c, struct outcome *out);

/* The rows of a contest that is not played: all cells skipped, or failed, for this reason. */
void contest_end(const struct contest *c, struct outcome *out, enum status status,
                 const char *reason);

/* Why an impl cannot run a problem on this machine, or may take longer than limit_s; NULL: it can.
 */
const char *contest_cannot_run(const struct problem *p, const struct machine *m, double limit_s,
                               const struct impl *i);

/* The last-level cache that a call must get past to be cold. On the host 85 MiB at most: clouds
 * report that of the whole machine. */
double contest_cache_bytes(enum place place, const struct device *d);

/* How many copies of the operands make every call cold: three times the last-level cache, at
 * least 2. */
double contest_cold_sets(const struct problem *p, enum place place, const struct device *d);
#endif
