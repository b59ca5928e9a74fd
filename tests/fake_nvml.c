/* fake_nvml.c: a libnvidia-ml.so.1 for tests, which WHEELBENCH_NVML names. Two devices; what they
 * do wrong is in the environment, read anew by each Init:
 *   FAKE_NVML        words: slow (20 ms a call), hang_init, hang (after ten SM clocks), still (the
 *                    energy counter), falling (1 MHz a call), hot, capped, busy
 *   FAKE_NVML_FAILS  "name=status": this function returns that status
 * Built twice: with BARE it is an old driver, which lacks or calls otherwise what came later. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef void *handle;
enum { NOT_FOUND = 6, INSUFFICIENT_SIZE = 7, MILLIWATT = 700000 };

int fake_nvml_calls;  /* of the function that FAKE_NVML_FAILS names */
int fake_nvml_opened; /* Init without Shutdown */

static char words[128], fails[128];
static int sm_calls;
static const int other = 0, ours = 1; /* handles point here */

static int is(const char *word) { return strstr(words, word) != NULL; }

static void hang(void)
{
    for (;;) pause();
}

static int gate(const char *function)
{
    const size_t n = strlen(function);

    if (is("slow")) nanosleep(&(struct timespec){0, 20000000}, NULL);
    if (strncmp(fails, function, n) || fails[n] != '=') return 0;
    fake_nvml_calls++;
    return atoi(fails + n + 1);
}

#define GATE(h)                                                                                    \
    (void)(h);                                                                                     \
    do {                                                                                           \
        const int status_ = gate(__func__);                                                        \
        if (status_) return status_;                                                               \
    } while (0)

static int init(void)
{
    const char *w = getenv("FAKE_NVML"), *f = getenv("FAKE_NVML_FAILS");

    snprintf(words, sizeof words, "%s", w ? w : "");
    snprintf(fails, sizeof fails, "%s", f ? f : "");
    sm_calls = fake_nvml_calls = 0;
    if (is("hang_init")) hang();
    const int status = gate("nvmlInit_v2");
    fake_nvml_opened += !status;
    return status;
}
#ifdef BARE
int nvmlInit(void) { return init(); }
#else
int nvmlInit_v2(void) { return init(); }
#endif

int nvmlShutdown(void) { return fake_nvml_opened -= fake_nvml_opened > 0, 0; }

int nvmlDeviceGetHandleByPciBusId_v2(const char *bus_id, handle *h)
{
    GATE(0);
    *h = strcmp(bus_id, "0000:4e:00.0") ? (handle)&other : (handle)&ours;
    return strcmp(bus_id, "0000:01:00.0") && *h == &other ? NOT_FOUND : 0;
}

int nvmlSystemGetDriverVersion(char *to, unsigned n)
{
    GATE(0);
    snprintf(to, n, "580.95.05");
    return 0;
}

int nvmlDeviceGetUUID(handle h, char *to, unsigned n)
{
    GATE(h);
    snprintf(to, n, "GPU-%s", h == &ours ? "ours" : "other");
    return 0;
}

int nvmlDeviceGetClockInfo(handle h, int type, unsigned *mhz)
{
    GATE(0);
    if (is("hang") && type == 1 && ++sm_calls > 10) hang();
    *mhz = h == &other     ? 300
           : type == 2     ? 2619
           : is("falling") ? (unsigned)(1980 - sm_calls)
                           : 1755;
    sm_calls += type == 1 && is("falling");
    return type == 1 || type == 2 ? 0 : 2;
}

int nvmlDeviceGetMaxClockInfo(handle h, int type, unsigned *mhz)
{
    GATE(h);
    *mhz = type == 1 ? 1980 : 2619;
    return 0;
}

int nvmlDeviceGetPowerUsage(handle h, unsigned *mw)
{
    GATE(h);
    *mw = 650000;
    return 0;
}

int nvmlDeviceGetTemperature(handle h, int sensor, unsigned *c)
{
    GATE(h);
    *c = 58;
    return sensor;
}

int nvmlDeviceGetEnforcedPowerLimit(handle h, unsigned *mw)
{
    GATE(h);
    *mw = MILLIWATT;
    return 0;
}

int nvmlDeviceGetPowerManagementDefaultLimit(handle h, unsigned *mw)
{
    return nvmlDeviceGetEnforcedPowerLimit(h, mw);
}

int nvmlDeviceGetPowerManagementLimitConstraints(handle h, unsigned *least, unsigned *most)
{
    GATE(h);
    *least = 200000;
    *most = MILLIWATT;
    return 0;
}

int nvmlDeviceGetPersistenceMode(handle h, unsigned *on)
{
    GATE(h);
    *on = 1;
    return 0;
}

int nvmlDeviceGetEccMode(handle h, unsigned *on, unsigned *pending)
{
    *pending = 0;
    return nvmlDeviceGetPersistenceMode(h, on);
}

int nvmlDeviceGetUtilizationRates(handle h, unsigned rates[2])
{
    GATE(h);
    rates[0] = is("busy") ? 40 : 0;
    rates[1] = 77;
    return 0;
}

static int reasons(unsigned long long *bits)
{
    *bits = (is("capped") ? 4 : 0) | (is("hot") ? 0x40 : 0);
    return 0;
}

static int processes(unsigned *count, const void *list)
{
    const unsigned room = *count;

    *count = is("busy") ? 3 : 1;
    return room || list ? 2 : INSUFFICIENT_SIZE;
}

#ifdef BARE
int nvmlDeviceGetCurrentClocksThrottleReasons(handle h, unsigned long long *bits)
{
    GATE(h);
    return reasons(bits);
}

int nvmlDeviceGetComputeRunningProcesses(handle h, unsigned *count, void *list)
{
    GATE(h);
    return processes(count, list);
}
#else
int nvmlDeviceGetCurrentClocksEventReasons(handle h, unsigned long long *bits)
{
    GATE(h);
    return reasons(bits);
}

int nvmlDeviceGetCurrentClocksThrottleReasons(handle h, unsigned long long *bits)
{
    (void)h, (void)bits;
    return 999; /* the new name goes first */
}

int nvmlDeviceGetComputeRunningProcesses_v3(handle h, unsigned *count, void *list)
{
    GATE(h);
    return processes(count, list);
}

int nvmlDeviceGetMigMode(handle h, unsigned *on, unsigned *pending)
{
    GATE(h);
    *on = *pending = 0;
    return 0;
}

int nvmlDeviceGetTotalEccErrors(handle h, int type, int counter, unsigned long long *n)
{
    (void)h, (void)counter;
    GATE(0);
    *n = type ? 0 : 3;
    return 0;
}

/* Millijoules, in steps of 100 ms. */
int nvmlDeviceGetTotalEnergyConsumption(handle h, unsigned long long *mj)
{
    GATE(h);
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    *mj = is("still")
              ? 5000
              : MILLIWATT / 10 * (unsigned long long)(t.tv_sec * 10 + t.tv_nsec / 100000000);
    return 0;
}

struct field {
    unsigned id, scope;
    long long time, latency;
    int type, status;
    unsigned long long value;
};

int nvmlDeviceGetFieldValues(handle h, int count, struct field *f)
{
    GATE(h);
    f->type = 1;
    f->status = count == 1 && f->id == 186 && !f->scope ? 0 : 3;
    if (is("no_instant")) f->status = 3;
    f->value = 0xdead000000000000u + MILLIWATT; /* a whole number has 4 bytes */
    return 0;
}
#endif
