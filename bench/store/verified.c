/* verified.c: see verified.h. */
#include "store/verified.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "store/csv.h"

enum { VERIFIED_MAX = 10000 };

static const char *set_name(char to[64], char *text, const char *column)
{
    csv_clean(text);
    if (!*text) return fail_text("column %s is empty", column);
    if (strlen(text) >= 64) return fail_text("column %s: at most 63 bytes fit", column);
    memcpy(to, text, strlen(text) + 1);
    return NULL;
}

static const char *read_line(char *at, struct verified *v)
{
    struct verified_line *line = &v->lines[v->count];
    char *run, *by;

    TRY(csv_field(&at, &run));
    if (!at) return "one field; expected run,by_run";
    TRY(csv_field(&at, &by));
    if (at) return "more than two fields; expected run,by_run";
    TRY(set_name(line->run, run, "run"));
    TRY(set_name(line->by_run, by, "by_run"));
    if (!strcmp(line->run, line->by_run)) return "a run cannot verify itself";
    if (verified_by(v, line->run)) return fail_text("'%s' stands there twice", line->run);
    v->count++;
    return NULL;
}

static const char *read_lines(struct csv_reader *csv, struct verified *v)
{
    const char *why = NULL;
    char *line;

    TRY(csv_line(csv, &line));
    if (!line || strcmp(line, "run,by_run"))
        return fail_text("%s:1: the header must be run,by_run", csv->path);
    if (!(v->lines = calloc(VERIFIED_MAX, sizeof *v->lines))) return "out of memory";
    while (!why) {
        TRY(csv_line(csv, &line));
        if (!line) return NULL;
        why = v->count == VERIFIED_MAX ? "too many lines" : read_line(line, v);
        if (!why && csv->torn) why = "the last line has no end";
    }
    return fail_text("%s:%ld: %s", csv->path, csv->line, why);
}

const char *verified_read(const char *path, struct verified *v)
{
    struct csv_reader csv;

    memset(v, 0, sizeof *v);
    if (access(path, F_OK) && errno == ENOENT) return NULL;
    const char *why = csv_open(&csv, path);
    if (!why) why = read_lines(&csv, v);
    csv_close(&csv);
    return why;
}

void verified_free(struct verified *v)
{
    free(v->lines);
    memset(v, 0, sizeof *v);
}

const char *verified_by(const struct verified *v, const char *run)
{
    for (int i = 0; i < v->count; i++)
        if (!strcmp(v->lines[i].run, run)) return v->lines[i].by_run;
    return NULL;
}
