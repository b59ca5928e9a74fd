/* roof_bytes.cu: the probes of memory and of the L2 cache, see roof_device.h. Loads and stores are
 * of 16 bytes, four of them under way in each thread before the first is needed. */
#include <cuda_runtime.h>
#include "fail.h"
#include "measure/roof_device.h"

static const int THREADS = 512, UNDER_WAY = 4;

/* From the L2 cache or beyond, not from the first-level cache; volatile: again in every pass. */
static __device__ __forceinline__ uint4 load(const uint4 *p)
{
    uint4 v;

    asm volatile("ld.global.cg.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(p));
    return v;
}

static __global__ void __launch_bounds__(THREADS)
    copy_kernel(uint4 *to, const uint4 *from, size_t n)
{
    const size_t stride = (size_t)gridDim.x * THREADS;
    size_t i = (size_t)blockIdx.x * THREADS + threadIdx.x;

    for (; i + (UNDER_WAY - 1) * stride < n; i += UNDER_WAY * stride) {
        uint4 v[UNDER_WAY];
        for (int k = 0; k < UNDER_WAY; k++) v[k] = load(from + i + k * stride);
        for (int k = 0; k < UNDER_WAY; k++) to[i + k * stride] = v[k];
    }
    for (; i < n; i += stride) to[i] = load(from + i);
}

static __global__ void __launch_bounds__(THREADS) write_kernel(uint4 *to, size_t n, uint32_t seed)
{
    const size_t stride = (size_t)gridDim.x * THREADS;

    for (size_t i = (size_t)blockIdx.x * THREADS + threadIdx.x; i < n; i += stride) {
        const uint32_t word = (uint32_t)(4 * i);
        to[i] = make_uint4(roof_word(word, seed), roof_word(word + 1, seed),
                           roof_word(word + 2, seed), roof_word(word + 3, seed));
    }
}

static __device__ __forceinline__ unsigned long long fold(uint4 v)
{
    return (unsigned long long)(v.y ^ v.w) << 32 | (v.x ^ v.z);
}

static __global__ void __launch_bounds__(THREADS)
    read_kernel(const uint4 *from, size_t n, int passes, unsigned long long *sum)
{
    const size_t stride = (size_t)gridDim.x * THREADS;
    unsigned long long mine = 0;

    for (int pass = 0; pass < passes; pass++) {
        /* another block's share each time, so that no multiprocessor stays with what lies near */
        const unsigned block = (blockIdx.x + 7u * (unsigned)pass) % gridDim.x;
        size_t i = (size_t)block * THREADS + threadIdx.x;
        for (; i + (UNDER_WAY - 1) * stride < n; i += UNDER_WAY * stride) {
            uint4 v[UNDER_WAY];
            for (int k = 0; k < UNDER_WAY; k++) v[k] = load(from + i + k * stride);
            for (int k = 0; k < UNDER_WAY; k++) mine ^= fold(v[k]);
        }
        for (; i < n; i += stride) mine ^= fold(load(from + i));
    }
    for (int lanes = 16; lanes; lanes /= 2) mine ^= __shfl_down_sync(0xffffffffu, mine, lanes);
    if (threadIdx.x % 32 == 0) atomicXor(sum, mine);
}

const char *roof_copy(void *to, const void *from, size_t n, int blocks, struct CUstream_st *stream)
{
    copy_kernel<<<blocks, THREADS, 0, stream>>>((uint4 *)to, (const uint4 *)from, n / 16);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

const char *roof_write(void *to, size_t n, uint32_t seed, int blocks, struct CUstream_st *stream)
{
    write_kernel<<<blocks, THREADS, 0, stream>>>((uint4 *)to, n / 16, seed);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

const char *roof_read(const void *from, size_t n, int passes, int blocks, unsigned long long *sum,
                      struct CUstream_st *stream)
{
    read_kernel<<<blocks, THREADS, 0, stream>>>((const uint4 *)from, n / 16, passes, sum);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}
