/* shelf.h: all that is stored under one results/: its runs, devices.csv, verified.csv. */
#ifndef WHEELBENCH_SHELF_H
#define WHEELBENCH_SHELF_H
#include "report/stored.h"
#include "store/devices.h"
#include "store/verified.h"

struct shelf_run {
    char dir[4096];  /* root/<slug>/<run> */
    const char *why; /* NULL, or why it cannot be read; lives as long as the shelf */
    int packed;      /* it has SHA256SUMS */
    struct stored_run run;
};

struct shelf {
    char root[4096];
    struct devices devices;
    struct verified verified;
    struct shelf_run *runs; /* in order of slug and run */
    int count;
};

/* Reads root/devices.csv, root/verified.csv and all of root/<slug>/<run>/. A run that cannot be
 * read is no error: its `why` says so. shelf_close afterwards, whatever it returns. */
const char *shelf_open(struct shelf *s, const char *root);
void shelf_close(struct shelf *s);

/* The run in this directory, read and put on the shelf if it does not stand there yet; valid until
 * the next one is added. NULL: memory is short. */
const struct shelf_run *shelf_add(struct shelf *s, const char *dir);

/* The root of the shelf that a run directory stands on: two levels up where devices.csv is there,
 * else "results". */
void shelf_root(const char *dir, char *root, size_t n);

/* The run of this name; NULL: there is none that can be read. */
const struct stored_run *shelf_find(const struct shelf *s, const char *id);
#endif
