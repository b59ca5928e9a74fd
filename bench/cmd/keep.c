/* keep.c: see keep.h. */
#include "cmd/keep.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"

const char *keep_open(struct keep *k, const char *dir)
{
    memset(k, 0, sizeof *k);
    k->results.fd = k->samples.fd = -1;
    TRY(samples_create(&k->samples, dir));
    return results_create(&k->results, dir);
}

const char *keep_reopen(struct keep *k, const char *dir, long rows)
{
    memset(k, 0, sizeof *k);
    k->results.fd = k->samples.fd = -1;
    /* first: its lock says whether the run still goes on */
    TRY(results_reopen(&k->results, dir, rows));
    return samples_reopen(&k->samples, dir, rows);
}

/* What the device did in the blocks that make the cell's time. */
static struct recorder_summary recorded(const struct sample_log *log, int impl, int cell)
{
    static struct recorder_span span[REPEATS_MAX * STATS_MAX];
    int n = 0;

    for (int i = 0; i < log->count && n < REPEATS_MAX * STATS_MAX; i++) {
        const struct logged *l = &log->at[i];
        if (l->impl == impl && l->cell == cell && l->own)
            span[n++] = (struct recorder_span){l->sample.start_us, l->sample.end_us};
    }
    return recorder_spans(span, n);
}

/* The clock that the block measured itself; else, and for the rest, what the recorder saw
 * meanwhile: a sample or two, often none of a short block. */
static void device_columns(const struct sample *s, struct sample_line *to)
{
    const struct recorder_summary w = recorder_window(s->start_us, s->end_us);

    to->sm_mhz = isnan(s->sm_mhz) ? w.sm_mhz : s->sm_mhz;
    to->power_w = w.power_w;
    to->temp_c = w.temp_c;
    nvml_reason_words(w.reasons, to->throttle, sizeof to->throttle);
}

static struct sample_line line_of(const struct logged *l, enum place place, long row)
{
    struct sample_line s;

    samples_clear(&s);
    s.row = (double)row;
    s.repeat = l->repeat;
    s.round = l->sample.round;
    s.pos = l->sample.pos;
    s.calls = (double)l->sample.calls;
    s.t_us = l->sample.us;
    if (place == DEVICE) device_columns(&l->sample, &s);
    return s;
}

/* Appends to kept what the log has of one cell, its own blocks before those as a guest, and tells
 * its row. */
static int take_samples(const struct sample_log *log, int impl, int cell, enum place place,
                        long row, struct row *r, struct sample_line *to)
{
    int n = 0;

    for (int own = 1; own >= 0; own--)
        for (int i = 0; i < log->count; i++) {
            const struct logged *l = &log->at[i];
            if (l->impl == impl && l->cell == cell && l->own == own)
                to[n++] = line_of(l, place, row);
        }
    r->sample = to;
    r->sample_count = n;
    return n;
}

const char *keep_rows(struct keep *k, const struct row *rows, int count,
                      const struct sample_line *samples, int sample_count)
{
    char text[1024];

    TRY(samples_append(&k->samples, samples, sample_count));
    const char *why = results_append(&k->results, rows, count);
    if (!why) return NULL;
    snprintf(text, sizeof text, "%s", why);
    durable_undo(&k->samples); /* the run ends here: the next one may give these numbers again */
    return fail_text("%s", text);
}

const char *keep_problem(struct keep *k, struct run_facts *f, const struct problem *p,
                         struct outcome *out, int count, const struct sample_log *log,
                         struct kept *kept)
{
    long now[4] = {0}; /* rows by enum status */
    int samples = 0;

    *kept = (struct kept){.rows = calloc((size_t)count * CELLS, sizeof *kept->rows),
                          .samples = calloc((size_t)log->count + 1, sizeof *kept->samples)};
    if (!kept->rows || !kept->samples) return "oom: host memory for the rows";
    for (int i = 0; i < count; i++)
        for (int c = 0; c < CELLS; c++) {
            struct cell *cell = &out[i].cell[c];
            if (!cell->planned) continue;
            if (cell->status == STATUS_OK && out[i].impl->place == DEVICE)
                cell->recorded = recorded(log, i, c);
            struct row *r = &kept->rows[kept->count++];
            const enum status status = record_row(f, p, &out[i], c, r);
            now[status]++;
            if (status == STATUS_OK)
                samples += take_samples(log, i, c, out[i].impl->place,
                                        k->results.lines + kept->count, r, kept->samples + samples);
        }
    TRY(keep_rows(k, kept->rows, kept->count, kept->samples, samples));
    for (int status = 0; status < 4; status++) f->rows[status] += now[status];
    return NULL;
}

void keep_free(struct kept *kept)
{
    free(kept->rows);
    free(kept->samples);
    memset(kept, 0, sizeof *kept);
}

const char *keep_close(struct keep *k)
{
    char text[1024] = "";
    const char *why = durable_close(&k->samples);

    if (why) snprintf(text, sizeof text, "%s", why);
    why = durable_close(&k->results);
    return !why && *text ? fail_text("%s", text) : why;
}
