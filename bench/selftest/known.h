/* known.h: kernels whose duration is known beforehand, and what the timers of the device say of
 * them. A timer that is off by more than its resolution would be off for every impl. The kernels
 * are impls of a gemm of one product: they leave its operands alone and are not in the registry. */
#ifndef WHEELBENCH_KNOWN_H
#define WHEELBENCH_KNOWN_H
#include "measure/floors.h"
#ifdef __cplusplus
extern "C" {
#endif

/* Wait for `amount` us by the device's shared clock; for `amount` cycles of a multiprocessor. The
 * plan's state points to the amount, a double. */
extern const struct impl known_wait, known_cycles;

/* Times one of them: five blocks of 10 ms, at least one call each; *b is that of median time. cold
 * matters to isolated timing only. NULL, or why not. */
const char *known_time(const struct timer *timer, const struct device *d, const struct impl *impl,
                       double amount, int cold, struct block *b);

/* Steps in which the shared clock moves, ns; NaN: not known. */
double known_tick_ns(void);

/* NULL: a wait of `us` is timed as that and the floor of the timing, within slack_us + 0.5 % and a
 * tick of the clock it waits by; else by how much not. */
const char *known_duration(enum timing timing, const struct device *d, const struct floors *f,
                           double tick_ns, double us, double slack_us);

/* NULL: the time of a kernel of so many cycles, the floor taken off, times the clock that its block
 * measured gives the cycles within 1 %; else what it gives. The floor should be far below. */
const char *known_clock(enum timing timing, const struct device *d, const struct floors *f,
                        double cycles);

/* The kernels; ticks: the least step seen, ns, on the device. Only with nvcc. */
void known_wait_launch(unsigned long long ns, struct CUstream_st *);
void known_cycles_launch(long long cycles, struct CUstream_st *);
void known_tick_launch(unsigned long long *ticks, struct CUstream_st *);
#ifdef __cplusplus
}
#endif
#endif
