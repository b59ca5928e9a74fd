/* devices.h: results/devices.csv, one line for every processor that a stored row names: what its
 * vendor says of it, and where. Figures that the vendor does not state are NaN. */
#ifndef WHEELBENCH_DEVICES_H
#define WHEELBENCH_DEVICES_H
#include "wheelbench.h"

struct device_line {
    char slug[96], name[128]; /* slug: what slug_from makes of the name */
    char kind[8];             /* gpu cpu */
    char vendor[32], arch[32];
    double cc;                 /* compute capability, 90 for 9.0; of a gpu */
    char released[8];          /* YYYY-MM of the vendor's announcement, "" not known */
    double clock_mhz;          /* at which the peaks hold; of several the highest */
    double gbs;                /* DRAM, GB/s */
    double gflops[PRECISIONS]; /* dense peaks by the fastest way that keeps the precision */
    char source[256];          /* the document that the figures are from */
};

struct devices {
    struct device_line *lines;
    int count;
};

/* Strict: exactly the columns of devices.c, every slug once and made of its name, figures positive
 * and with a source. NULL, or what is wrong with file and line. devices_free afterwards, whatever
 * it returns. */
const char *devices_read(const char *path, struct devices *d);
void devices_free(struct devices *d);
const struct device_line *devices_find(const struct devices *d, const char *slug); /* NULL: none */
#endif
