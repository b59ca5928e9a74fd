/* proof.h: proofs that the harness is right. Each plays contests as a run does and holds the
 * outcome against what is known beforehand: liars must be rejected for the expected reason, known
 * durations must be measured, equals must come out equal. What decides is apart from what measures,
 * so that tests can show of each proof that it fails when it should. */
#ifndef WHEELBENCH_PROOF_H
#define WHEELBENCH_PROOF_H
#include "data/place.h"
#include "measure/worker.h"
#include "measure/floor.h"
#include "report/derive.h"
#include "selftest/facts.h"
#include "selftest/liar.h"

/* VERDICT_NOISY: inconclusive after three tries, on a host that others use too; counted apart.
 * VERDICT_UNTRIED: cannot be seen or tried here; not counted. */
enum verdict { VERDICT_HOLDS, VERDICT_FAILS, VERDICT_NOISY, VERDICT_UNTRIED };

enum { SAID = 1200 };
struct finding {
    enum verdict verdict;
    char said[SAID]; /* what was seen; where it fails, also what was expected */
};

struct tally {
    int held, failed, noisy;
    struct facts facts;
};
void tally_start(struct tally *t);
/* Counts the finding and prints its line. */
void tally_add(struct tally *t, const char *name, const struct finding *f);
/* A proof that could not be made fails with why, and the others go on. NULL; else why, when all
 * shall end: somebody interrupts. */
const char *tally_failure(struct tally *t, const char *name, const char *why);

/* ---- judgements: pure; verdicts.c ---- */

/* A liar, and an honest impl, by what it is expected to end as. */
struct finding liar_verdict(const struct liar *l, const struct outcome *o);

/* A duration of nominal_us, measured as us, of which floor_us is overhead known to be there; within
 * 1 us + share of the nominal. */
struct finding duration_verdict(double nominal_us, double us, double floor_us, double share);
/* The floor itself: more than nothing, less than most_us. */
struct finding floor_verdict(double us, double most_us);

/* Ratios of one impl under two names: no more intervals exclude 1 +- 0.1 % than 99 of 100 honest
 * sets of cells would have, and none is more than most_pct away from 1. */
struct finding equal_verdict(const struct ratio *r, int cells, double most_pct);
/* The largest distance of a ratio from 1, %; NaN where one has none. */
double equal_floor_pct(const struct ratio *r, int cells);
/* The most successes of n, each with probability p, that have to be expected: the least k with
 * P(Bin(n, p) <= k) >= 0.99. */
int binomial_99(int n, double p);

/* The same with extra_pct more work: found (the interval lies above 1) in 95 % of the cells, or,
 * where only the sign can be asked for, the factor is above 1 in 95 % of them. */
struct finding extra_verdict(const struct ratio *r, int cells, double extra_pct, int sign_only);

/* Times of 0, 1, 2 and 4 units of work, us: the steps are alike within `share`, and the intercept
 * is the time of no work, within 1 us + share of a unit's time. */
struct finding linear_verdict(const double us[4], double share);

/* How often intervals of the median of n samples held the true median, in this many trials. */
struct finding coverage_verdict(int n, long held, long trials);

/* The same impl with and without something beside it: the ratio is 1 within most_pct, and its
 * interval is narrow enough to say so. */
struct finding influence_verdict(const struct ratio *r, double most_pct);

/* ---- what the device does; verdicts_device.c ---- */

/* What a copy of DRAM reaches lies between 60 % and 101 % of the specification. */
struct finding copy_verdict(double gbs, double spec_gbs);
/* A copy, cold and hot, of operands that are this much of the last-level cache: of a quarter of it
 * hot is much faster, of four times as much hardly at all. */
struct finding cache_verdict(double cold_us, double hot_us, int fits);

enum {
    SETTLE_BEFORE = 3, /* what ran before */
    SETTLE_REPEATS = 5,
    SETTLE_ROLLS = 6,   /* pre-rolls that are looked at */
    SETTLE_BLOCKS = 128 /* of a hot kernel, at most */
};
/* Of those, ms; a timed block of SETTLE_TIMED_MS follows. After the longest it must not matter any
 * more what ran before; what becomes of the kernel in the last SETTLE_END_MS of SETTLE_TOTAL_MS is
 * told, not judged: at a power limit it goes on to change by itself. */
extern const double settle_rolls_ms[SETTLE_ROLLS];
#define SETTLE_TIMED_MS 100.0
#define SETTLE_END_MS 300.0
#define SETTLE_TOTAL_MS 900.0

/* A hot kernel from when it took over: blocks one behind the other, us of a call and of all. */
struct settle_trace {
    int blocks;
    double us[SETTLE_BLOCKS], span_us[SETTLE_BLOCKS];
};
/* Time of a call, mean over the blocks that begin between two times; NaN: there are none. */
double settle_window_us(const struct settle_trace *t, double from_ms, double to_ms);
/* How far the timed block is off after each pre-roll: % of the mean after the longest, over all
 * traces of a repeat; medians over the repeats. */
void settle_off(struct settle_trace trace[SETTLE_REPEATS][SETTLE_BEFORE],
                double off[SETTLE_BEFORE][SETTLE_ROLLS]);
/* How much slower than that the kernel is at the end of its traces, %; median of the repeats. */
double settle_later_pct(struct settle_trace trace[SETTLE_REPEATS][SETTLE_BEFORE]);
/* The least pre-roll from which on it does not matter what ran before; NaN: none of these. */
double settle_needed_ms(double off[SETTLE_BEFORE][SETTLE_ROLLS]);
/* What ran before is forgotten at last. */
struct finding settle_one_verdict(const double off[SETTLE_ROLLS]);
struct finding settle_verdict(double needed_ms, double used_ms);

/* ---- proofs; each adds its lines to the tally. NULL, or why they could not be made ---- */

/* Parses and makes what the others need, before any worker is opened: its child must have them. */
const char *proofs_prepare(void);
const struct problem *proofs_problem(const char *text);

const char *prove_liars(struct tally *t, struct worker *w, enum place place, int quick);
const char *prove_times(struct tally *t, struct worker *w, enum place place, int quick);
/* What the truth rests on: generator, oracles, statistics, and on the device the timers. */
const char *prove_judges(struct tally *t, struct worker *w, enum place place, int quick);
/* The device against its specification, and its cache. */
const char *prove_physics(struct tally *t, struct worker *w, const struct floor_spec *spec,
                          int quick);
/* What must not show in a time: the recorder, which runs when it returns as it did before, and
 * checks in the same process. */
const char *prove_influence(struct tally *t, struct worker *w, enum place place);
/* How long a hot kernel's time depends on what ran before; the pre-roll of those who publish. */
const char *prove_settle(struct tally *t, struct worker *w, double used_ms);

/* Measures anew until all of n (at most PROOFS_TRIED) findings hold, three times at most; what
 * fails is then noisy where it may be. `of` goes to the proof, with the number of the try. */
enum { PROOFS_TRIED = 4 };
typedef const char *proof_once(void *of, int try, struct finding *f);
const char *proof_tries(struct tally *t, proof_once *proof, void *of, const char *const *name,
                        int n, int may_be_noisy);

/* What proofs_prepare asks them for: the tables of liars (NULL at the end), and problems. */
const struct liar *const *liars_of(enum place place);
int times_problems(enum place place);
void times_problem(enum place place, int i, char *to, size_t n);
const char *times_prepare(void);
int judges_problems(void);
const char *judges_problem(int i);

/* ---- parts of prove_judges ---- */

/* NULL: both places make the same inputs, hashes, y and S of this problem: bitwise, on real data
 * within 2^-48 S. Else what differs. */
const char *same_bits(const struct place_ops *a, const struct place_ops *b, const struct problem *p,
                      enum data_kind kind);

/* NULL: the op's oracle agrees with a direct sum in long double, of gemm or conv2d. Else where it
 * does not. */
const char *oracle_direct(const struct problem *p, enum data_kind kind);

/* How many of the 95 % intervals of the median of n made-up samples hold the true one. */
long coverage_count(int n, long trials);
#endif
