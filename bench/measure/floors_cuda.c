/* floors_cuda.c: see floors.h. */
#include <cuda_runtime.h>
#include <math.h>
#include "data/place.h"
#include "fail.h"
#include "measure/floors.h"
#include "measure/null.h"

#ifdef HAVE_NVCC
enum { EVENTS = 256, BLOCKS = 5 };
static const double WARM_US = 2000, BLOCK_US = 10000;

static const char *run_null(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    (void)p, (void)o;
    null_launch(s);
    return NULL;
}

/* The least of some blocks. */
static double launch_us(const struct timer *timer, const struct device *d)
{
    static const struct impl nothing = {.name = "null", .place = DEVICE, .run = run_null};
    const struct plan plan = {.device = d};
    const struct operands none = {0};
    struct timed t = {.impl = &nothing, .plan = &plan, .set = &none, .sets = 1};
    struct block b;
    double best = NAN;

    if (!timer->open(&t))
        for (int i = 0; i < BLOCKS; i++)
            if (!timer->block(&t, WARM_US, BLOCK_US, &b) && !(b.us >= best)) best = b.us;
    timer->close(&t);
    return best;
}

/* Times between neighbours of a row of events, with empty kernels between them. */
static const char *between_events(cudaEvent_t *event, double *ns)
{
    for (int i = 0; i < EVENTS; i++) {
        CHECK_CUDA(cudaEventCreate(&event[i]));
        null_launch(place_device.stream());
        CHECK_CUDA(cudaEventRecord(event[i], place_device.stream()));
    }
    TRY(place_device.synchronize());
    for (int i = 0; i + 1 < EVENTS; i++) {
        float ms;
        CHECK_CUDA(cudaEventElapsedTime(&ms, event[i], event[i + 1]));
        ns[i] = 1e6 * (double)ms;
    }
    return NULL;
}

static double event_step_ns(void)
{
    cudaEvent_t event[EVENTS] = {0};
    double ns[EVENTS];
    const char *why = between_events(event, ns);

    for (int i = 0; i < EVENTS; i++)
        if (event[i]) cudaEventDestroy(event[i]);
    return why ? NAN : floors_step_ns(ns, EVENTS - 1);
}

struct floors floors_measure(const struct device *d)
{
    return (struct floors){
        .event_step_ns = event_step_ns(),
        .launch_us = {
            [BATCH] = launch_us(&timer_batch, d), [ISOLATED] = launch_us(&timer_isolated, d)}};
}
#else
struct floors floors_measure(const struct device *d)
{
    (void)d;
    return (struct floors){.event_step_ns = NAN, .launch_us = {NAN, NAN}};
}
#endif
