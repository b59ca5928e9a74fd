/* times.c: proofs about times, from contests as a run plays them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "ops/problem.h"
#include "selftest/paced.h"
#include "selftest/play.h"
#include "selftest/proof.h"

enum { CELLS_MOST = 64 };

/* What is asked of a place. The host has wider limits: its clock is not the processor's alone, and
 * others use its cores. */
struct demands {
    int equal, equal_quick; /* problems of A/A, two cells each */
    double equal_pct, equal_quick_pct;
    int extra; /* cells of each extra amount of work */
    double linear, duration, floor_us;
    long size, step;  /* of the problems of A/A */
    const char *twin; /* the impl that meets itself there */
};
static const struct demands demands[] = {
    [HOST] = {.equal = 10,
              .equal_quick = 1,
              .equal_pct = 3,
              .equal_quick_pct = 3,
              .extra = 10,
              .linear = 0.02,
              .duration = 0.01,
              .floor_us = 10,
              .size = 160,
              .step = 16,
              .twin = "gemm_cpu_blocked"},
    [DEVICE] = {.equal = 25,
                .equal_quick = 1,
                .equal_pct = 0.5,
                .equal_quick_pct = 1,
                .extra = 20,
                .linear = 0.005,
                .duration = 0.005,
                .floor_us = 20,
                .size = 512,
                .step = 64,
                .twin = PLAY_GEMM},
};

/* One impl under two names. */
static struct impl twins[2][2];

const char *times_prepare(void)
{
    static const char *const names[2] = {"one", "other"};

    for (int place = HOST; place <= DEVICE; place++)
        for (int i = 0; i < 2; i++) {
            const struct op *op;
            const struct impl *impl = impl_find(demands[place].twin, &op);
            if (!impl) return fail_text("%s is gone: A/A needs it", demands[place].twin);
            twins[place][i] = *impl;
            twins[place][i].name = names[i];
        }
    return NULL;
}

void times_problem(enum place place, int i, char *to, size_t n)
{
    const long size = demands[place].size + i * demands[place].step;

    snprintf(to, n, "gemm f32 nn %ldx%ldx%ld", size, size, size);
}
int times_problems(enum place place) { return demands[place].equal; }

/* ---- proofs: each measures once; *f is what was found ---- */

struct setting {
    struct worker *w;
    enum place place;
    int quick;
    struct play *play;
    struct tally *tally;
};

static const char *equals(void *of, int try, struct finding *f)
{
    struct setting *s = of;
    const struct demands *d = &demands[s->place];
    struct ratio r[CELLS_MOST];
    char problem[64];
    int cells = 0;

    for (int i = 0; i < (s->quick ? d->equal_quick : d->equal); i++) {
        times_problem(s->place, i, problem, sizeof problem);
        for (int k = 0; k < 2; k++) s->play->impl[k] = &twins[s->place][k];
        TRY(play_contest(s->play, s->w, s->place, problem, 2, 1, (uint64_t)(100 * try + i + 1)));
        r[cells++] = play_ratio(s->play, 0, 1, COLD);
        r[cells++] = play_ratio(s->play, 0, 1, HOT);
    }
    s->tally->facts.value[s->place == HOST ? FACT_AA_HOST : FACT_AA_DEVICE] =
        equal_floor_pct(r, cells);
    *f = equal_verdict(r, cells, s->quick ? d->equal_quick_pct : d->equal_pct);
    return NULL;
}

static const struct impl *paced(enum place place)
{
#ifdef HAVE_NVCC
    if (place == DEVICE) return paced_device;
#endif
    return place == HOST ? paced_host : NULL;
}

static const char *extras(void *of, int try, struct finding *f)
{
    struct setting *s = of;
    static const double pct[3] = {1, 2, 5};
    const int cells = demands[s->place].extra;
    struct ratio r[3][CELLS_MOST];

    for (int k = 0; k < 4; k++) s->play->impl[k] = &paced(s->place)[PACED_ONE + k];
    for (int i = 0; i < cells; i++) {
        TRY(play_contest(s->play, s->w, s->place, PACED_PROBLEM, 4, 0,
                         (uint64_t)(1000 + 100 * try + i)));
        for (int k = 0; k < 3; k++) r[k][i] = play_ratio(s->play, k + 1, 0, HOT);
    }
    for (int k = 0; k < 3; k++) f[k] = extra_verdict(r[k], cells, pct[k], k == 0);
    return NULL;
}

static const char *linear(void *of, int try, struct finding *f)
{
    struct setting *s = of;
    static const int which[4] = {PACED_NONE, PACED_ONE, PACED_TWO, PACED_FOUR};
    double us[4];

    for (int k = 0; k < 4; k++) s->play->impl[k] = &paced(s->place)[which[k]];
    TRY(play_contest(s->play, s->w, s->place, PACED_PROBLEM, 4, 0, (uint64_t)(try + 1)));
    for (int k = 0; k < 4; k++) us[k] = play_median_us(s->play, k);
    *f = linear_verdict(us, demands[s->place].linear);
    return NULL;
}

/* On the host: the floor, and waits by the clock that is also the timer's. */
static const char *durations(void *of, int try, struct finding *f)
{
    struct setting *s = of;
    static const enum paced which[4] = {PACED_NONE, PACED_20US, PACED_1MS, PACED_20MS};
    static const double nominal[4] = {0, 20, 1e3, 20e3};

    for (int k = 0; k < 4; k++) s->play->impl[k] = &paced_host[which[k]];
    TRY(play_contest(s->play, s->w, HOST, PACED_PROBLEM, 4, 0, (uint64_t)(try + 1)));
    f[0] = floor_verdict(play_median_us(s->play, 0), demands[HOST].floor_us);
    for (int k = 1; k < 4; k++) {
        const double share = demands[HOST].duration, median = play_median_us(s->play, k);
        f[k] = duration_verdict(nominal[k], median, 0, share);
        /* others on the cores can only lengthen a wait, and hardly all blocks of it */
        if (f[k].verdict == VERDICT_FAILS && median > nominal[k] &&
            duration_verdict(nominal[k], play_min_us(s->play, k), 0, share).verdict ==
                VERDICT_HOLDS)
            f[k].verdict = VERDICT_NOISY;
    }
    return NULL;
}

const char *prove_times(struct tally *t, struct worker *w, enum place place, int quick)
{
    static const char *const names[] = {"A/A"}, *const line[] = {"linearity"},
                             *const extra[] = {"sensitivity +1 %", "sensitivity +2 %",
                                               "sensitivity +5 %"},
                             *const known[] = {"floor", "duration 20 us", "duration 1 ms",
                                               "duration 20 ms"};
    struct play *p = calloc(1, sizeof *p);
    struct setting s = {.w = w, .place = place, .quick = quick, .play = p, .tally = t};
    const int shared = place == HOST; /* others may use its cores */

    if (!p) return "oom: host memory for a contest";
    p->quick = quick;
    const char *why = NULL;
    if (place == HOST) why = proof_tries(t, durations, &s, known, 4, 0);
    if (!why) why = proof_tries(t, equals, &s, names, 1, shared);
    const int more = !quick && paced(place);
    if (!why && more) why = proof_tries(t, linear, &s, line, 1, shared);
    if (!why && more) why = proof_tries(t, extras, &s, extra, 3, shared);
    play_free(p);
    free(p);
    return why;
}
