/* result_table.h: the table of results/README.md: one line for each packed run. Nobody edits it by
 * hand. */
#ifndef WHEELBENCH_RESULT_TABLE_H
#define WHEELBENCH_RESULT_TABLE_H
#include "report/shelf.h"

/* Appends the table in Markdown. */
const char *result_table(struct plain_buffer *b, const struct shelf *shelf);

/* The README.md of the shelf with its new table between the markers of readme.h, beside the old
 * text; both to be freed, whatever it returns. *old NULL: there is no README.md. */
const char *result_table_splice(const struct shelf *shelf, char **old, struct plain_buffer *fresh);
#endif
