/* results_write.c: appends rows to results.csv so that a run that dies, or a disk that fills,
 * leaves whole rows. */
#define _DEFAULT_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "fail.h"
#include "store/file.h"
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

static const char *kept(const struct results_writer *w)
{
    return w->rows == 1 ? "row is" : "rows are";
}

/* Cuts the file back to the rows that are whole and says what is left. */
static const char *take_back(struct results_writer *w, int error)
{
    w->torn = ftruncate(w->fd, w->length) != 0;
    fsync(w->fd);
    return fail_text("cannot write %s: %s. %ld %s kept%s", w->path, strerror(error), w->rows,
                     kept(w), w->torn ? "; a torn row after them could not be cut" : "");
}

/* The buffer in one write. file_write goes on after a short one only to learn the reason. */
static const char *write_line(struct results_writer *w)
{
    if (w->torn) return fail_text("cannot write %s: it ends in a torn row", w->path);
    if (w->line.failed) return fail_text("cannot write %s: out of memory", w->path);
    if (file_write(w->fd, w->line.data, w->line.length) || fsync(w->fd)) return take_back(w, errno);
    w->length += (long long)w->line.length;
    return NULL;
}

const char *results_create(struct results_writer *w, const char *dir)
{
    memset(w, 0, sizeof *w);
    w->fd = -1;
    if (snprintf(w->path, sizeof w->path, "%s/results.csv", dir) >= (int)sizeof w->path)
        return fail_text("cannot write results.csv in %.200s...: the path is too long", dir);
    w->fd = open(w->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    if (w->fd < 0) return fail_text("cannot write %s: %s", w->path, strerror(errno));
    /* Only a lock that someone holds stops us: some network file systems have none. */
    if (flock(w->fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return fail_text("cannot write %s: another process is writing it", w->path);

    for (int i = 0; i < ROW_COLUMNS; i++) {
        if (i) plain_append(&w->line, ",", 1);
        plain_append_text(&w->line, row_columns[i].name);
    }
    plain_append(&w->line, "\n", 1);
    TRY(write_line(w));
    file_sync_dir(dir);
    return NULL;
}

const char *results_append(struct results_writer *w, const struct row *rows, int count)
{
    w->line.length = 0;
    for (int i = 0; i < count; i++) {
        const char *why = row_check(&rows[i]);
        if (why)
            return fail_text("cannot write %s: row of %s: %s. %ld %s kept", w->path, rows[i].impl,
                             why, w->rows, kept(w));
        for (int c = 0; c < ROW_COLUMNS; c++) {
            if (c) plain_append(&w->line, ",", 1);
            append_field(&w->line, &rows[i], &row_columns[c]);
        }
        plain_append(&w->line, "\n", 1);
    }
    if (!count) return NULL;
    TRY(write_line(w));
    w->rows += count;
    return NULL;
}

const char *results_close(struct results_writer *w)
{
    const char *why = NULL;

    free(w->line.data);
    memset(&w->line, 0, sizeof w->line);
    if (w->fd >= 0 && close(w->fd))
        why = fail_text("cannot write %s: %s", w->path, strerror(errno));
    w->fd = -1;
    return why;
}
