/* test_devices.c: results/devices.csv and its reader. A user would lose the check of rows against
 * the vendor's figures to a line that was misread. */
#include "scratch.h"
#include "check.h"
#include "measure/floor.h"
#include "store/devices.h"

static const char header[] =
    "slug,name,kind,vendor,arch,cc,released,spec_clock_mhz,spec_gbs,spec_f64,spec_f32,spec_tf32,"
    "spec_f16,spec_bf16,spec_source\n";

static const char *read_text(const char *lines, struct devices *d)
{
    char text[4096];

    snprintf(text, sizeof text, "%s%s", header, lines);
    return devices_read(scratch_write("devices.csv", text, strlen(text)), d);
}

static void fails(const char *lines, const char *words)
{
    struct devices d;

    CHECK_FAILS(read_text(lines, &d), words);
    devices_free(&d);
}

static void good(void)
{
    struct devices d;

    CHECK_LOSS("a processor's figures");
    CHECK_OK(read_text("x-1,X (1),gpu,V,A,90,2022-03,1000,2,,4,5,6,7,\"a, b\"\r\n"
                       "y,Y,cpu,V,,,,,,,,,,,\n",
                       &d));
    CHECK(d.count == 2);
    const struct device_line *x = devices_find(&d, "x-1");
    CHECK(x && x->cc == 90 && x->clock_mhz == 1000 && x->gbs == 2 && isnan(x->gflops[F64]));
    CHECK(x && x->gflops[F32] == 4 && x->gflops[TF32] == 5 && x->gflops[F16] == 6);
    CHECK(x && x->gflops[BF16] == 7 && !strcmp(x->source, "a, b"));
    CHECK(!devices_find(&d, "z") && devices_find(&d, "y"));
    devices_free(&d);
}

static void bad(void)
{
    struct devices d;

    CHECK_LOSS("the alarm at a line that is not what it seems");
    CHECK_FAILS(devices_read(scratch_write("empty", "", 0), &d), "column 1 must be slug");
    devices_free(&d);
    CHECK_FAILS(devices_read(scratch_write("short", "slug,name\n", 10), &d), "column 3 must be");
    devices_free(&d);
    CHECK_FAILS(devices_read("no/such/file", &d), "cannot read");
    devices_free(&d);
    fails("x,X,gpu,V,A,90,,,,,,,,\n", ":2: 14 fields");
    fails("x,X,gpu,V,A,90,,,,,,,,,,\n", ":2: 16 fields");
    fails("y,X,gpu,V,A,90,,,,,,,,,\n", "the name 'X' makes 'x'");
    fails("x,X,tpu,V,A,90,,,,,,,,,\n", "known: gpu cpu");
    fails("x,X,gpu,,A,90,,,,,,,,,\n", "vendor is empty");
    fails("x,X,gpu,V,A,,,,,,,,,,\n", "whole number");
    fails("x,X,gpu,V,A,9.5,,,,,,,,,\n", "whole number");
    fails("x,X,cpu,V,A,90,,,,,,,,,\n", "of a gpu");
    fails("x,X,gpu,V,A,90,2022-13,,,,,,,,\n", "YYYY-MM");
    fails("x,X,gpu,V,A,90,2022,,,,,,,,\n", "YYYY-MM");
    fails("x,X,gpu,V,A,90,,-1,,,,,,,s\n", "positive");
    fails("x,X,gpu,V,A,90,,nan,,,,,,,s\n", "positive");
    fails("x,X,gpu,V,A,90,,1e999,,,,,,,s\n", "positive");
    fails("x,X,gpu,V,A,90,,0x10,,,,,,,s\n", "positive");
    fails("x,X,gpu,V,A,90,,,,,,,,5,\n", "spec_source");
    fails("x,X,gpu,V,A,90,,,,,,,,,\nx,X,gpu,V,A,90,,,,,,,,,\n", ":3: 'x' stands there twice");
    fails("x,X,gpu,V,A,90,,,,,,,,,", "no end");
    fails("x,\"X,gpu,V,A,90,,,,,,,,,\n", "never closed");
}

/* The vendor's peaks against the rates of floor.c: both are from the same documents, so that a slip
 * in either shows. */
static void stored(void)
{
    struct devices d;

    CHECK_LOSS("the floor of a device, to a slip in its figures");
    CHECK_OK(devices_read("results/devices.csv", &d));
    CHECK(d.count >= 13 && devices_find(&d, "nvidia-h100-80gb-hbm3") &&
          devices_find(&d, "amd-epyc"));
    for (int i = 0; i < d.count; i++) {
        const struct device_line *l = &d.lines[i];
        if (!(l->cc > 0 && l->clock_mhz > 0)) continue;
        const struct floor_chip one = {.cc = (int)l->cc, .sms = 1, .sm_mhz = l->clock_mhz};
        const struct floor_spec spec = floor_spec(&one);
        const double sms = l->gflops[F32] / spec.gflops[FLOOR_FFMA];
        if (!CHECK(fabs(sms - round(sms)) < 0.25)) printf("    %s: %g SMs\n", l->slug, sms);
        for (int p = 0; p < PRECISIONS; p++)
            if (!CHECK(!(l->gflops[p] > 1.01 * round(sms) * floor_gflops(&spec, p))))
                printf("    %s, precision %d\n", l->slug, p);
    }
    devices_free(&d);
}

int main(void)
{
    scratch_begin();
    good();
    bad();
    stored();
    return check_done();
}
