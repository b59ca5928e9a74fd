/* liars.c: contests of liars, with an honest impl before and behind them that must not suffer. */
#include <stdio.h>
#include <string.h>
#include "selftest/proof.h"

enum { MOST = 40, COLD_SETS = 20 };

const struct liar *const *liars_of(enum place place)
{
    static const struct liar *const host[] = {liars_host, liars_host_process, NULL};
#ifdef HAVE_NVCC
    static const struct liar *const device[] = {liars_device, liars_device_process, NULL};
#else
    static const struct liar *const device[] = {NULL};
#endif
    return place == HOST ? host : device;
}

static const struct impl *honest_of(enum place place)
{
#ifdef HAVE_NVCC
    if (place == DEVICE) return &honest_device;
#endif
    return place == HOST ? &honest_host : NULL;
}

static void add(struct tally *t, const struct liar *l, const struct outcome *o)
{
    const struct finding f = liar_verdict(l, o);
    char name[64];

    snprintf(name, sizeof name, "liar %s", l->impl.name);
    tally_add(t, name, &f);
}

/* Neither of the honest may be the worse for its company. */
static void add_honest(struct tally *t, const char *problem, const struct outcome *first,
                       const struct outcome *last, int liars)
{
    const struct liar truth = {.problem = problem, .expect = "ok"};
    struct finding f = liar_verdict(&truth, first);

    if (f.verdict == VERDICT_HOLDS) f = liar_verdict(&truth, last);
    if (f.verdict == VERDICT_HOLDS)
        snprintf(f.said, sizeof f.said, "ok before and behind %d liars: %s", liars, problem);
    tally_add(t, "honest among liars", &f);
}

static const char *one_contest(struct tally *t, struct worker *w, const struct liar *const *liar,
                               int count, enum place place)
{
    static struct outcome out[MOST + 2];
    const struct impl *impls[MOST + 2];
    struct machine machine = *worker_machine(w);
    struct contest c = {.problem = proofs_problem(liar[0]->problem),
                        .machine = &machine,
                        .place = place,
                        .impls = impls,
                        .count = count + 2,
                        .cold_sets = COLD_SETS,
                        .rounds = {.warm_us = 100,
                                   .block_us = 200,
                                   .rounds = 6,
                                   .slow_us = 1e6,
                                   .slow_total_us = 1e6,
                                   .seed = 1},
                        .limit_s = 10,
                        .judge_budget = liar_budget(liar[0]),
                        .seed = 1};

    c.wanted[cell_of(BATCH, COLD)] = c.wanted[cell_of(BATCH, HOT)] = 1;
    impls[0] = impls[count + 1] = honest_of(place);
    for (int i = 0; i < count; i++) impls[i + 1] = &liar[i]->impl;
    const char *why = worker_play(w, &c, out);
    for (int i = 0; i < count && !why; i++) add(t, liar[i], &out[i + 1]);
    if (!why) add_honest(t, liar[0]->problem, &out[0], &out[count + 1], count);
    return why;
}

const char *prove_liars(struct tally *t, struct worker *w, enum place place, int quick)
{
    const struct liar *left[2 * MOST], *now[MOST];
    const char *why = NULL;
    int n = 0;

    for (const struct liar *const *table = liars_of(place); *table; table++)
        for (const struct liar *l = *table; l->problem; l++)
            if (n < 2 * MOST && !(quick && l->slow)) left[n++] = l;
    while (n && !why) { /* all that share a problem with the first */
        const char *problem = left[0]->problem;
        int count = 0, rest = 0;
        for (int i = 0; i < n; i++)
            if (count < MOST && !strcmp(left[i]->problem, problem)) now[count++] = left[i];
            else left[rest++] = left[i];
        n = rest;
        why = one_contest(t, w, now, count, place);
    }
    return why;
}
