/* flags.c: see flags.h. The limits are judgement: what real runs teach changes them here. */
#include "measure/flags.h"
#include <math.h>
#include <string.h>

static int above_roof(const struct flag_facts *f) { return 1.05 * f->stats->median < f->roof_us; }

static int warm(const struct flag_facts *f) { return 1.05 * f->stats->median < f->dram_us; }

static int busy(const struct flag_facts *f)
{
    return f->place == HOST ? f->stolen_pct > 1 || f->restless : f->foreign;
}

static int cap(const struct flag_facts *f) { return f->place == DEVICE && f->cap_pct >= 5; }

static int thermal(const struct flag_facts *f) { return f->place == DEVICE && f->thermal; }

static int cache(const struct flag_facts *f)
{
    const double t = f->stats->median;

    return f->set_bytes > 4 * f->cache_bytes && fabs(t - f->other_us) > 0.05 * fmin(t, f->other_us);
}

static int ci_wide(const struct flag_facts *f) { return f->stats->ci_pct > STATS_CI_GOAL_PCT; }

static int clock_low(const struct flag_facts *f)
{
    return f->place == DEVICE && !f->held && f->sm_mhz < 0.9 * f->sm_max_mhz;
}

static int clock_mix(const struct flag_facts *f)
{
    return f->place == DEVICE && f->clock_spread_pct > 3;
}

static int no_clock(const struct flag_facts *f) { return f->place == DEVICE && isnan(f->sm_mhz); }

/* A bare 1 % would flag one healthy cell of three at 1 % noise: the slope has an error of its own,
 * of about the size of the interval. Without an interval nothing is said. */
static int drift(const struct flag_facts *f)
{
    return !isnan(f->stats->ci_pct) && fabs(f->stats->drift_pct) > fmax(1, 3 * f->stats->ci_pct);
}

static int exposed(const struct flag_facts *f) { return f->exposed > 0; }

static int energy(const struct flag_facts *f)
{
    return f->energy_halves_pct > 3 || f->energy_power_pct > 10;
}

static int few(const struct flag_facts *f) { return isnan(f->stats->ci_pct); }

static int noisy(const struct flag_facts *f) { return f->stats->iqr_pct > (f->isolated ? 5 : 2); }

static int is_short(const struct flag_facts *f)
{
    return f->place == DEVICE && f->stats->median < 10 * f->launch_us;
}

static int tune_close(const struct flag_facts *f) { return f->tune_close; }

const struct flag flags_table[] = {
    {"ABOVE_ROOF", FLAG_WARN,
     "more than 5 % faster than the FLOPs by the best probe of the precision, the launch floor, "
     "or, "
     "hot, the bytes out of the last-level cache allow: fewer or cheaper operations than the "
     "definition has (Winograd, split precision), or a weak probe",
     above_roof},
    {"BUSY", FLAG_WARN,
     "host: while the cell was timed a hypervisor took more than 1 % of the CPU time, or the "
     "process was not quiet before a block; device: when the run began, others had a process "
     "there, or it was busy for more than 5 % of the time",
     busy},
    {"CACHE", FLAG_WARN,
     "hot and cold differ by more than 5 % although the operands are more than 4 times the "
     "last-level cache",
     cache},
    {"CACHED", FLAG_FAIL, "device: left a persisting L2 window or limit behind", NULL},
    {"CAP", FLAG_INFO,
     "device: its power limit held the clock down in 5 % of the time or more; usual for matrix "
     "products",
     cap},
    {"CI_WIDE", FLAG_WARN,
     "the rounds ended with a 95 % interval of the median wider than +-0.5 % of it", ci_wide},
    {"CLOCK_LOW", FLAG_WARN,
     "device: `sm_mhz` is below 90 % of the highest clock, and the driver gave no reason for it",
     clock_low},
    {"CLOCK_MIX", FLAG_INFO,
     "device: the clocks of the cell's blocks are spread by more than 3 % of their median",
     clock_mix},
    {"DOWNGRADED", FLAG_FAIL, "the relative L2 error is that of a lower precision", NULL},
    {"DRIFT", FLAG_WARN,
     "abs(drift_pct) is above 1 and above 3 times the half-width of the interval in %", drift},
    {"ENERGY", FLAG_WARN,
     "the halves of the energy pass differ by more than 3 %, or the power by the energy counter "
     "and "
     "by its momentary readings by more than 10 %",
     energy},
    {"EXPOSED", FLAG_WARN,
     "isolated: in a block more than 5 % of the calls were queued after the gate before them was "
     "over, also when it was twice as long: the time has a part of the host in it",
     exposed},
    {"FEW", FLAG_WARN,
     "no interval: fewer than 6 samples, or, of several repeats, fewer than 6 repeats", few},
    {"IMPOSSIBLE", FLAG_FAIL,
     "device: more than 7 % faster than its specification allows for what cannot be left out of "
     "the "
     "FLOPs and bytes",
     NULL},
    {"MEMORY", FLAG_FAIL, "an input, a guard band or a gap between rows was overwritten", NULL},
    {"MISTRUSTED", FLAG_FAIL, "most outputs are 0 where the judge has other values", NULL},
    {"NOCLOCK", FLAG_WARN,
     "device: nobody knows at which clock: no stamp kernels in this build, and no word of NVML",
     no_clock},
    {"NOISY", FLAG_WARN,
     "the interquartile range of the samples is above 2 % of the median (isolated: 5 %)", noisy},
    {"SHORT", FLAG_INFO,
     "device: t_med_us is below 10 launch floors of its timing: the time is right, but partly that "
     "of launching",
     is_short},
    {"THERMAL", FLAG_WARN,
     "device: heat, its hardware or the power brake held the clock down while the cell was timed",
     thermal},
    {"TUNE_CLOSE", FLAG_WARN,
     "the best two variants of the impl were within their 95 % intervals when they were tuned: "
     "another run may take the other one",
     tune_close},
    {"WARM", FLAG_WARN,
     "cold: the compulsory bytes came more than 5 % faster than DRAM was measured to be read: part "
     "of them was still in the cache",
     warm},
    {"WRONG", FLAG_FAIL, "outputs are not the exact bits, or outside the error bound", NULL},
    {NULL, FLAG_INFO, NULL, NULL}};

const struct flag *flags_find(const char *name, size_t length)
{
    for (const struct flag *f = flags_table; f->name; f++)
        if (strlen(f->name) == length && !strncmp(f->name, name, length)) return f;
    return NULL;
}

void flags_write(const struct flag_facts *facts, const char *verdict, char *to, size_t n)
{
    size_t used = 0;

    if (n) *to = '\0';
    for (const struct flag *f = flags_table; f->name; f++) {
        if (f->test ? !facts || !f->test(facts) : strcmp(f->name, verdict)) continue;
        if (used + strlen(f->name) + 2 > n) return; /* never a part of a name */
        used += (size_t)snprintf(to + used, n - used, "%s%s", used ? ";" : "", f->name);
    }
}

int flags_readme(FILE *to)
{
    static const char *const kinds[] = {"FAIL", "WARN", "INFO"};

    fputs("| flag | class | when |\n|---|---|---|\n", to);
    for (const struct flag *f = flags_table; f->name; f++)
        fprintf(to, "| `%s` | %s | %s |\n", f->name, kinds[f->kind], f->text);
    return ferror(to) ? -1 : 0;
}
