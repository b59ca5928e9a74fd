/* paced_host.c: see paced.h. A unit of work is a chain of additions and products, each of which
 * needs the one before, so that neither cores nor caches can shorten it; a wait looks at the
 * monotonic clock. */
#include <math.h>
#include <time.h>
#include "selftest/paced.h"
#include "selftest/product.h"

static const double UNIT = 250e3; /* links of the chain: about half a millisecond */

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static const char *run_work(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    const double units = *(const double *)p->state;
    const long links = (long)(UNIT * units);
    double x = units;

    (void)s;
    for (long i = 0; i < links; i++) x = x * 0.999999 + 1e-6;
    product_all(p, o);
    return isnan(x) ? "a chain of work went astray" : NULL; /* so that it cannot be left out */
}

static const char *run_wait(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    const double start = now_us(), us = *(const double *)p->state;

    (void)s;
    product_all(p, o);
    while (now_us() - start < us) {
    }
    return NULL;
}

#define AMOUNT(name, amount)                                                                       \
    static const char *prepare_##name(struct plan *p)                                              \
    {                                                                                              \
        static double value = amount;                                                              \
        p->state = &value;                                                                         \
        return NULL;                                                                               \
    }
AMOUNT(none, 0)
AMOUNT(one, 1)
AMOUNT(101, 1.01)
AMOUNT(102, 1.02)
AMOUNT(105, 1.05)
AMOUNT(two, 2)
AMOUNT(four, 4)
AMOUNT(20us, 20)
AMOUNT(1ms, 1e3)
AMOUNT(20ms, 20e3)

#define PACED(id, how)                                                                             \
    {                                                                                              \
        .name = "paced_" #id, .summary = "", .file = "", .tier = TUNED, .prepare = prepare_##id,   \
        .run = how                                                                                 \
    }
const struct impl paced_host[PACED_ALL] = {
    [PACED_NONE] = PACED(none, run_work), [PACED_ONE] = PACED(one, run_work),
    [PACED_101] = PACED(101, run_work),   [PACED_102] = PACED(102, run_work),
    [PACED_105] = PACED(105, run_work),   [PACED_TWO] = PACED(two, run_work),
    [PACED_FOUR] = PACED(four, run_work), [PACED_20US] = PACED(20us, run_wait),
    [PACED_1MS] = PACED(1ms, run_wait),   [PACED_20MS] = PACED(20ms, run_wait),
};
