/* liar.h: impls that only `selftest` and the tests register. The harness is worth what it catches:
 * each liar does one thing that would make a number wrong, and says how it must end. */
#ifndef WHEELBENCH_LIAR_H
#define WHEELBENCH_LIAR_H
#include "wheelbench.h"
#ifdef __cplusplus
extern "C" {
#endif

enum liar_needs {
    LIAR_PLAIN,  /* nothing: it is caught in the process that measures */
    LIAR_SAMPLE, /* a judge that compares a sample only, without the output that is wrong */
    LIAR_CHILD,  /* a process of its own, which it ends, hangs or uses up */
    LIAR_CHECKER /* a checker that watches every access: not seen without one */
};

struct liar {
    struct impl impl;
    const char *problem; /* NULL: end of the table */
    /* How it must end: "ok", or status and start of the reason, "wrong, nan:"; '|' between
     * alternatives. */
    const char *expect;
    const char *flag;     /* where it ends as wrong */
    double first_call_ms; /* at least; 0: any */
    enum liar_needs needs;
    int slow; /* not a part of --quick */
};

/* Products up to which every output is judged: all problems of liars, or (LIAR_SAMPLE) none. */
static inline double liar_budget(const struct liar *l)
{
    return l->needs == LIAR_SAMPLE ? 1e5 : 1e9;
}

/* All of gemm nn, alpha 1, beta 0. Those of one problem meet in one contest. */
extern const struct impl honest_host, honest_device;
extern const struct liar liars_host[];         /* wrong results, wrong memory */
extern const struct liar liars_host_process[]; /* wrong later, or in what they do to the process */
extern const struct liar liars_device[];       /* where HAVE_NVCC */
extern const struct liar liars_device_process[];

#ifdef __cplusplus
}
#endif
#endif
