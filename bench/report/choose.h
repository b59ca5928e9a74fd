/* choose.h: which rows a figure shows, where several figures choose alike. */
#ifndef WHEELBENCH_CHOOSE_H
#define WHEELBENCH_CHOOSE_H
#include "report/stored.h"

enum { CHOSEN_MAX = 5 }; /* of a cell: one a slot */

/* A copy of the run's rows in which those without `keep` are not usable, so that derive_* chooses
 * among the others; NULL: out of memory. The caller frees it. */
typedef int choose_keep(const struct row *r, const void *arg);
struct row *choose_rows(const struct stored_run *run, choose_keep *keep, const void *arg);

/* The fastest usable row of each slot in the cell of `of`: naive, thirds of the tuned rungs, and
 * the rival. out[slot - 1], NULL where there is none. Returns how many there are. */
size_t choose_series(const struct row *rows, size_t count, const struct row *of,
                     const struct row *out[CHOSEN_MAX]);

/* The fastest usable row by hand, and the rival, of the cell of `of`; NULL: none. */
struct duel {
    const struct row *hand, *library;
};
struct duel choose_duel(const struct row *rows, size_t count, const struct row *of);

/* Headline rows are cold, in batches on the device, by wall clock on the host. */
int choose_is_headline(const struct row *r);

/* Is row i the first usable headline row of its cell? */
int choose_opens_cell(const struct row *rows, size_t i);

/* Least and greatest time of r that its samples speak of: 5th to 95th percentile, of few samples
 * the median's interval, without samples the median itself. */
struct span {
    double low, high;
};
struct span choose_span(const struct row *r);

/* What the run's problem list says of r's problem: how often a network has it, and its label, ""
 * where it has none. */
double choose_listed(const struct stored_run *run, const struct row *r, const char **label);

/* "NVIDIA H100 80GB HBM3 and AMD EPYC", of the places that are drawn. */
char *choose_devices(const struct stored_run *run, int device, int host, char *to, size_t n);

/* Of several runs: their tags, each once, then ids and counts of usable rows. letters: what stands
 * before the id of each, a run with ' ' is not named; NULL: nothing. */
char *choose_footers(const struct stored_run *runs, size_t count, const char *letters, char *to,
                     size_t n);

/* The run's footer, and what the star means where one was drawn. */
char *choose_footer(const struct stored_run *run, int doubtful, char *to, size_t n);
#endif
