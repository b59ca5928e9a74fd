/* record_energy.h: from the marks of the energy pass and what the recorder saw between them to the
 * energy of a call. */
#ifndef WHEELBENCH_RECORD_ENERGY_H
#define WHEELBENCH_RECORD_ENERGY_H
#include "measure/contest.h"
#include "measure/flags.h"

/* mJ of one call: mean over both halves of (power by the energy counter) x (time of a call in that
 * half); where the counter does not move, of the mean power. NaN: there was no pass, or no meter.
 * f may be NULL; else it gets what the flag ENERGY looks at. */
double record_energy_mj(const struct cell *c, struct flag_facts *f);
#endif
