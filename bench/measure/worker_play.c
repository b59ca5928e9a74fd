/* worker_play.c: a contest in the worker, again and again without those that end it, until it comes
 * to its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "measure/worker.h"

enum { LOG_ROOM = 1 << 17 };

/* What parent and child exchange; pointers in it are set by the child. */
struct play {
    struct contest c;
    struct problem problem;
    const struct impl *impl[ENTRIES_MAX];
    struct outcome out[ENTRIES_MAX];
    int device_lost;
    int logged;
    struct logged log[LOG_ROOM];
};

static const char *play_job(void *shared, struct machine *m)
{
    struct play *p = shared;
    struct sample_log log = {0};
    const int there = m->device.present;

    p->c.problem = &p->problem;
    p->c.machine = m;
    p->c.impls = p->impl;
    p->c.log = &log;
    const char *why = contest_run(&p->c, p->out);
    p->device_lost = there && !m->device.present;
    p->logged = log.count < LOG_ROOM ? log.count : LOG_ROOM;
    if (log.count) memcpy(p->log, log.at, (size_t)p->logged * sizeof *log.at);
    free(log.at);
    return why;
}

/* The contest as the caller sees it, and which of its impls are still to be played. */
struct table {
    struct worker *w;
    const struct contest *c;
    struct outcome *out; /* of all, in the caller's order */
    int live[ENTRIES_MAX], count;
    struct play *play;
    int ended; /* the last job did not come back */
};

/* One job: the live impls, or only the one at `alone`, which is then only checked. */
static const char *deal(struct table *t, int alone)
{
    struct play *p = t->play;

    p->c = *t->c;
    p->problem = *t->c->problem;
    p->c.count = alone < 0 ? t->count : 1;
    if (alone >= 0) memset(p->c.wanted, 0, sizeof p->c.wanted);
    for (int i = 0; i < p->c.count; i++) p->impl[i] = t->c->impls[t->live[alone < 0 ? i : alone]];
    p->logged = p->device_lost = 0;
    return worker_do(t->w, play_job, p, sizeof *p, &t->ended);
}

static const char *keep_log(const struct table *t)
{
    struct sample_log *log = t->c->log;
    const struct play *p = t->play;

    if (!log || !p->logged) return NULL;
    struct logged *grown = realloc(log->at, (size_t)(log->count + p->logged) * sizeof *grown);
    if (!grown) return "oom: host memory for the samples";
    log->at = grown;
    log->room = log->count + p->logged;
    for (int i = 0; i < p->logged; i++) {
        struct logged l = p->log[i];
        l.impl = t->live[l.impl];
        log->at[log->count++] = l;
    }
    return NULL;
}

static void strike(struct table *t, int i)
{
    memmove(t->live + i, t->live + i + 1, (size_t)(--t->count - i) * sizeof *t->live);
}

/* live[i] takes no further part. */
static void fail(struct table *t, int i, const char *reason)
{
    struct contest one = *t->c;

    one.impls = t->c->impls + t->live[i];
    one.count = 1;
    contest_end(&one, &t->out[t->live[i]], STATUS_FAILED, reason);
    strike(t, i);
}

/* The child ended outside of any impl: whose memory error was it? Whoever ends it again when played
 * alone; when nobody does it is everybody's. */
static void search(struct table *t, const char *reason)
{
    int found = 0;

    for (int i = 0; i < t->count;) {
        const char *why = deal(t, i);
        if (t->ended && !strcmp(why, "interrupted")) return;
        if (t->ended) fail(t, i, why), found = 1;
        else i++;
    }
    while (!found && t->count) fail(t, 0, reason);
}

static void blame(struct table *t, const char *why)
{
    char reason[1024];
    int i = 0;

    snprintf(reason, sizeof reason, "%s", why);
    while (i < t->count && t->c->impls[t->live[i]] != worker_phase(t->w)->impl) i++;
    if (i < t->count) fail(t, i, reason);
    else search(t, reason);
}

/* The device is gone, and with it what came after the one that lost it: that one is struck, and the
 * others get a new child. 0: nobody is to blame. */
static int lost(struct table *t)
{
    const struct play *p = t->play;
    int struck = 0;

    for (int i = t->count - 1; i >= 0; i--)
        if (p->out[i].status == STATUS_FAILED) {
            t->out[t->live[i]] = p->out[i];
            strike(t, i);
            struck = 1;
        }
    return struck;
}

const char *worker_play(struct worker *w, const struct contest *c, struct outcome *out)
{
    struct table t = {.w = w, .c = c, .out = out, .count = c->count};

    if (c->count > ENTRIES_MAX) return "a contest of too many impls";
    t.play = calloc(1, sizeof *t.play);
    if (!t.play) return "oom: host memory for a contest";
    for (int i = 0; i < t.count; i++) t.live[i] = i;
    const char *why = NULL;
    while (t.count) {
        why = deal(&t, -1);
        if (!t.ended && t.play->device_lost && lost(&t)) {
            worker_renew(w);
            continue;
        }
        if (!t.ended || !strcmp(why, "interrupted")) break;
        blame(&t, why);
        why = NULL;
    }
    for (int i = 0; i < t.count && !why; i++) out[t.live[i]] = t.play->out[i];
    if (!why && t.count) why = keep_log(&t);
    free(t.play);
    return why;
}
