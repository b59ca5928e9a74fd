/* time_isolated_cuda.c: device impls one call at a time, for latency: gate, event, call, event. The
 * gate (gate.h) keeps the device busy while the host queues the call behind it, so that the host's
 * launch cost is outside; and it makes the cache cold, or leaves it hot from an untimed call. A
 * block is a row of such samples, its time their median. Clocks are those of a device that is not
 * loaded: these times are never compared with batch ones. */
#include <cuda_runtime.h>
#include <math.h>
#include <stdlib.h>
#include "data/place.h"
#include "fail.h"
#include "measure/capture.h"
#include "measure/gate.h"
#include "measure/stamp.h"
#include "measure/stats.h"
#include "measure/timer.h"

#ifdef HAVE_NVCC
/* Samples of a block: at least so many, but for calls so long that these would take 20 blocks. */
enum { LEAST_SAMPLES = 50, MOST_SAMPLES = 512, TRIAL_SAMPLES = 10 };
static const double LONGEST_BLOCKS = 20;
/* More late samples than this, of 1: the gate is too short. */
static const double MOST_LATE = 0.05;
/* Of a hot gate: longer than it takes to queue a call of several kernels. */
static const double SPIN_US = 30;
/* The cold gate reads this many times the last-level cache. */
enum { CACHES_READ = 2 };

struct isolated {
    int next;         /* set of the next call */
    int passes;       /* 1, or 2: the gate is twice as long */
    double sample_us; /* one gate and one call */
};

/* One block is timed at a time: all share these. */
static cudaEvent_t before[MOST_SAMPLES], after[MOST_SAMPLES];
static void *flush; /* zeros, CACHES_READ times the last-level cache */
static size_t flush_bytes;

static cudaStream_t stream(void) { return place_device.stream(); }

static const char *set_up(const struct device *d)
{
    const size_t cache = d->l2_bytes ? d->l2_bytes : (size_t)32 << 20;

    for (int i = 0; i < MOST_SAMPLES && !after[i]; i++) {
        CHECK_CUDA(cudaEventCreate(&before[i]));
        CHECK_CUDA(cudaEventCreate(&after[i]));
    }
    if (flush) return NULL;
    TRY(place_device.allocate(&flush, CACHES_READ * cache));
    flush_bytes = CACHES_READ * cache;
    return place_device.set_bytes(flush, 0, flush_bytes);
}

/* warm: the untimed call of a hot gate is made. */
static const char *gate(struct timed *t, int warm)
{
    const struct isolated *s = t->state;

    if (t->cold) return gate_read(flush, flush_bytes, s->passes, stream());
    if (warm) TRY(t->impl->run(t->plan, &t->set[s->next], stream()));
    return gate_spin(SPIN_US * s->passes, stream());
}

static const char *call(struct timed *t)
{
    struct isolated *s = t->state;

    TRY(t->impl->run(t->plan, &t->set[s->next], stream()));
    s->next = (s->next + 1) % t->sets;
    return NULL;
}

/* n samples with stamps around them. A sample is late when its gate was over before all of it was
 * queued: then the host is in its time. */
static const char *sample(struct timed *t, int n, struct block *b, int *late)
{
    struct isolated *s = t->state;
    double us[MOST_SAMPLES];
    float ms;

    *late = 0;
    TRY(stamp_start());
    for (int i = 0; i < n; i++) {
        TRY(gate(t, 1));
        CHECK_CUDA(cudaEventRecord(before[i], stream()));
        TRY(call(t));
        CHECK_CUDA(cudaEventRecord(after[i], stream()));
        *late += cudaEventQuery(before[i]) == cudaSuccess;
    }
    TRY(stamp_stop());
    *b = (struct block){.calls = n};
    TRY(stamp_read(&b->sm_mhz));
    for (int i = 0; i < n; i++) {
        CHECK_CUDA(cudaEventElapsedTime(&ms, before[i], after[i]));
        us[i] = 1e3 * (double)ms;
    }
    CHECK_CUDA(cudaEventElapsedTime(&ms, before[0], after[n - 1]));
    b->us = stats_median(us, n);
    b->span_us = 1e3 * (double)ms;
    if (b->us > 0) t->call_us = b->us;
    if (n > 1) s->sample_us = (b->span_us - b->us) / (n - 1);
    return NULL;
}

static const char *open(struct timed *t)
{
    struct isolated *s = calloc(1, sizeof *s);
    cudaGraphExec_t exec = NULL;
    struct block b;
    int late;

    if (!s) return "oom: host memory for a timer";
    t->state = s;
    s->passes = 1;
    TRY(set_up(t->plan->device));
    /* captured only to see that it launches something, and on this stream: else nothing would be
     * between the events */
    TRY(capture_calls(t, 0, 1, &exec));
    CHECK_CUDA(cudaGraphExecDestroy(exec));
    TRY(sample(t, 1, &b, &late));
    return t->call_us > 1e4 ? NULL : sample(t, TRIAL_SAMPLES, &b, &late);
}

static int samples_of(const struct timed *t, double block_us)
{
    const struct isolated *s = t->state;
    const double one = s->sample_us > 0 ? s->sample_us : t->call_us, fit = ceil(block_us / one),
                 most = fmin(MOST_SAMPLES, LONGEST_BLOCKS * fit),
                 n = fmin(most, fmax(fit, LEAST_SAMPLES));
    return n > 1 ? (int)n : 1;
}

static const char *block(struct timed *t, double warm_us, double block_us, struct block *b)
{
    struct isolated *s = t->state;
    const int n = samples_of(t, block_us),
              warm = s->sample_us > 0 ? (int)(warm_us / s->sample_us) : 0;
    int late;

    for (int i = 0; i < warm; i++) {
        TRY(gate(t, 1));
        TRY(call(t));
    }
    TRY(sample(t, n, b, &late));
    if (late > MOST_LATE * n && s->passes == 1) {
        s->passes = 2;
        TRY(sample(t, n, b, &late));
    }
    b->exposed = late > MOST_LATE * n;
    return NULL;
}

/* Where out is an input too, the call must be the only one: no untimed one before it. */
static const char *replay(struct timed *t, int set)
{
    struct isolated *s = t->state;

    s->next = set % t->sets;
    TRY(gate(t, !t->once));
    CHECK_CUDA(cudaEventRecord(before[0], stream()));
    TRY(call(t));
    CHECK_CUDA(cudaEventRecord(after[0], stream()));
    return place_device.synchronize();
}

static void close(struct timed *t)
{
    free(t->state);
    t->state = NULL;
}

const struct timer timer_isolated = {.name = "isolated",
                                     .now_us = timer_now_us,
                                     .open = open,
                                     .block = block,
                                     .replay = replay,
                                     .close = close};
#else
const struct timer timer_isolated = {.name = "isolated", .missing = "not built: no nvcc"};
#endif
