/* proof.h: proofs that the harness is right. Each plays contests as a run does and holds the
 * outcome against what is known beforehand: liars must be rejected for the expected reason, known
 * durations must be measured, equals must come out equal. What decides is apart from what measures,
 * so that tests can show of each proof that it fails when it should. */
#ifndef WHEELBENCH_PROOF_H
#define WHEELBENCH_PROOF_H
#include "data/place.h"
#include "measure/worker.h"
#include "report/derive.h"
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
};
/* Counts the finding and prints its line. */
void tally_add(struct tally *t, const char *name, const struct finding *f);

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

/* ---- proofs; each adds its lines to the tally. NULL, or why they could not be made ---- */

/* Parses and makes what the others need, before any worker is opened: its child must have them. */
const char *proofs_prepare(void);
const struct problem *proofs_problem(const char *text);

const char *prove_liars(struct tally *t, struct worker *w, enum place place, int quick);
const char *prove_times(struct tally *t, struct worker *w, enum place place, int quick);
/* What the truth rests on: generator, oracles, statistics, and on the device the timers. */
const char *prove_judges(struct tally *t, struct worker *w, enum place place, int quick);

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
