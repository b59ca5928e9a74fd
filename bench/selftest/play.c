/* play.c: see play.h. */
#include "selftest/play.h"
#include <stdio.h>
#include <stdlib.h>
#include "fail.h"
#include "ops/problem.h"
#include "selftest/proof.h"
#include "store/samples.h"

enum { QUICK_SETS = 24 };

const char *play_contest(struct play *p, struct worker *w, enum place place, const char *problem,
                         int count, int cold, uint64_t seed)
{
    free(p->log.at);
    p->log = (struct sample_log){0};
    p->machine = *worker_machine(w);
    TRY(problem_parse(&p->problem, problem));
    p->c = (struct contest){.problem = &p->problem,
                            .machine = &p->machine,
                            .place = place,
                            .impls = p->impl,
                            .count = count,
                            .rounds = {.warm_us = 5e3,
                                       .block_us = 10e3,
                                       .rounds = 12,
                                       .most_rounds = p->quick ? 12 : 30,
                                       .slow_us = 1e6,
                                       .slow_total_us = 1e6,
                                       .seed = seed},
                            .cold_sets = p->quick ? QUICK_SETS : 0,
                            .log = &p->log,
                            .limit_s = 10,
                            .judge_budget = 1e8,
                            .seed = seed};
    p->c.wanted[cell_of(BATCH, HOT)] = 1;
    p->c.wanted[cell_of(BATCH, COLD)] = cold;
    TRY(worker_play(w, &p->c, p->out));
    for (int i = 0; i < count; i++)
        if (p->out[i].status != STATUS_OK)
            return fail_text("%s of %s: %s", p->impl[i]->name, problem, p->out[i].reason);
    return NULL;
}

double play_median_us(const struct play *p, int i)
{
    return p->out[i].cell[cell_of(BATCH, HOT)].stats.median;
}

double play_min_us(const struct play *p, int i)
{
    return p->out[i].cell[cell_of(BATCH, HOT)].stats.min;
}

double play_cold_us(const struct play *p, int i)
{
    return p->out[i].cell[cell_of(BATCH, COLD)].stats.median;
}

/* The row of a cell, as far as ratios look at it. line has room for STATS_MAX. */
static struct row row_of(const struct play *p, int impl, int cell, struct sample_line *line)
{
    struct row r;

    row_clear(&r);
    snprintf(r.status, sizeof r.status, "ok");
    r.t_med_us = p->out[impl].cell[cell].stats.median;
    r.sample = line;
    for (int i = 0; i < p->log.count && r.sample_count < STATS_MAX; i++) {
        const struct logged *l = &p->log.at[i];
        if (l->impl != impl || l->cell != cell) continue;
        samples_clear(&line[r.sample_count]);
        line[r.sample_count].repeat = 1;
        line[r.sample_count].round = l->sample.round;
        line[r.sample_count++].t_us = l->sample.us;
    }
    return r;
}

struct ratio play_ratio(const struct play *p, int a, int b, enum cache cache)
{
    static struct sample_line line[2][STATS_MAX];
    const int cell = cell_of(BATCH, cache);
    const struct row x = row_of(p, a, cell, line[0]), y = row_of(p, b, cell, line[1]);

    return derive_ratio(&x, &y);
}

struct ratio play_pairs(const double *a, const double *b, int n)
{
    static struct sample_line line[2][STATS_MAX];
    const double *const us[2] = {a, b};
    struct row r[2];

    for (int k = 0; k < 2; k++) {
        double sorted[STATS_MAX];
        row_clear(&r[k]);
        snprintf(r[k].status, sizeof r[k].status, "ok");
        r[k].sample = line[k];
        for (int i = 0; i < n && i < STATS_MAX; i++) {
            samples_clear(&line[k][i]);
            line[k][i].repeat = 1;
            line[k][i].round = i + 1;
            line[k][i].t_us = sorted[i] = us[k][i];
            r[k].sample_count = i + 1;
        }
        r[k].t_med_us = stats_median(sorted, r[k].sample_count);
    }
    return derive_ratio(&r[0], &r[1]);
}

void play_free(struct play *p) { free(p->log.at); }
