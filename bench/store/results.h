/* results.h: results.csv, written row by row while a run measures, and read back. What the columns
 * mean is in row.c. Functions return NULL, or one line that says what went wrong and where. */
#ifndef WHEELBENCH_RESULTS_H
#define WHEELBENCH_RESULTS_H
#include "store/csv.h"
#include "store/durable.h"
#include "store/row.h"

/* ---- writing ---- */

/* Creates dir/results.csv, which must not exist, locks it against other writers and writes the
 * header. Whatever it returns, durable_close may be called. */
const char *results_create(struct durable *d, const char *dir);

/* Goes on behind the first `rows` rows of a file that is there, whose columns must be the ones that
 * are written now. */
const char *results_reopen(struct durable *d, const char *dir, long rows);

/* Appends the rows of one problem in one step (durable.h): after a crash the file has all of them
 * or, but for the last line, none that is cut. Texts are cleaned (csv.h). */
const char *results_append(struct durable *d, const struct row *rows, int count);

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

/* A run of everything has some thousand rows. 2.6 kB each: no file takes more than 350 MB. */
enum { RESULTS_ROWS_MAX = 1 << 17 };

struct results {
    struct row *rows;
    int count;
    int torn; /* rows dropped because they were cut: 0 or 1 */
};

/* All rows; two rows of one cell are an error. results_free afterwards, whatever it returns. */
const char *results_read(const char *path, int open_run, struct results *r);
void results_free(struct results *r);
#endif
