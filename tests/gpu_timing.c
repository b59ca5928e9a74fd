/* gpu_timing.c: both ways of timing on kernels of known duration, and the clock that blocks
 * measure. A user would lose every device time: a timer that is off is off for all. */
#include "check.h"
#include "device/machine.h"
#include "selftest/known.h"

static const double cold_call_us = 5;

int main(void)
{
    static const double waits_us[] = {2, 5, 10, 100, 1e3, 1e4};
    static struct machine m;

    machine_look(&m, 0, 0);
    if (!m.device.present) {
        printf("skipped: %s\n", m.no_device);
        return 77;
    }
    if (timer_isolated.missing) {
        printf("skipped: %s\n", timer_isolated.missing);
        return 77;
    }
    CHECK_LOSS("the floors below which times mean nothing");
    const struct floors f = floors_measure(&m.device);
    const double tick_ns = known_tick_ns();
    printf(
        "event step %g ns, clock of the waits %g ns, empty kernel %.3f us batch, %.3f isolated\n",
        f.event_step_ns, tick_ns, f.launch_us[BATCH], f.launch_us[ISOLATED]);
    CHECK(f.event_step_ns > 0 && f.event_step_ns <= 2000);
    CHECK(tick_ns > 0 && tick_ns <= 2000);
    CHECK(f.launch_us[BATCH] > 0.2 && f.launch_us[BATCH] < 10);
    CHECK(f.launch_us[ISOLATED] > 0.2 && f.launch_us[ISOLATED] < 30);

    CHECK_LOSS("the truth of every device time");
    for (size_t i = 0; i < sizeof waits_us / sizeof waits_us[0]; i++) {
        CHECK_OK(known_duration(BATCH, &m.device, &f, tick_ns, waits_us[i], 1));
        CHECK_OK(known_duration(ISOLATED, &m.device, &f, tick_ns, waits_us[i], 2));
    }

    CHECK_LOSS("the clock behind a time");
    CHECK_OK(known_clock(BATCH, &m.device, &f, 2e6));
    CHECK_OK(known_clock(BATCH, &m.device, &f, 2e7));
    CHECK_OK(known_clock(ISOLATED, &m.device, &f, 2e6));

    CHECK_LOSS("isolated times without a part of the host");
    struct block hot, cold;
    CHECK_OK(known_time(&timer_isolated, &m.device, &known_wait, cold_call_us, 0, &hot));
    CHECK_OK(known_time(&timer_isolated, &m.device, &known_wait, cold_call_us, 1, &cold));
    CHECK(hot.calls >= 50 && cold.calls >= 50 && !hot.exposed && !cold.exposed);
    CHECK_NEAR(cold.us, hot.us, 3); /* it reads nothing: only its own code is colder */
    printf("a wait of %g us: %.3f us behind a hot gate, %.3f behind a cold one, at %.0f MHz\n",
           cold_call_us, hot.us, cold.us, hot.sm_mhz);
    return check_done();
}
