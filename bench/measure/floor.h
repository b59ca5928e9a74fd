/* floor.h: the physical floor: the least time that the specification of a GPU allows. A call below
 * it did not compute what it claims, whatever its outputs say: a probe whose loop the compiler
 * removed, or a result copied from the call before. Pure functions; NaN: not known. */
#ifndef WHEELBENCH_FLOOR_H
#define WHEELBENCH_FLOOR_H
#include "wheelbench.h"

/* Ways to multiply and add. */
enum floor_path {
    FLOOR_FFMA,
    FLOOR_DFMA,
    FLOOR_MMA_F16,
    FLOOR_MMA_BF16,
    FLOOR_MMA_TF32,
    FLOOR_MMA_F64,
    FLOOR_PATHS
};

/* What the rates follow from. Clocks are the highest that the device can have, MHz; memory_mhz
 * counts both edges once, as CUDA and NVML do. */
struct floor_chip {
    int cc, sms;
    double sm_mhz, memory_mhz, bus_bits, l2_bytes;
};

struct floor_spec {
    double gflops[FLOOR_PATHS]; /* 0: no such instruction; all NaN: unknown compute capability */
    double gbs;                 /* of the DRAM */
    double l2_bytes;
};
struct floor_spec floor_spec(const struct floor_chip *chip);

/* GFLOP/s of the fastest way that keeps the contract of a precision. */
double floor_gflops(const struct floor_spec *spec, enum precision p);

/* What a call cannot do without. */
struct floor_work {
    double flops; /* 0: none, or not known of its algorithm */
    double bytes;
};

/* slack: W of the error bound, see struct plan. */
struct floor_work floor_work(const struct problem *p, enum tier tier, double slack);

/* sets: how many copies of the operands the calls walk through; 1: hot. A cache that does not evict
 * the oldest may keep its own size of them from one pass to the next. NaN: there is no floor. */
double floor_us(const struct floor_spec *spec, enum precision p, const struct floor_work *work,
                double sets);

/* A GPU may run faster than NVML's highest clock: an H100 that says 1980 MHz ran at up to 2085 by
 * its own cycle counters, in steps of 15 (run 20261125T154948Z-db37f79). So much is left to clocks,
 * and 1 % to timers. */
#define FLOOR_LEEWAY 1.07

/* The time says that physics was beaten. */
int floor_is_broken(double t_us, double floor_us);
#endif
