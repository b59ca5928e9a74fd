/* record_energy.c: see record_energy.h. */
#include "cmd/record_energy.h"
#include <math.h>

static double off_pct(double a, double b) { return 100 * fabs(a - b) / fmin(a, b); }

double record_energy_mj(const struct cell *c, struct flag_facts *f)
{
    double mj[2], by_counter_w = 0, instant_w = 0;

    for (int half = 0; half < 2; half++) {
        const struct energy_span *s = &c->energy[half];
        if (!(s->to_us > s->from_us)) return NAN;
        const struct recorder_summary seen = recorder_window(s->from_us, s->to_us);
        const double w = isnan(seen.counter_w) ? seen.power_w : seen.counter_w;
        mj[half] = w * s->call_us * 1e-3; /* W us = uJ */
        by_counter_w += seen.counter_w / 2;
        instant_w += seen.power_w / 2;
    }
    if (f) {
        f->energy_halves_pct = off_pct(mj[0], mj[1]);
        f->energy_power_pct = off_pct(by_counter_w, instant_w);
    }
    return (mj[0] + mj[1]) / 2;
}
