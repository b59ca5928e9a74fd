/* gpu_roof.c: every probe of the device gives exact results and stays within what its specification
 * allows. A user would lose the roof that rows are held against. */
#include "check.h"
#include "cmd/record_roof.h"
#include "device/machine.h"
#include "measure/recorder.h"

int main(void)
{
    static struct machine m;
    static struct roof_values r;
    const struct roof_probe *probe;
    const int count = roof_probes(DEVICE, &probe);

    machine_look(&m, 0, 0);
    if (!m.device.present) {
        printf("skipped: %s\n", m.no_device);
        return 77;
    }
    recorder_start(m.bus_id, 1);
    const struct floor_spec spec = record_roof_spec(&m);
    roof_clear(&r, DEVICE, &spec);
    CHECK_LOSS("the roof of the device");
    CHECK_OK(roof_measure_device(&r, &m.device, 4));
    for (int i = 0; i < count; i++) {
        const double percent = 100 * r.value[i] / r.spec[i];
        printf("%-12s %10.0f, %5.1f %% of %.0f  %s\n", probe[i].name, r.value[i], percent,
               r.spec[i], r.note[i]);
        CHECK(isfinite(r.value[i]) || r.note[i][0]); /* a value, or why there is none */
        if (isfinite(percent)) CHECK(percent > 40 && percent <= 107);
    }
    CHECK(r.value[ROOF_CACHE_READ] > r.value[ROOF_DRAM_READ]);
    CHECK(roof_gflops(&r, F32) > 0 && roof_gflops(&r, F64) > 0);
    if (m.device.cc >= 80) CHECK(roof_gflops(&r, BF16) > roof_gflops(&r, TF32));
    const double start = r.value[ROOF_DRAM_COPY];
    roof_clear(&r, DEVICE, &spec);
    CHECK_OK(roof_copy_device(&r, &m.device, 0.3));
    CHECK_NEAR(r.value[ROOF_DRAM_COPY], start, 0.1 * start);
    CHECK(isnan(r.value[ROOF_DRAM_READ]));
    recorder_stop();
    return check_done();
}
