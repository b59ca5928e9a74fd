/* contest.c: see contest.h. Every failure lands in the outcome of the impl that caused it. */
#include "measure/contest.h"
#include <stdio.h>
#include <stdlib.h>
#include "fail.h"
#include "measure/cells.h"
#include "measure/phase.h"
#include "measure/player.h"
#include "measure/tune.h"

double contest_cache_bytes(enum place place, const struct device *d)
{
    const double host = (double)d->llc_bytes, most = 85 * 0x1p20;

    return place == DEVICE ? (double)d->l2_bytes : host < most ? host : most;
}

double contest_cold_sets(const struct problem *p, enum place place, const struct device *d)
{
    const double sets = 3 * contest_cache_bytes(place, d) / p->op->bytes(p);

    return sets <= 2 ? 2 : (double)(long)(sets + 0.999999);
}

/* Speed that a host impl reaches at the least, near enough, so that a run does not sit for hours in
 * the first call of a naive loop: FLOP/s a thread (bytes count as FLOPs where there are none). */
static double host_price_s(const struct problem *p, enum tier tier, int threads)
{
    static const double rate[] = {[NAIVE] = 1e9, [TUNED] = 8e9, [LIBRARY] = 20e9};
    const double flops = p->op->flops(p), work = flops > 0 ? flops : p->op->bytes(p);

    return work / (rate[tier] * threads);
}

const char *contest_cannot_run(const struct problem *p, const struct machine *m, double limit_s,
                               const struct impl *i)
{
    const struct device *d = &m->device;

    if (!i->run) return i->why_not(p, d); /* not built */
    if (i->place == DEVICE && !d->present) return m->no_device;
    const char *why = i->why_not ? i->why_not(p, d) : NULL;
    if (why || i->place == DEVICE) return why;
    const double s = host_price_s(p, i->tier, d->threads);
    if (s > limit_s)
        return fail_text("time budget: may take %.2g s a call, the limit is %g s (--limit)", s,
                         limit_s);
    return NULL;
}

/* Calls f for each player still alive; the device may be lost on the way. */
#define FOR_LIVE(g, p)                                                                             \
    for (struct player *p = (g)->player; p < (g)->player + (g)->c->count; p++)                     \
        if (p->live && cells_lost(g, p)) continue;                                                 \
        else if (p->live)

static int any_live(struct game *g)
{
    for (int i = 0; i < g->c->count; i++)
        if (g->player[i].live) return 1;
    return 0;
}

static void end_all(struct game *g, enum status status, const char *reason)
{
    FOR_LIVE(g, p) player_end(p, status, "", reason);
}

/* Opens sets and their judge. NULL; *stop says that the run must end with it. */
static const char *open_data(struct game *g, struct sets *s, struct judge *j, int count,
                             enum data_kind kind, int *stop)
{
    *stop = 0;
    phase_enter(NULL, "filling the operands", 0);
    const char *why = sets_open(s, g->ops, g->c->problem, count, kind, g->c->seed);
    if (why) return fail_text("data: %s", why);
    phase_enter(NULL, "judging", 0);
    why = judge_open(j, s, 0, g->c->judge_budget);
    if (!why) return NULL;
    sets_close(s);
    *stop = 1;
    return fail_text("judge: %s", why);
}

static void check(struct game *g, struct player *p, const struct judge *j)
{
    if (p->tune) tune_check(g, p, j);
    else player_check(g, p, j);
}

static const char *check_exact(struct game *g)
{
    struct sets s;
    struct judge j;
    int stop;
    const char *why = open_data(g, &s, &j, 1, DATA_EXACT, &stop);

    if (why) {
        end_all(g, STATUS_FAILED, why);
        return stop ? why : NULL;
    }
    FOR_LIVE(g, p)
    {
        player_prepare(g, p);
        if (p->live) check(g, p, &j);
    }
    judge_close(&j);
    sets_close(&s);
    return NULL;
}

static void too_slow(struct game *g)
{
    FOR_LIVE(g, p)
    {
        /* the first call may have loaded modules: only a second, warm one would tell; be generous
         */
        if (p->out->first_call_ms > 2e3 * g->c->limit_s)
            player_end(p, STATUS_SKIPPED, "",
                       fail_text("time budget: %.1f s a call, the limit is %g s (--limit)",
                                 p->out->first_call_ms / 1e3, g->c->limit_s));
    }
}

/* Of the players with variants: times them, and checks the best again on both kinds of data. real:
 * of s. */
static const char *tune(struct game *g, struct sets *s, const struct judge *real, int timed)
{
    struct sets once;
    struct judge exact;
    int tuned = 0, stop;

    FOR_LIVE(g, p) tuned += p->tune != NULL;
    if (!tuned) return NULL;
    const char *why = open_data(g, &once, &exact, 1, DATA_EXACT, &stop);
    if (why) {
        end_all(g, STATUS_FAILED, why);
        return stop ? why : NULL;
    }
    FOR_LIVE(g, p)
    {
        const double from = player_now_ms();
        if (!p->tune) continue;
        tune_time(g, p, s, timed);
        if (p->live) tune_winner(g, p, &exact);
        if (p->live) tune_winner(g, p, real);
        p->out->prepare_ms += player_now_ms() - from;
    }
    judge_close(&exact);
    sets_close(&once);
    return NULL;
}

static const char *check_and_time(struct game *g, int cold)
{
    const struct contest *c = g->c;
    struct sets s;
    struct judge j;
    int stop, timed = 0;
    const char *why = open_data(g, &s, &j, cells_sets(c, cold), DATA_UNIFORM, &stop);

    if (why) {
        end_all(g, STATUS_FAILED, why);
        return stop ? why : NULL;
    }
    FOR_LIVE(g, p) check(g, p, &j);
    for (int k = 0; k < CELLS; k++) timed |= c->wanted[k];
    if (timed) too_slow(g);
    why = tune(g, &s, &j, timed);
    judge_close(&j);
    if (!why) why = cells_time(g, &s, cold);
    sets_close(&s);
    if (why) end_all(g, STATUS_FAILED, why);
    return why;
}

/* What stands in the way of the whole problem: memory. */
static const char *too_large(struct game *g, int sets)
{
    const double free_now = g->ops->free_bytes(), one = sets_bytes(g->c->problem),
                 room = 0.8 * free_now;
    struct tensor in[MAX_INPUTS], out;

    g->c->problem->op->tensors(g->c->problem, in, &out);
    const double judged = 2 * sizeof(double) * (double)out.rows * (double)out.cols,
                 needed = one * (sets + 1) + judged;
    return needed <= room
               ? NULL
               : fail_text("needs %.1f GiB, %.1f GiB are free", needed / 0x1p30, free_now / 0x1p30);
}

static const char *play(struct game *g)
{
    const struct contest *c = g->c;
    const double cold =
        c->cold_sets ? c->cold_sets : contest_cold_sets(c->problem, c->place, &c->machine->device);
    const int sets = cold > MAX_SETS ? MAX_SETS + 1 : (int)cold;

    for (int i = 0; i < c->count; i++) {
        struct player *p = &g->player[i];
        const char *why = contest_cannot_run(c->problem, c->machine, c->limit_s, p->out->impl);
        p->live = 1;
        if (why) player_end(p, STATUS_SKIPPED, "", why);
    }
    if (!any_live(g)) return NULL;
    const char *why = too_large(g, cells_sets(c, sets));
    if (why) {
        end_all(g, STATUS_SKIPPED, why);
        return NULL;
    }
    TRY(check_exact(g));
    return any_live(g) ? check_and_time(g, sets) : NULL;
}

static void outcome_start(const struct contest *c, struct outcome *out, int i)
{
    out[i] = (struct outcome){.impl = c->impls[i], .exact_ok = -1, .first_call_ms = -1};
    for (int k = 0; k < CELLS; k++) {
        out[i].cell[k].planned = c->wanted[k];
        out[i].cell[k].status = STATUS_SKIPPED;
    }
}

/* A failure, also a late one, is that of all cells: it takes earlier times with it. What was only
 * skipped later (the device was lost) keeps the cells that are done. */
static void outcome_end(struct outcome *out)
{
    for (int k = 0; k < CELLS && out->status != STATUS_OK; k++) {
        if (out->status == STATUS_SKIPPED && out->cell[k].status == STATUS_OK) continue;
        out->cell[k].status = out->status;
        snprintf(out->cell[k].reason, sizeof out->cell[k].reason, "%s", out->reason);
    }
}

void contest_end(const struct contest *c, struct outcome *out, enum status status,
                 const char *reason)
{
    for (int i = 0; i < c->count; i++) {
        outcome_start(c, out, i);
        out[i].status = status;
        snprintf(out[i].reason, sizeof out[i].reason, "%s", reason);
        outcome_end(&out[i]);
    }
}

const char *contest_run(const struct contest *c, struct outcome *out)
{
    struct game g = {.c = c, .ops = &place_host, .timers = {[BATCH] = &timer_host}};
    const char *why = "oom: host memory for a contest";

#ifdef HAVE_CUDART
    if (c->place == DEVICE) {
        g.ops = &place_device;
        g.timers[BATCH] = &timer_batch;
        g.timers[ISOLATED] = &timer_isolated;
    }
#endif
    if (c->ops) g.ops = c->ops;
    for (int t = 0; t < TIMINGS; t++)
        if (c->timer[t]) g.timers[t] = c->timer[t];
    g.player = calloc((size_t)c->count, sizeof *g.player);
    g.entry = calloc((size_t)c->count, sizeof *g.entry);
    for (int i = 0; i < c->count; i++) {
        outcome_start(c, out, i);
        if (g.player) g.player[i].out = &out[i];
    }
    if (c->place == HOST || c->machine->device.present)
        if (g.ops->cache_reset) g.ops->cache_reset();
    if (g.player && g.entry) why = play(&g);
    for (int i = 0; g.player && i < c->count; i++) {
        struct player *p = &g.player[i];
        phase_enter(p->out->impl, "cleanup", 0);
        if (p->plan.problem && p->out->impl->cleanup) p->out->impl->cleanup(&p->plan);
        if (p->workspace) g.ops->release(p->workspace);
        tune_close(p);
        outcome_end(p->out);
    }
    free(g.player);
    free(g.entry);
    return why;
}
