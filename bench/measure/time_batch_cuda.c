/* time_batch_cuda.c: device impls by CUDA graphs. The calls are captured once, walking the sets, so
 * that the host's launch cost is outside; a block is stamp (stamp.h), event, replays, event, stamp.
 */
#include <cuda_runtime.h>
#include <math.h>
#include <stdlib.h>
#include "data/place.h"
#include "fail.h"
#include "measure/capture.h"
#include "measure/stamp.h"
#include "measure/timer.h"

/* A replay lasts at least this long, so that launching it costs nothing beside. */
static const double REPLAY_US = 2000;
/* Longer calls get one graph a set, so that a block need not last a whole pass over the sets. */
static const double LONG_CALL_US = 5000;
enum { MAX_NODES = 4096 };

struct batch {
    cudaGraphExec_t *graph;  /* [graphs]; launched in turn */
    int graphs, calls, next; /* calls in one graph */
    cudaEvent_t start, stop;
};

static cudaStream_t stream(void) { return place_device.stream(); }

static const char *elapsed_us(struct batch *b, double *us)
{
    float ms;

    CHECK_CUDA(cudaEventSynchronize(b->stop));
    CHECK_CUDA(cudaEventElapsedTime(&ms, b->start, b->stop));
    *us = 1e3 * (double)ms;
    return NULL;
}

/* Direct calls from set 0 on, between events. */
static const char *direct(struct timed *t, int calls, double *us)
{
    struct batch *b = t->state;

    CHECK_CUDA(cudaEventRecord(b->start, stream()));
    for (int i = 0; i < calls; i++) TRY(t->impl->run(t->plan, &t->set[i % t->sets], stream()));
    CHECK_CUDA(cudaGetLastError());
    CHECK_CUDA(cudaEventRecord(b->stop, stream()));
    TRY(elapsed_us(b, us));
    *us /= calls;
    return NULL;
}

static const char *open(struct timed *t)
{
    struct batch *b = calloc(1, sizeof *b);

    if (!b) return "oom: host memory for a batch";
    t->state = b;
    CHECK_CUDA(cudaEventCreate(&b->start));
    CHECK_CUDA(cudaEventCreate(&b->stop));
    TRY(direct(t, 1, &t->call_us));
    if (t->call_us < LONG_CALL_US) TRY(direct(t, t->call_us < 100 ? 20 : 3, &t->call_us));
    if (t->call_us > LONG_CALL_US && !t->once) {
        b->graphs = t->sets;
        b->calls = 1;
    } else {
        const double passes = ceil(REPLAY_US / (t->call_us * t->sets)),
                     most = (double)MAX_NODES / t->sets;
        b->graphs = 1;
        b->calls = t->sets * (int)(t->once || most < 1 ? 1 : passes < most ? passes : most);
    }
    b->graph = calloc((size_t)b->graphs, sizeof(cudaGraphExec_t));
    if (!b->graph) return "oom: host memory for a batch";
    for (int i = 0; i < b->graphs; i++) TRY(capture_calls(t, i, b->calls, &b->graph[i]));
    return NULL;
}

static const char *launch(struct batch *b, long replays)
{
    for (long i = 0; i < replays; i++) {
        CHECK_CUDA(cudaGraphLaunch(b->graph[b->next], stream()));
        b->next = (b->next + 1) % b->graphs;
    }
    return NULL;
}

static const char *block(struct timed *t, double warm_us, double block_us, struct block *result)
{
    struct batch *b = t->state;
    double us, sm_mhz;
    const double replay_us = t->call_us * b->calls;
    const long warm = (long)(warm_us / replay_us), timed = (long)ceil(block_us / replay_us);
    const long replays = timed > 1 ? timed : 1;

    TRY(launch(b, warm));
    TRY(stamp_start());
    CHECK_CUDA(cudaEventRecord(b->start, stream()));
    TRY(launch(b, replays));
    CHECK_CUDA(cudaEventRecord(b->stop, stream()));
    TRY(stamp_stop());
    TRY(stamp_read(&sm_mhz));
    TRY(elapsed_us(b, &us));
    *result = (struct block){.calls = replays * b->calls, .sm_mhz = sm_mhz};
    result->us = us / (double)result->calls;
    if (result->us > 0) t->call_us = result->us;
    return NULL;
}

static const char *replay(struct timed *t, int set)
{
    struct batch *b = t->state;

    b->next = set % b->graphs; /* one graph has all sets, or each set its own */
    TRY(launch(b, 1));
    return place_device.synchronize();
}

static void close(struct timed *t)
{
    struct batch *b = t->state;

    if (!b) return;
    for (int i = 0; b->graph && i < b->graphs; i++)
        if (b->graph[i]) cudaGraphExecDestroy(b->graph[i]);
    free(b->graph);
    if (b->start) cudaEventDestroy(b->start);
    if (b->stop) cudaEventDestroy(b->stop);
    free(b);
    t->state = NULL;
}

const struct timer timer_batch = {.name = "batch",
                                  .now_us = timer_now_us,
                                  .open = open,
                                  .block = block,
                                  .replay = replay,
                                  .close = close};
