/* samples_read.c: reads samples.csv of any age and from anyone, or says with file and line what is
 * wrong: a ratio made from misread samples would end in a figure. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "measure/stats.h"
#include "store/csv.h"
#include "store/samples.h"

enum { FILE_COLUMNS_MAX = 256 };

struct reader {
    struct csv_reader csv;
    int columns, column[FILE_COLUMNS_MAX]; /* field of the file -> samples_columns, -1 unknown */
    double row, round[REPEATS_MAX + 1]; /* the row now, and the last round of each repeat in it */
};

static int find_column(const char *name)
{
    for (int i = 0; i < SAMPLES_COLUMNS; i++)
        if (!strcmp(samples_columns[i].name, name)) return i;
    return -1;
}

static const char *read_header(struct reader *r)
{
    int found[SAMPLES_COLUMNS] = {0};
    char *at, *name;

    TRY(csv_line(&r->csv, &at));
    if (!at) return fail_text("%s: the file is empty; expected a header line", r->csv.path);
    if (r->csv.torn) return fail_text("%s:1: the header line has no end", r->csv.path);
    while (at) {
        const char *why = csv_field(&at, &name);
        if (why) return fail_text("%s:1: %s", r->csv.path, why);
        if (r->columns == FILE_COLUMNS_MAX)
            return fail_text("%s:1: more than %d columns", r->csv.path, FILE_COLUMNS_MAX);
        const int column = find_column(name);
        if (column >= 0 && found[column]++)
            return fail_text("%s:1: two columns are called '%.40s'", r->csv.path, name);
        r->column[r->columns++] = column;
    }
    for (int i = 0; i < SAMPLES_COLUMNS; i++)
        if (samples_columns[i].needed && !found[i])
            return fail_text("%s:1: there is no column %s", r->csv.path, samples_columns[i].name);
    return NULL;
}

static const char *set_field(struct sample_line *s, const struct sample_column *c, char *text)
{
    char *field = (char *)s + c->offset;
    double v;

    if (!c->format) {
        csv_clean(text);
        if (strlen(text) >= sizeof s->throttle)
            return fail_text("column %s: at most %zu bytes fit", c->name, sizeof s->throttle - 1);
        memcpy(field, text, strlen(text) + 1);
        return NULL;
    }
    if (!*text) return c->needed ? fail_text("column %s is empty", c->name) : NULL;
    const int whole = c->needed && c->offset != offsetof(struct sample_line, t_us);
    if (whole && !plain_to_count(text, &v))
        return fail_text("column %s: '%.40s' is not a whole number", c->name, text);
    if (!whole && !plain_to_real(text, &v))
        return fail_text("column %s: '%.40s' is not a number", c->name, text);
    if (c->needed && !(v > 0)) return fail_text("column %s is %.6g", c->name, v);
    memcpy(field, &v, sizeof v);
    return NULL;
}

static const char *read_line(struct reader *r, char *at, struct sample_line *s)
{
    int i = 0;
    char *text;

    samples_clear(s);
    for (; at; i++) {
        TRY(csv_field(&at, &text));
        if (i < r->columns && r->column[i] >= 0)
            TRY(set_field(s, &samples_columns[r->column[i]], text));
    }
    return i == r->columns ? NULL : fail_text("%d fields; the header has %d", i, r->columns);
}

/* Rows in order, and in each row the rounds of each repeat in order: so nothing can stand there
 * twice. */
static const char *follows(struct reader *r, const struct sample_line *s)
{
    if (s->row < r->row) return fail_text("row %.0f behind row %.0f", s->row, r->row);
    if (s->repeat > REPEATS_MAX)
        return fail_text("repeat %.0f; there are %d at most", s->repeat, REPEATS_MAX);
    if (s->row > r->row) memset(r->round, 0, sizeof r->round);
    double *last = &r->round[(int)s->repeat];
    if (s->round <= *last)
        return fail_text("round %.0f of row %.0f behind round %.0f", s->round, s->row, *last);
    r->row = s->row;
    *last = s->round;
    return NULL;
}

static const char *grow(struct samples *s, size_t *room)
{
    if ((size_t)s->count < *room) return NULL;
    if (*room == SAMPLES_MAX) return fail_text("more than %d samples", SAMPLES_MAX);
    *room = *room ? *room * 2 : 256;
    struct sample_line *grown = realloc(s->lines, *room * sizeof *s->lines);
    if (!grown) return "out of memory";
    s->lines = grown;
    return NULL;
}

static const char *read_lines(struct reader *r, int open_run, long rows, struct samples *s)
{
    const char *why = NULL;
    size_t room = 0;
    char *line;

    for (; !why; s->count++) {
        TRY(csv_line(&r->csv, &line));
        if (!line) return NULL;
        if (r->csv.torn) {
            s->torn = 1;
            if (open_run) return NULL;
            why = "the last line is torn (no line end), in a run that is complete";
        }
        if (!why) why = grow(s, &room);
        if (!why) why = read_line(r, line, &s->lines[s->count]);
        if (!why) why = follows(r, &s->lines[s->count]);
        if (!why && s->lines[s->count].row > (double)rows) {
            if (open_run) return NULL;
            why = fail_text("row %.0f; results.csv has %ld", s->lines[s->count].row, rows);
        }
        if (why) return fail_text("%s:%ld: %s", r->csv.path, r->csv.line, why);
    }
    return NULL;
}

const char *samples_read(const char *path, int open_run, long rows, struct samples *s)
{
    struct reader r = {.columns = 0};

    memset(s, 0, sizeof *s);
    const char *why = csv_open(&r.csv, path);
    if (!why) why = read_header(&r);
    if (!why) why = read_lines(&r, open_run, rows, s);
    csv_close(&r.csv);
    return why;
}

void samples_free(struct samples *s)
{
    free(s->lines);
    memset(s, 0, sizeof *s);
}
