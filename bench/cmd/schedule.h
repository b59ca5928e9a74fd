/* schedule.h: which cells a run plans, and the time they get. */
#ifndef WHEELBENCH_SCHEDULE_H
#define WHEELBENCH_SCHEDULE_H
#include "cmd/record.h"

enum { MOST_IMPLS = 64 };

/* Which cells of a problem are planned at a place. */
void schedule_wanted(const struct run_facts *f, const struct problem *p, enum place place,
                     int wanted[CELLS]);
struct rounds_plan schedule_rounds(const struct run_facts *f, enum place place);

/* How many rows a problem has at a place, those that cannot run included. */
int schedule_rows(const struct run_facts *f, const struct problem *p, enum place place);

/* How many cells of a problem can run at a place, and about how long they take at the least, in
 * all repeats, us: price.h. */
int schedule_cells(const struct run_facts *f, const struct problem *p, enum place place);
double schedule_price_us(const struct run_facts *f, const struct problem *p, enum place place);

/* The longest call that is timed, s, and the products up to which every output is judged. */
double schedule_limit_s(const struct run_facts *f);
double schedule_judge_budget(const struct run_facts *f, enum place place);

/* Seconds for the roof of a place: a fifth of what its rows will take, within the preset's time and
 * a quarter of that: less, and a probe has too few launches. 0: the place has no rows, or no roof
 * is wanted. */
double schedule_roof_s(const struct run_facts *f, enum place place);

/* Steady load for the energy of each impl, s; 0: not asked for. Less than this is worthless: the
 * meter of a recent GPU sees a quarter of the time. */
double schedule_energy_s(const struct run_facts *f, enum place place);

/* Extra rounds are for those who are ahead of a schedule that gives each problem a part of the
 * budget by its price: what an early one takes beyond its part, the last ones would lack. */
struct schedule {
    double start_us, budget_us; /* by the timers' clock; budget 0: no end */
    double price_us, priced_us; /* of the whole run, of the problems up to the current one */
};
struct schedule schedule_start(const struct run_facts *f, double budget_s);
/* A problem that has its rows already takes no part. */
void schedule_done(struct schedule *s, const struct run_facts *f, const struct problem *p,
                   enum place place);
/* What is left before the next problem, by what the prices have been worth so far, s. */
double schedule_left_s(const struct schedule *s);
/* Until when the next problem may make extra rounds; 0: no end. */
double schedule_next(struct schedule *s, const struct run_facts *f, const struct problem *p,
                     enum place place);

/* What would run and about how long that takes, roofs included. */
void schedule_print(const struct run_facts *f, double budget_s);
#endif
