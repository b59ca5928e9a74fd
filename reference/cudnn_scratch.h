/* cudnn_scratch.h: operands of a conv2d problem that prepare may launch plans on, before the
 * harness has any. Random bits: zeros draw less power and run faster. */
#ifndef WHEELBENCH_CUDNN_SCRATCH_H
#define WHEELBENCH_CUDNN_SCRATCH_H
#include <cuda_runtime.h>
#include "wheelbench.h"
#ifdef __cplusplus
extern "C" {
#endif

struct scratch {
    struct operands o;
    void *x, *w; /* what o.in points to, to be freed */
    size_t room; /* bytes of o.workspace */
    cudaStream_t stream;
    cudaEvent_t start, stop;
};

/* Zeroed by the caller, freed with scratch_free, also after a failure. */
const char *scratch_make(struct scratch *, const struct problem *);
const char *scratch_room(struct scratch *, size_t bytes); /* a workspace of at least this size */
void scratch_free(struct scratch *);

#ifdef __cplusplus
}
#endif
#endif
