/* async.cuh: cp.async, the copy from global to shared memory that needs no register on its way and
 * that nobody waits for until told (sm_80). Older devices copy at once. One thin function each:
 * inline PTX for nvcc, a host body under tests/simt. */
#ifndef WHEELBENCH_ASYNC_CUH
#define WHEELBENCH_ASYNC_CUH
#include <cuda_runtime.h>
#include <stdint.h>
#ifdef SIMT
#include <simt_mma.h> /* tests/simt */
#endif

/* `bytes` of SIZE, which is 4, 8 or 16, zeros behind; bytes 0 reads nothing. Both addresses are
 * multiples of SIZE. 16 bytes go past L1, fewer through it. */
template <int SIZE>
static __device__ __forceinline__ void cp_async(void *shared, const void *from, int bytes)
{
    static_assert(SIZE == 4 || SIZE == 8 || SIZE == 16, "cp.async copies 4, 8 or 16 bytes");
#if defined SIMT
    simt::cp_async((uint32_t)__cvta_generic_to_shared(shared), from, SIZE, (unsigned)bytes);
#elif __CUDA_ARCH__ >= 800
    const uint32_t to = (uint32_t)__cvta_generic_to_shared(shared);
    if (SIZE == 16)
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from),
                     "r"(bytes)
                     : "memory");
    else
        asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(to), "l"(from),
                     "n"(SIZE), "r"(bytes)
                     : "memory");
#else
    for (int i = 0; i < SIZE / 4; i++)
        ((uint32_t *)shared)[i] = 4 * i < bytes ? ((const uint32_t *)from)[i] : 0;
#endif
}

/* Ends a group: what this thread has started since the last call. */
static __device__ __forceinline__ void cp_async_commit()
{
#if defined SIMT
    simt::cp_commit();
#elif __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

/* Until at most the N youngest groups of this thread are still on their way. What other threads
 * have copied is there only behind a barrier. */
template <int N> static __device__ __forceinline__ void cp_async_wait()
{
#if defined SIMT
    simt::cp_wait(N);
#elif __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory");
#endif
}
#endif
