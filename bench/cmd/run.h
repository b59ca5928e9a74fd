/* run.h: one run of `wheelbench run` from its command to its directory; run_open.c brings it there,
 * run.c measures. */
#ifndef WHEELBENCH_RUN_H
#define WHEELBENCH_RUN_H
#include "cmd/commands.h"
#include "cmd/keep.h"
#include "cmd/progress.h"
#include "cmd/resume.h"
#include "cmd/schedule.h"
#include "measure/worker.h"

struct run {
    struct run_facts facts;
    struct options options;
    struct worker *worker;
    struct machine machine; /* as the worker found it at first */
    struct problems problems;
    struct keep keep;
    struct progress progress;
    double start_s, budget_s;
    struct schedule schedule;
    struct resumed past; /* of the run that this one goes on with; else empty */
    int stopped;         /* an exit status: the run cannot go on */
};

/* 1 after SIGINT or SIGTERM. */
int run_interrupted(void);

/* Says why on stderr; returns the status. */
int run_complain(int status, const char *why);

/* What the recorder lacks, when that is other than `before`. */
void run_say_note(const char *before);

/* Sets what libraries read from the environment, and starts the program again so that they do;
 * once. argv: the program's own. */
void run_settle_environment(char **argv);

/* What is to be measured and where, and the process that will measure. 0, or an exit status. */
int run_prepare(struct run *r, int argc, char **argv);

/* Recorder, locks and the run directory, new or gone on with. 0, or an exit status. */
int run_open(struct run *r);
#endif
