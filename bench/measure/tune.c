/* tune.c: see tune.h. */
#include "measure/tune.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "data/generate.h"
#include "fail.h"
#include "measure/phase.h"

enum { TUNE_STREAM = 78, MOST_BLOCKS = TUNE_FIRST + TUNE_MORE };

struct candidate {
    int out; /* wrong, or failed: takes no further part */
    enum status status;
    char flag[16], reason[1024];
    struct timed timed;
    double us[MOST_BLOCKS];
    int blocks;
};

struct tune {
    int count, last; /* the one that was left out last; -1: none was */
    struct candidate of[TUNE_MOST];
};

static void leave_out(struct tune *t, int i, enum status status, const char *flag, const char *why)
{
    struct candidate *c = &t->of[i];

    c->out = 1;
    c->status = status;
    snprintf(c->flag, sizeof c->flag, "%s", flag);
    snprintf(c->reason, sizeof c->reason, "%s", why);
    t->last = i;
}

static int left(const struct tune *t)
{
    int n = 0;

    for (int i = 0; i < t->count; i++) n += !t->of[i].out;
    return n;
}

static const char *use(struct player *p, int i)
{
    p->plan.algo[0] = '\0';
    p->plan.workspace_bytes = 0;
    return p->out->impl->use(&p->plan, i);
}

const char *tune_open(struct player *p, size_t *workspace_bytes)
{
    const int count = p->out->impl->variants(&p->plan);

    *workspace_bytes = 0;
    if (count < 1) return "no variant fits";
    struct tune *t = p->tune = calloc(1, sizeof *t);
    if (!t) return "oom: host memory for the variants";
    t->count = count < TUNE_MOST ? count : TUNE_MOST;
    t->last = -1;
    for (int i = 0; i < t->count; i++) {
        const char *why = use(p, i);
        if (why) leave_out(t, i, STATUS_FAILED, "", why);
        else if (p->plan.workspace_bytes > *workspace_bytes)
            *workspace_bytes = p->plan.workspace_bytes;
    }
    if (!left(t)) return fail_text("no variant fits: %s", t->of[t->last].reason);
    return NULL;
}

void tune_close(struct player *p)
{
    free(p->tune);
    p->tune = NULL;
}

/* The player ends as candidate i did. */
static void end_as(struct player *p, int i)
{
    const struct candidate *c = &p->tune->of[i];

    player_end(p, c->status, c->flag, c->reason);
}

/* One candidate in place and checked. 1: it is right. A lost device ends the player. */
static int passes(struct game *g, struct player *p, int i, const struct judge *j)
{
    struct outcome *out = p->out;
    const char *why = use(p, i);

    if (why) player_fail(g, p, why);
    else player_check(g, p, j);
    if (p->live) return 1;
    char text[sizeof out->reason];
    snprintf(text, sizeof text, "variant %d: %.1000s", i, out->reason);
    leave_out(p->tune, i, out->status, out->flag, text);
    if (g->c->place == DEVICE && !g->c->machine->device.present) return 0;
    p->live = 1;
    out->status = STATUS_OK;
    out->flag[0] = out->reason[0] = '\0';
    return 0;
}

static int only_checks(const struct contest *c)
{
    for (int k = 0; k < CELLS; k++)
        if (c->wanted[k]) return 0;
    return 1;
}

void tune_check(struct game *g, struct player *p, const struct judge *j)
{
    struct tune *t = p->tune;

    for (int i = 0; i < t->count && p->live; i++) {
        if (t->of[i].out || passes(g, p, i, j) || !p->live) continue;
        if (only_checks(g->c)) end_as(p, i);
    }
    if (p->live && !left(t)) end_as(p, t->last);
}

/* ---- timing ---- */

static int lost(const struct game *g)
{
    return g->c->place == DEVICE && !g->c->machine->device.present;
}

static double median(const struct candidate *c)
{
    double x[MOST_BLOCKS];

    for (int i = 0; i < c->blocks; i++) x[i] = c->us[i];
    return c->blocks ? stats_median(x, c->blocks) : INFINITY;
}

static void close_timed(const struct timer *timer, struct candidate *c)
{
    if (c->timed.set) timer->close(&c->timed);
    c->timed.set = NULL;
}

static void timed_block(struct game *g, const struct timer *timer, struct player *p, int i)
{
    const struct rounds_plan *plan = &g->c->rounds;
    struct candidate *c = &p->tune->of[i];
    const int slow = c->timed.call_us > plan->slow_us;
    const double block_us = plan->block_us / 3, warm_us = slow ? 0 : fmin(plan->warm_us, block_us);
    struct block b;

    phase_enter(p->out->impl, "a block of the tuning",
                10 + 10e-6 * (warm_us + block_us + c->timed.call_us));
    const char *why = use(p, i);
    if (!why) why = timer->block(&c->timed, warm_us, block_us, &b);
    if (!why) c->us[c->blocks++] = b.us;
    else leave_out(p->tune, i, STATUS_FAILED, "", why);
}

/* So many blocks of each of who[n], each turn in an order of its own. */
static void turns(struct game *g, const struct timer *timer, struct player *p, int *who, int n,
                  int blocks)
{
    for (int turn = 0; turn < blocks; turn++)
        for (int k = n - 1; k >= 0; k--) {
            const int at = (int)(generate_bits(g->c->rounds.seed, (unsigned)turn, TUNE_STREAM,
                                               (uint64_t)k) %
                                 (uint64_t)(k + 1)),
                      i = who[at];
            who[at] = who[k];
            who[k] = i;
            if (!p->tune->of[i].out && !lost(g)) timed_block(g, timer, p, i);
        }
}

/* Those left, the faster first. */
static int ranked(const struct tune *t, int *who)
{
    int n = 0;

    for (int i = 0; i < t->count; i++) {
        if (t->of[i].out) continue;
        int at = n++;
        for (; at && median(&t->of[who[at - 1]]) > median(&t->of[i]); at--) who[at] = who[at - 1];
        who[at] = i;
    }
    return n;
}

static int close_call(const struct candidate *a, const struct candidate *b)
{
    const struct stats s = stats_of(a->us, a->blocks), next = stats_of(b->us, b->blocks);

    return !(s.ci_hi < next.ci_lo);
}

static void open_all(struct game *g, const struct timer *timer, struct player *p, struct sets *s,
                     const struct operands *set)
{
    const struct problem *problem = g->c->problem;

    for (int i = 0; i < p->tune->count && !lost(g); i++) {
        struct candidate *c = &p->tune->of[i];
        if (c->out) continue;
        c->timed =
            (struct timed){.impl = p->out->impl,
                           .plan = &p->plan,
                           .set = set,
                           .sets = s->count,
                           .cold = s->count > 1,
                           .once = problem->op->reads_out && problem->op->reads_out(problem)};
        phase_enter(p->out->impl, "a trial call of the tuning", 0);
        const char *why = use(p, i);
        if (!why) why = timer->open(&c->timed);
        if (why) leave_out(p->tune, i, STATUS_FAILED, "", why);
    }
}

void tune_time(struct game *g, struct player *p, struct sets *s, int timed)
{
    struct tune *t = p->tune;
    const struct timer *timer = g->timers[BATCH];
    struct operands *set = malloc((size_t)s->count * sizeof *set);
    int who[TUNE_MOST], n = ranked(t, who);

    if (!timed || n < 2 || !timer || timer->missing || !set) {
        free(set);
        return;
    }
    for (int i = 0; i < s->count; i++) {
        set[i] = s->set[i];
        set[i].workspace = p->workspace;
    }
    open_all(g, timer, p, s, set);
    turns(g, timer, p, who, n, TUNE_FIRST);
    n = ranked(t, who);
    turns(g, timer, p, who, n < TUNE_BEST ? n : TUNE_BEST, TUNE_MORE);
    for (int i = 0; i < t->count; i++) close_timed(timer, &t->of[i]);
    free(set);
    if (!left(t)) player_fail(g, p, t->of[t->last].reason);
}

void tune_winner(struct game *g, struct player *p, const struct judge *j)
{
    struct tune *t = p->tune;
    struct outcome *out = p->out;
    int who[TUNE_MOST], n;

    while (p->live && (n = ranked(t, who)) > 0) {
        if (!passes(g, p, who[0], j)) continue;
        const struct candidate *best = &t->of[who[0]], *next = n > 1 ? &t->of[who[1]] : NULL;
        out->tune_close = next && best->blocks && next->blocks && close_call(best, next);
        out->workspace_bytes = p->plan.workspace_bytes;
        out->slack = p->plan.slack;
        snprintf(out->algo, sizeof out->algo, "%s", p->plan.algo);
        return;
    }
    if (p->live) end_as(p, t->last);
}
