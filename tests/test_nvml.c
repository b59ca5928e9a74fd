/* test_nvml: what a driver that refuses, or lacks, or is not there leaves of the values. A user
 * would lose: the run, clocks of another GPU, or zeros that nobody measured. */
#include "scratch.h"
#include "check.h"
#include "cmd/record_nvml.h"
#include "fake_nvml.h"

static void everything(void)
{
    CHECK_LOSS("what the device did while it was timed");
    CHECK(isnan(recorder_facts()->before[NVML_TEMP_C]) && recorder_note() == NULL);
    fake("FAKE_NVML_FULL", "capped", "");
    recorder_start(OURS, 1);
    const struct recorder_facts *f = recorder_facts();
    CHECK(recorder_note() == NULL);
    CHECK(f->running && f->foreign == 0 && f->uuid_hash != 0);
    CHECK_STR(f->driver, "580.95.05");
    CHECK_NEAR(f->before[NVML_LIMIT_W], 700, 1e-9);
    CHECK_NEAR(f->before[NVML_LIMIT_MIN_W], 200, 1e-9);
    CHECK_NEAR(f->before[NVML_LIMIT_MAX_W], 700, 1e-9);
    CHECK(f->before[NVML_SM_MAX_MHZ] == 1980 && f->before[NVML_MEM_MAX_MHZ] == 2619);
    CHECK(f->before[NVML_ECC] == 1 && f->before[NVML_PERSISTENCE] == 1 && !f->before[NVML_MIG]);
    CHECK(f->before[NVML_UTILISATION_PCT] == 0 && f->before[NVML_ECC_CORRECTED] == 3);
    const struct recorder_summary s = after_ms(500);
    CHECK(s.count >= 10 && s.count <= 26);
    CHECK(s.sm_mhz == 1755 && s.mem_mhz == 2619 && s.temp_c == 58);
    CHECK_NEAR(s.power_w, 700, 1e-9); /* of the moment, not the mean of the last second */
    CHECK(s.reasons == NVML_REASON_POWER_CAP && s.cap_pct == 100);
    CHECK(recorder_window(0, 1).count == 0 && isnan(recorder_window(0, 1).sm_mhz) &&
          isnan(recorder_window(0, 1).temp_c));
    const uint64_t hash = f->uuid_hash;
    recorder_stop();
    CHECK(f->after[NVML_TEMP_C] == 58 && f->sample_ms >= 0);
    CHECK(of_fake("fake_nvml_opened") == 0);
    CHECK(recorder_window(0, 1e18).count == 0);

    CHECK_LOSS("clocks of the GPU that is measured, not of its neighbour");
    recorder_start("0000:01:00.0", 1);
    CHECK(recorder_facts()->before[NVML_SM_MHZ] == 300 && recorder_facts()->uuid_hash != hash);
    recorder_stop();
    recorder_start("0000:99:00.0", 1);
    CHECK(!recorder_facts()->running && isnan(recorder_facts()->before[NVML_SM_MHZ]));
    CHECK_STR(recorder_note(), "no NVML for this device: NVML status 6");
    CHECK(of_fake("fake_nvml_opened") == 0);
}

/* One value is missing, the others are there; it is asked for once and said once. */
static void refused(const char *fails, enum nvml_value v, const char *says)
{
    fake("FAKE_NVML_FULL", "", fails);
    recorder_start(OURS, 1);
    CHECK_STR(recorder_note(), says);
    const struct recorder_summary s = after_ms(300);
    CHECK(s.count > 4 && (isnan(s.sm_mhz) || s.sm_mhz == 1755));
    CHECK(isnan(recorder_facts()->before[v]));
    CHECK(isnan(v == NVML_TEMP_C ? s.temp_c : v == NVML_SM_MHZ ? s.sm_mhz : NAN));
    if (v == NVML_POWER_W) CHECK_NEAR(s.power_w, 650, 1e-9);
    recorder_stop();
    CHECK_STR(recorder_note(), says);
}

static void missing(void)
{
    CHECK_LOSS("the rest, when the driver refuses one value; or zeros in its place");
    refused("nvmlDeviceGetTemperature=3", NVML_TEMP_C, "NVML: no temperature (not supported)");
    CHECK(of_fake("fake_nvml_calls") == 1);
    refused("nvmlDeviceGetFieldValues=4", NVML_POWER_W, "NVML: no instant power (no permission)");
    CHECK(of_fake("fake_nvml_calls") == 1);
    refused("nvmlDeviceGetClockInfo=15", NVML_SM_MHZ,
            "NVML: no SM clock (the GPU is lost), memory clock (the GPU is lost)");
    CHECK(of_fake("fake_nvml_calls") > 4); /* it may come back */
    refused("nvmlDeviceGetCurrentClocksEventReasons=3", NVML_REASONS,
            "NVML: no clock reasons (not supported)");

    CHECK_LOSS("power, where the field says by itself that it is not there");
    fake("FAKE_NVML_FULL", "no_instant", "");
    recorder_start(OURS, 1);
    CHECK_NEAR(after_ms(200).power_w, 650, 1e-9);
    CHECK_STR(recorder_note(), "NVML: no instant power (not supported)");
    recorder_stop();

    CHECK_LOSS("clocks on an old driver");
    fake("FAKE_NVML_BARE", "hot", "");
    recorder_start(OURS, 1);
    const struct recorder_summary s = after_ms(200);
    CHECK(s.sm_mhz == 1755 && s.power_w == 650 && s.temp_c == 58 && s.cap_pct == 0);
    CHECK((s.reasons & NVML_REASON_THERMAL) != 0 && recorder_facts()->foreign == 0);
    CHECK_STR(recorder_note(),
              "NVML: no instant power (not in this driver), energy counter (not in this driver), "
              "corrected errors (not in this driver), uncorrected errors (not in this driver), "
              "MIG mode (not in this driver)");
    recorder_stop();

    CHECK_LOSS("the run, where there is no NVML");
    setenv("WHEELBENCH_NVML", "/nowhere/libnvidia-ml.so.1", 1);
    recorder_start(OURS, 1);
    CHECK_STR(recorder_note(), "no NVML: libnvidia-ml.so.1 was not found");
    CHECK(!recorder_facts()->running && isnan(after_ms(1).power_w) && !recorder_write(scratch_dir));
    recorder_stop();
    fake("FAKE_NVML_FULL", "", "nvmlInit_v2=9");
    recorder_start(OURS, 1);
    CHECK_STR(recorder_note(), "no NVML: the driver is not loaded");
}

static void foreign(void)
{
    CHECK_LOSS("to know that somebody else computes on the GPU");
    fake("FAKE_NVML_FULL", "busy", "");
    recorder_start(OURS, 1);
    CHECK(recorder_facts()->foreign == 2 && recorder_facts()->before[NVML_UTILISATION_PCT] == 40);
    struct recorder_facts f = *recorder_facts();
    recorder_stop();
    CHECK_FAILS(record_nvml_busy(&f), "processes of others: 2. What is to be published");
    f.foreign = NAN; /* not known */
    CHECK_FAILS(record_nvml_busy(&f), "at work 40 % of the time");
    CHECK_FAILS(record_nvml_busy(&f), "--busy-ok");
    f.before[NVML_UTILISATION_PCT] = 5;
    CHECK_OK(record_nvml_busy(&f));
    f.before[NVML_UTILISATION_PCT] = NAN;
    CHECK_OK(record_nvml_busy(&f));
}

static void words(void)
{
    char text[64], small[20];

    CHECK_LOSS("the reasons in words");
    nvml_reason_words(0x4 | 0x40, text, sizeof text);
    CHECK_STR(text, "power_cap;hw_thermal");
    nvml_reason_words(0, text, sizeof text);
    CHECK_STR(text, "");
    nvml_reason_words(0x1ff, small, sizeof small);
    CHECK_STR(small, "idle;app_clocks");
}

int main(void)
{
    if (fake_absent()) return 77;
    scratch_begin();
    words();
    everything();
    missing();
    foreign();
    return check_done();
}
