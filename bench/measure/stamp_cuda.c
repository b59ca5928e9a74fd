/* stamp_cuda.c: the host's side of stamp.h. The slots lie in host memory that the device writes
 * into, so that reading them is no copy behind the block that was timed. */
#include <cuda_runtime.h>
#include <math.h>
#include <string.h>
#include "data/place.h"
#include "fail.h"
#include "measure/stamp.h"

#ifdef HAVE_NVCC
static struct stamp *slots, *on_device; /* [2][STAMP_SMS]: first, second */
static unsigned blocks;

static const char *set_up(void)
{
    const size_t bytes = 2 * STAMP_SMS * sizeof *slots;
    int device, sms;

    if (slots) return NULL;
    CHECK_CUDA(cudaGetDevice(&device));
    CHECK_CUDA(cudaDeviceGetAttribute(&sms, cudaDevAttrMultiProcessorCount, device));
    blocks = 2 * (unsigned)sms;
    CHECK_CUDA(cudaHostAlloc((void **)&slots, bytes, cudaHostAllocMapped));
    CHECK_CUDA(cudaHostGetDevicePointer((void **)&on_device, slots, 0));
    return NULL;
}

const char *stamp_start(void)
{
    TRY(set_up());
    memset(slots, 0, 2 * STAMP_SMS * sizeof *slots);
    stamp_launch(on_device, blocks, place_device.stream());
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

const char *stamp_stop(void)
{
    stamp_launch(on_device + STAMP_SMS, blocks, place_device.stream());
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

const char *stamp_read(double *mhz)
{
    TRY(place_device.synchronize());
    *mhz = stamp_mhz(slots, slots + STAMP_SMS);
    return NULL;
}
#else
const char *stamp_start(void) { return NULL; }
const char *stamp_stop(void) { return NULL; }
const char *stamp_read(double *mhz)
{
    *mhz = NAN;
    return place_device.synchronize();
}
#endif
