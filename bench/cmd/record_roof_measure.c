/* record_roof_measure.c: measures the roofs of a run, see record_roof.h. In a file of its own: who
 * only makes rows needs no probes. */
#include <stdio.h>
#include "cmd/record_roof.h"
#include "cmd/schedule.h"
#include "ops/problem.h"

struct job {
    struct roof_values roof[2];
    double budget_s[2];
    char why[2][512];
};

static const char *measure(void *shared, struct machine *m)
{
    struct job *j = shared;

    for (int place = HOST; place <= DEVICE; place++) {
        const double budget_s = j->budget_s[place];
        if (!(budget_s > 0)) continue;
        phase_enter(NULL, "the roof", 60 + 10 * budget_s);
        const char *why = place == HOST
                              ? roof_measure_host(&j->roof[place], &m->device, budget_s)
                              : roof_measure_device(&j->roof[place], &m->device, budget_s);
        snprintf(j->why[place], sizeof j->why[place], "%s", why ? why : "");
    }
    return NULL;
}

void record_roof_measure(struct run_facts *f, struct worker *w)
{
    struct job j = {0};
    int ended;

    record_roof_clear(f);
    if (f->options->no_roof) return;
    for (int place = HOST; place <= DEVICE; place++) {
        j.roof[place] = f->roof[place];
        j.budget_s[place] = schedule_roof_s(f, place);
    }
    const char *why = worker_do(w, measure, &j, sizeof j, &ended);
    if (why) {
        fprintf(stderr, "wheelbench: roof: %s\n", why);
        return;
    }
    for (int place = HOST; place <= DEVICE; place++) {
        f->roof[place] = j.roof[place];
        if (*j.why[place])
            fprintf(stderr, "wheelbench: roof of the %s: %s\n", place_name(place), j.why[place]);
    }
}
