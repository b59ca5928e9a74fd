/* schedule.c: see schedule.h. */
#include "cmd/schedule.h"
#include <math.h>
#include <stdio.h>
#include "cmd/price.h"
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

double schedule_limit_s(const struct run_facts *f)
{
    return f->options->limit_s > 0 ? f->options->limit_s : f->preset->limit_s;
}

double schedule_judge_budget(const struct run_facts *f, enum place place)
{
    return place == HOST ? f->preset->judge_host : f->preset->judge_device;
}

static double price(const struct run_facts *f, const struct problem *p, enum place place, int extra)
{
    struct price_plan plan = {.place = place,
                              .device = &f->machine->device,
                              .rounds = schedule_rounds(f, place),
                              .extra = extra,
                              .repeats = select_repeats(f->options),
                              .energy_s = schedule_energy_s(f, place),
                              .judge_budget = schedule_judge_budget(f, place)};
    const struct impl *impls[MOST_IMPLS];
    const int selected = select_impls(f->options, p->op, place, impls, MOST_IMPLS);
    int n = 0;

    for (int i = 0; i < selected; i++)
        if (!contest_cannot_run(p, f->machine, schedule_limit_s(f), impls[i]))
            impls[n++] = impls[i];
    schedule_wanted(f, p, place, plan.wanted);
    return price_contest_us(&plan, p, impls, n);
}

double schedule_price_us(const struct run_facts *f, const struct problem *p, enum place place)
{
    return price(f, p, place, 0);
}

double schedule_roof_s(const struct run_facts *f, enum place place)
{
    const double most = place == HOST ? f->preset->roof_host_s : f->preset->roof_device_s;
    double us = 0;

    for (int i = 0; i < f->problems->count; i++)
        us += schedule_price_us(f, &f->problems->at[i], place);
    return us > 0 && !f->options->no_roof ? fmin(most, fmax(0.25 * most, 0.2e-6 * us)) : 0;
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

void schedule_done(struct schedule *s, const struct run_facts *f, const struct problem *p,
                   enum place place)
{
    s->price_us -= schedule_price_us(f, p, place);
}

double schedule_left_s(const struct schedule *s)
{
    const double spent = timer_now_us() - s->start_us, left = fmax(s->price_us - s->priced_us, 0);

    return 1e-6 * left * (s->priced_us > 0 ? spent / s->priced_us : 1);
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
    double us = 0, most_us = 0;
    int cells = 0;

    for (int i = 0; i < f->problems->count; i++)
        for (int place = HOST; place <= DEVICE; place++) {
            const struct problem *p = &f->problems->at[i];
            const int n = schedule_cells(f, p, place);
            if (!n) continue;
            const double least_us = price(f, p, place, 0);
            printf("%-6s %3d cells %6.1f s  %s\n", place_name(place), n, 1e-6 * least_us, p->text);
            cells += n;
            us += least_us;
            most_us += price(f, p, place, 1);
        }
    const int repeats = select_repeats(f->options);
    printf("%d cells, ", cells);
    if (repeats > 1) printf("%d repeats, ", repeats);
    const double roof_s = (schedule_roof_s(f, HOST) + schedule_roof_s(f, DEVICE)) * 13 / 12;
    printf("about %.0f s", 1e-6 * us + roof_s);
    if (most_us > 1.02 * us)
        printf(", up to %.0f s with all the rounds that noise may ask for",
               1e-6 * most_us + roof_s);
    printf("; ");
    if (budget_s > 0) printf("budget %.0f s\n", budget_s);
    else printf("no budget\n");
}
