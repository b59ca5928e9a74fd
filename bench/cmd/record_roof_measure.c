/* record_roof_measure.c: measures the roofs of a run, see record_roof.h. In a file of its own: who
 * only makes rows needs no probes. */
#include <math.h>
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

/* The time that each of the probes had at the start: about a dozen a place. */
static double again_s(const struct run_facts *f, enum place place)
{
    return f->roof[place].value[ROOF_DRAM_COPY] > 0 ? schedule_roof_s(f, place) / 12 : 0;
}

static const char *measure_again(void *shared, struct machine *m)
{
    struct job *j = shared;

    for (int place = HOST; place <= DEVICE; place++) {
        const double seconds = j->budget_s[place];
        if (!(seconds > 0) || (place == DEVICE && !m->device.present)) continue;
        phase_enter(NULL, "the roof at the end", 60 + 10 * seconds);
        const char *why = place == HOST ? roof_copy_host(&j->roof[place], &m->device, seconds)
                                        : roof_copy_device(&j->roof[place], &m->device, seconds);
        snprintf(j->why[place], sizeof j->why[place], "%s", why ? why : "");
    }
    return NULL;
}

void record_roof_again(struct run_facts *f, struct worker *w)
{
    struct job j = {0};
    int ended;

    for (int place = HOST; place <= DEVICE; place++) {
        j.roof[place] = f->roof[place];
        j.roof[place].value[ROOF_DRAM_COPY] = NAN;
        j.budget_s[place] = again_s(f, place);
    }
    if (!(j.budget_s[HOST] > 0) && !(j.budget_s[DEVICE] > 0)) return;
    const char *why = worker_do(w, measure_again, &j, sizeof j, &ended);
    if (why) fprintf(stderr, "wheelbench: roof at the end: %s\n", why);
    for (int place = HOST; place <= DEVICE && !why; place++) {
        const double gbs = j.roof[place].value[ROOF_DRAM_COPY];
        if (gbs > 0) record_roof_end(f, place, gbs);
        const char *said = *j.why[place] ? j.why[place] : f->copy_note[place];
        if (*said) fprintf(stderr, "wheelbench: %s\n", said);
    }
}
