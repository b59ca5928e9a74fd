/* rounds.c: see rounds.h. */
#include "measure/rounds.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "data/generate.h"
#include "measure/phase.h"
#include "measure/speed_class.h"

enum { ORDER_STREAM = 77 };

/* Entries that take turns. */
struct group {
    const struct timer *timer;
    const struct rounds_plan *plan;
    struct entry *entry[CLASS_MAX];
    int count, guest;
    int first;           /* number of its first round */
    int from[CLASS_MAX]; /* samples that an entry had before */
    int end[CLASS_MAX];  /* rounds after which it takes no further part */
    int least, most;     /* rounds of the whole group */
};

int rounds_wanted(const struct rounds_plan *plan, double call_us)
{
    const int rounds = plan->rounds < STATS_MAX ? plan->rounds : STATS_MAX;

    if (call_us <= plan->slow_us) return rounds;
    const double fit = plan->slow_total_us / call_us;
    return fit < 3 ? 3 : fit > rounds ? rounds : (int)fit;
}

double rounds_price_us(const struct rounds_plan *plan, double call_us)
{
    const int slow = call_us > plan->slow_us;
    const double block = call_us > plan->block_us ? call_us : plan->block_us;

    return rounds_wanted(plan, call_us) * (block + (slow ? 0 : plan->warm_us));
}

/* Fisher and Yates, from the counter-based generator: the order depends on seed and round alone. */
static void shuffle(int *order, int n, uint64_t seed, int round)
{
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = n - 1; i > 0; i--) {
        const int j = (int)(generate_bits(seed, (unsigned)round, ORDER_STREAM, (uint64_t)i) %
                            (uint64_t)(i + 1));
        const int t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
}

static double now_us(const struct timer *t) { return t->now_us ? t->now_us() : 0; }

static const char *keep(struct entry *e, const struct block *b, int round, int pos, double end_us)
{
    if (e->done == e->room) {
        const int room = e->room ? 2 * e->room : 32;
        struct sample *grown = realloc(e->sample, (size_t)room * sizeof *grown);
        if (!grown) return "oom: host memory for a sample";
        e->sample = grown;
        e->room = room;
    }
    e->sample[e->done++] = (struct sample){
        .round = round,
        .pos = pos,
        .calls = b->calls,
        .us = b->us,
        .start_us = end_us - (b->span_us > 0 ? b->span_us : (double)b->calls * b->us),
        .end_us = end_us,
        .sm_mhz = b->sm_mhz};
    e->ticks += b->ticks;
    e->stolen += b->stolen;
    e->restless += b->restless;
    e->exposed += b->exposed;
    return NULL;
}

static void one_block(struct group *g, struct entry *e, int round, int pos)
{
    const int slow = e->timed.call_us > g->plan->slow_us;
    struct block b;
    phase_enter(e->timed.impl, "a timed block",
                10 + 10e-6 * (g->plan->warm_us + g->plan->block_us + e->timed.call_us));
    const char *why =
        g->timer->block(&e->timed, slow ? 0 : g->plan->warm_us, g->plan->block_us, &b);
    const double end_us = now_us(g->timer);

    if (!why) why = keep(e, &b, round, pos, end_us);
    if (!why) return;
    snprintf(e->why, sizeof e->why, "%s", why);
    e->dead = 1;
}

/* Who plays how long: slow calls their few rounds, others until the group ends; a guest stays as
 * long as somebody else does. */
static void plan_group(struct group *g)
{
    const int most = g->plan->most_rounds < STATS_MAX ? g->plan->most_rounds : STATS_MAX;

    for (int i = 0; i < g->count; i++) {
        const double call_us = g->entry[i]->timed.call_us;
        g->from[i] = g->entry[i]->done;
        g->end[i] = rounds_wanted(g->plan, call_us);
        if (i == g->guest) continue;
        if (g->end[i] > g->least) g->least = g->end[i];
        if (call_us <= g->plan->slow_us && most > g->plan->rounds) g->most = most;
    }
    if (g->most < g->least) g->most = g->least;
    for (int i = 0; i < g->count; i++)
        if (i == g->guest || g->entry[i]->timed.call_us <= g->plan->slow_us) g->end[i] = g->most;
}

/* Is a cell that may still play too uncertain? */
static int too_wide(const struct group *g, int rounds)
{
    double x[STATS_MAX];

    for (int i = 0; i < g->count; i++) {
        const struct entry *e = g->entry[i];
        const int n = e->done - g->from[i];
        if (e->dead || g->end[i] <= rounds) continue;
        for (int k = 0; k < n; k++) x[k] = e->sample[g->from[i] + k].us;
        if (!(stats_ci_pct(x, n) <= STATS_CI_GOAL_PCT)) return 1;
    }
    return 0;
}

/* Returns how many rounds there were. */
static int play(struct group *g)
{
    const double start = now_us(g->timer), deadline = g->plan->deadline_us;
    int order[CLASS_MAX], round = 0;

    for (plan_group(g); round < g->most; round++) {
        if (round >= g->least && (round - g->least) % 2 == 0) {
            if (!too_wide(g, round)) break;
            const double now = now_us(g->timer);
            if (deadline > 0 && now + 2 * (now - start) / round > deadline) break;
        }
        shuffle(order, g->count, g->plan->seed, g->first + round / 2 * 2);
        for (int i = 0, pos = 1; i < g->count; i++) {
            const int at = order[round % 2 ? g->count - 1 - i : i];
            if (!g->entry[at]->dead && round < g->end[at])
                one_block(g, g->entry[at], g->first + round, pos++);
        }
    }
    return round;
}

void rounds_run(const struct timer *timer, struct entry *entries, int count,
                const struct rounds_plan *plan)
{
    struct speed_class class[ENTRIES_MAX];
    int first = 1;

    if (count > ENTRIES_MAX) count = ENTRIES_MAX;
    const int classes = speed_classes(entries, count, class);
    for (int c = 0; c < classes; c++) {
        struct group g = {.timer = timer,
                          .plan = plan,
                          .count = class[c].count,
                          .guest = class[c].guest,
                          .first = first};
        for (int i = 0; i < g.count; i++) g.entry[i] = &entries[class[c].member[i]];
        first += play(&g);
        for (int i = 0; i < g.count; i++)
            if (i != g.guest) g.entry[i]->own = g.entry[i]->done;
    }
}

struct stats rounds_stats(const struct entry *e)
{
    double x[STATS_MAX];

    for (int i = 0; i < e->own; i++) x[i] = e->sample[i].us;
    return stats_of(x, e->own);
}

struct rounds_clock rounds_clock_of(double *mhz, int n)
{
    double sum = 0;

    if (!n) return (struct rounds_clock){NAN, NAN};
    for (int i = 0; i < n; i++) sum += mhz[i];
    const double median = stats_median(mhz, n); /* sorts them */
    return (struct rounds_clock){sum / n, 100 * (mhz[n - 1] - mhz[0]) / median};
}

struct rounds_clock rounds_clock(const struct entry *e)
{
    double mhz[STATS_MAX];
    int n = 0;

    for (int i = 0; i < e->own; i++)
        if (!isnan(e->sample[i].sm_mhz)) mhz[n++] = e->sample[i].sm_mhz;
    return rounds_clock_of(mhz, n);
}

void rounds_free(struct entry *e)
{
    free(e->sample);
    e->sample = NULL;
    e->done = e->own = e->room = 0;
}
