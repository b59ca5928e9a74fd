/* select.h: which problems and which impls the options mean. */
#ifndef WHEELBENCH_SELECT_H
#define WHEELBENCH_SELECT_H
#include "cmd/options.h"
#include "measure/contest.h"
#include "problems/problems.h"

/* Rounds, times and limits that go together; see `run --preset`. */
struct preset {
    const char *name;
    struct rounds_plan device, host;
    int repeats; /* fresh processes that each problem is measured in, one after the other */
    double limit_s;
    int hot;      /* hot cells too, where the operands fit twice into the cache */
    int isolated; /* device: isolated cold cells where a batch cannot be cold */
    int energy;   /* an energy pass behind the times */
    int idle;     /* refuses a device on which others compute */
    double budget_device_s, budget_host_s; /* 0: none */
    double roof_device_s, roof_host_s;     /* for their probes, at most */
    double judge_device, judge_host;       /* products up to which every output is judged */
};

/* NULL: no such preset; the names are said. */
const struct preset *preset_find(const char *name);

/* How often each problem is measured; o->preset exists or is NULL. */
int select_repeats(const struct options *o);

/* NULL, or one line for exit status 2: a word that does not exist, with those that do. */
const char *select_check_words(const struct options *o);
/* The problems asked for, filtered by op, precision and layout; none is an error. */
const char *select_problems(const struct options *o, const struct preset *p, struct problems *l);
/* The impls of an op at one place that the options let through; returns how many. */
int select_impls(const struct options *o, const struct op *op, enum place place,
                 const struct impl *out[], int room);
#endif
