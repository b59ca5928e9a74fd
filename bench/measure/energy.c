/* energy.c: see energy.h. */
#include "measure/energy.h"
#include <stdio.h>
#include "measure/phase.h"

static const double WARM_S = 1;

static void steady(struct game *g, int impl, int cell, int half)
{
    struct entry *e = &g->entry[impl];
    const double load_s = g->c->energy_s / 2;
    struct block b;

    if (!g->player[impl].live || e->dead) return;
    phase_enter(e->timed.impl, "the energy pass",
                10 + 10 * (WARM_S + load_s) + 10e-6 * e->timed.call_us);
    const char *why = g->timer->block(&e->timed, 1e6 * WARM_S, 1e6 * load_s, &b);
    const double end_us = g->timer->now_us ? g->timer->now_us() : 0;
    if (why) {
        snprintf(e->why, sizeof e->why, "%s", why);
        e->dead = 1;
        return;
    }
    const double span_us = b.span_us > 0 ? b.span_us : b.us * (double)b.calls;
    g->player[impl].out->cell[cell].energy[half] =
        (struct energy_span){.from_us = end_us - span_us, .to_us = end_us, .call_us = b.us};
}

double energy_price_us(double energy_s) { return 1e6 * (2 * WARM_S + energy_s); }

void energy_pass(struct game *g, int cell)
{
    const int n = g->c->count;

    phase_energy(1);
    for (int i = 0; i < n; i++) steady(g, i, cell, 0);
    for (int i = n - 1; i >= 0; i--) steady(g, i, cell, 1);
    phase_energy(0);
}
