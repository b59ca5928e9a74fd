/* time_host.c: host impls by the monotonic clock. Before each block the process must be quiet: the
 * idle workers of a threaded library go on spinning after their call, on the cores that the next
 * contestant needs. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "measure/timer.h"

static double clock_us(clockid_t which)
{
    struct timespec t;

    clock_gettime(which, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

double timer_now_us(void) { return clock_us(CLOCK_MONOTONIC); }

/* CPU time of the whole machine since it started, and what a hypervisor took of it, in ticks; the
 * kernel counts that of guests within user and nice. Zeros where /proc does not say. */
static void cpu_ticks(double *all, double *stolen)
{
    double t[8];
    FILE *stat = fopen("/proc/stat", "r");

    *all = *stolen = 0;
    if (!stat) return;
    if (fscanf(stat, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &t[0], &t[1], &t[2], &t[3], &t[4],
               &t[5], &t[6], &t[7]) == 8) {
        for (int i = 0; i < 8; i++) *all += t[i];
        *stolen = t[7];
    }
    fclose(stat);
}

/* Does another thread of the process run, or wait for a core? One that spins does, also while
 * others have taken its core and the clock of the process stands still. 0 where /proc is not. */
static int others_run(void)
{
    const pid_t me = (pid_t)syscall(SYS_gettid);
    DIR *tasks = opendir("/proc/self/task");
    int found = 0;

    for (struct dirent *e; !found && tasks && (e = readdir(tasks));) {
        char path[64], line[256], *state;
        if (atoi(e->d_name) <= 0 || atoi(e->d_name) == me) continue;
        snprintf(path, sizeof path, "/proc/self/task/%.20s/stat", e->d_name);
        FILE *f = fopen(path, "r");
        if (!f) continue; /* it has just ended */
        if (fgets(line, sizeof line, f) && (state = strrchr(line, ')')))
            found = state[1] == ' ' && state[2] == 'R';
        fclose(f);
    }
    if (tasks) closedir(tasks);
    return found;
}

/* Sleeps 1 ms at a time until the process uses less than 2 % of a core and no other thread of it
 * wants one, at most 100 ms. 1: it is quiet. */
static int wait_until_quiet(void)
{
    const struct timespec nap = {.tv_nsec = 1000000};

    for (int i = 0; i < 100; i++) {
        const double wall = clock_us(CLOCK_MONOTONIC), used = clock_us(CLOCK_PROCESS_CPUTIME_ID);
        nanosleep(&nap, NULL);
        if (clock_us(CLOCK_PROCESS_CPUTIME_ID) - used <
                0.02 * (clock_us(CLOCK_MONOTONIC) - wall) + 30 &&
            !others_run())
            return 1;
    }
    return 0;
}

/* `calls` calls from set *next on; *us is the time of one. */
static const char *run(const struct timed *t, long calls, int *next, double *us)
{
    const double start = clock_us(CLOCK_MONOTONIC);

    for (long i = 0; i < calls; i++) {
        const char *why = t->impl->run(t->plan, &t->set[*next], NULL);
        if (why) return why;
        *next = (*next + 1) % t->sets;
    }
    *us = (clock_us(CLOCK_MONOTONIC) - start) / (double)calls;
    return NULL;
}

static const char *start(struct timed *t)
{
    int next = 0;

    wait_until_quiet();
    const char *why = run(t, 1, &next, &t->call_us);
    if (!why && t->call_us < 1000)
        why = run(t, 5, &next, &t->call_us); /* the first was a warm-up */
    return why;
}

static const char *block(struct timed *t, double warm_us, double block_us, struct block *b)
{
    int next = 0;
    double warm, all, stolen;
    /* woken threads and clocks need a call to get going, unless it is a long one */
    const long least = t->call_us < 50e3 && warm_us > 0, fit = (long)(warm_us / t->call_us);
    const long before = fit > least ? fit : least, calls = (long)ceil(block_us / t->call_us);

    *b = (struct block){
        .restless = !wait_until_quiet(), .calls = calls > 1 ? calls : 1, .sm_mhz = NAN};
    cpu_ticks(&all, &stolen);
    if (before > 0) {
        const char *why = run(t, before, &next, &warm);
        if (why) return why;
    }
    const char *why = run(t, b->calls, &next, &b->us);
    if (!why && b->us > 0) t->call_us = b->us;
    cpu_ticks(&b->ticks, &b->stolen);
    b->ticks -= all;
    b->stolen -= stolen;
    return why;
}

static const char *replay(struct timed *t, int set)
{
    double us;

    return run(t, 1, &set, &us);
}

static void finish(struct timed *t) { (void)t; }

const struct timer timer_host = {.name = "host",
                                 .now_us = timer_now_us,
                                 .open = start,
                                 .block = block,
                                 .replay = replay,
                                 .close = finish};
