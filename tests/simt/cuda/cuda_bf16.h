/* cuda_bf16.h: stands in for CUDA's. */
#include "../simt.h"
