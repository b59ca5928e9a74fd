/* fake_nvml.h: how tests drive the made-up driver of fake_nvml.c. Include scratch.h before it. */
#ifndef WHEELBENCH_FAKE_NVML_H
#define WHEELBENCH_FAKE_NVML_H
#include <dlfcn.h>
#include <time.h>
#include "measure/recorder.h"
#include "measure/timer.h"

#define OURS "0000:4e:00.0"

static const char *fake_path; /* of the fake now in use */

/* Which driver, what it does wrong, and which function fails how: "" for not at all. */
static inline void fake(const char *which, const char *words, const char *fails)
{
    fake_path = getenv(which);
    setenv("WHEELBENCH_NVML", fake_path ? fake_path : "", 1);
    setenv("FAKE_NVML", words, 1);
    setenv("FAKE_NVML_FAILS", fails, 1);
}

static inline int of_fake(const char *name)
{
    void *library = dlopen(fake_path, RTLD_NOW);
    const int *value = library ? dlsym(library, name) : NULL;

    return value ? *value : -1;
}

static inline void wait_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static inline struct recorder_summary after_ms(int ms)
{
    const double from = timer_now_us();

    wait_ms(ms);
    return recorder_window(from, timer_now_us());
}

/* 1: ctest did not name the two drivers. */
static inline int fake_absent(void)
{
    if (getenv("FAKE_NVML_FULL") && getenv("FAKE_NVML_BARE")) return 0;
    puts("FAKE_NVML_FULL and FAKE_NVML_BARE name the two made-up drivers");
    return 1;
}
#endif
