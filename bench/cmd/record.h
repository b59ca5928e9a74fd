/* record.h: from an outcome to rows of results.csv, and from a machine to manifest.json. */
#ifndef WHEELBENCH_RECORD_H
#define WHEELBENCH_RECORD_H
#include "cmd/options.h"
#include "cmd/select.h"
#include "measure/contest.h"
#include "measure/floors.h"
#include "measure/roof.h"
#include "selftest/facts.h"
#include "store/row.h"

struct run_facts {
    char id[64], dir[4096];
    char gpu_slug[96], cpu_slug[96];
    const struct options *options;
    const struct preset *preset;
    const struct machine *machine;
    const struct problems *problems;
    char started_utc[32];
    struct floors floors;       /* of the device; NaN: not measured */
    struct roof_values roof[2]; /* by enum place */
    double copy_end[2];         /* the DRAM copy again at the end, GB/s; NaN: not measured */
    char copy_note[2][160];     /* when that is another value */
    struct facts selftest;      /* what one before this run found out */
    long rows[4];               /* by enum status */
    int argc;
    char **argv;
    int resumed;  /* times that the run was gone on with */
    int restarts; /* of the process that measures */
};

/* One planned cell of an outcome. Returns the status of the row: that of the cell, unless its time
 * cannot be. */
enum status record_row(const struct run_facts *f, const struct problem *p, const struct outcome *o,
                       int cell, struct row *r);

/* state: running, complete, interrupted. Written anew each time. */
const char *record_manifest(const struct run_facts *f, const char *state);

const char *status_name(enum status s);
const char *cache_name(enum cache c);
const char *timing_name(enum place p, enum timing t);
void utc_now(char *to, size_t n); /* 2026-03-01T10:15:02Z */
#endif
