/* results_read.c: reads results.csv of any age and from anyone. Columns are found by name, so old
 * files lack some and new ones have more; all else that is not as row.c says is an error with file
 * and line, since a number that was misread would end in a figure. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "store/results.h"

static int find_column(const char *name)
{
    for (int i = 0; i < ROW_COLUMNS; i++)
        if (!strcmp(row_columns[i].name, name)) return i;
    return -1;
}

static const char *read_header(struct results_reader *r)
{
    const char *path = r->csv.path, *names[RESULTS_COLUMNS_MAX];
    int found[ROW_COLUMNS] = {0};
    char *at, *name;

    TRY(csv_line(&r->csv, &at));
    if (!at) return fail_text("%s: the file is empty; expected a header line", path);
    if (r->csv.torn) return fail_text("%s:1: the header line has no end", path);
    while (at) {
        const char *why = csv_field(&at, &name);
        if (why) return fail_text("%s:1: %s", path, why);
        if (r->columns == RESULTS_COLUMNS_MAX)
            return fail_text("%s:1: more than %d columns", path, RESULTS_COLUMNS_MAX);
        for (int i = 0; i < r->columns; i++)
            if (!strcmp(names[i], name))
                return fail_text("%s:1: two columns are called '%.40s'", path, name);
        names[r->columns] = name;
        const int column = find_column(name);
        if (column >= 0) found[column] = 1;
        r->column[r->columns++] = (short)column;
    }
    for (int i = 0; i < ROW_COLUMNS; i++)
        if (row_columns[i].needed && !found[i])
            return fail_text("%s:1: there is no column %s", path, row_columns[i].name);
    return NULL;
}

/* Puts the text of one field into the row. */
static const char *set_field(struct row *row, const struct column *c, char *text)
{
    char *field = (char *)row + c->offset;
    double v;

    if (c->type == COLUMN_TEXT) {
        csv_clean(text);
        const size_t length = strlen(text);
        if (length >= c->size)
            return fail_text("column %s: %zu bytes; at most %zu fit", c->name, length, c->size - 1);
        memcpy(field, text, length + 1);
        return NULL;
    }
    if (!*text) return NULL; /* not measured; row_clear has put NaN there */
    if (c->type == COLUMN_COUNT && !plain_to_count(text, &v))
        return fail_text("column %s: '%.40s' is not a whole number", c->name, text);
    if (c->type != COLUMN_COUNT && !plain_to_real(text, &v))
        return fail_text("column %s: '%.40s' is not a number", c->name, text);
    memcpy(field, &v, sizeof v);
    /* Before another column is misread by rules that are not its own. */
    return c->offset == offsetof(struct row, schema) ? row_schema(v) : NULL;
}

/* Brings a row of an older schema to this one, in memory; files are never rewritten. A change of
 * meaning, unit or key raises ROW_SCHEMA and adds its step in the same commit. */
static void migrate(struct row *row)
{
    /* [s]: from schema s to s + 1. Schema 1 is the first. */
    static void (*const steps[ROW_SCHEMA])(struct row *) = {NULL};

    for (int s = (int)row->schema; s < ROW_SCHEMA; s++) steps[s](row);
    row->schema = ROW_SCHEMA;
}

static const char *read_row(struct results_reader *r, char *at, struct row *row)
{
    int i = 0;
    char *text;

    row_clear(row);
    row->schema = NAN; /* an empty one is an error */
    for (; at; i++) {
        TRY(csv_field(&at, &text));
        if (i < r->columns && r->column[i] >= 0)
            TRY(set_field(row, &row_columns[r->column[i]], text));
    }
    if (i != r->columns) return fail_text("%d fields; the header has %d", i, r->columns);
    TRY(row_schema(row->schema));
    migrate(row);
    return row_check(row);
}

const char *results_begin(struct results_reader *r, const char *path, int open_run)
{
    memset(r, 0, sizeof *r);
    r->open_run = open_run;
    TRY(csv_open(&r->csv, path));
    return read_header(r);
}

const char *results_next(struct results_reader *r, struct row *row, int *got)
{
    char *line;

    *got = 0;
    TRY(csv_line(&r->csv, &line));
    if (!line) return NULL;
    if (r->csv.torn) {
        r->torn = 1;
        if (r->open_run) return NULL;
        return fail_text("%s:%ld: the last row is torn (no line end), in a run that is complete",
                         r->csv.path, r->csv.line);
    }
    const char *why = read_row(r, line, row);
    if (why) return fail_text("%s:%ld: %s", r->csv.path, r->csv.line, why);
    *got = 1;
    return NULL;
}

void results_end(struct results_reader *r) { csv_close(&r->csv); }

static int by_key(const void *a, const void *b)
{
    const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;
    const int order = row_compare(x, y);

    return order ? order : (x > y) - (x < y);
}

/* A cell measured twice would count twice in every sum. */
static const char *check_keys(const char *path, const struct results *r)
{
    const char *why = NULL;
    const struct row **sorted = malloc(sizeof *sorted * ((size_t)r->count + 1));

    if (!sorted) return fail_text("%s: out of memory", path);
    for (int i = 0; i < r->count; i++) sorted[i] = &r->rows[i];
    qsort(sorted, (size_t)r->count, sizeof *sorted, by_key);
    for (int i = 1; i < r->count && !why; i++)
        if (!row_compare(sorted[i - 1], sorted[i])) /* row n stands in line n + 2: one line each */
            why = fail_text("%s:%ld: the same cell as line %ld", path,
                            (long)(sorted[i] - r->rows) + 2, (long)(sorted[i - 1] - r->rows) + 2);
    free(sorted);
    return why;
}

static const char *read_rows(struct results_reader *from, struct results *r)
{
    size_t room = 0;

    for (int got = 1;; r->count++) {
        if ((size_t)r->count == room) {
            if (room == RESULTS_ROWS_MAX)
                return fail_text("%s:%ld: more than %d rows", from->csv.path, from->csv.line,
                                 RESULTS_ROWS_MAX);
            room = room ? room * 2 : 64;
            struct row *grown = realloc(r->rows, room * sizeof *r->rows);
            if (!grown) return fail_text("%s: out of memory", from->csv.path);
            r->rows = grown;
        }
        TRY(results_next(from, &r->rows[r->count], &got));
        if (!got) break;
    }
    r->torn = from->torn;
    return NULL;
}

const char *results_read(const char *path, int open_run, struct results *r)
{
    struct results_reader from;

    memset(r, 0, sizeof *r);
    const char *why = results_begin(&from, path, open_run);
    if (!why) why = read_rows(&from, r);
    results_end(&from);
    return why ? why : check_keys(path, r);
}

void results_free(struct results *r)
{
    free(r->rows);
    memset(r, 0, sizeof *r);
}
