/* mma.h: stands in for CUDA's. */
#include "../simt_wmma.h"
