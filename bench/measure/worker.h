/* worker.h: a child process that measures. Its parent holds no CUDA context and starts no library
 * threads, so nothing that an impl does - a crash, a hang, a lost device, memory eaten up - reaches
 * the run: the child is replaced and the run goes on.
 *
 * The child is a fork, not a new program: impls, problems and functions that existed before are at
 * the same addresses there. So a parent must not have used CUDA, OpenMP or a BLAS before. */
#ifndef WHEELBENCH_WORKER_H
#define WHEELBENCH_WORKER_H
#include "measure/contest.h"
#include "measure/phase.h"

struct worker;

struct worker_plan {
    int device;             /* CUDA ordinal; -1: none is looked for */
    int threads;            /* of the host; 0: a thread per core */
    double timeout_s;       /* that a phase may take; 0: 120 */
    int here;               /* no child: all in this process, for debuggers and profilers */
    int (*cancelled)(void); /* asked every 50 ms; 1: give up. May be NULL */
    void (*watch)(const struct phase *now); /* called every 50 ms. May be NULL */
};

/* Starts the child, which looks at the machine and binds its threads to cores. NULL, or why there
 * is none; *w is NULL then. */
const char *worker_open(struct worker **w, const struct worker_plan *plan);
void worker_close(struct worker *w); /* NULL is allowed */

/* What the child found at its first start; threads_bound 0: it could not bind them. */
const struct machine *worker_machine(const struct worker *w);
int worker_bound(const struct worker *w);
int worker_restarts(const struct worker *w); /* how many children came after the first */

/* 1: the device that was there at the first start is gone, also for a new child. */
int worker_lost_device(const struct worker *w);

/* A job gets memory that both processes see, zeroed, and the child's machine. What it leaves there
 * is the result. Addresses in it must be of before the fork. */
typedef const char *worker_job(void *shared, struct machine *m);

/* Runs the job in the child. NULL, or what the job returned, or how the child ended:
 * "crash: SIGSEGV in run of gemm_x", "exit: status 0 in ...", "timeout: ...". *ended tells these
 * apart from what the job returned; the next job gets a new child. shared may be NULL; else `bytes`
 * go there and back. */
const char *worker_do(struct worker *w, worker_job *job, void *shared, size_t bytes, int *ended);

/* The next job gets a new child: this one has lost its device, or another repeat begins. */
void worker_renew(struct worker *w);

/* What the child was doing when it ended, for the last worker_do. */
const struct phase *worker_phase(const struct worker *w);

/* contest_run in the child. An impl that ends its process, or does not come back in time, is
 * `failed`, and the others are played without it; so it is with one that loses the device. */
const char *worker_play(struct worker *w, const struct contest *c, struct outcome *out);
#endif
