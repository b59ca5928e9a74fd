/* null.cu: see null.h. */
#include <cuda_runtime.h>
struct CUstream_st;
#include "measure/null.h"

static __global__ void null_kernel() {}

void null_launch(struct CUstream_st *stream) { null_kernel<<<1, 32, 0, stream>>>(); }
