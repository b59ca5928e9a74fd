/* samples.c: the columns of samples.csv, and its writer. */
#include "store/samples.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "store/csv.h"

#define REAL(field, format_, needed_)                                                              \
    {                                                                                              \
        .name = #field, .format = format_, .offset = offsetof(struct sample_line, field),          \
        .needed = needed_                                                                          \
    }

const struct sample_column samples_columns[SAMPLES_COLUMNS] = {
    REAL(row, "%.0f", 1),    REAL(repeat, "%.0f", 1),  REAL(round, "%.0f", 1),
    REAL(pos, "%.0f", 1),    REAL(calls, "%.0f", 1),   REAL(t_us, "%.7g", 1),
    REAL(sm_mhz, "%.6g", 0), REAL(power_w, "%.6g", 0), REAL(temp_c, "%.6g", 0),
    REAL(throttle, NULL, 0),
};

void samples_clear(struct sample_line *s)
{
    *s = (struct sample_line){.row = NAN,
                              .repeat = NAN,
                              .round = NAN,
                              .pos = NAN,
                              .calls = NAN,
                              .t_us = NAN,
                              .sm_mhz = NAN,
                              .power_w = NAN,
                              .temp_c = NAN};
}

const char *samples_create(struct durable *d, const char *dir)
{
    const char *why = durable_create(d, dir, SAMPLES_NAME);

    for (int i = 0; i < SAMPLES_COLUMNS; i++) {
        if (i) plain_append(&d->buffer, ",", 1);
        plain_append_text(&d->buffer, samples_columns[i].name);
    }
    plain_append(&d->buffer, "\n", 1);
    if (!why) why = durable_append(d, 0);
    return why;
}

const char *samples_reopen(struct durable *d, const char *dir, long rows)
{
    struct samples s;
    char path[4200];

    snprintf(path, sizeof path, "%s/" SAMPLES_NAME, dir);
    const char *why = samples_read(path, 1, rows, &s);
    const long lines = s.count;
    samples_free(&s);
    return why ? why : durable_reopen(d, dir, SAMPLES_NAME, lines);
}

static void append_field(struct plain_buffer *b, const struct sample_line *s,
                         const struct sample_column *c)
{
    char text[400]; /* %.0f of the largest double has 309 digits */
    double v;

    if (!c->format) {
        csv_append(b, (const char *)s + c->offset);
        return;
    }
    memcpy(&v, (const char *)s + c->offset, sizeof v);
    if (!isfinite(v)) return;
    plain_from_real(text, sizeof text, c->format, v);
    plain_append_text(b, text);
}

const char *samples_append(struct durable *d, const struct sample_line *lines, int count)
{
    for (int i = 0; i < count; i++) {
        for (int c = 0; c < SAMPLES_COLUMNS; c++) {
            if (c) plain_append(&d->buffer, ",", 1);
            append_field(&d->buffer, &lines[i], &samples_columns[c]);
        }
        plain_append(&d->buffer, "\n", 1);
    }
    return durable_append(d, count);
}
