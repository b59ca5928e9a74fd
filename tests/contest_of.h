/* contest_of.h: a contest of host impls that takes milliseconds: six short rounds, every output
 * judged, both caches. */
#ifndef WHEELBENCH_CONTEST_OF_H
#define WHEELBENCH_CONTEST_OF_H
#include "measure/contest.h"

static inline struct contest contest_of(const struct problem *p, struct machine *m,
                                        const struct impl *const *impls, int count)
{
    return (struct contest){.problem = p,
                            .machine = m,
                            .place = HOST,
                            .impls = impls,
                            .count = count,
                            .wanted = {1, 1},
                            .rounds = {.warm_us = 100,
                                       .block_us = 200,
                                       .rounds = 6,
                                       .slow_us = 1e6,
                                       .slow_total_us = 1e6,
                                       .seed = 1},
                            .limit_s = 10,
                            .judge_budget = 1e9,
                            .seed = 1};
}
#endif
