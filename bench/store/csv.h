/* csv.h: RFC 4180 with one rule more, that no field holds a line break, so that a row is a line.
 * Lines end in LF; CRLF and a byte order mark are understood. */
#ifndef WHEELBENCH_CSV_H
#define WHEELBENCH_CSV_H
#include <stddef.h>
#include "store/plain.h"

enum { CSV_LINE_MAX = 1 << 20 }; /* bytes of a line, its end included */

/* ---- writing ---- */

/* Appends one field, quoted where it must be. The text is cleaned: control characters to blanks,
 * invalid UTF-8 to '?', and a leading = + - @, which a spreadsheet would run as a formula, to _.
 * The caller appends the commas and the line end. */
void csv_append(struct plain_buffer *b, const char *text);

/* The same cleaning in place, for texts that come from a file. */
void csv_clean(char *text);

/* ---- reading ---- */

struct csv_reader {
    const char *path;
    int fd;
    char *buffer;
    size_t begin, end, size;
    long line; /* number of the line read last, 1 is the first */
    int torn;  /* the line read last has no LF: the file ends in it */
    int eof;
};

/* Opens a regular file. Whatever it returns, csv_close may be called. */
const char *csv_open(struct csv_reader *r, const char *path);

/* The next line, without its end and with a NUL behind it, valid until the next call. *line is NULL
 * at the end of the file. NUL bytes and lines of CSV_LINE_MAX or more are errors. A torn line is
 * not checked for NUL bytes: after a power cut they stand where its rest should be. */
const char *csv_line(struct csv_reader *r, char **line);
void csv_close(struct csv_reader *r);

/* Cuts the next field off *at, in place, and moves *at behind it; *at is NULL after the last field.
 * Returns NULL, or what is wrong: quotes that do not match. */
const char *csv_field(char **at, char **field);
#endif
