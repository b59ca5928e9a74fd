/* recorder.h: clocks, power and temperature of the GPU while a run goes on. A thread asks NVML
 * every 20 ms and keeps what it said with the time of the monotonic clock (timer_now_us), so that
 * each timed block finds afterwards what the device did meanwhile. All NVML calls are made there,
 * never by the caller, and the thread never touches CUDA: a driver that is slow or hangs costs
 * columns, not the run. Call these functions from one thread. */
#ifndef WHEELBENCH_RECORDER_H
#define WHEELBENCH_RECORDER_H
#include "measure/nvml.h"

/* NaN, 0 and "" where not known. */
struct recorder_facts {
    char driver[96];
    uint64_t uuid_hash;
    double before[NVML_VALUES]; /* when the recorder started; utilisation: the least of about 1 s */
    double after[NVML_CHANGING]; /* when it stopped */
    double foreign;              /* processes of others that compute there, at the start */
    double sample_ms;            /* what one look takes, on the average */
    int running;                 /* NVML answered */
};

/* Opens NVML, reads the facts, and goes on sampling. ours: CUDA contexts that this run already has
 * on the device, so that they do not count as foreign. Waits 5 s for an answer at most. */
void recorder_start(const char *bus_id, int ours);

/* From now on samples go to dir/nvml.csv too, behind what is there; once. NULL, or why not. */
const char *recorder_write(const char *dir);

/* Reads the facts once more and ends the thread; 5 s at most. */
void recorder_stop(void);

/* What is missing, and why, in one line; NULL: nothing. Grows when something fails later on. */
const char *recorder_note(void);
const struct recorder_facts *recorder_facts(void);

/* The energy counter is slow to read: at every tick only between energy(1) and energy(0), else
 * seldom. */
void recorder_energy(int every_tick);

struct recorder_span {
    double from_us, to_us; /* by timer_now_us */
};
struct recorder_summary {
    int count;                       /* samples in the spans; 0: all else is NaN and 0 */
    double sm_mhz, mem_mhz, power_w; /* means */
    double temp_c;                   /* highest */
    double cap_pct;                  /* of the samples, held down by the power limit */
    uint64_t reasons;                /* of all samples together */
    double counter_w; /* mean power by the energy counter between its first and last step seen; only
                         of one span; NaN: fewer than two steps */
};
struct recorder_summary recorder_spans(const struct recorder_span *span, int count);
struct recorder_summary recorder_window(double from_us, double to_us);
#endif
