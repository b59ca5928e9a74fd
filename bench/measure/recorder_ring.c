/* recorder_ring.c: see recorder_ring.h. */
#include "measure/recorder_ring.h"
#include <math.h>
#include <stdlib.h>

void recorder_ring_put(struct recorder_ring *r, const struct recorder_sample *s)
{
    if (!r->at) r->at = malloc(RECORDER_SAMPLES * sizeof *r->at); /* pages come as they are used */
    if (r->at) r->at[r->taken++ % RECORDER_SAMPLES] = *s;
}

static const struct recorder_sample *nth(const struct recorder_ring *r, long i)
{
    return &r->at[i % RECORDER_SAMPLES];
}

/* The first sample at this time or later. */
static long find(const struct recorder_ring *r, double t_us)
{
    long from = r->taken > RECORDER_SAMPLES ? r->taken - RECORDER_SAMPLES : 0, to = r->taken;

    while (from < to) {
        const long middle = from + (to - from) / 2;
        if (nth(r, middle)->t_us < t_us) from = middle + 1;
        else to = middle;
    }
    return from;
}

struct sums {
    double sum[NVML_SAMPLED];
    long known[NVML_SAMPLED], capped;
};

static void add(struct sums *s, struct recorder_summary *of, const struct recorder_sample *sample)
{
    const double reasons = sample->value[NVML_REASONS];

    of->count++;
    for (int v = 0; v < NVML_SAMPLED; v++)
        if (!isnan(sample->value[v])) {
            s->sum[v] += sample->value[v];
            s->known[v]++;
        }
    of->temp_c = fmax(of->temp_c, sample->value[NVML_TEMP_C]); /* of NaN and a number: the number */
    if (isnan(reasons)) return;
    of->reasons |= (uint64_t)reasons;
    s->capped += ((uint64_t)reasons & NVML_REASON_POWER_CAP) != 0;
}

static double mean(const struct sums *s, enum nvml_value v)
{
    return s->known[v] ? s->sum[v] / (double)s->known[v] : NAN;
}

/* The counter goes in steps, so only the times at which it moves are worth something. */
static double counter_w(const struct recorder_ring *r, long from, double to_us)
{
    double first_us = NAN, first_j = NAN, last_us = NAN, last_j = NAN;

    for (long i = from + 1; i < r->taken && nth(r, i)->t_us <= to_us; i++) {
        const double j = nth(r, i)->value[NVML_ENERGY_J];
        if (!(j > nth(r, i - 1)->value[NVML_ENERGY_J])) continue;
        last_us = nth(r, i)->t_us;
        last_j = j;
        if (isnan(first_us)) first_us = last_us, first_j = last_j;
    }
    return last_us > first_us ? 1e6 * (last_j - first_j) / (last_us - first_us) : NAN;
}

struct recorder_summary recorder_ring_spans(const struct recorder_ring *r,
                                            const struct recorder_span *span, int count)
{
    struct recorder_summary of = {.temp_c = NAN, .counter_w = NAN};
    struct sums s = {0};

    for (int k = 0; k < count && r->at; k++)
        for (long i = find(r, span[k].from_us); i < r->taken && nth(r, i)->t_us <= span[k].to_us;
             i++)
            add(&s, &of, nth(r, i));
    of.sm_mhz = mean(&s, NVML_SM_MHZ);
    of.mem_mhz = mean(&s, NVML_MEM_MHZ);
    of.power_w = mean(&s, s.known[NVML_POWER_W] ? NVML_POWER_W : NVML_POWER_MEAN_W);
    of.cap_pct =
        s.known[NVML_REASONS] ? 100 * (double)s.capped / (double)s.known[NVML_REASONS] : NAN;
    if (count == 1 && r->at) of.counter_w = counter_w(r, find(r, span->from_us), span->to_us);
    return of;
}

void recorder_csv_header(struct plain_buffer *b)
{
    plain_append_text(b, "t_us");
    for (int v = 0; v < NVML_SAMPLED; v++) {
        plain_append(b, ",", 1);
        plain_append_text(b, nvml_name(v));
    }
    plain_append(b, "\n", 1);
}

void recorder_csv_line(struct plain_buffer *b, const struct recorder_sample *s)
{
    char text[64];

    plain_from_real(text, sizeof text, "%.15g", floor(s->t_us));
    plain_append_text(b, text);
    for (int v = 0; v < NVML_SAMPLED; v++) {
        plain_append(b, ",", 1);
        if (isnan(s->value[v])) continue;
        plain_from_real(text, sizeof text, "%.10g", s->value[v]);
        plain_append_text(b, text);
    }
    plain_append(b, "\n", 1);
}
