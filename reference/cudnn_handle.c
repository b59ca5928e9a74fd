/* cudnn_handle: the one cuDNN handle of the process, its stream, and the text of its failures.
 * Creating a handle takes far longer than any convolution, so impls share it. */
#include "reference/cudnn_handle.h"

const char *cudnn_why(const char *call, cudnnStatus_t status)
{
    char detail[512] = "";

    /* the only place that says why a descriptor was refused */
    cudnnGetLastErrorString(detail, sizeof detail);
    return fail_text("cudnn: %.120s: %s%s%s", call, cudnnGetErrorString(status),
                     detail[0] ? ": " : "", detail);
}

const char *cudnn_handle(cudnnHandle_t *handle, cudaStream_t stream)
{
    static cudnnHandle_t shared;
    static cudaStream_t current; /* a new handle queues on the null stream */

    if (!shared) {
        const cudnnStatus_t status = cudnnCreate(&shared);
        if (status != CUDNN_STATUS_SUCCESS) {
            shared = NULL;
            return cudnn_why("cudnnCreate", status);
        }
    }
    if (stream != current) {
        TRY_CUDNN(cudnnSetStream(shared, stream));
        current = stream;
    }
    *handle = shared;
    return NULL;
}

const char *cudnn_target_described(struct cudnn_target *t, const char *json, size_t n)
{
    *t = (struct cudnn_target){NULL, NULL};
#if CUDNN_VERSION >= 90800
    TRY_CUDNN(cudnnBackendCreateDescriptor(CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR, &t->device));
    TRY_CUDNN(cudnnBackendSetAttribute(t->device, CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION,
                                       CUDNN_TYPE_CHAR, (int64_t)n, json));
    TRY_CUDNN(cudnnBackendFinalize(t->device));
    return NULL;
#else
    (void)json, (void)n;
    return "not supported: cuDNN reads a device description from version 9.8 on";
#endif
}

void cudnn_drop(cudnnBackendDescriptor_t *d)
{
    if (*d) cudnnBackendDestroyDescriptor(*d);
    *d = NULL;
}
