/* resume.h: going on with a run that ended early: killed, interrupted, or out of disk. */
#ifndef WHEELBENCH_RESUME_H
#define WHEELBENCH_RESUME_H
#include "cmd/keep.h"
#include "ops/problem.h"
#include "problems/problems.h"

/* Reads what the run in dir was asked to do: its options but for those that only concern the going
 * on (device and timeout as typed now), and its problems. Fills id, dir and started_utc. An error
 * where this program is of another commit, or the run is complete. */
const char *resume_read(const char *dir, struct options *o, struct problems *problems,
                        struct run_facts *f);

/* A unit is a problem at one place; unit u is problem u / 2 on the host (even) or the device (odd).
 */
struct resumed {
    unsigned char *done; /* units that have all their rows */
    long stay_rows;      /* the first rows of the file, which stay where they are */
    struct results rows; /* all there were, and of those behind stay_rows the samples too */
    struct samples samples;
    struct row_block *block; /* the units of the file, in its order */
    int blocks, stay;        /* how many, and how many of them stay */
};

/* After the machine is known, which must be the same: which units have all their rows; those that
 * stay are counted in f. With --retry failed, what stays ends before the first unit that has a
 * failed row. resume_free afterwards, whatever it returns. */
const char *resume_done(struct run_facts *f, struct resumed *r);

/* Once the file is cut behind stay_rows: appends the units that were behind and have no failed row,
 * as if they had just been measured. A kill meanwhile costs the time to measure them again, no
 * more: at no moment is there a row with the samples of another. */
const char *resume_put_back(struct resumed *r, struct run_facts *f, struct keep *k);
void resume_free(struct resumed *r);
#endif
