/* flags.h: remarks on a row, for the column flags: one table that names, explains and decides them.
 * A FAIL flag says what the judge found and comes with status wrong; WARN: the row counts, but
 * figures draw it hollow and tables star it; INFO: explained, not held against the row. */
#ifndef WHEELBENCH_FLAGS_H
#define WHEELBENCH_FLAGS_H
#include <stdio.h>
#include "measure/stats.h"
#include "wheelbench.h"

/* What the tests look at: a cell that was timed. Reals that are not known are NaN. */
struct flag_facts {
    enum place place;
    const struct stats *stats;
    double launch_us;              /* launch floor of the device, by the same way of timing */
    double other_us;               /* median of the same impl in the other cache mode */
    double set_bytes, cache_bytes; /* operands of one call; last-level cache */
    double roof_us, dram_us;   /* least times by the measured roof: FLOPs, launch and what the cache
                                  holds; compulsory bytes of a cold cell from DRAM */
    double stolen_pct;         /* CPU time that a hypervisor took meanwhile */
    int restless;              /* blocks before which the process did not get quiet */
    int isolated;              /* each call was timed by itself */
    int exposed;               /* isolated: blocks whose calls were queued too late */
    double cap_pct;            /* share of the time in which the power limit held the clock down */
    int thermal;               /* heat, the hardware or the power brake did, at any time */
    int held;                  /* NVML gave any reason for a clock below the highest */
    int foreign;               /* others computed on the device when the run began */
    double sm_mhz, sm_max_mhz; /* clock of the device while the cell was timed; the highest */
    double energy_halves_pct;  /* by how much the halves of the energy pass differ */
    double energy_power_pct;   /* by how much the meter's two readings of the power do */
    double clock_spread_pct;   /* highest less lowest of the blocks, % of their median */
    int tune_close;            /* the best two variants are within their intervals */
};

enum flag_kind { FLAG_FAIL, FLAG_WARN, FLAG_INFO };
struct flag {
    const char *name;
    enum flag_kind kind;
    const char *text;
    int (*test)(const struct flag_facts *); /* NULL: the judge sets it */
};
extern const struct flag flags_table[]; /* sorted by name; an entry without a name ends it */

const struct flag *flags_find(const char *name, size_t length); /* NULL: no such flag */

/* The column flags: sorted, ';' between. facts NULL: not timed. verdict: the flag of the judge, or
 * "". */
void flags_write(const struct flag_facts *facts, const char *verdict, char *to, size_t n);

/* The flag table of results/README.md in Markdown. 0, or -1 when writing failed. */
int flags_readme(FILE *to);
#endif
