/* simt.h: checks CUDA C kernels where there is no GPU. It stands in for CUDA's headers when a .cu
 * file, rewritten by launch.awk, is compiled for the CPU. Each thread of a block is a fiber that
 * runs until it must wait: at a barrier, at a warp operation, for an asynchronous copy. What no
 * thread can get past is reported, never waited for. For right or wrong only, never for time.
 *
 *   SIMT_ORDER=forward|reverse|random   who runs first (default forward)
 *   SIMT_ASYNC=late|early|random        when asynchronous copies and products happen (default late:
 *                                       when no thread can move)
 *   SIMT_SEED=n                         for random
 *   SIMT_PATIENCE=seconds               how long a thread may run without waiting (default 10)
 * A fault is one line "simt: ..." on stderr and exit status 3.
 *
 * The parts, each on those before it: simt_switch.h simt_vector.h simt_float16.h simt_math.h,
 * simt_team.h (all state), simt_meeting.h, simt_stuck.h, simt_schedule.h, simt_shared.h,
 * simt_launch.h, simt_warp.h, simt_memory.h, simt_runtime.h; for tensor cores simt_mma.h,
 * simt_wmma.h, simt_mbarrier.h, simt_tma.h, simt_wgmma.h, simt_driver.h, simt_hopper.h. */
#ifndef SIMT_H
#define SIMT_H
#define SIMT 1
#define __CUDA_ARCH_FEAT_SM90_ALL 1 /* bodies for sm_90a only are meant too */
#define __global__
#define __device__
#define __host__
#define __constant__
#define __managed__
#define __forceinline__ inline
/* launch.awk adds simt::shared(name): poison, and a copy for each block */
#define __shared__ static
#define __launch_bounds__(...)
#define __maxnreg__(...)
#define __grid_constant__
#define __align__(n) __attribute__((aligned(n)))

#include <algorithm> /* what cuda_runtime.h brings along, more or less */
#include <cstddef>
#include "simt_math.h"
#include "simt_runtime.h"
#endif
