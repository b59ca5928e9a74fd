/* lines.h: how many lines you own with an impl, counted from its source at build time. The table
 * is written by count_lines.c into the build directory, so it belongs to the binary that ran and
 * no source is needed at run time. */
#ifndef WHEELBENCH_LINES_H
#define WHEELBENCH_LINES_H

struct lines_of {
    const char *file; /* impl.file */
    int own;          /* lines of the file itself */
    int shared;       /* lines of what it takes along: count_lines.c says what */
};

extern const struct lines_of lines_table[]; /* sorted by file */
extern const int lines_table_count;

/* The entry of impl.file; NULL for a file that was not counted ("" of an impl not built). */
const struct lines_of *lines_find(const char *file);
#endif
