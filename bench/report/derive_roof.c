/* derive_roof.c: times against what the machine was measured to reach. */
#include <math.h>
#include "report/derive.h"

/* The least time and the term that gives it. */
static double least_us(double flop, double bytes, const struct roof *roof, enum bound *bound)
{
    double t = 0;

    *bound = BOUND_UNKNOWN;
    if (flop > 0 && !(roof->gflops > 0)) return NAN;
    if (flop > 0) t = flop / roof->gflops / 1e3, *bound = BOUND_COMPUTE;
    if (roof->gbs > 0 && bytes / roof->gbs / 1e3 > t)
        t = bytes / roof->gbs / 1e3, *bound = BOUND_MEMORY;
    if (roof->launch_us > t) t = roof->launch_us, *bound = BOUND_LAUNCH;
    return t > 0 ? t : NAN;
}

double derive_roof_us(double flop, double bytes, const struct roof *roof)
{
    enum bound bound;

    return least_us(flop, bytes, roof, &bound);
}

enum bound derive_bound(double flop, double bytes, const struct roof *roof)
{
    enum bound bound;

    least_us(flop, bytes, roof, &bound);
    return bound;
}

const char *derive_bound_name(enum bound b)
{
    static const char *const names[] = {[BOUND_UNKNOWN] = "-",
                                        [BOUND_COMPUTE] = "compute",
                                        [BOUND_MEMORY] = "memory",
                                        [BOUND_LAUNCH] = "launch"};
    return names[b];
}

double derive_percent_of_roof(const struct row *r, const struct roof *roof)
{
    if (!derive_usable(r)) return NAN;
    return 100 * derive_roof_us(r->flop, r->bytes, roof) / r->t_med_us;
}
