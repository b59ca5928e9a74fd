/* cells.c: see cells.h. */
#include "measure/cells.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "data/generate.h"
#include "fail.h"
#include "measure/energy.h"
#include "measure/phase.h"

int cells_lost(struct game *g, struct player *p)
{
    if (g->c->place == HOST || g->c->machine->device.present) return 0;
    player_end(p, STATUS_SKIPPED, "", g->c->machine->no_device);
    return 1;
}

static struct operands *with_workspace(const struct sets *s, int count, void *workspace)
{
    struct operands *o = malloc((size_t)count * sizeof *o);

    for (int i = 0; o && i < count; i++) {
        o[i] = s->set[i];
        o[i].workspace = workspace;
    }
    return o;
}

/* Isolated calls are for latency, where launching counts; 50 samples of a long call would cost much
 * and say what a batch says. */
static const double LONGEST_ISOLATED_US = 1000;

static const char *too_long(const struct timed *t, int cell)
{
    if (cell_timing(cell) != ISOLATED || t->call_us <= LONGEST_ISOLATED_US) return NULL;
    return fail_text("timing isolated is for calls up to %g ms; this one takes %.3g ms",
                     LONGEST_ISOLATED_US / 1e3, t->call_us / 1e3);
}

static void open_entry(struct game *g, struct player *p, struct entry *e, struct sets *s, int sets,
                       int cell)
{
    const struct problem *problem = g->c->problem;

    *e = (struct entry){.dead = 1};
    if (!p->live || cells_lost(g, p)) return;
    e->timed = (struct timed){.impl = p->out->impl,
                              .plan = &p->plan,
                              .set = p->set = with_workspace(s, sets, p->workspace),
                              .sets = sets,
                              .cold = cell_cache(cell) == COLD,
                              .once = problem->op->reads_out && problem->op->reads_out(problem)};
    phase_enter(p->out->impl, "a trial call", 0);
    const char *why = p->set ? g->timer->open(&e->timed) : "oom: host memory for the sets";
    if (why) {
        player_fail(g, p, why);
        return;
    }
    why = too_long(&e->timed, cell);
    if (why) snprintf(p->out->cell[cell].reason, sizeof p->out->cell[cell].reason, "%s", why);
    e->dead = why != NULL;
}

static void close_entry(struct game *g, struct player *p, struct entry *e)
{
    if (e->timed.set) g->timer->close(&e->timed);
    rounds_free(e);
    free(p->set);
    p->set = NULL;
}

static const char *log_samples(struct game *g, int impl, int cell)
{
    const struct entry *e = &g->entry[impl];
    struct sample_log *log = g->c->log;

    if (!log) return NULL;
    if (log->count + e->done > log->room) {
        const int room = 2 * (log->count + e->done);
        struct logged *grown = realloc(log->at, (size_t)room * sizeof *grown);
        if (!grown) return "oom: host memory for the samples";
        log->at = grown;
        log->room = room;
    }
    for (int i = 0; i < e->done; i++)
        log->at[log->count++] =
            (struct logged){.impl = impl, .cell = cell, .own = i < e->own, .sample = e->sample[i]};
    return NULL;
}

static const char *finish_cell(struct game *g, int impl, int cell)
{
    struct cell *c = &g->player[impl].out->cell[cell];
    const struct entry *e = &g->entry[impl];

    c->status = STATUS_OK;
    c->reason[0] = '\0';
    c->stats = rounds_stats(e);
    c->stolen_pct = e->ticks > 0 ? 100 * e->stolen / e->ticks : NAN;
    c->restless = e->restless;
    c->exposed = e->exposed;
    c->clock = rounds_clock(e);
    return log_samples(g, impl, cell);
}

/* One cell of all live players, on the first `sets` sets. */
static const char *time_cell(struct game *g, struct sets *s, int sets, int cell)
{
    const struct contest *c = g->c;
    const char *why = NULL;
    struct judge again;
    /* the sampled truth of a set that the first check did not see */
    TRY(judge_open(&again, s, (int)(generate_bits(c->seed, 1, 2, 3) % (uint64_t)sets),
                   c->judge_budget / 8));

    for (int i = 0; i < c->count; i++) open_entry(g, &g->player[i], &g->entry[i], s, sets, cell);
    rounds_run(g->timer, g->entry, c->count, &c->rounds);
    if (c->energy_s > 0 && cell == cell_of(BATCH, COLD)) energy_pass(g, cell);
    for (int i = 0; i < c->count; i++) {
        struct player *p = &g->player[i];
        struct entry *e = &g->entry[i];
        if (p->live && e->dead && *e->why) player_fail(g, p, e->why);
        if (p->live && !e->dead && !cells_lost(g, p)) player_check_again(g, p, e, &again);
        if (p->live && !e->dead && !why) why = finish_cell(g, i, cell);
        close_entry(g, p, e);
    }
    judge_close(&again);
    return why;
}

/* Copies of the operands that a cell walks through. An isolated cold call finds the cache empty
 * whatever it is, but two copies show up who keeps a result. */
static int sets_of(int cell, int cold)
{
    return cell_cache(cell) == HOT ? 1 : cell_timing(cell) == BATCH ? cold : 2;
}

int cells_sets(const struct contest *c, int cold)
{
    int most = 1;

    for (int k = 0; k < CELLS; k++)
        if (c->wanted[k] && sets_of(k, cold) > most && sets_of(k, cold) <= MAX_SETS)
            most = sets_of(k, cold);
    return most;
}

/* Why a cell cannot be timed for any impl; NULL: it can. */
static const char *cannot_time(const struct contest *c, const struct timer *t, int sets)
{
    if (!t || t->missing) return t ? t->missing : "no such timing here";
    if (sets <= MAX_SETS) return NULL;
    return fail_text("cold needs %.0f copies of the operands, the limit is %d: too small to be "
                     "timed in a batch%s",
                     contest_cold_sets(c->problem, c->place, &c->machine->device), MAX_SETS,
                     c->place == DEVICE ? "; timing isolated has it cold" : "");
}

static int any_live(struct game *g)
{
    int live = 0;

    for (int i = 0; i < g->c->count; i++)
        live |= g->player[i].live && !cells_lost(g, &g->player[i]);
    return live;
}

static void skip_cell(struct game *g, int cell, const char *reason)
{
    for (int i = 0; i < g->c->count; i++) {
        struct cell *c = &g->player[i].out->cell[cell];
        if (g->player[i].live) snprintf(c->reason, sizeof c->reason, "%s", reason);
    }
}

const char *cells_time(struct game *g, struct sets *s, int cold)
{
    for (int k = 0; k < CELLS; k++) {
        if (!g->c->wanted[k] || !any_live(g)) continue;
        g->timer = g->timers[cell_timing(k)];
        const char *cannot = cannot_time(g->c, g->timer, sets_of(k, cold));
        if (cannot) skip_cell(g, k, cannot);
        else TRY(time_cell(g, s, sets_of(k, cold), k));
    }
    return NULL;
}
