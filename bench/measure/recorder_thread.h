/* recorder_thread.h: what the caller of recorder.h and its thread share. */
#ifndef WHEELBENCH_RECORDER_THREAD_H
#define WHEELBENCH_RECORDER_THREAD_H
#include <pthread.h>
#include "measure/recorder_ring.h"

enum recorder_phase { RECORDER_OPENING, RECORDER_RUNNING, RECORDER_ENDED };

struct recorder {
    pthread_t thread;
    char bus_id[64];
    int ours, cpu; /* cpu: where the thread stays; -1: anywhere */

    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t changed;
    enum recorder_phase phase;
    int stop, left;  /* left: nobody waits any more, and the thread frees this */
    int energy, csv; /* csv: file to write to; -1: none */
    char nvml_note[1200], file_note[160];
    struct recorder_facts facts;
    struct recorder_ring ring;
};

void *recorder_work(void *recorder);
void recorder_free(struct recorder *r);
#endif
