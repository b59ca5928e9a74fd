/* test_floor.c: the least time that a GPU can take, against numbers worked out by hand from data
 * sheets. A user would lose the alarm at a time that cannot be, or a good row to a false one. */
#include "check.h"
#include "measure/floor.h"
#include "ops/problem.h"
#include "ops/windows.h"

/* H100 SXM: 132 SMs, 1980 MHz, 5120 bits at 2619 MHz, 50 MiB of L2. */
static const struct floor_chip h100 = {90, 132, 1980, 2619, 5120, 50 * 0x1p20};

static struct floor_work work(const char *text, enum tier tier, double slack)
{
    struct problem p;

    CHECK_OK(problem_parse(&p, text));
    return floor_work(&p, tier, slack);
}

static void peaks(void)
{
    const struct floor_spec s = floor_spec(&h100);
    struct floor_chip other = {
        .cc = 80, .sms = 108, .sm_mhz = 1410, .memory_mhz = 1215, .bus_bits = 5120};

    CHECK_LOSS("the peak of a device, by which impossible times are known");
    CHECK_NEAR(s.gbs, 3352.32, 0.01);
    CHECK_NEAR(s.gflops[FLOOR_FFMA], 66908, 1);
    CHECK_NEAR(s.gflops[FLOOR_DFMA], 33454, 1);
    CHECK_NEAR(s.gflops[FLOOR_MMA_F64], 66908, 1);
    CHECK_NEAR(s.gflops[FLOOR_MMA_BF16], 1070530, 1);
    CHECK_NEAR(s.gflops[FLOOR_MMA_TF32], 535265, 1);
    CHECK_NEAR(floor_gflops(&s, F64), 66908, 1);
    CHECK_NEAR(floor_gflops(&s, F32), 1070530 / 3., 1); /* three products of bf16 parts */
    CHECK_NEAR(floor_gflops(&s, TF32), 1070530, 1);     /* f16 has as many bits */
    CHECK_NEAR(floor_gflops(&s, BF16), 1070530, 1);
    const struct floor_spec a100 = floor_spec(&other);
    CHECK_NEAR(a100.gflops[FLOOR_MMA_F16], 311870, 1);
    CHECK_NEAR(a100.gflops[FLOOR_DFMA], 9746, 1);
    CHECK_NEAR(a100.gbs, 1555.2, 0.01);
    other.cc = 999, other.bus_bits = 0;
    const struct floor_spec none = floor_spec(&other);
    CHECK(isnan(floor_gflops(&none, F32)) && isnan(none.gbs));
    const struct floor_work w = work("gemm f32 nn 64x64x64", TUNED, 1);
    CHECK(isnan(floor_us(&none, F32, &w, 1)));
}

static void needed(void)
{
    struct floor_work w = work("gemm f32 nn 4096x4096x4096", TUNED, 1);
    long used;

    CHECK_LOSS("a good row, to a floor that counts work which can be left out");
    CHECK_NEAR(w.flops, 0x1p37, 0);
    CHECK_NEAR(w.bytes, 3 * 0x1p26, 0);
    w = work("gemm f32 nn 64x64x64 alpha=0", TUNED, 1);
    CHECK(w.flops == 0 && w.bytes == 64 * 64 * 4);
    /* 3x3 over 4x4 with pad 1: 4 + 3 + 3 taps an axis */
    w = work("conv2d f32 nchw 1x1x4x4 k1 3x3 pad1", TUNED, 1);
    CHECK_NEAR(w.flops, 2 * 10 * 10, 0);
    CHECK_NEAR(w.bytes, 4 * (16 + 9 + 16), 0);
    CHECK_NEAR(work("conv2d f32 nchw 1x1x4x4 k1 3x3 pad1", TUNED, 2).flops, 200 / 2.25, 1e-9);
    CHECK(work("conv2d f32 nchw 1x1x4x4 k1 3x3 pad1", TUNED, 8).flops == 0);
    CHECK(work("conv2d f32 nchw 1x1x4x4 k1 3x3 pad1", LIBRARY, 1).flops == 0);
    CHECK_NEAR(work("conv2d f32 nchw 1x8x4x4 k8 1x1", LIBRARY, 1).flops, 2 * 16 * 64, 0);
    /* 1x1 with stride 2 reads one pixel of four; a filter on one pixel one of its nine weights */
    w = work("conv2d f32 nchw 1x1x4x4 k1 1x1 stride2", TUNED, 1);
    CHECK_NEAR(w.bytes, 4 * (4 + 1 + 4), 0);
    w = work("conv2d f32 nchw 1x1x1x1 k1 3x3 pad1", TUNED, 1);
    CHECK(w.flops == 2 && w.bytes == 4 * 3);
    w = work("pool2d f32 nchw max 1x2x8x8 2x2 stride4", TUNED, 1);
    CHECK(w.flops == 0 && w.bytes == 4 * (2 * 16 + 2 * 4));

    /* counted one by one */
    for (long extent = 1; extent < 12; extent++)
        for (int i = 0; i < 4 * 4 * 3 * 3; i++) {
            struct windows v = {extent, 0, 1 + i % 4, 1 + i / 4 % 4, i / 16 % 3, 1 + i / 48};
            const long wide = (v.window - 1) * v.dilation + 1;
            int seen[12] = {0}, touched = 0;
            double taps = 0;
            if (extent + 2 * v.pad < wide) continue;
            v.outputs = (extent + 2 * v.pad - wide) / v.stride + 1;
            for (long o = 0; o < v.outputs; o++)
                for (long t = 0; t < v.window; t++) {
                    const long at = o * v.stride + t * v.dilation - v.pad;
                    if (at < 0 || at >= extent) continue;
                    taps++;
                    touched += !seen[at];
                    seen[at] = 1;
                }
            CHECK(windows_taps(&v, &used) == taps && used <= v.window);
            CHECK(v.dilation == 1 ? windows_touched(&v) == touched
                                  : windows_touched(&v) <= touched);
        }
}

static void times(void)
{
    const struct floor_spec s = floor_spec(&h100);
    struct floor_work w = work("gemm bf16 nt 8192x8192x8192", TUNED, 1);

    CHECK_LOSS("the alarm at a time that cannot be");
    CHECK_NEAR(floor_us(&s, BF16, &w, 2), 1027.1, 0.1); /* 1.0995e12 FLOP */
    w = (struct floor_work){0, 335.232e6};
    CHECK_NEAR(floor_us(&s, F32, &w, 1e9), 100, 0.01);
    CHECK_NEAR(floor_us(&s, F32, &w, 2), 100 - 50 * 0x1p20 / 2 / 3352.32e3, 0.01);
    CHECK_NEAR(floor_us(&s, F32, &w, 1), 100 - 50 * 0x1p20 / 3352.32e3, 0.01); /* hot */
    w.bytes = 1e6;
    CHECK(isnan(floor_us(&s, F32, &w, 1))); /* all of it stays in the cache */
    CHECK(floor_is_broken(93.4, 100) && !floor_is_broken(93.5, 100) && !floor_is_broken(1, NAN));
}

int main(void)
{
    peaks();
    needed();
    times();
    return check_done();
}
