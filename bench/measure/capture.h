/* capture.h: calls of an impl as a CUDA graph. What cannot be captured (an impl that allocates,
 * synchronises or launches on another stream) fails with CUDA's own reason. */
#ifndef WHEELBENCH_CAPTURE_H
#define WHEELBENCH_CAPTURE_H
#include "measure/timer.h"

struct CUgraphExec_st; /* cudaGraphExec_t is a pointer to one */

/* Calls on sets first, first + 1, ... as one executable graph. NULL, or why not; a graph without a
 * node is "launches nothing". */
const char *capture_calls(const struct timed *t, int first, int calls,
                          struct CUgraphExec_st **exec);
#endif
