/* cudaTypedefs.h: stands in for CUDA's. */
#include "../simt.h"
#include "../simt_hopper.h"
