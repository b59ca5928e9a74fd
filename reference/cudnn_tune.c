/* cudnn_tune: which of the permitted plans is the rival. Plans run on scratch operands. Trying
 * every plan in full can take minutes, since some fallback engines are a hundred times slower, so
 * the search has two passes and caps: pass 1 launches each plan alone, pass 2 times the best few
 * properly, in turns, so that a drifting clock favours none. */
#include <stdio.h>
#include <time.h>
#include "reference/cudnn_plan.h"
#include "reference/cudnn_scratch.h"

enum {
    SURE = 8, /* plans of pass 1 that only LOAD_SECONDS can cut off */
    FINALISTS = 8,
    ROUNDS = 6,
    WARM_UPS = 3,
    BATCH = 10,
    BATCH_SLOW = 2
};
static const double TUNE_SECONDS = 5;  /* for pass 2, and in pass 1 after the SURE plans */
static const double LOAD_SECONDS = 20; /* for pass 1 as a whole */
static const float CLOSE = 1.5f;       /* finalists: within this factor of the best lone launch */
static const float SLOW_MS = 20;       /* longer launches get one short batch */
static const float AWFUL_MS = 1000;    /* a first launch this long is not loading time alone */

static double seconds(void)
{
    struct timespec t;

    timespec_get(&t, TIME_UTC); /* good enough for caps; launches are timed by events */
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- launches ---- */

/* *ms: per launch, of n back-to-back launches */
static const char *launch(const struct cudnn_choice *c, cudnnBackendDescriptor_t plan,
                          cudnnBackendDescriptor_t pack, const struct scratch *s, int n, float *ms)
{
    CHECK_CUDA(cudaEventRecord(s->start, s->stream));
    for (int i = 0; i < n; i++) TRY_CUDNN(cudnnBackendExecute(c->target.handle, plan, pack));
    CHECK_CUDA(cudaEventRecord(s->stop, s->stream));
    CHECK_CUDA(cudaEventSynchronize(s->stop));
    CHECK_CUDA(cudaEventElapsedTime(ms, s->start, s->stop));
    *ms /= (float)n;
    return NULL;
}

/* warm_ups untimed launches, then *ms per launch of n; each call makes its own pack, since the
 * workspace may have moved. */
static const char *time_plan(const struct cudnn_choice *c, int i, struct scratch *s, int warm_ups,
                             int n, float *ms)
{
    cudnnBackendDescriptor_t pack = NULL;
    const char *failed = scratch_room(s, (size_t)c->item[i].workspace);

    if (!failed) failed = cudnn_pack_make(&pack, &s->o);
    if (!failed && warm_ups) failed = launch(c, c->item[i].plan, pack, s, warm_ups, ms);
    if (!failed) failed = launch(c, c->item[i].plan, pack, s, n, ms);
    cudnn_drop(&pack);
    if (failed) cudaGetLastError();
    return failed;
}

/* Builds item i and launches it once to load it; with `alone` once more, for item->ms. best: the
 * best lone launch so far, < 0 for none. */
static const char *try_plan(struct cudnn_choice *c, int i, struct scratch *s, int alone, float best)
{
    struct cudnn_candidate *item = &c->item[i];
    float ms;

    TRY(cudnn_choice_build(c, i, CUDNN_WORKSPACE_CAP));
    const char *failed = time_plan(c, i, s, 0, 1, &ms);
    if (!failed && alone && best >= 0 && ms > AWFUL_MS && ms > 4 * best) {
        item->ms = ms; /* ran, but is out of the race: not worth another launch */
    } else {
        if (!failed && alone) failed = time_plan(c, i, s, 0, 1, &ms);
        if (!failed) item->ms = ms;
    }
    if (failed) {
        snprintf(c->refusal, sizeof c->refusal, "%s", failed);
        cudnn_drop(&item->plan);
    }
    return failed;
}

static const char *none_runs(const struct cudnn_choice *c)
{
    return fail_text("none of cuDNN's %d permitted plans runs; the last: %s", c->permitted,
                     c->refusal);
}

/* ---- searches ---- */

static const char *first(struct cudnn_choice *c, struct scratch *s, int *winner)
{
    for (int i = 0; i < c->count; i++)
        if (c->item[i].permitted && !try_plan(c, i, s, 0, -1)) {
            *winner = i;
            return NULL;
        }
    return none_runs(c);
}

/* Returns the best lone launch, < 0 when nothing runs. */
static float pass1(struct cudnn_choice *c, struct scratch *s)
{
    const double begin = seconds();
    float best = -1;
    int tried = 0;

    for (int i = 0; i < c->count; i++) {
        const double cap = tried < SURE ? LOAD_SECONDS : TUNE_SECONDS;
        if (!c->item[i].permitted) continue;
        if (best >= 0 && seconds() - begin > cap) {
            c->untried++;
            continue;
        }
        tried++;
        if (try_plan(c, i, s, 1, best)) continue;
        if (best < 0 || c->item[i].ms < best) best = c->item[i].ms;
    }
    return best;
}

static const char *fastest(struct cudnn_choice *c, struct scratch *s, int *winner)
{
    const float best = pass1(c, s);
    int finalist[FINALISTS], count = 0;
    float least[FINALISTS], ms;

    if (best < 0) return none_runs(c);
    for (int i = 0; i < c->count; i++) { /* the best few, sorted by their lone launch */
        int at = count;
        if (!c->item[i].plan || c->item[i].ms > CLOSE * best) continue;
        while (at > 0 && c->item[i].ms < c->item[finalist[at - 1]].ms) at--;
        if (at == FINALISTS) continue;
        if (count < FINALISTS) count++;
        for (int j = count - 1; j > at; j--) finalist[j] = finalist[j - 1];
        finalist[at] = i;
    }
    for (int j = 0; j < count; j++) least[j] = -1;

    const double begin = seconds();
    const int slow = best > SLOW_MS;
    for (int round = 0; round < (slow ? 1 : ROUNDS); round++) {
        if (round && seconds() - begin > TUNE_SECONDS) break; /* every finalist has had a turn */
        for (int j = 0; j < count; j++) {
            const char *failed =
                time_plan(c, finalist[j], s, slow ? 0 : WARM_UPS, slow ? BATCH_SLOW : BATCH, &ms);
            if (failed) snprintf(c->refusal, sizeof c->refusal, "%s", failed);
            else if (least[j] < 0 || ms < least[j]) least[j] = ms;
        }
    }
    int won = -1;
    for (int j = 0; j < count; j++)
        if (least[j] >= 0 && (won < 0 || least[j] < least[won])) won = j;
    if (won < 0) return none_runs(c);
    *winner = finalist[won];
    return NULL;
}

static const char *on_scratch(struct cudnn_choice *c, const struct problem *p, int *winner,
                              const char *(*search)(struct cudnn_choice *, struct scratch *, int *))
{
    struct scratch s = {.room = 0};
    const char *failed = scratch_make(&s, p);

    if (!failed) failed = cudnn_handle(&c->target.handle, s.stream);
    if (!failed) failed = search(c, &s, winner);
    scratch_free(&s);
    return failed;
}

const char *cudnn_select_first(struct cudnn_choice *c, const struct problem *p, int *winner)
{
    return on_scratch(c, p, winner, first);
}

const char *cudnn_select_fastest(struct cudnn_choice *c, const struct problem *p, int *winner)
{
    return on_scratch(c, p, winner, fastest);
}
