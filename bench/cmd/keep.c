/* keep.c: see keep.h. */
#include "cmd/keep.h"
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

/* What the recorder saw during one block: a sample or two, often none of a short one. */
static void device_columns(const struct sample *s, struct sample_line *to)
{
    const struct recorder_summary w =
        recorder_window(s->end_us - (double)s->calls * s->us, s->end_us);

    to->sm_mhz = w.sm_mhz;
    to->power_w = w.power_w;
    to->temp_c = w.temp_c;
    nvml_reason_words(w.reasons, to->throttle, sizeof to->throttle);
}

/* Appends to kept what the log has of one cell, and tells its row. */
static int take_samples(const struct sample_log *log, int impl, enum cache cache, enum place place,
                        long row, struct row *r, struct sample_line *to)
{
    int n = 0;

    for (int i = 0; i < log->count; i++) {
        const struct logged *l = &log->at[i];
        if (l->impl != impl || l->cache != cache) continue;
        samples_clear(&to[n]);
        to[n].row = (double)row;
        to[n].repeat = 1;
        to[n].round = l->sample.round;
        to[n].pos = l->sample.pos;
        to[n].calls = (double)l->sample.calls;
        to[n].t_us = l->sample.us;
        if (place == DEVICE) device_columns(&l->sample, &to[n]);
        n++;
    }
    r->sample = to;
    r->sample_count = n;
    return n;
}

const char *keep_problem(struct keep *k, struct run_facts *f, const struct problem *p,
                         const struct outcome *out, int count, const struct sample_log *log,
                         struct kept *kept)
{
    long now[4] = {0}; /* rows by enum status */
    int samples = 0;

    *kept = (struct kept){.rows = calloc((size_t)count * CACHES, sizeof *kept->rows),
                          .samples = calloc((size_t)log->count + 1, sizeof *kept->samples)};
    if (!kept->rows || !kept->samples) return "oom: host memory for the rows";
    for (int i = 0; i < count; i++)
        for (int c = 0; c < CACHES; c++) {
            if (!out[i].cell[c].planned) continue;
            struct row *r = &kept->rows[kept->count++];
            const enum status status = record_row(f, p, &out[i], c, r);
            now[status]++;
            if (status == STATUS_OK)
                samples += take_samples(log, i, c, out[i].impl->place,
                                        k->results.rows + kept->count, r, kept->samples + samples);
        }
    TRY(samples_append(&k->samples, kept->samples, samples));
    const char *why = results_append(&k->results, kept->rows, kept->count);
    if (why) {
        char text[1024];
        snprintf(text, sizeof text, "%s", why);
        durable_undo(
            &k->samples); /* the run ends here: the next one may give these numbers again */
        return fail_text("%s", text);
    }
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
    why = results_close(&k->results);
    return !why && *text ? fail_text("%s", text) : why;
}
