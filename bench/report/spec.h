/* spec.h: what a processor's maker says of it: results/devices.csv, where there is one. */
#ifndef WHEELBENCH_SPEC_H
#define WHEELBENCH_SPEC_H
#include "report/stored.h"

struct spec {
    int known;         /* 0: no such file, or no such processor in it */
    char name[96];     /* "" where the file has none */
    char released[16]; /* YYYY-MM, "" unknown */
    double gbs;        /* DRAM; NaN: unknown */
    double gflops;     /* dense, of the precision that was asked for */
};

/* Looks for the slug in devices.csv two directories above the run's. A file that cannot be read is
 * like none: it only adds a line to a figure. */
struct spec spec_find(const struct stored_run *run, const char *slug, const char *precision);
#endif
