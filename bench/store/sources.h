/* sources.h: what count_lines knows of each file of kernels/ and reference/: its counted lines, the
 * headers of ours that it includes, whether it ends in a struct impl. Each file is read once.
 * Everything here ends the program with file, line and reason when a source is at fault. */
#ifndef WHEELBENCH_SOURCES_H
#define WHEELBENCH_SOURCES_H

enum { MAX_SOURCES = 1024, MAX_INCLUDES = 64, MAX_PATH = 512, MAX_COLUMNS = 100 };

struct source {
    char path[MAX_PATH]; /* relative to the root, without . and .. */
    int lines;           /* that count */
    int has_impl;
    int includes[MAX_INCLUDES]; /* places in sources[] */
    int include_count;
    int header; /* place of the header of its own name beside it, -1 without */
};

extern struct source sources[MAX_SOURCES];
extern int source_count;
extern const char *source_root; /* the tree, set before the first source_of */

/* The place of a file in sources[], read now if it was not yet, and the headers it includes too. */
int source_of(const char *path);

_Noreturn void source_fail(const char *path, int line, const char *what, const char *detail);
#endif
