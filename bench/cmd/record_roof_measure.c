/* record_roof_measure.c: measures the roofs of a run, see record_roof.h. In a file of its own: who
 * only makes rows needs no probes. */
#include <math.h>
#include <stdio.h>
#include "cmd/record_roof.h"
#include "cmd/schedule.h"
#include "ops/problem.h"

/* Seconds for the roof of a place: a fifth of what its rows will take, within the preset's time and
 * a tenth of that. 0: the place has no rows. */
static double time_for(const struct run_facts *f, enum place place)
{
    const double most = place == HOST ? f->preset->roof_host_s : f->preset->roof_device_s;
    double us = 0;

    for (int i = 0; i < f->problems->count; i++)
        us += schedule_price_us(f, &f->problems->at[i], place);
    return us > 0 ? fmin(most, fmax(0.1 * most, 0.2e-6 * us)) : 0;
}

void record_roof_measure(struct run_facts *f)
{
    const struct device *d = &f->machine->device;

    record_roof_clear(f);
    for (int place = HOST; place <= DEVICE && !f->options->no_roof; place++) {
        const double budget_s = time_for(f, place);
        if (!(budget_s > 0)) continue;
        const char *why = place == HOST ? roof_measure_host(&f->roof[place], d, budget_s)
                                        : roof_measure_device(&f->roof[place], d, budget_s);
        if (why) fprintf(stderr, "wheelbench: roof of the %s: %s\n", place_name(place), why);
    }
}
