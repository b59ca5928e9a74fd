/* table.h: lines and tables of a report on the terminal or in Markdown. Whatever text comes from a
 * file is cleaned here, so that none can command a terminal, turn the direction of writing or
 * become markup. */
#ifndef WHEELBENCH_TABLE_H
#define WHEELBENCH_TABLE_H
#include "store/plain.h"

enum { TABLE_COLUMNS = 16 };

struct table {
    int markdown;
    int columns;
    char right[TABLE_COLUMNS]; /* aligned to the right */
    struct plain_buffer text;  /* the cells one after the other, a NUL behind each */
    size_t cells;
};

/* Names of the columns with | between; a > before one aligns it to the right. */
void table_begin(struct table *t, int markdown, const char *columns);
void table_cell(struct table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends the table, when it has a row, and frees it. */
void table_end(struct table *t, struct plain_buffer *to);

/* One line: as it is on the terminal, an item of a list in Markdown. */
void table_say(struct plain_buffer *to, int markdown, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Printable text of one line in to[n]: valid UTF-8 without control characters and without marks
 * that turn the direction of writing. */
void table_clean(const char *text, char *to, size_t n);

/* Columns of a terminal that it takes, as far as one character takes one. */
size_t table_width(const char *text);
#endif
