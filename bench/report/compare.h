/* compare.h: two sets of runs, cell by cell: did the code get slower (regression), or what did
 * another processor give (hardware)? Which rows belong together: compare_match.c; what can be said
 * of two of them: compare_verdict.c; of all: compare_summary.c. One side against its libraries, the
 * third mode, is compare_impl.h. Sides are 0 and 1, called A and B. */
#ifndef WHEELBENCH_COMPARE_H
#define WHEELBENCH_COMPARE_H
#include "report/filter.h"
#include "report/sides.h"

enum compare_mode { COMPARE_GUESS, COMPARE_REGRESSION, COMPARE_HARDWARE, COMPARE_IMPL };

/* What a difference must exceed, in % of the time. One process says nothing about the spread
 * between processes: at 1 % of it, 4 % is 2.8 sigma of a difference, one false alarm in 200 cells.
 */
#define COMPARE_BAND_ONE_PCT 4.0
#define COMPARE_BAND_PCT 2.0  /* with BETWEEN_REPEATS repeats on each side */
#define COMPARE_AA_FLOORS 3.0 /* times the limit of A/A that the runs measured */

enum verdict {
    FASTER,
    SLOWER,
    SAME,   /* the interval lies inside the band */
    UNSURE, /* all else */
    CLOCK,  /* regression: would be FASTER or SLOWER, but in cycles lies inside the band */
    BROKEN, /* ok in A, wrong or failed in B */
    FIXED,
    NEW,  /* ok in B; in A not there, or skipped */
    GONE, /* ok in A; in B not there, or skipped */
    NEITHER,
    VERDICTS
};
extern const char *const verdict_names[VERDICTS];

struct cell {
    const struct row *row[2];        /* of the newest run that has it; NULL: none has */
    const struct stored_run *run[2]; /* whose row that is */
    size_t order;                    /* of first appearance */
    double n;                        /* how often the problem file counts it */
    struct evidence evidence[2];     /* none where that row is not usable */
    struct between q;                /* t_A / t_B */
    double band;                     /* as a factor, such as 1.04 */
    double mhz[2];                   /* clock while it was timed; NaN: not known */
    double cycles;                   /* q.ratio of the clock cycles; NaN: a clock is not known */
    double roof_us[2], of_roof[2];   /* least time by the roof; % of it that was reached */
    double roof_ratio;               /* roof_us of A / B: what the roofs promise */
    enum bound bound[2];
    enum verdict verdict;
};

/* Sums of times (A against B: factor is t_A / t_B) of one place in one cache and timing mode. */
struct gain {
    const char *place, *cache, *timing; /* NULL: nothing to sum */
    struct total library, hand;         /* the fastest on each side, problem by problem */
    struct total memory, memory_roof;   /* the fastest of all, where both roofs are of memory */
    struct total compute, compute_roof;
};

struct comparison {
    enum compare_mode mode;
    const struct side *side[2];
    const char *slug[2]; /* of the processors; of both hosts where a side is nothing but a host */
    struct cell *cells;  /* in order of first appearance in A, then B */
    size_t count;
    size_t verdicts[VERDICTS];
    size_t few;          /* cells with a ratio from less than BETWEEN_REPEATS repeats on a side */
    size_t crowded;      /* cells that have more repeats than are looked at */
    struct gain gain[2]; /* device, host */
};

struct compare_request {
    enum compare_mode mode; /* not COMPARE_IMPL */
    struct filter filter;
    double threshold_pct; /* NaN: COMPARE_BAND_PCT */
};

/* NULL; or why these cannot be compared: data or clocks differ, nothing matches (and which part of
 * the key does not). *no_row: a filter matches nothing. compare_end afterwards, whatever it
 * returns; the sides must outlive it. */
const char *compare_begin(struct comparison *c, const struct side *a, const struct side *b,
                          const struct compare_request *request, int *no_row);
void compare_end(struct comparison *c);

/* ---- its steps ---- */

const char *compare_match(struct comparison *c, const struct compare_request *r, int *no_row);
void compare_judge(struct comparison *c, const struct compare_request *r);
void compare_sum(struct comparison *c);

/* A text of the manifest's top level that all runs of a side share; NULL: they do not, or have
 * none. */
const char *compare_common(const struct side *s, const char *key);

/* Is this one of the rows that are compared, before the filter? */
int compare_row(const struct comparison *c, const struct row *r);

/* Has a cell numbers of both sides; and is there one of this place? */
int compare_timed(const struct cell *cell);
int compare_has(const struct comparison *c, const char *place);

/* The processors of these places in a run, those that have usable rows: "NVIDIA H100 80GB HBM3",
 * "Intel(R) Xeon(R) Processor (host of NVIDIA H100 80GB HBM3)", the GPU and the CPU. */
char *compare_processors(const struct stored_run *run, int device, int host, char *to, size_t n);

/* Op, precision, layout and shape. */
int compare_same_problem(const struct row *a, const struct row *b);

/* Cells by size of effect: broken and fixed ones, then the largest ratios. Sorts pointers. */
void compare_by_effect(const struct cell **cells, size_t count);
#endif
