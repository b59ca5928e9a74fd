/* derive.h: the numbers that are not measured but follow from rows: rival, wheel factor, front,
 * lines per doubling, roof, sums, ratios between runs. The only place that knows their definitions;
 * figures, README and tables ask here. Rows are those of one run. NaN means "cannot be said". */
#ifndef WHEELBENCH_DERIVE_H
#define WHEELBENCH_DERIVE_H
#include <stddef.h>
#include "store/row.h"

/* A row whose number may be used: status ok and a positive time. */
int derive_usable(const struct row *r);

/* Written by hand (naive, tuned), in contrast to a call (library, framework). */
int derive_by_hand(const struct row *r);

/* Same run, device, place, op, precision, layout, shape, cache and timing: the rows that compete.
 */
int derive_same_cell(const struct row *a, const struct row *b);

/* The fastest usable library row of r's cell, ties in ladder order; NULL: there is none. */
const struct row *derive_rival(const struct row *rows, size_t count, const struct row *r);

/* t_impl / t_rival. Where both have samples of the same rounds: exp of the median over these rounds
 * of ln(t_impl / t_rival), so that what slows both down for a while cancels, with the 95 % interval
 * of that median by ranks. Where these are rounds of several repeats: of the median over the
 * repeats of the median in each, because two processes differ by more than two rounds. Else the
 * quotient of the medians, without interval. */
struct ratio {
    double factor;
    double lo, hi; /* NaN: no interval */
    int rounds;    /* common ones; 0: quotient of medians */
    int repeats;   /* that have common ones */
};
struct ratio derive_ratio(const struct row *r, const struct row *rival);

/* The factor of that ratio, and 100 / factor. */
double derive_wheel_factor(const struct row *r, const struct row *rival);
double derive_percent(const struct row *r, const struct row *rival);

/* Source lines for each factor of two between a and b: (b.lines - a.lines) / log2(t_a / t_b).
 * NaN where b is not faster. */
double derive_lines_per_doubling(double lines_a, double t_a, double lines_b, double t_b);

/* Ladder order: the line of the impl in its .def. Impls that this program does not know (a run of
 * another version) follow in order of first appearance. */
size_t derive_order(const struct row *rows, size_t count, const struct row *r);

/* Hue and marker of a rung: 1 naive, 2 to 4 by thirds of the tuned rungs of its op and place,
 * 5 library. Decided by the ladder, never by the speeds, so that a colour means the same in every
 * figure. */
int derive_slot(const struct row *rows, size_t count, const struct row *r);

/* What a figure shows of an op: cold rows (hot ones only where no cold row is usable), batch on the
 * device and host timing on the host, of the problem with most usable rungs; ties to f32, so that
 * two runs show the same, then to the most FLOPs (or bytes), then to the longest rival. */
struct headline {
    const struct row *of;    /* a usable row of the cell; NULL: the op has none */
    const struct row *rival; /* NULL: no usable library row */
    const struct row *base;  /* what 100 % is: the rival, without one the fastest usable row */
    size_t rungs;            /* usable rows by hand */
};
struct headline derive_headline(const struct row *rows, size_t count, const char *op,
                                const char *place);

/* A usable row of a headline's cell, as a point of lines against time. */
enum rung_kind { RUNG_DEAD_END, RUNG_FRONT, RUNG_LIBRARY };
struct rung {
    const struct row *row;
    double percent; /* of the headline's base */
    int slot;
    enum rung_kind kind;
};
enum { RUNGS_MAX = 64 };

/* The usable rows of the cell that have a line count, in order of lines, the faster first. A rung
 * by hand is on the front when it is faster than every one with fewer or equal lines, else a dead
 * end. Returns how many; *left_out: usable rows without a line count, or beyond RUNGS_MAX. */
size_t derive_rungs(const struct row *rows, size_t count, const struct headline *h,
                    struct rung out[RUNGS_MAX], size_t *left_out);

/* ---- against the roof: derive_roof.c ---- */

/* What the machine was measured to reach; NaN: not measured. */
struct roof {
    double gflops, gbs, launch_us;
};

/* The least time that the roof allows, us: max(flop / P, bytes / B, launch). A term that was not
 * measured, or is 0, does not bind; NaN when P is not known but needed. */
double derive_roof_us(double flop, double bytes, const struct roof *roof);

/* The largest of its terms; BOUND_UNKNOWN where there is no such time. */
enum bound { BOUND_UNKNOWN, BOUND_COMPUTE, BOUND_MEMORY, BOUND_LAUNCH };
enum bound derive_bound(double flop, double bytes, const struct roof *roof);
const char *derive_bound_name(enum bound b); /* "-" for unknown */

/* 100 * t_roof / t. Above 100 is possible, and not clipped: an f32 kernel through split bf16, a
 * fast convolution, or data that a cache held. */
double derive_percent_of_roof(const struct row *r, const struct roof *roof);

/* ---- over several problems or devices: derive_sums.c ---- */

/* sum n t / sum n rival over the problems where both are times (positive), always with how many
 * these are. n: how often each problem counts, NULL: once. factor NaN: there is none. */
struct total {
    double us, rival_us, factor;
    int problems, of;
};
struct total derive_sum(const double *t, const double *rival, const double *n, size_t problems);

/* That of one impl against its rivals: over the cells of `rows` with the impl, device, place, cache
 * and timing of `like`. n[i] belongs to rows[i]. */
struct total derive_total(const struct row *rows, size_t count, const double *n,
                          const struct row *like);

/* |D| / sum(t / t_best) over a set of devices (Pennycook, Sewall, Lee 2016): 0 when one of them has
 * no usable row (t is NaN there). */
struct portability {
    double value;
    double where_it_runs; /* the same over the devices that have one; NaN: none */
    double least;         /* smallest t_best / t of these */
    int devices, runs;
};
struct portability derive_portability(const double *t, const double *best, int devices);

/* energy_mj / energy_mj of the rival, and joules for 1e9 useful FLOPs. Both only from measured
 * energy; NaN without it, the second also without FLOPs. */
double derive_energy_ratio(const struct row *r, const struct row *rival);
double derive_joules_per_gflop(const struct row *r);

/* ---- between two sets of runs: derive_between.c ---- */

enum { EVIDENCE_MAX = 64 };

/* One cell as a set of runs saw it. Starts as {0}. */
struct evidence {
    double repeat[EVIDENCE_MAX]; /* medians of the repeats, us */
    int repeats;
    double t; /* median of these */
    double lo,
        hi; /* from the least to the highest end of their 95 % intervals; NaN: one has none */
};
/* Adds the repeats of a usable row. 0: some found no place. */
int derive_add_evidence(struct evidence *e, const struct row *r);

/* t_a / t_b, above 1 where b is faster. From 4 repeats on each side with the p of the rank-sum test
 * and the interval that belongs to it; below without p, and with the interval [lo_a / hi_b, hi_a /
 * lo_b], NaN where a side has none. */
enum { BETWEEN_REPEATS = 4 }; /* 3 + 3 cannot reach p = 0.05 */
struct between {
    double ratio, lo, hi, p;
};
struct between derive_between(const struct evidence *a, const struct evidence *b);
#endif
