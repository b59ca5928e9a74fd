/* influence.c: what must not show in a time: the thread that samples clocks and power, and the
 * checks that the same process made before. One kernel is timed with and without, in turn. */
#include <stdio.h>
#include <string.h>
#include "fail.h"
#include "measure/recorder.h"
#include "ops/problem.h"
#include "selftest/play.h"
#include "selftest/proof.h"
#include "selftest/ready.h"

enum { PAIRS = 6, BLOCKS = 15, IMPLS = 16 };
static const double LIMIT_S = 60;

/* What is asked of a place. A fresh process, or one that waited for the recorder, finds an idle
 * device: it is warmed up until clocks have settled. */
static const struct {
    const char *impl, *problem;
    double warm_us, block_us, checks_pct;
} kernels[] = {
    [HOST] = {"gemm_cpu_blocked", "gemm f32 nn 160x160x160", 20e3, 5e3, 3},
    [DEVICE] = {PLAY_GEMM, "gemm f32 nn 1024x1024x1024", 400e3, 20e3, 0.5},
};
static const double RECORDER_PCT = 0.2;

struct job {
    const struct impl *impl;
    enum place place;
    double us;
};

static const char *measure(void *shared, struct machine *m)
{
    struct job *j = shared;
    struct ready r = {.prepared = 0};
    double us[BLOCKS];
    struct block b;

    phase_enter(NULL, "the proof of influence", LIMIT_S);
    const char *why = ready_open(&r, j->impl, kernels[j->place].problem, &m->device);
    for (int i = 0; i < BLOCKS && !why; i++) {
        why = ready_block(&r, i ? 0 : kernels[j->place].warm_us, kernels[j->place].block_us, &b);
        us[i] = b.us;
    }
    ready_close(&r);
    if (!why) j->us = stats_median(us, BLOCKS);
    return why;
}

static const char *time_once(struct worker *w, enum place place, double *us)
{
    const struct op *op;
    struct job j = {.impl = impl_find(kernels[place].impl, &op), .place = place};
    int ended;

    if (!j.impl) return fail_text("%s is gone: this proof needs it", kernels[place].impl);
    TRY(worker_do(w, measure, &j, sizeof j, &ended));
    *us = j.us;
    return NULL;
}

struct setting {
    struct worker *w;
    enum place place;
};

static const char *recorders(void *of, int try, struct finding *f)
{
    struct setting *s = of;
    double us[2][PAIRS]; /* without, with */

    for (int i = 0; i < 2 * PAIRS; i++) {
        const int pair = i / 2, with = (i ^ pair ^ try) & 1;
        if (with) recorder_start(worker_machine(s->w)->bus_id, 1);
        else recorder_stop();
        if (with && !recorder_facts()->running) return "the recorder does not start";
        TRY(time_once(s->w, s->place, &us[with][pair]));
    }
    const struct ratio r = play_pairs(us[1], us[0], PAIRS);
    *f = influence_verdict(&r, RECORDER_PCT);
    return NULL;
}

/* Checks, as a run makes them, of all impls of the problem. */
static const char *check(struct worker *w, enum place place)
{
    static struct outcome out[IMPLS];
    const struct impl *impls[IMPLS];
    struct machine machine = *worker_machine(w);
    struct problem problem;

    TRY(problem_parse(&problem, kernels[place].problem));
    struct contest c = {.problem = &problem,
                        .machine = &machine,
                        .place = place,
                        .impls = impls,
                        .limit_s = 10,
                        .judge_budget = 1e8,
                        .seed = 1};
    for (const struct impl *const *i = problem.op->impls; *i && c.count < IMPLS; i++)
        if ((*i)->place == place) impls[c.count++] = *i;
    return worker_play(w, &c, out);
}

static const char *processes(void *of, int try, struct finding *f)
{
    struct setting *s = of;
    double us[2][PAIRS]; /* fresh, after checks */

    for (int i = 0; i < 2 * PAIRS; i++) {
        const int pair = i / 2, after = (i ^ pair ^ try) & 1;
        worker_renew(s->w);
        if (after) TRY(check(s->w, s->place));
        TRY(time_once(s->w, s->place, &us[after][pair]));
    }
    const struct ratio r = play_pairs(us[1], us[0], PAIRS);
    *f = influence_verdict(&r, kernels[s->place].checks_pct);
    return NULL;
}

const char *prove_influence(struct tally *t, struct worker *w, enum place place)
{
    static const char *const recorder[] = {"recorder on and off"}, *const checks[] = {
                                                                       "checks before"};
    const struct finding none = {.verdict = VERDICT_UNTRIED, .said = "not tried: no NVML here"};
    struct setting s = {w, place};

    if (place == DEVICE) {
        const int running = recorder_facts()->running;
        if (!running) tally_add(t, recorder[0], &none);
        else TRY(proof_tries(t, recorders, &s, recorder, 1, 0));
        if (running) recorder_start(worker_machine(w)->bus_id, 1);
    }
    return proof_tries(t, processes, &s, checks, 1, place == HOST);
}
