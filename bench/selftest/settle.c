/* settle.c: how long a hot kernel's time depends on what ran before it. Clocks follow power with
 * some delay, so a kernel after a cool one runs faster than it would after itself. Each trace is
 * one of what may run before, then the hot kernel without a break: every pre-roll is a part of it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "fail.h"
#include "ops/problem.h"
#include "selftest/known.h"
#include "selftest/proof.h"
#include "selftest/ready.h"

#ifdef HAVE_NVCC
static const double BEFORE_US = 300e3, BLOCK_US = 20e3;
static const double LONGEST_US = 5e3; /* of a call, so that blocks are as long as they should be */
static const double LIMIT_S = 60;

/* Whatever heats the device most is first; one of a size that blocks have some calls of. */
static const struct {
    const char *impl, *problem;
} hot[] = {{"gemm_cublas", "gemm bf16 nn 8192x8192x8192"},
           {"gemm_cublas", "gemm bf16 nn 4096x4096x4096"},
           {"gemm_regtile", "gemm f32 nn 4096x4096x4096"},
           {"gemm_regtile", "gemm f32 nn 2048x2048x2048"},
           {"gemm_regtile", "gemm f32 nn 1024x1024x1024"}};
enum { KERNELS = sizeof hot / sizeof hot[0] };

struct settle {
    struct settle_trace trace[SETTLE_REPEATS][SETTLE_BEFORE];
    char name[128];
};

static const char *prepare_wait(struct plan *p)
{
    static double us = 1e3;

    p->state = &us;
    return NULL;
}

static const char *open_hot(struct ready *r, char *name, size_t n, const struct device *d)
{
    const char *why = NULL;

    for (int i = 0; i < KERNELS; i++) {
        const struct op *op;
        const struct impl *impl = impl_find(hot[i].impl, &op);
        why = impl ? ready_open(r, impl, hot[i].problem, d) : "gone";
        if (!why && r->timed.call_us <= LONGEST_US) {
            snprintf(name, n, "%s, %s", hot[i].impl, hot[i].problem);
            return NULL;
        }
        ready_close(r);
    }
    return why ? why : "no matrix product is short enough for a block";
}

static const char *trace(struct ready *before, struct ready *kernel, struct settle_trace *t)
{
    struct block b;

    TRY(ready_block(before, 0, BEFORE_US, &b));
    for (double at_us = 0; at_us < 1e3 * SETTLE_TOTAL_MS && t->blocks < SETTLE_BLOCKS;) {
        TRY(ready_block(kernel, 0, BLOCK_US, &b));
        t->us[t->blocks] = b.us;
        t->span_us[t->blocks] = b.us * (double)b.calls;
        at_us += t->span_us[t->blocks++];
    }
    return NULL;
}

static const char *open_all(struct ready before[SETTLE_BEFORE], struct ready *kernel,
                            struct settle *s, const struct device *d)
{
    static struct impl wait;
    const struct op *op;
    const struct impl *naive = impl_find("gemm_naive", &op);

    wait = known_wait;
    wait.prepare = prepare_wait;
    if (!naive) return "gemm_naive is gone: settle needs it";
    TRY(open_hot(kernel, s->name, sizeof s->name, d));
    TRY(ready_open(&before[0], &wait, "gemm f32 nn 1x1x1", d));
    TRY(ready_open(&before[1], &copy_device, "pool2d f32 nchw max 1x64x1024x1024 1x1", d));
    return ready_open(&before[2], naive, "gemm f32 nn 1024x1024x1024", d);
}

static const char *measure(void *shared, struct machine *m)
{
    struct settle *s = shared;
    struct ready before[SETTLE_BEFORE] = {{.prepared = 0}}, kernel = {.prepared = 0};
    struct block b;

    phase_enter(NULL, "the proof of settling", LIMIT_S);
    const char *why = open_all(before, &kernel, s, &m->device);
    if (!why) why = ready_block(&kernel, 0, BEFORE_US, &b);
    for (int i = 0; i < SETTLE_REPEATS * SETTLE_BEFORE && !why; i++) {
        const int repeat = i / SETTLE_BEFORE, turn = i % SETTLE_BEFORE,
                  which = repeat % 2 ? SETTLE_BEFORE - 1 - turn : turn; /* drift cancels */
        why = trace(&before[which], &kernel, &s->trace[repeat][which]);
    }
    ready_close(&kernel);
    for (int i = 0; i < SETTLE_BEFORE; i++) ready_close(&before[i]);
    return why;
}

static void add_all(struct tally *t, struct settle *s, double used_ms)
{
    static const char *const names[SETTLE_BEFORE] = {"settle after a wait", "settle after a copy",
                                                     "settle after naive gemm"};
    double off[SETTLE_BEFORE][SETTLE_ROLLS];
    struct finding f;

    settle_off(s->trace, off);
    for (int b = 0; b < SETTLE_BEFORE; b++) {
        f = settle_one_verdict(off[b]);
        tally_add(t, names[b], &f);
    }
    t->facts.value[FACT_SETTLE_MS] = settle_needed_ms(off);
    f = settle_verdict(settle_needed_ms(off), used_ms);
    snprintf(f.said, sizeof f.said, "%s",
             fail_text("%s; %s, which after %g ms is %+.1f %% of its time slower", f.said, s->name,
                       SETTLE_TOTAL_MS - SETTLE_END_MS, settle_later_pct(s->trace)));
    tally_add(t, "settle", &f);
}

const char *prove_settle(struct tally *t, struct worker *w, double used_ms)
{
    struct settle *s = calloc(1, sizeof *s);
    int ended;

    if (!s) return "oom: host memory for a proof";
    const char *why = worker_do(w, measure, s, sizeof *s, &ended);
    if (!why) add_all(t, s, used_ms);
    free(s);
    return why;
}
#else
const char *prove_settle(struct tally *t, struct worker *w, double used_ms)
{
    const struct finding f = {.verdict = VERDICT_UNTRIED, .said = "not tried: not built: no nvcc"};

    (void)w, (void)used_ms;
    tally_add(t, "settle", &f);
    return NULL;
}
#endif
