/* floor.c: see floor.h. Wherever there is doubt the floor is the lower one: a row that is called
 * impossible counts as wrong. */
#include "measure/floor.h"
#include <math.h>
#include <stddef.h>

/* FLOP per clock and SM, a fused multiply-add counting 2, dense operands. FFMA and DFMA: CUDA C++
 * Programming Guide, table "Throughput of Native Arithmetic Instructions". mma: the peak rates of
 * NVIDIA's architecture white papers (V100, Turing, A100, GA102, H100, AD102, Blackwell) over SMs
 * and boost clock, f16 with f16 sums where these are faster. */
static const struct {
    int cc;
    double flops[FLOOR_PATHS];
} per_clock[] = {
    /*   FFMA DFMA   f16  bf16  tf32  f64 */
    {70, {128, 64, 1024, 0, 0, 0}},           {75, {128, 4, 1024, 0, 0, 0}},
    {80, {128, 64, 2048, 2048, 1024, 128}},   {86, {256, 4, 1024, 1024, 512, 4}},
    {89, {256, 4, 1024, 1024, 512, 4}},       {90, {256, 128, 4096, 4096, 2048, 256}},
    {100, {256, 128, 8192, 8192, 4096, 128}}, {120, {256, 4, 1024, 1024, 512, 4}},
};

struct floor_spec floor_spec(const struct floor_chip *chip)
{
    struct floor_spec spec = {.l2_bytes = chip->l2_bytes};

    for (int path = 0; path < FLOOR_PATHS; path++) spec.gflops[path] = NAN;
    for (size_t i = 0; i < sizeof per_clock / sizeof per_clock[0]; i++)
        for (int path = 0; path < FLOOR_PATHS && per_clock[i].cc == chip->cc; path++)
            spec.gflops[path] = per_clock[i].flops[path] * chip->sms * chip->sm_mhz * 1e-3;
    spec.gbs = chip->bus_bits / 8 * chip->memory_mhz * 2e-3; /* two transfers a clock */
    if (!(spec.gbs > 0)) spec.gbs = NAN;
    return spec;
}

double floor_gflops(const struct floor_spec *spec, enum precision p)
{
    const double *rate = spec->gflops, half = fmax(rate[FLOOR_MMA_F16], rate[FLOOR_MMA_BF16]);
    /* three products of tf32 or of bf16 parts carry the significand of an f32 one */
    const double f32 = fmax(rate[FLOOR_FFMA], fmax(rate[FLOOR_MMA_TF32], half) / 3);

    switch (p) {
    case F64: return fmax(rate[FLOOR_DFMA], rate[FLOOR_MMA_F64]);
    case F32: return f32;
    case TF32: /* f16 has its 11 bits too */
        return fmax(f32, fmax(rate[FLOOR_MMA_TF32], rate[FLOOR_MMA_F16]));
    default: return fmax(f32, half);
    }
}

struct floor_work floor_work(const struct problem *p, enum tier tier, double slack)
{
    struct floor_work work = {p->op->flops(p), p->op->bytes(p)};
    /* a library may choose what it likes, and W is 8 for F(4x4) and for FFT */
    const int direct = tier != LIBRARY && slack <= 2;

    if (p->op->least) p->op->least(p, direct, &work.flops, &work.bytes);
    if (slack > 1) work.flops /= 2.25; /* Winograd F(2x2): 16 products for 36 */
    return work;
}

double floor_us(const struct floor_spec *spec, enum precision p, const struct floor_work *work,
                double sets)
{
    const double gflops = floor_gflops(spec, p), bytes = work->bytes - spec->l2_bytes / sets;
    double t = 0;

    if (work->flops > 0 && gflops > 0) t = work->flops / gflops * 1e-3;
    if (bytes > 0 && spec->gbs > 0) t = fmax(t, bytes / spec->gbs * 1e-3);
    return t > 0 ? t : NAN;
}

int floor_is_broken(double t_us, double floor_us) { return t_us * FLOOR_LEEWAY < floor_us; }
