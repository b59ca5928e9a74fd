/* samples.h: samples.csv, the timed blocks behind every time of results.csv, one line each, in the
 * order of the rows. Written before the rows they belong to, so that a row implies its samples; all
 * statistics and paired ratios can be made anew from it. */
#ifndef WHEELBENCH_SAMPLES_H
#define WHEELBENCH_SAMPLES_H
#include "store/durable.h"

enum { SAMPLES_COLUMNS = 10 };
#define SAMPLES_NAME "samples.csv"

/* Reals that were not measured are NaN and become empty fields. */
struct sample_line {
    double row;        /* number of the data row in results.csv, 1 is the first */
    double repeat;     /* process inside the run, from 1 to REPEATS_MAX */
    double round, pos; /* round, and place in it, from 1 */
    double calls;      /* timed calls of the block */
    double t_us;       /* time of one */
    double sm_mhz, power_w, temp_c;
    char throttle[64]; /* words, ; between */
};
struct sample_column {
    const char *name;
    const char *format; /* of a real; NULL: text */
    size_t offset;
    int needed; /* whole and not 0, but t_us, which is only positive */
};
extern const struct sample_column samples_columns[SAMPLES_COLUMNS]; /* in the order of the file */

void samples_clear(struct sample_line *s);

/* ---- writing ---- */

/* Creates dir/samples.csv, which must not exist, with its header. Whatever it returns,
 * durable_close may be called. Further steps, to undo the last and to close: durable.h. */
const char *samples_create(struct durable *d, const char *dir);

/* Goes on behind the samples of the first `rows` rows of a file that is there. */
const char *samples_reopen(struct durable *d, const char *dir, long rows);

/* The samples of one problem, in one step. */
const char *samples_append(struct durable *d, const struct sample_line *lines, int count);

/* ---- reading ---- */

enum { SAMPLES_MAX = 1 << 22 }; /* of a file: 136 bytes each, 570 MB */

struct samples {
    struct sample_line *lines; /* in the order of the file: by row */
    long count;
    int torn; /* 1: a last line that was cut is left out */
};

/* Strict as results_read: columns by name, everything else that is not as samples.c says is an
 * error with file and line. rows: how many results.csv has. An open run may end in a torn line, and
 * in samples whose rows were never written: both are left out. samples_free afterwards, whatever it
 * returns. */
const char *samples_read(const char *path, int open_run, long rows, struct samples *s);
void samples_free(struct samples *s);
#endif
