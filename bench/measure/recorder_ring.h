/* recorder_ring.h: the samples of the last 40 minutes and more, what is asked of them, and how they
 * look in nvml.csv. Between the files of recorder.h. */
#ifndef WHEELBENCH_RECORDER_RING_H
#define WHEELBENCH_RECORDER_RING_H
#include "measure/recorder.h"
#include "store/plain.h"

enum { RECORDER_SAMPLES = 1 << 17 };
#define RECORDER_NAME "nvml.csv"

struct recorder_sample {
    double t_us;
    double value[NVML_SAMPLED]; /* what is read seldom stands as it was */
};

struct recorder_ring { /* starts as {0}; free(at) ends it */
    struct recorder_sample *at;
    long taken; /* in all; the oldest are overwritten */
};

/* Times never fall. Without memory nothing is kept. */
void recorder_ring_put(struct recorder_ring *r, const struct recorder_sample *s);
struct recorder_summary recorder_ring_spans(const struct recorder_ring *r,
                                            const struct recorder_span *span, int count);

void recorder_csv_header(struct plain_buffer *b);
void recorder_csv_line(struct plain_buffer *b, const struct recorder_sample *s);
#endif
