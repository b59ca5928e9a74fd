/* cpu_stream.h: stores that go past the caches, where the CPU has them: a line of memory that is
 * written whole is not read first. */
#ifndef WHEELBENCH_CPU_STREAM_H
#define WHEELBENCH_CPU_STREAM_H
#include <stdint.h>
#include <string.h>

/* n floats are too many to be found in a cache by who comes next: 4 MiB or more. */
static inline int cpu_stream_pays(long n) { return n >= 1 << 20; }

#ifdef __SSE2__
#include <emmintrin.h>

/* n floats. What a thread streamed is seen by others after cpu_stream_end of that thread. */
static inline void cpu_stream(float *to, const float *from, long n)
{
    long i = 0;

    for (; i < n && (uintptr_t)(to + i) % 16; i++) to[i] = from[i];
    for (; i + 4 <= n; i += 4) _mm_stream_ps(to + i, _mm_loadu_ps(from + i));
    for (; i < n; i++) to[i] = from[i];
}
static inline void cpu_stream_end(void) { _mm_sfence(); }
#else
static inline void cpu_stream(float *to, const float *from, long n)
{
    memcpy(to, from, (size_t)n * sizeof *to);
}
static inline void cpu_stream_end(void) {}
#endif
#endif
