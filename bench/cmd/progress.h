/* progress.h: what a person sees while a run goes on: the answers on stdout, problem by problem,
 * and on a terminal one line on stderr that says what runs now and how long it will still take. */
#ifndef WHEELBENCH_PROGRESS_H
#define WHEELBENCH_PROGRESS_H
#include "measure/contest.h"
#include "store/row.h"

struct progress {
    int problems, done, quiet, terminal;
    double start_s, problem_s; /* when the run and its current problem began */
    char current[200];
    char said[1024]; /* the reason that was last said of a whole problem */
};

void progress_start(struct progress *p, int problems, int quiet);
/* left_s: what is still to be done, this problem included. */
void progress_problem(struct progress *p, const struct problem *problem, enum place place,
                      double left_s);
void progress_rows(struct progress *p, const struct row *rows, int count);
void progress_end(struct progress *p, const long rows[4]); /* by enum status */
#endif
