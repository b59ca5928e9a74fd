/* device.h: the kernels of the study itself (device.cu); none computes an op. All queue on the
 * stream. */
#ifndef STUDY_DEVICE_H
#define STUDY_DEVICE_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
struct CUstream_st;

/* Does nothing, under the name study_marker: what a launch costs by each method, and the line in a
 * profiler's list before each call. */
void study_launch_marker(struct CUstream_st *stream);

/* Reads `bytes` at p: afterwards the L2 cache holds these, with no line to be written back. sink
 * takes a value that never comes. */
void study_launch_sweep(const void *p, size_t bytes, unsigned *sink, struct CUstream_st *stream);

/* SM cycles and nanoseconds that pass while one thread waits for about `ns`: into at[0] and at[1].
 */
void study_launch_clock(unsigned long long *at, unsigned long long ns, struct CUstream_st *stream);

#ifdef __cplusplus
}
#endif
#endif
