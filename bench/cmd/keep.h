/* keep.h: what a run leaves on disk of each problem: its samples, then its rows, so that a row
 * implies its samples. */
#ifndef WHEELBENCH_KEEP_H
#define WHEELBENCH_KEEP_H
#include "cmd/record.h"
#include "store/results.h"
#include "store/samples.h"

struct keep {
    struct durable results, samples;
};

/* One problem at one place, as it was stored: the rows know their samples. */
struct kept {
    struct row *rows;
    struct sample_line *samples;
    int count;
};

/* NULL, or why not; keep_close afterwards, whatever it returns. */
const char *keep_open(struct keep *k, const char *dir);
/* Goes on in a run that ended early, behind its first `rows` rows. */
const char *keep_reopen(struct keep *k, const char *dir, long rows);

/* Stores the planned cells of out[count], with what the recorder saw while their blocks ran, and
 * counts them in f. keep_free(kept) afterwards, whatever
 * it returns. */
const char *keep_problem(struct keep *k, struct run_facts *f, const struct problem *p,
                         struct outcome *out, int count, const struct sample_log *log,
                         struct kept *kept);
/* Appends the samples, then the rows: both or none. */
const char *keep_rows(struct keep *k, const struct row *rows, int count,
                      const struct sample_line *samples, int sample_count);
void keep_free(struct kept *kept);
const char *keep_close(struct keep *k);
#endif
