/* recorder_thread.c: the side of recorder.h that talks to NVML. Nobody holds the lock while NVML
 * works, so a call that hangs stops this thread alone. */
#include "measure/recorder_thread.h"
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "measure/timer.h"
#include "store/file.h"

static const double TICK_US = 20e3, PAUSE_US = 5e3; /* pause: however long a look takes */
enum { SELDOM = 10, FLUSH = 50 };                   /* ticks */

static void sleep_us(double us)
{
    const struct timespec t = {(time_t)(us / 1e6), (long)(fmod(us, 1e6) * 1e3)};

    nanosleep(&t, NULL);
}

/* Said again and again: whoever pins the threads of this process later (machine_pin) takes all that
 * are there along. */
static void stay_away(const struct recorder *r)
{
    cpu_set_t one;

    if (r->cpu < 0) return;
    CPU_ZERO(&one);
    CPU_SET(r->cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
}

/* Somebody else's load shows in every look, the making of our own context only in the first. */
static double least_utilisation(struct nvml *n)
{
    double least = nvml_get(n, NVML_UTILISATION_PCT);

    for (int i = 0; i < 4 && least > 5; i++) {
        sleep_us(300e3);
        least = fmin(least, nvml_get(n, NVML_UTILISATION_PCT));
    }
    return least;
}

static void look_before(struct nvml *n, struct recorder_facts *f, int ours)
{
    for (int v = 0; v < NVML_VALUES; v++)
        f->before[v] = v == NVML_UTILISATION_PCT ? least_utilisation(n) : nvml_get(n, v);
    const double others = f->before[NVML_PROCESSES] - ours; /* NaN stays NaN */
    f->foreign = others < 0 ? 0 : others;
    snprintf(f->driver, sizeof f->driver, "%s", nvml_driver(n));
    f->uuid_hash = nvml_uuid_hash(n);
    f->running = 1;
}

static void look(struct nvml *n, struct recorder_sample *s, int seldom, int energy)
{
    const double start = timer_now_us();

    for (int v = 0; v < NVML_FAST; v++) s->value[v] = nvml_get(n, v);
    s->t_us = 0.5 * (start + timer_now_us());
    for (int v = NVML_FAST; v < NVML_SAMPLED; v++)
        if (seldom || (energy && v == NVML_ENERGY_J)) s->value[v] = nvml_get(n, v);
}

/* What the buffer holds goes to the file. A full disk ends the file, not the run. */
static void flush(struct recorder *r, struct plain_buffer *b, int csv)
{
    const int failed = csv >= 0 && (b->failed || file_write(csv, b->data, b->length));
    const char *why = b->failed ? "out of memory" : strerror(errno);

    b->length = 0;
    if (!failed) return;
    pthread_mutex_lock(&r->lock);
    snprintf(r->file_note, sizeof r->file_note, RECORDER_NAME " ends early: %s", why);
    r->csv = -1;
    pthread_mutex_unlock(&r->lock);
    close(csv);
}

static void sample_until_stop(struct recorder *r, struct nvml *n)
{
    struct recorder_sample s = {0};
    struct plain_buffer b = {0};
    double busy_us = 0;
    int stop = 0, energy = 0;

    for (long i = 0; !stop; i++) {
        const double start = timer_now_us();
        if (i % SELDOM == 0) stay_away(r);
        look(n, &s, i % SELDOM == 0, energy);
        const double took_us = timer_now_us() - start;
        busy_us += took_us;
        pthread_mutex_lock(&r->lock);
        recorder_ring_put(&r->ring, &s);
        snprintf(r->nvml_note, sizeof r->nvml_note, "%s", nvml_note(n));
        r->facts.sample_ms = 1e-3 * busy_us / (double)(i + 1);
        stop = r->stop;
        energy = r->energy;
        const int csv = r->csv;
        pthread_mutex_unlock(&r->lock);
        if (csv >= 0) recorder_csv_line(&b, &s);
        if (stop || i % FLUSH == 0) flush(r, &b, csv);
        if (!stop) sleep_us(fmax(TICK_US - took_us, PAUSE_US));
    }
    free(b.data);
}

void recorder_free(struct recorder *r)
{
    if (r->csv >= 0) close(r->csv);
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->lock);
    free(r->ring.at);
    free(r);
}

/* Returns 1 when nobody waits for that any more. */
static int tell(struct recorder *r, enum recorder_phase phase, const struct recorder_facts *facts,
                const char *note)
{
    pthread_mutex_lock(&r->lock);
    r->phase = phase;
    r->facts = *facts;
    snprintf(r->nvml_note, sizeof r->nvml_note, "%s", note);
    const int left = r->left;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->lock);
    return left;
}

void *recorder_work(void *recorder)
{
    struct recorder *r = recorder;
    struct recorder_facts facts = r->facts; /* nobody else writes to it */
    struct nvml *n;
    char note[sizeof r->nvml_note];

    stay_away(r);
    const char *why = nvml_open(&n, r->bus_id);
    if (!why) look_before(n, &facts, r->ours);
    snprintf(note, sizeof note, "%s", why ? why : nvml_note(n));
    tell(r, RECORDER_RUNNING, &facts, note);
    if (!why) {
        sample_until_stop(r, n);
        facts.sample_ms = r->facts.sample_ms;
        for (int v = 0; v < NVML_CHANGING; v++) facts.after[v] = nvml_get(n, v);
        snprintf(note, sizeof note, "%s", nvml_note(n));
        nvml_close(n);
    }
    if (tell(r, RECORDER_ENDED, &facts, note)) recorder_free(r);
    return NULL;
}
