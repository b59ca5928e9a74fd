/* cudnn_plan.h: the road from a convolution to a cuDNN execution plan, in steps that can be tested
 * one by one: target (who runs it), choice (graph, heuristics, filter), build, select (first or
 * fastest), execute. Everything above `select` runs without a driver for a device described in
 * text. */
#ifndef WHEELBENCH_CUDNN_PLAN_H
#define WHEELBENCH_CUDNN_PLAN_H
#include <stdint.h>
#include "reference/cudnn_handle.h"
#ifdef __cplusplus
extern "C" {
#endif

/* ---- cudnn_graph.c ---- */

enum { CUDNN_GRAPH_PARTS = 6 }; /* x w y convolution operation graph */
/* Ids of x w y in the variant pack. */
enum { CUDNN_ID_X = 'x', CUDNN_ID_W = 'w', CUDNN_ID_Y = 'y' };

/* The graph of one conv2d problem: part[5]. The caller drops all parts, also after a failure. */
const char *cudnn_graph_make(const struct cudnn_target *, const struct problem *,
                             cudnnBackendDescriptor_t part[CUDNN_GRAPH_PARTS]);

/* ---- cudnn_plan.c ---- */

enum { CUDNN_CANDIDATES = 256, CUDNN_WORKSPACE_CAP = 1 << 30 };

struct cudnn_candidate {
    cudnnBackendDescriptor_t config, plan; /* plan: NULL until built */
    unsigned notes;                        /* bit i: cudnnBackendNumericalNote_t i */
    int64_t workspace;                     /* bytes: an estimate, once built the plan's own */
    int permitted;                         /* by the contract and by the cap */
    float ms;                              /* of one lone launch; < 0: has not run */
    char tag[512];                         /* eng62_k2=5_k13=1: engine, then knob type = value */
};

struct cudnn_choice {
    struct cudnn_target target;
    cudnnBackendDescriptor_t part[CUDNN_GRAPH_PARTS];
    int count, permitted, untried; /* candidates; those permitted; those given up for time */
    char refusal[256];             /* why the last one that did not work did not */
    struct cudnn_candidate item[CUDNN_CANDIDATES];
};

/* Graph, heuristics (mode A, then FALLBACK), duplicates out, contract and workspace cap applied.
 * `choice` is zeroed by the caller and freed with cudnn_choice_free, also after a failure. */
const char *cudnn_choice_make(struct cudnn_choice *, const struct cudnn_target *,
                              const struct problem *, int64_t workspace_cap);
void cudnn_choice_free(struct cudnn_choice *);
void cudnn_choice_keep(struct cudnn_choice *, int winner); /* frees all plans but this one */

/* Builds item i. A refusal is normal: the reason is returned and kept in choice->refusal. */
const char *cudnn_choice_build(struct cudnn_choice *, int i, int64_t workspace_cap);

/* "eng62_k2=5 tc 9/41 untried 3": tag, notes, permitted of all. Knobs are cut to fit, counts never.
 */
void cudnn_algo_text(const struct cudnn_choice *, const struct cudnn_candidate *, char *to,
                     size_t n);
double cudnn_slack(unsigned notes); /* W of the error bound */

/* ---- cudnn_tune.c ---- */

/* Picks a built plan, on scratch operands of its own: the first that runs, or the fastest of all
 * permitted. Then choice->item[*winner] runs. */
typedef const char *cudnn_select(struct cudnn_choice *, const struct problem *, int *winner);
const char *cudnn_select_first(struct cudnn_choice *, const struct problem *, int *winner);
const char *cudnn_select_fastest(struct cudnn_choice *, const struct problem *, int *winner);

/* ---- cudnn_execute.c: what the conv2d impls share ---- */

const char *cudnn_pack_make(cudnnBackendDescriptor_t *pack, const struct operands *);
const char *cudnn_conv_why_not(const struct problem *, const struct device *);
/* remember: the choice is searched once for a problem and found again by its tag later. */
const char *cudnn_conv_prepare(struct plan *, cudnn_select *, int remember);
const char *cudnn_conv_run(const struct plan *, const struct operands *, struct CUstream_st *);
void cudnn_conv_cleanup(struct plan *);

#ifdef __cplusplus
}
#endif
#endif
