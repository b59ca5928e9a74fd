/* known_cuda.c: see known.h. */
#include <cuda_runtime.h>
#include <math.h>
#include "data/place.h"
#include "fail.h"
#include "ops/problem.h"
#include "selftest/known.h"

enum { BLOCKS = 5 };
static const double WARM_US = 5e3, BLOCK_US = 10e3;
static const char PROBLEM[] = "gemm f32 nn 1x1x1";

static const struct timer *timer_of(enum timing t)
{
    return t == BATCH ? &timer_batch : &timer_isolated;
}

#ifdef HAVE_NVCC
static const char *run_wait(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    (void)o;
    known_wait_launch((unsigned long long)(1e3 * *(const double *)p->state), s);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

static const char *run_cycles(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    (void)o;
    known_cycles_launch((long long)*(const double *)p->state, s);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

static const char *read_tick(unsigned long long *tick)
{
    static void *on_device;

    if (!on_device) TRY(place_device.allocate(&on_device, sizeof *tick));
    known_tick_launch(on_device, place_device.stream());
    CHECK_CUDA(cudaGetLastError());
    return place_device.to_host(tick, on_device, sizeof *tick);
}
#else
static const char NOT_BUILT[] = "not built: no nvcc";

static const char *run_wait(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    (void)p, (void)o, (void)s;
    return NOT_BUILT;
}

static const char *run_cycles(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    return run_wait(p, o, s);
}

static const char *read_tick(unsigned long long *tick)
{
    (void)tick;
    return NOT_BUILT;
}
#endif

#define KNOWN(symbol, what, how)                                                                   \
    const struct impl symbol = {.name = #symbol,                                                   \
                                .summary = what,                                                   \
                                .file = __FILE__,                                                  \
                                .tier = NAIVE,                                                     \
                                .place = DEVICE,                                                   \
                                .run = how}
KNOWN(known_wait, "waits for a time", run_wait);
KNOWN(known_cycles, "waits for cycles", run_cycles);

double known_tick_ns(void)
{
    unsigned long long tick;

    return read_tick(&tick) ? NAN : (double)tick;
}

static const char *blocks(const struct timer *timer, struct timed *t, struct block *b)
{
    TRY(timer->open(t));
    for (int i = 0; i < BLOCKS; i++) { /* sorted as they come */
        struct block now;
        int at = i;
        TRY(timer->block(t, WARM_US, BLOCK_US, &now));
        for (; at && b[at - 1].us > now.us; at--) b[at] = b[at - 1];
        b[at] = now;
    }
    return NULL;
}

const char *known_time(const struct timer *timer, const struct device *d, const struct impl *impl,
                       double amount, int cold, struct block *b)
{
    const struct operands none = {0};
    struct block all[BLOCKS];
    struct problem problem;

    if (timer->missing) return timer->missing;
    TRY(problem_parse(&problem, PROBLEM));
    const struct plan plan = {.problem = &problem, .device = d, .state = &amount};
    struct timed t = {.impl = impl, .plan = &plan, .set = &none, .sets = 1, .cold = cold};
    const char *why = blocks(timer, &t, all);
    timer->close(&t);
    if (!why) *b = all[BLOCKS / 2];
    return why;
}

const char *known_duration(enum timing timing, const struct device *d, const struct floors *f,
                           double tick_ns, double us, double slack_us)
{
    const struct timer *timer = timer_of(timing);
    const double expected = us + f->launch_us[timing],
                 slack = slack_us + 0.005 * us + 1e-3 * fmax(tick_ns, 0);
    struct block b;

    TRY(known_time(timer, d, &known_wait, us, 0, &b));
    if (fabs(b.us - expected) <= slack) return NULL; /* NaN fails */
    return fail_text("%s: a wait of %g us took %.3f us, expected %.3f +- %.3f", timer->name, us,
                     b.us, expected, slack);
}

const char *known_clock(enum timing timing, const struct device *d, const struct floors *f,
                        double cycles)
{
    const struct timer *timer = timer_of(timing);
    struct block b;

    TRY(known_time(timer, d, &known_cycles, cycles, 0, &b));
    const double counted = (b.us - f->launch_us[timing]) * b.sm_mhz;
    if (fabs(counted - cycles) <= 0.01 * cycles) return NULL;
    return fail_text("%s: %.0f cycles took %.2f us at %.1f MHz, that is %.0f", timer->name, cycles,
                     b.us, b.sm_mhz, counted);
}
