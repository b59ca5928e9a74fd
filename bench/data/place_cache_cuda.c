/* place_cache_cuda.c: L2 lines that are told to stay. An impl that sets such a window and leaves it
 * behind would have its operands, or those of the next, in the cache when the cells say cold. The
 * limit and the window belong to our context and our stream, not to the device's settings. */
#include <cuda_runtime.h>
#include "data/place_device.h"
#include "fail.h"

static size_t limit_before;
static int limit_known; /* devices before sm_80 have no such limit */

/* What the context says and older devices refuse must not look like an error of the next impl. */
static int works(cudaError_t e)
{
    if (e != cudaSuccess) cudaGetLastError();
    return e == cudaSuccess;
}

void device_cache_reset(struct CUstream_st *stream)
{
    (void)stream;
    works(cudaCtxResetPersistingL2Cache());
    limit_known = works(cudaDeviceGetLimit(&limit_before, cudaLimitPersistingL2CacheSize));
}

const char *device_cache_left(struct CUstream_st *stream)
{
    cudaStreamAttrValue window = {0};
    const cudaStreamAttrValue none = {0};
    size_t limit = 0;
    const int moved = limit_known &&
                      works(cudaDeviceGetLimit(&limit, cudaLimitPersistingL2CacheSize)) &&
                      limit != limit_before,
              open = works(cudaStreamGetAttribute(stream, cudaStreamAttributeAccessPolicyWindow,
                                                  &window)) &&
                     window.accessPolicyWindow.num_bytes > 0;

    if (!moved && !open) return NULL;
    if (open) works(cudaStreamSetAttribute(stream, cudaStreamAttributeAccessPolicyWindow, &none));
    if (moved) works(cudaDeviceSetLimit(cudaLimitPersistingL2CacheSize, limit_before));
    works(cudaCtxResetPersistingL2Cache());
    return open ? fail_text("cache: left a window of %zu persisting bytes on the stream",
                            window.accessPolicyWindow.num_bytes)
                : fail_text("cache: left a limit of %zu persisting bytes, it was %zu", limit,
                            limit_before);
}
