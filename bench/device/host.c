/* host.c: the CPU side of machine.h, from /proc, /sys and the affinity mask. What cannot be read is
 * left empty or 0; nothing here fails. */
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "device/machine.h"
#ifdef _OPENMP
#include <omp.h>
#else
static int omp_get_thread_num(void) { return 0; }
#endif

enum { MOST_CPUS = 1024 };

/* One logical CPU of every physical core that the affinity mask allows, found once: later the mask
 * of the main thread is a single core. */
static int core_cpu[MOST_CPUS], core_count;

static int read_line(const char *path, char *line, size_t n)
{
    FILE *f = fopen(path, "r");
    const int ok = f && fgets(line, (int)n, f);

    if (f) fclose(f);
    if (!ok) return 0;
    line[strcspn(line, "\n")] = '\0';
    return 1;
}

static void find_cores(void)
{
    cpu_set_t all;
    char path[128], line[256];

    if (core_count || sched_getaffinity(0, sizeof all, &all)) return;
    for (int i = 0; i < CPU_SETSIZE && core_count < MOST_CPUS; i++) {
        int first = i; /* of its siblings, among the allowed */
        if (!CPU_ISSET(i, &all)) continue;
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
                 i);
        if (read_line(path, line, sizeof line)) {
            for (char *s = line; *s;) { /* "0,64" or "0-1" */
                const int from = (int)strtol(s, &s, 10),
                          to = *s == '-' ? (int)strtol(s + 1, &s, 10) : from;
                for (int c = from; c <= to && c < CPU_SETSIZE; c++)
                    if (CPU_ISSET(c, &all) && c < first) first = c;
                if (*s != ',') break;
                s++;
            }
        }
        if (first == i) core_cpu[core_count++] = i;
    }
}

/* Whole CPUs of the cgroup's quota (version 2, then 1); a large number where there is none. */
static int quota(void)
{
    char line[128];
    double most, period = 100000;

    if (read_line("/sys/fs/cgroup/cpu.max", line, sizeof line) &&
        sscanf(line, "%lf %lf", &most, &period) == 2)
        return most / period >= 1 ? (int)(most / period) : 1;
    if (read_line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", line, sizeof line) &&
        (most = atof(line)) > 0) {
        if (read_line("/sys/fs/cgroup/cpu/cpu.cfs_period_us", line, sizeof line) && atof(line) > 0)
            period = atof(line);
        return most / period >= 1 ? (int)(most / period) : 1;
    }
    return MOST_CPUS;
}

/* The value behind "name : " or NAME= in a file of such lines. */
static void look_up(const char *path, const char *name, char separator, char *to, size_t n)
{
    char line[512];
    FILE *f = fopen(path, "r");

    while (f && fgets(line, sizeof line, f)) {
        char *at = strchr(line, separator);
        if (strncmp(line, name, strlen(name)) || !at) continue;
        at += 1 + strspn(at + 1, " \t\"");
        at[strcspn(at, "\"\n")] = '\0';
        snprintf(to, n, "%s", at);
        break;
    }
    if (f) fclose(f);
}

static size_t last_level_cache(void)
{
    char path[128], line[64];
    size_t most = 0;

    for (int i = 0; i < 8; i++) {
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", i);
        if (!read_line(path, line, sizeof line)) continue;
        char *unit;
        size_t bytes = strtoul(line, &unit, 10);
        bytes <<= *unit == 'K' ? 10 : *unit == 'M' ? 20 : 0;
        if (bytes > most) most = bytes;
    }
    return most ? most : (size_t)32 << 20;
}

void machine_look_host(struct machine *m)
{
    struct utsname u;

    find_cores();
    m->cores = core_count ? core_count : 1;
    if (!m->device.threads) {
        const int allowed = quota();
        m->device.threads = m->cores < allowed ? m->cores : allowed;
    }
    m->device.llc_bytes = last_level_cache();
    m->ram_bytes = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    snprintf(m->cpu, sizeof m->cpu, "unknown CPU");
    look_up("/proc/cpuinfo", "model name", ':', m->cpu, sizeof m->cpu);
    look_up("/etc/os-release", "PRETTY_NAME", '=', m->os, sizeof m->os);
    if (!uname(&u)) snprintf(m->kernel, sizeof m->kernel, "%.16s %.64s", u.sysname, u.release);
    if (!read_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", m->governor,
                   sizeof m->governor))
        m->governor[0] = '\0';
}

static int pin(pid_t thread, int cpu)
{
    cpu_set_t s;

    CPU_ZERO(&s);
    CPU_SET(cpu, &s);
    return sched_setaffinity(thread, sizeof s, &s);
}

int machine_pin(int threads)
{
    static pid_t team[MOST_CPUS];
    int failed = 0, others = 0;

    find_cores();
    if (!core_count || threads > MOST_CPUS) return -1;
#pragma omp parallel num_threads(threads) reduction(+ : failed)
    {
        const int t = omp_get_thread_num();
        team[t] = (pid_t)syscall(SYS_gettid);
        failed += pin(team[t], core_cpu[t % core_count]) != 0;
    }
    DIR *d = opendir("/proc/self/task");
    for (struct dirent *e; d && (e = readdir(d));) {
        const pid_t thread = (pid_t)atoi(e->d_name);
        int ours = thread <= 0;
        for (int t = 0; t < threads; t++) ours |= team[t] == thread;
        if (!ours) pin(thread, core_cpu[(1 + others++) % core_count]); /* core 0 is the caller's */
    }
    if (d) closedir(d);
    return failed ? -1 : 0;
}
