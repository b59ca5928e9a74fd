/* resume.h: going on with a run that ended early: killed, interrupted, or out of disk. */
#ifndef WHEELBENCH_RESUME_H
#define WHEELBENCH_RESUME_H
#include "cmd/record.h"
#include "ops/problem.h"
#include "problems/problems.h"

/* Reads what the run in dir was asked to do: its options but for those that only concern the going
 * on (device and timeout as typed now), and its problems. Fills id, dir and started_utc. An error
 * where this program is of another commit, or the run is complete. */
const char *resume_read(const char *dir, struct options *o, struct problems *problems,
                        struct run_facts *f);

/* After the machine is known, which must be the same: how many units - a problem at one place, in
 * the order of the run - have all their rows, and how many rows that is; they are counted in f. */
const char *resume_done(struct run_facts *f, int *units, long *rows);
#endif
