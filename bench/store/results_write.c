/* results_write.c: appends rows to results.csv so that a run that dies, or a disk that fills,
 * leaves whole rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "store/results.h"

static void append_field(struct plain_buffer *b, const struct row *r, const struct column *c)
{
    static const char *const formats[] = {[COLUMN_COUNT] = "%.0f",
                                          [COLUMN_TIME] = "%.7g",
                                          [COLUMN_REAL] = "%.6g",
                                          [COLUMN_ERROR] = "%.3e"};
    char text[400]; /* %.0f of the largest double has 309 digits */

    if (c->type == COLUMN_TEXT) {
        csv_append(b, row_text(r, c));
        return;
    }
    const double v = row_real(r, c);
    if (!isfinite(v)) return; /* empty: not measured, or too far off for a number */
    plain_from_real(text, sizeof text, formats[c->type], v + 0.0); /* -0 becomes 0 */
    plain_append_text(b, text);
}

static void append_header(struct plain_buffer *b)
{
    for (int i = 0; i < ROW_COLUMNS; i++) {
        if (i) plain_append(b, ",", 1);
        plain_append_text(b, row_columns[i].name);
    }
    plain_append(b, "\n", 1);
}

const char *results_create(struct durable *d, const char *dir)
{
    TRY(durable_create(d, dir, "results.csv"));
    d->noun = "row";
    append_header(&d->buffer);
    return durable_append(d, 0);
}

const char *results_reopen(struct durable *d, const char *dir, long rows)
{
    TRY(durable_reopen(d, dir, "results.csv", rows));
    d->noun = "row";
    append_header(&d->buffer);
    char *there = calloc(1, d->buffer.length + 1);
    const size_t length = d->buffer.length;
    const int same = there && !d->buffer.failed &&
                     pread(d->fd, there, length, 0) == (ssize_t)length &&
                     !memcmp(there, d->buffer.data, length);

    free(there);
    d->buffer.length = 0;
    return same ? NULL
                : fail_text("%s has other columns than this version writes: start a new run",
                            d->path);
}

const char *results_append(struct durable *d, const struct row *rows, int count)
{
    for (int i = 0; i < count; i++) {
        const char *why = row_check(&rows[i]);
        if (why) {
            d->buffer.length = 0;
            return fail_text("cannot write %s: row of %s: %s. %ld row%s kept", d->path,
                             rows[i].impl, why, d->lines, d->lines == 1 ? " is" : "s are");
        }
        for (int c = 0; c < ROW_COLUMNS; c++) {
            if (c) plain_append(&d->buffer, ",", 1);
            append_field(&d->buffer, &rows[i], &row_columns[c]);
        }
        plain_append(&d->buffer, "\n", 1);
    }
    return durable_append(d, count);
}
