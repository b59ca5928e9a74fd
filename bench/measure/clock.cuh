/* clock.cuh: the two clocks of the device that kernels can read, and who reads them. clock64() is
 * the third: cycles of the multiprocessor it runs on. */
#ifndef WHEELBENCH_CLOCK_CUH
#define WHEELBENCH_CLOCK_CUH

/* ns of a clock that the whole device shares. It moves in steps: 32 ns on some GPUs, about 1 us on
 * others (PTX ISA, %globaltimer: its step is not specified). */
static __device__ __forceinline__ unsigned long long clock_ns()
{
    unsigned long long ns;

    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(ns));
    return ns;
}

/* Number of the multiprocessor, from 0; numbers may be left out. */
static __device__ __forceinline__ unsigned clock_sm()
{
    unsigned sm;

    asm volatile("mov.u32 %0, %%smid;" : "=r"(sm));
    return sm;
}
#endif
