/* phase.c: see phase.h. One process writes, another reads and decides on what is seconds old: the
 * fields need no lock, only an order. */
#include "measure/phase.h"
#include <stdatomic.h>
#include <stddef.h>
#include "measure/timer.h"

static struct phase *watched;
static double usual_s;

void phase_watch(struct phase *shared, double limit_s)
{
    watched = shared;
    usual_s = limit_s;
    phase_enter(NULL, "start", 0);
}

void phase_enter(const struct impl *impl, const char *what, double limit_s)
{
    struct phase *const p = watched;

    if (!p) return;
    p->limit_s = 1e9; /* until all of it is there */
    atomic_thread_fence(memory_order_release);
    p->impl = impl;
    p->what = what;
    p->since_us = timer_now_us();
    atomic_thread_fence(memory_order_release);
    p->limit_s = limit_s > 0 ? limit_s : usual_s;
}

void phase_energy(int wanted)
{
    if (watched) watched->energy = wanted;
}

double phase_over_s(const struct phase *p)
{
    const double limit_s = p->limit_s;

    atomic_thread_fence(memory_order_acquire);
    return (timer_now_us() - p->since_us) * 1e-6 - limit_s;
}
