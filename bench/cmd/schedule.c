/* schedule.c: see schedule.h. */
#include "cmd/schedule.h"
#include <stdio.h>
#include "ops/problem.h"

void schedule_caches(const struct run_facts *f, const struct problem *p, enum place place,
                     int wanted[CACHES])
{
    const struct device *d = &f->machine->device;
    const double cache = place == HOST ? (double)d->llc_bytes : (double)d->l2_bytes;
    const char *list = f->options->cache;

    wanted[COLD] = options_holds(list, "cold");
    wanted[HOT] = list ? options_holds(list, "hot") : f->preset->hot && p->op->bytes(p) <= cache;
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
    int wanted[CACHES];

    schedule_caches(f, p, place, wanted);
    return select_impls(f->options, p->op, place, impls, MOST_IMPLS) * (wanted[COLD] + wanted[HOT]);
}

int schedule_cells(const struct run_facts *f, const struct problem *p, enum place place)
{
    return place == DEVICE && !f->machine->device.present ? 0 : schedule_rows(f, p, place);
}

double schedule_price_us(const struct run_facts *f, const struct problem *p, enum place place)
{
    const struct rounds_plan plan = schedule_rounds(f, place);

    return schedule_cells(f, p, place) * rounds_price_us(&plan, plan.block_us);
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
    printf("%d cells, about %.0f s of timing; budget %.0f s\n", cells, us * 1e-6, budget_s);
}
