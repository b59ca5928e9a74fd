/* stamp.cu: the kernel that notes cycle counter and time of each multiprocessor; see stamp.h. */
#include <cuda_runtime.h>
#include "measure/clock.cuh"
#include "measure/stamp.h"

static __global__ void stamp_kernel(struct stamp *slots)
{
    const unsigned sm = clock_sm();
    const unsigned long long cycles = (unsigned long long)clock64(), ns = clock_ns();

    /* one store of 16 bytes: two blocks that meet on a multiprocessor must not mix their notes */
    if (sm < STAMP_SMS) *(ulonglong2 *)&slots[sm] = make_ulonglong2(cycles, ns);
}

void stamp_launch(struct stamp *slots, unsigned blocks, struct CUstream_st *stream)
{
    stamp_kernel<<<blocks, 1, 0, stream>>>(slots);
}
