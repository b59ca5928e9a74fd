/* rounds.c: see rounds.h. */
#include "measure/rounds.h"
#include <stdio.h>
#include "data/generate.h"

enum { MAX_ENTRIES = 128, ORDER_STREAM = 77 };

int rounds_wanted(const struct rounds_plan *plan, double call_us)
{
    if (call_us <= plan->slow_us) return plan->rounds;
    const double fit = plan->slow_total_us / call_us;
    return fit < 3 ? 3 : fit > plan->rounds ? plan->rounds : (int)fit;
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

static void one_block(const struct timer *timer, struct entry *e, const struct rounds_plan *plan)
{
    const int slow = e->timed.call_us > plan->slow_us;
    double us;
    const char *why = timer->block(&e->timed, slow ? 0 : plan->warm_us, plan->block_us, &us);

    if (why) {
        snprintf(e->why, sizeof e->why, "%s", why);
        e->dead = 1;
        return;
    }
    e->sample[e->done++] = us;
}

void rounds_run(const struct timer *timer, struct entry *entries, int count,
                const struct rounds_plan *plan)
{
    int order[MAX_ENTRIES], most = 0;

    if (count > MAX_ENTRIES) count = MAX_ENTRIES;
    for (int i = 0; i < count; i++) {
        struct entry *e = &entries[i];
        if (e->dead) continue;
        e->rounds = rounds_wanted(plan, e->timed.call_us);
        if (e->rounds > STATS_MAX) e->rounds = STATS_MAX;
        if (e->rounds > most) most = e->rounds;
    }
    for (int round = 0; round < most; round++) {
        shuffle(order, count, plan->seed, round / 2);
        for (int i = 0; i < count; i++) {
            struct entry *e = &entries[order[round % 2 ? count - 1 - i : i]];
            if (!e->dead && round < e->rounds) one_block(timer, e, plan);
        }
    }
}
