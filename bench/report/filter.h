/* filter.h: lists of patterns, and the rows that a set of them lets through. */
#ifndef WHEELBENCH_FILTER_H
#define WHEELBENCH_FILTER_H
#include <stddef.h>
#include "store/row.h"

/* `one,!two` with * and ?: the last word that matches decides; a list that only excludes lets the
 * others through, NULL all. */
int filter_passes(const char *list, const char *name);

/* One list a column; NULL: all. */
enum { FILTER_COLUMNS = 9 };
struct filter {
    const char *list[FILTER_COLUMNS];
};
extern const char *const filter_columns[FILTER_COLUMNS]; /* op impl tier place precision layout
                                                            shape cache timing */
const char *filter_field(const struct row *r, int column);
int filter_row(const struct filter *f, const struct row *r);

/* A word that no row has is a typing mistake, and would shrink a table in silence. NULL, or which
 * word, and what there is. */
const char *filter_check(const struct filter *f, const struct row *const *rows, size_t count);
#endif
