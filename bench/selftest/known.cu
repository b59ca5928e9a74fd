/* known.cu: the kernels of known.h, of one thread each. */
#include <cuda_runtime.h>
#include "measure/clock.cuh"
#include "selftest/known.h"

enum { TICKS = 64 }; /* steps that are looked at: one alone may have been seen late */

static __global__ void wait_kernel(unsigned long long ns)
{
    const unsigned long long start = clock_ns();

    while (clock_ns() - start < ns) {
    }
}

void known_wait_launch(unsigned long long ns, struct CUstream_st *stream)
{
    wait_kernel<<<1, 1, 0, stream>>>(ns);
}

static __global__ void cycles_kernel(long long cycles)
{
    const long long start = clock64();

    while (clock64() - start < cycles) {
    }
}

void known_cycles_launch(long long cycles, struct CUstream_st *stream)
{
    cycles_kernel<<<1, 1, 0, stream>>>(cycles);
}

static __global__ void tick_kernel(unsigned long long *least)
{
    unsigned long long last = clock_ns(), step = ~0ull;

    for (int seen = 0; seen < TICKS;) {
        const unsigned long long now = clock_ns();
        if (now == last) continue;
        if (now - last < step) step = now - last;
        last = now;
        seen++;
    }
    *least = step;
}

void known_tick_launch(unsigned long long *least, struct CUstream_st *stream)
{
    tick_kernel<<<1, 1, 0, stream>>>(least);
}
