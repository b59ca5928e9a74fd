/* price.h: about how long a contest takes, before anything is measured: what a run says that it
 * costs, and by what its problems share the time. Pure: shapes, rates and the plan of the rounds.
 * The rates (price.c) are estimates; they hold within a factor of two on the machines they were
 * read off, when nobody else computes there. */
#ifndef WHEELBENCH_PRICE_H
#define WHEELBENCH_PRICE_H
#include "measure/contest.h"

struct price_plan {
    enum place place;
    const struct device *device;
    int wanted[CELLS];
    struct rounds_plan rounds;
    int extra;           /* 1: all the rounds that a wide interval may ask for; 0: the least */
    int repeats;         /* each in a process of its own, where they are several */
    double energy_s;     /* steady load of each impl; 0: none */
    double judge_budget; /* products up to which every output is judged */
};

/* One call of an impl, us: FLOPs, or bytes where there are none, over an estimated rate. */
double price_call_us(const struct problem *p, const struct impl *i, const struct device *d);

/* A contest of impls[n] that all can run, us: processes, operands, judges, checks, rounds, energy.
 * 0 impls: 0. */
double price_contest_us(const struct price_plan *plan, const struct problem *p,
                        const struct impl *const *impls, int n);
#endif
