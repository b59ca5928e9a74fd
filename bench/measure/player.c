/* player.c: see player.h. */
#include "measure/player.h"
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "fail.h"
#include "measure/phase.h"
#include "measure/tune.h"

double player_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

void player_end(struct player *p, enum status status, const char *flag, const char *reason)
{
    p->live = 0;
    p->out->status = status;
    snprintf(p->out->flag, sizeof p->out->flag, "%s", flag);
    snprintf(p->out->reason, sizeof p->out->reason, "%s", reason);
}

/* After a failure: is the device still there? If not, nothing on it can run any more. If so, what
 * the player left in its cache must not be blamed on the next. */
static void look_after(struct game *g, struct player *p)
{
    struct machine *m = g->c->machine;
    const char *why = NULL;

    if (g->c->place == DEVICE && !m->device.present) return;
    if (g->c->place == DEVICE) why = g->ops->synchronize();
    if (why) why = g->ops->synchronize(); /* an error that does not go away has taken the context */
    if (!why && g->ops->cache_left) g->ops->cache_left();
    if (!why) return;
    m->device.present = 0;
    snprintf(m->no_device, sizeof m->no_device, "device lost after %s", p->out->impl->name);
}

void player_fail(struct game *g, struct player *p, const char *reason)
{
    player_end(p, STATUS_FAILED, "", reason);
    look_after(g, p);
}

/* A wrong result, or memory touched that is not the impl's: the data are made anew for the others.
 */
static void wrong(struct game *g, struct player *p, struct sets *s, const char *flag,
                  const char *reason)
{
    player_end(p, STATUS_WRONG, flag, reason);
    look_after(g, p);
    if (!strcmp(flag, "MEMORY") && (g->c->place == HOST || g->c->machine->device.present))
        sets_restore(s);
}

/* Is everything in place but the output that the judge has seen? */
static const char *left_clean(struct game *g, const struct judge *j, const char **flag)
{
    const char *why = sets_untouched(j->sets, j->set);

    *flag = "MEMORY";
    if (why || !g->ops->cache_left) return why;
    *flag = "CACHED";
    return g->ops->cache_left();
}

/* Queues one call on operands that were made ready, and waits for it. */
static const char *call(struct game *g, struct player *p, const struct operands *o)
{
    struct operands mine = *o;

    mine.workspace = p->workspace;
    if (p->workspace) TRY(g->ops->set_bytes(p->workspace, 0xFF, p->plan.workspace_bytes));
    TRY(p->out->impl->run(&p->plan, &mine, g->ops->stream()));
    return g->ops->synchronize();
}

void player_check(struct game *g, struct player *p, const struct judge *j)
{
    struct sets *s = j->sets;
    const char *flag = "WRONG", *why = sets_reset_out(s, j->set);

    if (!why) why = g->ops->synchronize();
    if (!why) {
        sets_fence(s, j->set, 1);
        phase_enter(p->out->impl, "run", 0);
        const double start = player_now_ms();
        why = call(g, p, &s->set[j->set]);
        if (!(p->out->first_call_ms >= 0)) p->out->first_call_ms = player_now_ms() - start;
        sets_fence(s, j->set, 0);
    }
    if (why) {
        player_fail(g, p, why);
        return;
    }
    phase_enter(NULL, "judging", 0);
    why = judge_check(j, p->plan.slack, &p->out->agreement, &flag);
    p->out->checked = 1;
    if (j->bitwise && p->plan.slack <= 1) p->out->exact_ok = why == NULL;
    if (!why) why = left_clean(g, j, &flag);
    if (why) wrong(g, p, s, flag, why);
}

void player_prepare(struct game *g, struct player *p)
{
    const struct impl *i = p->out->impl;
    const double start = player_now_ms();

    phase_enter(i, "prepare", 0);
    p->plan = (struct plan){.problem = g->c->problem, .device = &g->c->machine->device};
    const char *why = i->prepare ? i->prepare(&p->plan) : NULL;
    size_t workspace_bytes = p->plan.workspace_bytes;
    if (!why && i->variants) why = tune_open(p, &workspace_bytes);
    if (!why && workspace_bytes) why = g->ops->allocate(&p->workspace, workspace_bytes);
    p->out->prepare_ms = i->prepare || i->variants ? player_now_ms() - start : 0;
    p->out->workspace_bytes = p->plan.workspace_bytes;
    snprintf(p->out->algo, sizeof p->out->algo, "%s", p->plan.algo);
    p->out->slack = p->plan.slack;
    if (why && !strncmp(why, IMPL_DECLINES, strlen(IMPL_DECLINES))) {
        player_end(p, STATUS_SKIPPED, "", why);
    } else if (why) {
        char text[1024];
        snprintf(text, sizeof text, "prepare: %s", why);
        player_fail(g, p, text);
    }
}

void player_check_again(struct game *g, struct player *p, struct entry *e, const struct judge *j)
{
    struct sets *s = j->sets;
    struct agreement a;
    const char *flag = "WRONG", *why = NULL;

    why = sets_reset_out(s, j->set);
    if (!why) why = g->ops->synchronize();
    phase_enter(p->out->impl, "run after timing", 0);
    if (!why) why = g->timer->replay(&e->timed, j->set);
    if (why) {
        player_fail(g, p, why);
        return;
    }
    phase_enter(NULL, "judging", 0);
    why = judge_check(j, p->plan.slack, &a, &flag);
    if (!why) why = left_clean(g, j, &flag);
    if (!why) return;
    char text[1024];
    snprintf(text, sizeof text, "after timing: %s", why);
    wrong(g, p, s, flag, text);
}
