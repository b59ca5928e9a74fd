/* roof.c: see roof.h: which probes there are, and what is made of their values. */
#include "measure/roof.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "fail.h"

static const struct roof_probe device_probes[] = {
    [ROOF_DRAM_COPY] = {"dram_copy", "dram_copy_gbs", -1, -1},
    [ROOF_DRAM_READ] = {"dram_read", "dram_read_gbs", -1, -1},
    [ROOF_DRAM_WRITE] = {"dram_write", "dram_write_gbs", -1, -1},
    [ROOF_CACHE_READ] = {"l2_read", "l2_read_gbs", -1, -1},
    [ROOF_FFMA] = {"ffma", "ffma_gflops", F32, FLOOR_FFMA},
    [ROOF_DFMA] = {"dfma", "dfma_gflops", F64, FLOOR_DFMA},
    [ROOF_MMA_F16] = {"mma_f16", "mma_f16_gflops", F16, FLOOR_MMA_F16},
    [ROOF_MMA_BF16] = {"mma_bf16", "mma_bf16_gflops", BF16, FLOOR_MMA_BF16},
    [ROOF_MMA_TF32] = {"mma_tf32", "mma_tf32_gflops", TF32, FLOOR_MMA_TF32},
    [ROOF_MMA_F64] = {"mma_f64", "mma_f64_gflops", F64, FLOOR_MMA_F64},
    [ROOF_WGMMA_F16] = {"wgmma_f16", "wgmma_f16_gflops", F16, FLOOR_MMA_F16},
    [ROOF_WGMMA_BF16] = {"wgmma_bf16", "wgmma_bf16_gflops", BF16, FLOOR_MMA_BF16},
    [ROOF_WGMMA_TF32] = {"wgmma_tf32", "wgmma_tf32_gflops", TF32, FLOOR_MMA_TF32},
};

static const struct roof_probe host_probes[] = {
    [ROOF_DRAM_COPY] = {"dram_copy", "dram_copy_gbs", -1, -1},
    [ROOF_DRAM_READ] = {"dram_read", "dram_read_gbs", -1, -1},
    [ROOF_DRAM_WRITE] = {"dram_write", "dram_write_gbs", -1, -1},
    [ROOF_CACHE_READ] = {"llc_read", "llc_read_gbs", -1, -1},
    [ROOF_FMA_F32] = {"fma_f32", "fma_f32_gflops", F32, -1},
    [ROOF_FMA_F64] = {"fma_f64", "fma_f64_gflops", F64, -1},
    [ROOF_ONE_THREAD + ROOF_DRAM_COPY] = {"dram_copy_1", "dram_copy_1_gbs", -1, -1},
    [ROOF_ONE_THREAD + ROOF_DRAM_READ] = {"dram_read_1", "dram_read_1_gbs", -1, -1},
    [ROOF_ONE_THREAD + ROOF_DRAM_WRITE] = {"dram_write_1", "dram_write_1_gbs", -1, -1},
    [ROOF_ONE_THREAD + ROOF_CACHE_READ] = {"llc_read_1", "llc_read_1_gbs", -1, -1},
    [ROOF_ONE_THREAD + ROOF_FMA_F32] = {"fma_f32_1", "fma_f32_1_gflops", -1, -1},
    [ROOF_ONE_THREAD + ROOF_FMA_F64] = {"fma_f64_1", "fma_f64_1_gflops", -1, -1},
};

int roof_probes(enum place place, const struct roof_probe **probes)
{
    *probes = place == HOST ? host_probes : device_probes;
    return place == HOST ? sizeof host_probes / sizeof *host_probes
                         : sizeof device_probes / sizeof *device_probes;
}

void roof_clear(struct roof_values *r, enum place place, const struct floor_spec *spec)
{
    const struct roof_probe *probe;
    const int count = roof_probes(place, &probe);

    memset(r, 0, sizeof *r);
    r->place = place;
    for (int i = 0; i < ROOF_MOST; i++) r->value[i] = r->spec[i] = NAN;
    if (!spec) return;
    for (int i = 0; i < count; i++)
        if (i < ROOF_CACHE_READ) r->spec[i] = spec->gbs;
        else if (probe[i].path >= 0) r->spec[i] = spec->gflops[probe[i].path];
}

int roof_counts_flops(enum place place, int probe)
{
    const struct roof_probe *probes;

    roof_probes(place, &probes);
    return strstr(probes[probe].key, "_gflops") != NULL;
}

const char *roof_set(struct roof_values *r, int probe, double value)
{
    const struct roof_probe *probes;
    const double percent = 100 * value / r->spec[probe];

    roof_probes(r->place, &probes);
    if (percent > 100 * FLOOR_LEEWAY) {
        snprintf(r->note[probe], sizeof r->note[probe],
                 "%.4g %s is %.0f %% of the specification: the probe is wrong", value,
                 roof_counts_flops(r->place, probe) ? "GFLOP/s" : "GB/s", percent);
        return fail_text("%s: %s", probes[probe].name, r->note[probe]);
    }
    r->value[probe] = value;
    if (percent < 60)
        snprintf(r->note[probe], sizeof r->note[probe], "below 60 %% of the specification");
    return NULL;
}

double roof_gflops(const struct roof_values *r, enum precision p)
{
    const struct roof_probe *probe;
    const int count = roof_probes(r->place, &probe);
    double best = NAN;

    for (int i = 0; i < count; i++)
        if (probe[i].precision == (int)p) best = fmax(best, r->value[i]);
    return best;
}

#ifndef HAVE_NVCC
const char *roof_measure_device(struct roof_values *r, const struct device *d, double budget_s)
{
    const struct roof_probe *probe;

    (void)d, (void)budget_s;
    for (int i = roof_probes(DEVICE, &probe) - 1; i >= 0; i--)
        snprintf(r->note[i], sizeof r->note[i], "not built: no nvcc");
    return NULL;
}

const char *roof_copy_device(struct roof_values *r, const struct device *d, double seconds)
{
    (void)r, (void)d, (void)seconds;
    return NULL;
}
#endif
