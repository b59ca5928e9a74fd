/* stored.h: one run read back from its directory, with what every figure and table says of it:
 * device names, counts, and whether the data are real. */
#ifndef WHEELBENCH_STORED_H
#define WHEELBENCH_STORED_H
#include "report/derive.h"
#include "store/manifest.h"
#include "store/results.h"
#include "store/samples.h"

struct stored_run {
    char dir[4096], id[256]; /* id: the name of the directory */
    struct results results;
    struct manifest manifest;
    struct samples samples; /* none in runs of before there was samples.csv */
    const struct row *rows; /* results.rows, results.count */
    size_t count;
    char device[128], host[128]; /* names; "" when the run has no row of that place */
    int ok, skipped, wrong, failed;
    char footer[512]; /* run, counts, tags */
};

/* Reads dir/manifest.json, dir/results.csv and, where it is there, dir/samples.csv. NULL, or why
 * not. stored_close afterwards, whatever it returns. */
const char *stored_open(struct stored_run *run, const char *dir);
void stored_close(struct stored_run *run);

/* The roof that the run measured for the place and precision of a row; NaN where it did not. Bytes
 * come from DRAM, at the speed of a copy; those of a hot row that fit into the last-level cache
 * from there. */
struct roof stored_roof(const struct stored_run *run, const struct row *r);

/* Does the run have a usable row of this place? */
int stored_has(const struct stored_run *run, const char *place);

/* The ops in the order of the registry, unknown ones after; returns how many, at most max. */
size_t stored_ops(const struct stored_run *run, const char *ops[], size_t max);
#endif
