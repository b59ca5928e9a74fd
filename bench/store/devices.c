/* devices.c: see devices.h. What is misread here would call a good row impossible, or let a bad one
 * pass, so anything unexpected is an error. */
#include "store/devices.h"
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "store/csv.h"
#include "store/run_dir.h"

enum { DEVICES_MAX = 4096 };

#define TEXT(column, field)                                                                        \
    {                                                                                              \
        column, offsetof(struct device_line, field), sizeof((struct device_line *)0)->field        \
    }
#define REAL(column, field)                                                                        \
    {                                                                                              \
        column, offsetof(struct device_line, field), 0                                             \
    }

static const struct {
    const char *name;
    size_t offset, size; /* size 0: a figure */
} columns[] = {
    TEXT("slug", slug),
    TEXT("name", name),
    TEXT("kind", kind),
    TEXT("vendor", vendor),
    TEXT("arch", arch),
    REAL("cc", cc),
    TEXT("released", released),
    REAL("spec_clock_mhz", clock_mhz),
    REAL("spec_gbs", gbs),
    REAL("spec_f64", gflops[F64]),
    REAL("spec_f32", gflops[F32]),
    REAL("spec_tf32", gflops[TF32]),
    REAL("spec_f16", gflops[F16]),
    REAL("spec_bf16", gflops[BF16]),
    TEXT("spec_source", source),
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static const char *read_header(struct csv_reader *csv)
{
    char *at, *name;

    TRY(csv_line(csv, &at));
    for (int i = 0; i < COLUMNS; i++) {
        const char *why = at ? csv_field(&at, &name) : "missing";
        if (why || strcmp(name, columns[i].name))
            return fail_text("%s:1: column %d must be %s", csv->path, i + 1, columns[i].name);
    }
    return at ? fail_text("%s:1: more than %d columns", csv->path, COLUMNS) : NULL;
}

static const char *set_field(struct device_line *d, int i, char *text)
{
    char *field = (char *)d + columns[i].offset;
    double v = NAN;

    if (columns[i].size) {
        csv_clean(text);
        if (strlen(text) >= columns[i].size)
            return fail_text("column %s: at most %zu bytes fit", columns[i].name,
                             columns[i].size - 1);
        memcpy(field, text, strlen(text) + 1);
        return NULL;
    }
    if (*text && (!plain_to_real(text, &v) || !(v > 0)))
        return fail_text("column %s: '%.40s' is not a positive number", columns[i].name, text);
    memcpy(field, &v, sizeof v);
    return NULL;
}

/* 2026-03, or empty. */
static int is_month(const char *s)
{
    if (!*s) return 1;
    if (strlen(s) != 7 || strspn(s, "0123456789") != 4 || s[4] != '-') return 0;
    return strspn(s + 5, "0123456789") == 2 && strcmp(s + 5, "00") > 0 && strcmp(s + 5, "12") <= 0;
}

static const char *check(const struct device_line *d)
{
    char slug[sizeof d->slug];
    int figures = d->clock_mhz > 0 || d->gbs > 0;

    slug_from(d->name, slug, sizeof slug);
    if (strcmp(slug, d->slug))
        return fail_text("slug '%s', but the name '%s' makes '%s'", d->slug, d->name, slug);
    if (strcmp(d->kind, "gpu") && strcmp(d->kind, "cpu"))
        return fail_text("kind '%s'; known: gpu cpu", d->kind);
    if (!*d->vendor) return "column vendor is empty";
    if (!is_month(d->released)) return fail_text("released '%s' is not YYYY-MM", d->released);
    if ((d->cc > 0) != !strcmp(d->kind, "gpu") || (d->cc > 0 && d->cc != floor(d->cc)))
        return "cc is a whole number, such as 90 for 9.0, of a gpu and of nothing else";
    for (int p = 0; p < PRECISIONS; p++) figures |= d->gflops[p] > 0;
    if (figures && !*d->source) return "figures without spec_source: name the vendor's document";
    return NULL;
}

static const char *read_line(struct csv_reader *csv, char *at, struct devices *d)
{
    struct device_line *line = &d->lines[d->count];
    char *text;
    int i = 0;

    for (; at; i++) {
        TRY(csv_field(&at, &text));
        if (i < COLUMNS) TRY(set_field(line, i, text));
    }
    if (i != COLUMNS) return fail_text("%d fields; there are %d columns", i, COLUMNS);
    TRY(check(line));
    if (devices_find(d, line->slug)) return fail_text("'%s' stands there twice", line->slug);
    if (csv->torn) return "the last line has no end";
    d->count++;
    return NULL;
}

static const char *read_lines(struct csv_reader *csv, struct devices *d)
{
    char *line;

    for (;;) {
        TRY(csv_line(csv, &line));
        if (!line) return NULL;
        const char *why = d->count == DEVICES_MAX ? "too many lines" : read_line(csv, line, d);
        if (why) return fail_text("%s:%ld: %s", csv->path, csv->line, why);
    }
}

const char *devices_read(const char *path, struct devices *d)
{
    struct csv_reader csv;

    memset(d, 0, sizeof *d);
    const char *why = csv_open(&csv, path);
    if (!why) why = read_header(&csv);
    if (!why && !(d->lines = calloc(DEVICES_MAX, sizeof *d->lines))) why = "out of memory";
    if (!why) why = read_lines(&csv, d);
    csv_close(&csv);
    return why;
}

void devices_free(struct devices *d)
{
    free(d->lines);
    memset(d, 0, sizeof *d);
}

const struct device_line *devices_find(const struct devices *d, const char *slug)
{
    for (int i = 0; i < d->count; i++)
        if (!strcmp(d->lines[i].slug, slug)) return &d->lines[i];
    return NULL;
}
