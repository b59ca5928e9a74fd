/* record_nvml.h: what the recorder found, as it stands in manifest.json and in rows. */
#ifndef WHEELBENCH_RECORD_NVML_H
#define WHEELBENCH_RECORD_NVML_H
#include "device/machine.h"
#include "measure/flags.h"
#include "measure/recorder.h"
#include "measure/rounds.h"
#include "store/manifest.h"
#include "store/row.h"

/* NULL, or that others compute on the device at the start of a run, and what to do. */
const char *record_nvml_busy(const struct recorder_facts *f);

/* Into the group device: limits, modes, and the maximum clocks, which CUDA reports too low. */
void record_nvml_device(struct manifest_writer *w, const struct machine *m);

/* Into the group health. */
void record_nvml_health(struct manifest_writer *w);

/* The columns of a row, and what its flags look at. The clock that the blocks measured themselves
 * comes before the recorder's, which is coarse. */
void record_nvml_row(const struct recorder_summary *s, const struct rounds_clock *clock,
                     struct row *r);
void record_nvml_flags(const struct recorder_summary *s, const struct rounds_clock *clock,
                       const struct machine *m, struct flag_facts *f);
#endif
