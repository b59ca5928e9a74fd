/* recorder.c: the caller's side of recorder.h. It waits for the thread only so long; one that does
 * not come back is left alone with the struct they share. */
#include "measure/recorder.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "fail.h"
#include "measure/recorder_thread.h"
#include "store/file.h"

enum { PATIENCE_S = 5 };

static struct recorder *current; /* NULL: none, or left alone */
static struct recorder_facts kept;
static int begun; /* kept holds something */
static char note[1600];

static void forget(void)
{
    kept = (struct recorder_facts){.foreign = NAN, .sample_ms = NAN};
    for (int v = 0; v < NVML_VALUES; v++) kept.before[v] = NAN;
    for (int v = 0; v < NVML_CHANGING; v++) kept.after[v] = NAN;
    note[0] = '\0';
    begun = 1;
}

/* Under the lock. */
static void keep(const struct recorder *r)
{
    const char *nvml = r->nvml_note, *file = r->file_note;

    kept = r->facts;
    snprintf(note, sizeof note, "%s%s%s%s", *nvml && kept.running ? "NVML: " : "", nvml,
             *nvml && *file ? "; " : "", file);
}

/* Waits until the thread got so far, and takes over what it found. 0: it does not answer. */
static int wait_for(struct recorder *r, enum recorder_phase phase)
{
    struct timespec end;

    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&r->lock);
    while (r->phase < phase && pthread_cond_timedwait(&r->changed, &r->lock, &end) != ETIMEDOUT) {
    }
    const int there = r->phase >= phase;
    keep(r);
    if (!there) { /* from now on it may free r at any time */
        r->left = r->stop = 1;
        pthread_detach(r->thread);
        current = NULL;
    }
    pthread_mutex_unlock(&r->lock);
    return there;
}

static void join(struct recorder *r)
{
    pthread_join(r->thread, NULL);
    recorder_free(r);
    current = NULL;
}

/* Far from the first cores, where the run itself goes on. */
static int last_cpu(void)
{
    cpu_set_t all;
    int last = -1;

    if (sched_getaffinity(0, sizeof all, &all) || CPU_COUNT(&all) < 2) return -1;
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &all)) last = i;
    return last;
}

static struct recorder *make(const char *bus_id, int ours)
{
    struct recorder *r = calloc(1, sizeof *r);
    pthread_condattr_t by;

    if (!r) return NULL;
    pthread_mutex_init(&r->lock, NULL);
    pthread_condattr_init(&by);
    pthread_condattr_setclock(&by, CLOCK_MONOTONIC);
    pthread_cond_init(&r->changed, &by);
    pthread_condattr_destroy(&by);
    snprintf(r->bus_id, sizeof r->bus_id, "%s", bus_id);
    r->ours = ours;
    r->cpu = last_cpu();
    r->csv = -1;
    r->facts = kept;
    return r;
}

/* Signals are for the thread that called. */
static int start_thread(struct recorder *r)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&r->thread, NULL, recorder_work, r);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

void recorder_start(const char *bus_id, int ours)
{
    recorder_stop();
    forget();
    struct recorder *r = make(bus_id, ours);
    if (!r || start_thread(r)) {
        snprintf(note, sizeof note, "no NVML: its thread could not be started");
        if (r) recorder_free(r);
        return;
    }
    current = r;
    if (!wait_for(r, RECORDER_RUNNING))
        snprintf(note, sizeof note, "no NVML: it did not answer within %d s", PATIENCE_S);
    else if (!kept.running) join(r);
}

void recorder_stop(void)
{
    struct recorder *r = current;

    if (!r) return;
    pthread_mutex_lock(&r->lock);
    r->stop = 1;
    pthread_mutex_unlock(&r->lock);
    if (wait_for(r, RECORDER_ENDED)) {
        join(r);
        return;
    }
    const size_t used = strlen(note);
    snprintf(note + used, sizeof note - used, "%sNVML stopped answering during the run",
             used ? "; " : "");
}

const char *recorder_write(const char *dir)
{
    struct plain_buffer b = {0};
    char path[4200];

    if (!current) return NULL;
    snprintf(path, sizeof path, "%s/" RECORDER_NAME, dir);
    const int csv = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (csv < 0) return fail_text("%s: %s", path, strerror(errno));
    if (lseek(csv, 0, SEEK_END) == 0) recorder_csv_header(&b); /* else the run is gone on with */
    const int failed = b.failed || file_write(csv, b.data, b.length);
    free(b.data);
    if (failed) {
        close(csv);
        return fail_text("%s: %s", path, strerror(errno));
    }
    pthread_mutex_lock(&current->lock);
    current->csv = csv;
    pthread_mutex_unlock(&current->lock);
    return NULL;
}

static void refresh(void)
{
    if (!begun) forget();
    if (!current) return;
    pthread_mutex_lock(&current->lock);
    keep(current);
    pthread_mutex_unlock(&current->lock);
}

const char *recorder_note(void)
{
    refresh();
    return *note ? note : NULL;
}

const struct recorder_facts *recorder_facts(void)
{
    refresh();
    return &kept;
}

void recorder_energy(int every_tick)
{
    if (!current) return;
    pthread_mutex_lock(&current->lock);
    current->energy = every_tick;
    pthread_mutex_unlock(&current->lock);
}

struct recorder_summary recorder_spans(const struct recorder_span *span, int count)
{
    static const struct recorder_ring none;

    if (!current) return recorder_ring_spans(&none, span, count);
    pthread_mutex_lock(&current->lock);
    const struct recorder_summary of = recorder_ring_spans(&current->ring, span, count);
    pthread_mutex_unlock(&current->lock);
    return of;
}

struct recorder_summary recorder_window(double from_us, double to_us)
{
    const struct recorder_span one = {from_us, to_us};

    return recorder_spans(&one, 1);
}
