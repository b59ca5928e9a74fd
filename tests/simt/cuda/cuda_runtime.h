/* cuda_runtime.h: stands in for CUDA's. */
#include "../simt.h"
