/* test_roof.c: the roofs of the host, and what is made of probes. A user would lose the measure
 * that
 * "% of roof" is taken with. */
#include "check.h"
#include "measure/roof.h"
#include "measure/roof_host.h"

static void chains(void)
{
    float end, other;
    double wide;

    CHECK_LOSS("a peak that was counted, not computed");
    CHECK(roof_chains_f32(1.25f, 777, &end) > 0 && end == roof_replay_f32(1.25f, 777));
    CHECK(roof_chains_f64(1.25, 777, &wide) > 0 && wide == roof_replay_f64(1.25, 777));
    roof_chains_f32(1.25f, 778, &other);
    CHECK(isfinite(end) && end != other); /* the end tells how many steps there were */
    roof_chains_f32(1.5f, 777, &other);
    CHECK(end != other);
    CHECK_NEAR(roof_chains_f32(1, 200, &end) / roof_chains_f32(1, 100, &other), 2, 1e-12);
    CHECK_NEAR(roof_chains_f32(1, 100, &end) / roof_chains_f64(1, 100, &wide), 2, 1e-12);
}

static void host(void)
{
    static struct roof_values r;
    const struct device d = {.threads = 2, .llc_bytes = 1 << 20};
    const struct roof_probe *probe;
    const int count = roof_probes(HOST, &probe);

    CHECK_LOSS("a roof of the host");
    roof_clear(&r, HOST, NULL);
    CHECK(isnan(roof_gflops(&r, F32)));
    CHECK_OK(roof_measure_host(&r, &d, 0.3));
    for (int i = 0; i < count; i++) CHECK(r.value[i] > 0 && !r.note[i][0]);
    struct roof_values end;
    roof_clear(&end, HOST, NULL);
    CHECK_OK(roof_copy_host(&end, &d, 0.03));
    CHECK(end.value[ROOF_DRAM_COPY] > 0 && isnan(end.value[ROOF_DRAM_READ]));
    CHECK(roof_gflops(&r, F32) == r.value[ROOF_FMA_F32]);
    CHECK(roof_gflops(&r, F64) == r.value[ROOF_FMA_F64]);
    CHECK(isnan(roof_gflops(&r, BF16)));
    CHECK(r.value[ROOF_FMA_F32] > 0.3 * r.value[ROOF_FMA_F64]); /* others may compute here too */
}

static void judged(void)
{
    static struct roof_values r;
    struct floor_spec spec = {.gflops = {1000, 500, 4000, 4000, 2000, 900}, .gbs = 2000};

    CHECK_LOSS("the refusal of a probe that beats physics");
    roof_clear(&r, DEVICE, &spec);
    CHECK_OK(roof_set(&r, ROOF_FFMA, 1009));
    CHECK_STR(r.note[ROOF_FFMA], "");
    CHECK_FAILS(roof_set(&r, ROOF_DFMA, 540), "dfma: 540 GFLOP/s is 108 % of the specification");
    CHECK(isnan(r.value[ROOF_DFMA]) && isnan(roof_gflops(&r, F64)));
    CHECK_FAILS(roof_set(&r, ROOF_DRAM_READ, 2160), "dram_read: 2160 GB/s is 108 %");
    CHECK_OK(roof_set(&r, ROOF_CACHE_READ, 9000)); /* nobody specifies it */
    CHECK_OK(roof_set(&r, ROOF_MMA_BF16, 2399));
    CHECK_STR(r.note[ROOF_MMA_BF16], "below 60 % of the specification");
    CHECK_OK(roof_set(&r, ROOF_WGMMA_BF16, 3900));
    CHECK_NEAR(roof_gflops(&r, BF16), 3900, 0); /* the best of its probes */
    CHECK_OK(roof_set(&r, ROOF_MMA_F64, 800));
    CHECK_NEAR(roof_gflops(&r, F64), 800, 0);
    CHECK_NEAR(roof_gflops(&r, F32), 1009, 0);
}

int main(void)
{
    chains();
    host();
    judged();
    return check_done();
}
