/* results.h: results.csv, written row by row while a run measures, and read back. What the columns
 * mean is in row.c. Functions return NULL, or one line that says what went wrong and where. */
#ifndef WHEELBENCH_RESULTS_H
#define WHEELBENCH_RESULTS_H
#include "store/csv.h"
#include "store/row.h"

/* ---- writing ---- */

struct results_writer {
    char path[4096];
    int fd;
    long rows;        /* on disk */
    long long length; /* bytes of the header and those rows */
    int torn;         /* a row was cut and could not be taken back: nothing may follow it */
    struct plain_buffer line;
};

/* Creates dir/results.csv, which must not exist, locks it against other writers and writes the
 * header. Whatever it returns, results_close may be called. */
const char *results_create(struct results_writer *w, const char *dir);

/* Appends the rows of one problem by one write and an fsync: after a crash the file has all of them
 * or, but for the last line, none that is cut. Texts are cleaned (csv.h). When the disk is full the
 * file is cut back to the last good row; the text says how many are kept. */
const char *results_append(struct results_writer *w, const struct row *rows, int count);
const char *results_close(struct results_writer *w);

/* ---- reading, row by row in bounded memory ---- */

enum { RESULTS_COLUMNS_MAX = 1024 }; /* of a file, unknown ones included */

struct results_reader {
    struct csv_reader csv;
    int open_run; /* the run may still be writing: a last line without LF is dropped, not an error
                   */
    int torn;     /* 1: such a line was dropped */
    int columns;
    short column[RESULTS_COLUMNS_MAX]; /* field of the file -> index in row_columns, -1 unknown */
};

/* open_run: the manifest says that the run is not complete. Whatever it returns, results_end may be
 * called. */
const char *results_begin(struct results_reader *r, const char *path, int open_run);
const char *results_next(struct results_reader *r, struct row *row, int *got); /* got 0: end */
void results_end(struct results_reader *r);

/* ---- reading whole ---- */

struct results {
    struct row *rows;
    int count;
    int torn; /* rows dropped because they were cut: 0 or 1 */
};

/* All rows; two rows of one cell are an error. results_free afterwards, whatever it returns. */
const char *results_read(const char *path, int open_run, struct results *r);
void results_free(struct results *r);
#endif
