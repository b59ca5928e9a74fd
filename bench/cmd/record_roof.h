/* record_roof.h: the roofs of a run: measured before its rows, stored in its manifest, and what
 * they and the physical floor say of a row. */
#ifndef WHEELBENCH_RECORD_ROOF_H
#define WHEELBENCH_RECORD_ROOF_H
#include "cmd/record.h"
#include "measure/flags.h"
#include "measure/worker.h"
#include "report/derive.h"
#include "store/manifest.h"

/* By the specification of the device: the recorder's clocks where it has them, else CUDA's. */
struct floor_spec record_roof_spec(const struct machine *m);

/* Nothing measured. */
void record_roof_clear(struct run_facts *f);

/* Measures the roofs of the places that the run will use, in the worker, into f; what is wrong with
 * a probe is said on stderr, and the run goes on without it. */
void record_roof_measure(struct run_facts *f, struct worker *w);

/* Measures the DRAM copies again, of those places whose roofs have one, and says on stderr which is
 * another: then the machine was not the same all the time. */
void record_roof_again(struct run_facts *f, struct worker *w);

/* The copy at the end, GB/s; a note where it is more than 3 % (device) or 10 % (host) from the one
 * at the start. */
void record_roof_end(struct run_facts *f, enum place place, double gbs);

/* The groups roof_device, where there is a device, and roof_host. */
void record_roof_put(struct manifest_writer *w, const struct run_facts *f);

/* 1: an ok cell is faster than physics allows; reason says so. */
int record_roof_impossible(const struct run_facts *f, const struct problem *p,
                           const struct outcome *o, int cell, char *reason, size_t n);

/* What the flags ABOVE_ROOF and WARM look at. */
void record_roof_flags(const struct run_facts *f, const struct problem *p, enum place place,
                       int cell, struct flag_facts *to);
#endif
