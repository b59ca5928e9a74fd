/* test_recorder: samples, their file and their times, with a driver that dawdles, hangs or lies. A
 * user would lose: a run that never ends, or power and clocks of another time. */
#include "scratch.h"
#include <signal.h>
#include <sys/resource.h>
#include "check.h"
#include "fake_nvml.h"

static void energy(void)
{
    CHECK_LOSS("power by a counter that stands still, or jumps");
    fake("FAKE_NVML_FULL", "", "");
    recorder_start(OURS, 1);
    recorder_energy(1);
    wait_ms(50);
    CHECK_NEAR(after_ms(1500).counter_w, 700, 70);
    recorder_energy(0);
    recorder_stop();
    fake("FAKE_NVML_FULL", "still", "");
    recorder_start(OURS, 1);
    recorder_energy(1);
    CHECK(isnan(after_ms(400).counter_w));
    recorder_stop();
}

/* The file and the summary must tell the same of any window. */
static void file(void)
{
    char *text, *line;
    double sum = 0, last = 0, first_mhz = NAN, last_mhz = NAN;
    int lines = 0, inside = 0;
    struct rlimit limit;
    size_t length;

    CHECK_LOSS("nvml.csv, or its times");
    fake("FAKE_NVML_FULL", "falling", "");
    recorder_start(OURS, 1);
    CHECK_OK(recorder_write(scratch_dir));
    recorder_stop();
    recorder_start(OURS, 1); /* a run that is gone on with */
    CHECK_OK(recorder_write(scratch_dir));
    wait_ms(300);
    const double from = floor(timer_now_us());
    wait_ms(300);
    const double to = floor(timer_now_us());
    wait_ms(100);
    const struct recorder_summary s = recorder_window(from, to);
    recorder_stop();
    text = scratch_read(scratch_path("nvml.csv"), &length);
    if (!CHECK(text != NULL)) return;
    CHECK_STR(strtok_r(text, "\n", &line),
              "t_us,sm_mhz,power_w,reasons,mem_mhz,temp_c,power_mean_w,utilisation_pct,energy_j");
    for (char *l; (l = strtok_r(NULL, "\n", &line)); lines++) {
        double t, mhz;
        CHECK(sscanf(l, "%lf,%lf,700,0,2619,58,650,0,", &t, &mhz) == 2 && t > last);
        last = t;
        if (!lines) first_mhz = mhz;
        last_mhz = mhz;
        if (t < from || t + 1 > to) continue;
        sum += mhz;
        inside++;
    }
    free(text);
    CHECK(lines > 15 && inside > 5 && abs(s.count - inside) <= 1);
    CHECK_NEAR(s.sm_mhz, sum / inside, 1);
    CHECK(first_mhz > last_mhz && s.sm_mhz < first_mhz && s.sm_mhz > last_mhz);

    CHECK_LOSS("the run, when the disk is full");
    fake("FAKE_NVML_FULL", "", "");
    recorder_start(OURS, 1);
    CHECK_FAILS(recorder_write("/nowhere"), "No such file");
    recorder_stop();
    recorder_start(OURS, 1);
    CHECK(mkdir(scratch_path("full"), 0777) == 0);
    CHECK_OK(recorder_write(scratch_path("full")));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){200, limit.rlim_max});
    CHECK(after_ms(300).count > 4);
    recorder_stop();
    setrlimit(RLIMIT_FSIZE, &limit);
    CHECK_STR(recorder_note(), "nvml.csv ends early: File too large");
}

static void slow(void)
{
    CHECK_LOSS("samples where each call takes 20 ms");
    fake("FAKE_NVML_FULL", "slow", "");
    recorder_start(OURS, 1);
    const struct recorder_summary s = after_ms(1200);
    CHECK(s.count >= 5 && s.sm_mhz == 1755 && s.temp_c == 58);
    recorder_stop();
    CHECK(recorder_facts()->sample_ms > 59);
    CHECK(recorder_note() == NULL);
}

static void hangs(void)
{
    double start;

    CHECK_LOSS("a run that ends, though the driver never answers");
    fake("FAKE_NVML_FULL", "hang", "");
    recorder_start(OURS, 1);
    CHECK(after_ms(1000).count <= 10);
    CHECK(after_ms(100).count == 0 && isnan(after_ms(1).sm_mhz));
    start = timer_now_us();
    recorder_stop();
    CHECK_NEAR(1e-6 * (timer_now_us() - start), 5, 1);
    CHECK_STR(recorder_note(), "NVML stopped answering during the run");
    CHECK(recorder_facts()->before[NVML_SM_MHZ] == 1755);
    CHECK(isnan(recorder_facts()->after[NVML_TEMP_C]));

    CHECK_LOSS("a run that starts, though the driver never answers");
    fake("FAKE_NVML_FULL", "hang_init", "");
    start = timer_now_us();
    recorder_start(OURS, 1);
    CHECK_NEAR(1e-6 * (timer_now_us() - start), 5, 1);
    CHECK_STR(recorder_note(), "no NVML: it did not answer within 5 s");
    CHECK(!recorder_facts()->running && after_ms(1).count == 0);
    recorder_stop();
}

int main(void)
{
    if (fake_absent()) return 77;
    scratch_begin();
    energy();
    file();
    slow();
    hangs(); /* last: its threads stay */
    return check_done();
}
