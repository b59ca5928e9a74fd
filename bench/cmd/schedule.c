/* schedule.c: see schedule.h. */
#include "cmd/schedule.h"
#include <stdio.h>
#include "data/sets.h"
#include "ops/problem.h"

/* Does a problem need so many copies to be cold that no batch can have it? */
static int tiny(const struct run_facts *f, const struct problem *p, enum place place)
{
    return contest_cold_sets(p, place, &f->machine->device) > MAX_SETS;
}

void schedule_wanted(const struct run_facts *f, const struct problem *p, enum place place,
                     int wanted[CELLS])
{
    const struct device *d = &f->machine->device;
    const double cache = place == HOST ? (double)d->llc_bytes : (double)d->l2_bytes;
    const char *list = f->options->cache, *timings = f->options->timing;
    const int cold = options_holds(list, "cold"),
              hot = list ? options_holds(list, "hot") : f->preset->hot && p->op->bytes(p) <= cache,
              batch = place == HOST || !timings || options_holds(timings, "batch"),
              isolated = place == DEVICE && timings && options_holds(timings, "isolated"),
              instead = place == DEVICE && !timings && f->preset->isolated && tiny(f, p, place);

    wanted[cell_of(BATCH, COLD)] = batch && cold;
    wanted[cell_of(BATCH, HOT)] = batch && hot;
    wanted[cell_of(ISOLATED, COLD)] = (isolated || instead) && cold;
    wanted[cell_of(ISOLATED, HOT)] = isolated && hot;
}

struct rounds_plan schedule_rounds(const struct run_facts *f, enum place place)
{
    struct rounds_plan plan = place == HOST ? f->preset->host : f->preset->device;

    if (f->options->rounds) plan.rounds = plan.most_rounds = f->options->rounds;
    plan.seed = f->options->seed;
    return plan;
}

int schedule_rows(const struct run_facts *f, const struct problem *p, enum place place)
{
    const struct impl *impls[MOST_IMPLS];
    int wanted[CELLS], cells = 0;

    schedule_wanted(f, p, place, wanted);
    for (int k = 0; k < CELLS; k++) cells += wanted[k];
    return select_impls(f->options, p->op, place, impls, MOST_IMPLS) * cells;
}

int schedule_cells(const struct run_facts *f, const struct problem *p, enum place place)
{
    return place == DEVICE && !f->machine->device.present ? 0 : schedule_rows(f, p, place);
}

double schedule_price_us(const struct run_facts *f, const struct problem *p, enum place place)
{
    const struct rounds_plan plan = schedule_rounds(f, place);
    const struct impl *impls[MOST_IMPLS];
    const double rounds_us = select_repeats(f->options) * schedule_cells(f, p, place) *
                             rounds_price_us(&plan, plan.block_us);

    if (!(rounds_us > 0) || !(schedule_energy_s(f, place) > 0)) return rounds_us;
    return rounds_us + 1e6 * (schedule_energy_s(f, place) + 2) *
                           select_impls(f->options, p->op, place, impls, MOST_IMPLS);
}

double schedule_energy_s(const struct run_facts *f, enum place place)
{
    return place == DEVICE && (f->options->energy || f->preset->energy) ? 6 : 0;
}

struct schedule schedule_start(const struct run_facts *f, double budget_s)
{
    struct schedule s = {.start_us = timer_now_us(), .budget_us = 1e6 * budget_s};

    for (int i = 0; i < f->problems->count; i++)
        for (int place = HOST; place <= DEVICE; place++)
            s.price_us += schedule_price_us(f, &f->problems->at[i], place);
    return s;
}

double schedule_next(struct schedule *s, const struct run_facts *f, const struct problem *p,
                     enum place place)
{
    s->priced_us += schedule_price_us(f, p, place);
    if (!(s->budget_us > 0 && s->price_us > 0)) return 0;
    return s->start_us + s->budget_us * s->priced_us / s->price_us;
}

void schedule_print(const struct run_facts *f, double budget_s)
{
    double us = 0;
    int cells = 0;

    for (int i = 0; i < f->problems->count; i++)
        for (int place = HOST; place <= DEVICE; place++) {
            const struct problem *p = &f->problems->at[i];
            const int n = schedule_cells(f, p, place);
            if (!n) continue;
            printf("%-6s %3d cells  %s\n", place_name(place), n, p->text);
            cells += n;
            us += schedule_price_us(f, p, place);
        }
    const int repeats = select_repeats(f->options);
    printf("%d cells, ", cells);
    if (repeats > 1) printf("%d repeats, ", repeats);
    printf("about %.0f s of timing; ", us * 1e-6);
    if (budget_s > 0) printf("budget %.0f s\n", budget_s);
    else printf("no budget\n");
}
