/* gate.h: kernels that hold the stream up before an isolated call, so that the call is queued by
 * the time it may start, and that leave the cache as the call shall find it. */
#ifndef WHEELBENCH_GATE_H
#define WHEELBENCH_GATE_H
#include <stddef.h>
#include "wheelbench.h"
#ifdef __cplusplus
extern "C" {
#endif

/* Reads `bytes` at p (16-byte aligned) `passes` times over: nothing else stays in a cache of half
 * that size. Read and not written, so that no dirty line is left for the call to evict. */
const char *gate_read(const void *p, size_t bytes, int passes, struct CUstream_st *);

/* Does nothing for this long, us, by the clock of the device. It has an end of its own: a stream
 * that waits for the host can dead-lock when the call behind it loads a module first. */
const char *gate_spin(double us, struct CUstream_st *);
#ifdef __cplusplus
}
#endif
#endif
