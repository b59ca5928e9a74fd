/* cudnn_handle.h: the process's one cuDNN handle and the text of its failures: all that an impl
 * needs which does not go through plans. Apart from cudnn_plan.h, so that such an impl does not
 * count the lines of the plans as its own. */
#ifndef WHEELBENCH_CUDNN_HANDLE_H
#define WHEELBENCH_CUDNN_HANDLE_H
#include <cuda_runtime.h>
#include <cudnn.h>
#include "wheelbench.h"
#include "fail.h"
#ifdef __cplusplus
extern "C" {
#endif

/* One line for a call that failed: the status and what cuDNN itself says about it. */
const char *cudnn_why(const char *call, cudnnStatus_t status);
#define TRY_CUDNN(call)                                                                            \
    do {                                                                                           \
        const cudnnStatus_t status_ = (call);                                                      \
        if (status_ != CUDNN_STATUS_SUCCESS) return cudnn_why(#call, status_);                     \
    } while (0)

/* The process's one handle, made on first use, with its work queued on this stream from now on.
 * Costs nothing when the stream is the last one. */
const char *cudnn_handle(cudnnHandle_t *handle, cudaStream_t stream);

/* What plans are made for: the live device through a handle, or a device described in text. */
struct cudnn_target {
    cudnnHandle_t handle;            /* NULL: nothing can be executed */
    cudnnBackendDescriptor_t device; /* NULL: the handle's */
};
/* json: device properties in cuDNN's own form. "not supported" where cuDNN is too old for it. */
const char *cudnn_target_described(struct cudnn_target *, const char *json, size_t n);

void cudnn_drop(cudnnBackendDescriptor_t *); /* destroys one that is there and sets it to NULL */

#ifdef __cplusplus
}
#endif
#endif
