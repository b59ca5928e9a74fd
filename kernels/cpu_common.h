/* cpu_common.h: arithmetic of sizes, and which thread this is, for the host kernels. */
#ifndef WHEELBENCH_CPU_COMMON_H
#define WHEELBENCH_CPU_COMMON_H
#include <stddef.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* bytes, rounded up to whole pages: what threads write they share no page of */
static inline size_t cpu_pages(size_t bytes) { return (bytes + 4095) / 4096 * 4096; }

/* Which thread of the team this is; 0 in a build without OpenMP. */
static inline int cpu_thread(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

static inline long cpu_min(long a, long b) { return a < b ? a : b; }
static inline long cpu_max(long a, long b) { return a > b ? a : b; }
static inline long cpu_up(long a, long b) { return (a + b - 1) / b; }
#endif
