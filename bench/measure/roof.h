/* roof.h: what this machine was measured to reach, in the run whose rows are held against it: GB/s,
 * and GFLOP/s of each precision. Probes run for a while, so that clocks and power settle, on random
 * operands; each first has to give exact results. Values are NaN where nothing was measured. */
#ifndef WHEELBENCH_ROOF_H
#define WHEELBENCH_ROOF_H
#include "measure/floor.h"

enum { ROOF_MOST = 16 };

/* Probes of both places, then those of one. */
enum {
    ROOF_DRAM_COPY,
    ROOF_DRAM_READ,
    ROOF_DRAM_WRITE,
    ROOF_CACHE_READ, /* of the last-level cache: l2_read, llc_read */
    ROOF_PLACE,

    ROOF_FFMA = ROOF_PLACE,
    ROOF_DFMA,
    ROOF_MMA_F16,
    ROOF_MMA_BF16,
    ROOF_MMA_TF32,
    ROOF_MMA_F64,
    ROOF_WGMMA_F16,
    ROOF_WGMMA_BF16,
    ROOF_WGMMA_TF32,

    ROOF_FMA_F32 = ROOF_PLACE,
    ROOF_FMA_F64,
    ROOF_ONE_THREAD, /* the six of the host again */
};

struct roof_probe {
    const char *name, *key; /* dram_copy, dram_copy_gbs: key of the manifest */
    int precision;          /* whose roof it counts for; -1: none */
    int path;               /* enum floor_path that it cannot beat; -1: none */
};

/* The probes of a place; returns how many. */
int roof_probes(enum place place, const struct roof_probe **probes);

struct roof_values {
    enum place place;
    double value[ROOF_MOST];   /* GB/s or GFLOP/s */
    double spec[ROOF_MOST];    /* the same by the specification */
    char note[ROOF_MOST][160]; /* why there is no value, or what is odd about it; "": nothing */
};

/* Nothing measured. spec NULL: none is known. */
void roof_clear(struct roof_values *r, enum place place, const struct floor_spec *spec);

/* Is the probe's value GFLOP/s, not GB/s? */
int roof_counts_flops(enum place place, int probe);

/* Takes over what a probe reached. NULL, or why it cannot be: above the specification by more than
 * FLOOR_LEEWAY.
 * A value below 60 % of it gets a note. */
const char *roof_set(struct roof_values *r, int probe, double value);

/* The roof of a precision: the best of its probes, GFLOP/s. */
double roof_gflops(const struct roof_values *r, enum precision p);

/* Measures all probes of a place in about budget_s. NULL, or what is wrong with a probe: that one
 * has no value, the others do. r as roof_clear left it. */
const char *roof_measure_device_one(struct roof_values *r, int probe, const struct device *d,
                                    double budget_s); /* that probe alone; where HAVE_NVCC */
const char *roof_measure_device(struct roof_values *r, const struct device *d, double budget_s);
const char *roof_measure_host(struct roof_values *r, const struct device *d, double budget_s);

/* The DRAM copy alone, all threads, in about `seconds`: what is measured again at the end of a run.
 */
const char *roof_copy_device(struct roof_values *r, const struct device *d, double seconds);
const char *roof_copy_host(struct roof_values *r, const struct device *d, double seconds);
#endif
