/* methods.c: see methods.h. */
#include "study/methods.h"
#include <cuda_runtime.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>
#include "data/place.h"
#include "fail.h"
#include "study/device.h"

enum { LEAST_SAMPLES = 7, MOST_SAMPLES = 200, MOST_CALLS = 2000, ENQUEUED = 64 };
static const double LOAD_US = 400e3, WARM_US = 30e3, SAMPLES_US = 150e3, LOOP_US = 5e3;
static const unsigned long long CLOCK_NS = 300000;

static struct {
    cudaEvent_t start, stop;
    void *buffer; /* of flush_bytes, full of zeros */
    size_t flush_bytes;
    unsigned *sink;
    unsigned long long *clock; /* cycles and ns of study_launch_clock */
} own;

static cudaStream_t stream(void) { return place_device.stream(); }

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

const char *methods_open(size_t l2_bytes)
{
    own.flush_bytes = 2 * l2_bytes;
    CHECK_CUDA(cudaEventCreate(&own.start));
    CHECK_CUDA(cudaEventCreate(&own.stop));
    CHECK_CUDA(cudaMalloc(&own.buffer, own.flush_bytes));
    CHECK_CUDA(cudaMalloc((void **)&own.sink, sizeof *own.sink));
    CHECK_CUDA(cudaMalloc((void **)&own.clock, 2 * sizeof *own.clock));
    TRY(flush_by_memset());
    return place_device.synchronize();
}

void methods_close(void)
{
    cudaFree(own.clock);
    cudaFree(own.sink);
    cudaFree(own.buffer);
    cudaEventDestroy(own.stop);
    cudaEventDestroy(own.start);
}

const char *work_call(const struct work *w)
{
    if (w->impl) return w->impl->run(w->plan, &w->operands, stream());
    study_launch_marker(stream());
    return NULL;
}

const char *flush_by_memset(void)
{
    CHECK_CUDA(cudaMemsetAsync(own.buffer, 0, own.flush_bytes, stream()));
    return NULL;
}

const char *flush_by_reading(void)
{
    study_launch_sweep(own.buffer, own.flush_bytes, own.sink, stream());
    return NULL;
}

/* calls between two events; us of one. */
static const char *between_events(const struct work *w, int calls, double *us)
{
    float ms;

    CHECK_CUDA(cudaEventRecord(own.start, stream()));
    for (int i = 0; i < calls; i++) TRY(work_call(w));
    CHECK_CUDA(cudaEventRecord(own.stop, stream()));
    CHECK_CUDA(cudaEventSynchronize(own.stop));
    CHECK_CUDA(cudaEventElapsedTime(&ms, own.start, own.stop));
    CHECK_CUDA(cudaGetLastError());
    *us = 1e3 * (double)ms / calls;
    return NULL;
}

static const char *call_hot(const struct work *w, int calls, double *us)
{
    (void)calls;
    return between_events(w, 1, us);
}

static const char *call_cold(const struct work *w, int calls, double *us)
{
    (void)calls;
    TRY(flush_by_memset());
    return between_events(w, 1, us);
}

static const char *call_cold_read(const struct work *w, int calls, double *us)
{
    (void)calls;
    TRY(flush_by_reading());
    return between_events(w, 1, us);
}

static const char *wall_hot(const struct work *w, int calls, double *us)
{
    const double start = now_us();

    (void)calls;
    TRY(work_call(w));
    TRY(place_device.synchronize());
    *us = now_us() - start;
    return NULL;
}

/* What the host needs to queue one call. Few enough that the queue does not fill. */
static const char *enqueue(const struct work *w, int calls, double *us)
{
    const int n = calls < ENQUEUED ? calls : ENQUEUED;
    const double start = now_us();

    for (int i = 0; i < n; i++) TRY(work_call(w));
    *us = (now_us() - start) / n;
    return place_device.synchronize();
}

const char *methods_warm(void)
{
    const struct work null = {0};
    const double start = now_us();
    double us;

    while (now_us() - start < LOAD_US) {
        TRY(flush_by_reading());
        TRY(between_events(&null, ENQUEUED, &us));
    }
    return NULL;
}

const struct method methods[] = {{"loop_hot", between_events},
                                 {"call_hot", call_hot},
                                 {"call_cold", call_cold},
                                 {"call_cold_read", call_cold_read},
                                 {"wall_hot", wall_hot},
                                 {"enqueue", enqueue},
                                 {NULL, NULL}};

static const char *sm_mhz(double *mhz)
{
    unsigned long long at[2];

    study_launch_clock(own.clock, CLOCK_NS, stream());
    TRY(place_device.to_host(at, own.clock, sizeof at));
    *mhz = at[1] ? 1e3 * (double)at[0] / (double)at[1] : NAN;
    return NULL;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Linear between the two nearest of n sorted values. */
static double quantile(const double *x, int n, double q)
{
    const double at = q * (n - 1);
    const int low = (int)at, high = low + 1 < n ? low + 1 : low;

    return x[low] + (at - low) * (x[high] - x[low]);
}

const char *method_measure(const struct method *m, const struct work *w, struct times *t)
{
    double x[MOST_SAMPLES], us, spent = 0;
    int n = 0;

    TRY(between_events(w, 1, &us)); /* modules are loaded */
    TRY(between_events(w, 1, &us));
    const double warm_start = now_us();
    do {
        const int warm = us < WARM_US ? (int)fmin(ceil(WARM_US / us), MOST_CALLS) : 1;
        TRY(between_events(w, warm, &us));
    } while (now_us() - warm_start < WARM_US);
    const int calls = us < LOOP_US ? (int)fmin(ceil(LOOP_US / us), MOST_CALLS) : 1;
    const double start = now_us();
    while (n < MOST_SAMPLES && (n < LEAST_SAMPLES || spent < SAMPLES_US)) {
        TRY(m->sample(w, calls, &x[n++]));
        spent = now_us() - start;
    }
    TRY(sm_mhz(&t->sm_mhz));
    qsort(x, (size_t)n, sizeof *x, ascending);
    t->n = n;
    t->median_us = quantile(x, n, 0.5);
    t->p05_us = quantile(x, n, 0.05);
    t->p95_us = quantile(x, n, 0.95);
    return NULL;
}
