/* spec.c: see spec.h. */
#include "report/spec.h"
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "store/csv.h"

enum { SLUG, NAME, RELEASED, GBS, GFLOPS, WANTED, COLUMNS_MAX = 64 };

static double number(const char *text)
{
    char *end;
    const double v = strtod(text, &end);

    return end > text && !*end && v > 0 && isfinite(v) ? v : NAN;
}

/* Which of the wanted columns each field of the header is, -1 none. */
static int read_header(char *line, const char *const wanted[WANTED], int column[COLUMNS_MAX])
{
    char *field;
    int n = 0;

    for (char *at = line; at && n < COLUMNS_MAX; n++) {
        if (csv_field(&at, &field)) return 0;
        column[n] = -1;
        for (int k = 0; k < WANTED; k++)
            if (!strcmp(field, wanted[k])) column[n] = k;
    }
    return n;
}

static int read_line(char *line, const int *column, int columns, const char *slug, struct spec *s)
{
    const char *got[WANTED] = {"", "", "", "", ""};
    char *field;
    int n = 0;

    for (char *at = line; at && n < columns; n++) {
        if (csv_field(&at, &field)) return 0;
        if (column[n] >= 0) got[column[n]] = field;
    }
    if (strcmp(got[SLUG], slug)) return 0;
    s->known = 1;
    snprintf(s->name, sizeof s->name, "%.90s", got[NAME]);
    snprintf(s->released, sizeof s->released, "%.15s", got[RELEASED]);
    s->gbs = number(got[GBS]);
    s->gflops = number(got[GFLOPS]);
    return 1;
}

struct spec spec_find(const struct stored_run *run, const char *slug, const char *precision)
{
    struct spec s = {.gbs = NAN, .gflops = NAN};
    char path[PATH_MAX + 32], full[PATH_MAX], peak[32], *line;
    const char *const wanted[WANTED] = {"slug", "name", "released", "spec_gbs", peak};
    struct csv_reader csv;
    int column[COLUMNS_MAX], columns = 0;

    snprintf(peak, sizeof peak, "spec_%.8s", precision);
    if (!realpath(run->dir, full)) return s;
    snprintf(path, sizeof path, "%s/../../devices.csv", full);
    if (access(path, R_OK)) return s;
    if (!csv_open(&csv, path) && !csv_line(&csv, &line) && line)
        columns = read_header(line, wanted, column);
    while (columns && !csv_line(&csv, &line) && line)
        if (read_line(line, column, columns, slug, &s)) break;
    csv_close(&csv);
    return s;
}
