/* problems.h: lists of problems. A file has one pattern a line: `{a,b}` is expanded left to right,
 * `N^3` is NxNxN, text behind `#` is the label that figures show, `@name` opens a group. */
#ifndef WHEELBENCH_PROBLEMS_H
#define WHEELBENCH_PROBLEMS_H
#include "wheelbench.h"

struct problems {
    struct problem *at;
    int count, room;
};

/* The lists of bench/problems/, compiled in, so that the program needs no files to run. */
struct problem_list {
    const char *name, *text;
};
extern const struct problem_list problem_lists[]; /* a NULL name at the end */

/* All return NULL or one line. A problem that is there already is not added again. */
const char *problems_add(struct problems *l, const char *text, const char *label);
const char *problems_add_list(struct problems *l, const char *name); /* one of problem_lists */
/* PATH or PATH@group; messages carry file and line. A compiled-in list is found by its name, and as
 * NAME.txt where there is no such file. */
const char *problems_add_file(struct problems *l, const char *path);
const char *problems_add_pattern(struct problems *l, const char *pattern, const char *label);
void problems_free(struct problems *l);
#endif
