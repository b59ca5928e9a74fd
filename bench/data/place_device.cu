/* place_device.cu: fill, hash and compare on the device: the harness's own kernels. They compute no
 * op; the elementwise parts are the inline functions that the host uses too. */
#include <cuda_runtime.h>
#include "data/place_device.h"
#include "fail.h"

static const int THREADS = 256, MAX_BLOCKS = 2048;

static unsigned blocks_for(size_t items)
{
    const size_t blocks = (items + THREADS - 1) / THREADS;
    return (unsigned)(blocks < (size_t)MAX_BLOCKS ? blocks : (size_t)MAX_BLOCKS);
}

static __global__ void fill_kernel(void *p, struct tensor t, struct fill f)
{
    const long count = t.rows * t.cols, stride = (long)gridDim.x * blockDim.x;

    for (long i = (long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += stride)
        number_store(t.storage, p, tensor_at(&t, i), generate_value(&f, t.storage, (uint64_t)i));
}

const char *device_fill(void *p, const struct tensor *t, const struct fill *f,
                        struct CUstream_st *stream)
{
    const unsigned blocks = blocks_for((size_t)(t->rows * t->cols));
    fill_kernel<<<blocks, THREADS, 0, stream>>>(p, *t, *f);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

static __global__ void hash_kernel(const unsigned char *p, size_t n, unsigned long long *sum)
{
    const size_t words = (n + 3) / 4, stride = (size_t)gridDim.x * blockDim.x;
    unsigned long long total = 0;

    for (size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; i < words; i += stride) {
        uint32_t word = 0;
        if (4 * i + 4 <= n) word = *(const uint32_t *)(p + 4 * i);
        else memcpy(&word, p + 4 * i, n - 4 * i);
        total += place_hash_word(word, i);
    }
    for (int lanes = 16; lanes; lanes /= 2) total += __shfl_down_sync(0xffffffffu, total, lanes);
    if (threadIdx.x % 32 == 0) atomicAdd(sum, total);
}

const char *device_hash(const void *p, size_t n, unsigned long long *sum,
                        struct CUstream_st *stream)
{
    const unsigned blocks = blocks_for((n + 3) / 4);
    hash_kernel<<<blocks, THREADS, 0, stream>>>((const unsigned char *)p, n, sum);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

static __global__ void count_kernel(const unsigned char *p, size_t n, struct tensor t,
                                    int only_gaps, unsigned long long *count)
{
    const size_t size = only_gaps ? (size_t)storage_size(t.storage) : 1,
                 stride = (size_t)gridDim.x * blockDim.x;
    unsigned long long total = 0;

    for (size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; i < n; i += stride)
        total += p[i] != 0xFF && (!only_gaps || (long)(i / size) % t.ld >= t.cols);
    for (int lanes = 16; lanes; lanes /= 2) total += __shfl_down_sync(0xffffffffu, total, lanes);
    if (threadIdx.x % 32 == 0 && total) atomicAdd(count, total);
}

const char *device_count_written(const void *p, size_t n, const struct tensor *gaps,
                                 unsigned long long *count, struct CUstream_st *stream)
{
    const struct tensor t = gaps ? *gaps : tensor();
    const unsigned blocks = blocks_for(n);
    count_kernel<<<blocks, THREADS, 0, stream>>>((const unsigned char *)p, n, t, gaps != NULL,
                                                 count);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

static __global__ void agree_kernel(struct agree_rule r, struct tensor t, const void *out,
                                    const long *index, long first, long count, const double *y,
                                    const double *s, struct agreement *part)
{
    __shared__ struct agreement all[THREADS];
    struct agreement *mine = &all[threadIdx.x];
    const long stride = (long)gridDim.x * blockDim.x;

    agree_clear(mine);
    for (long i = (long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += stride) {
        const long at = index ? index[i] : first + i;
        agree_one(&r, at, number_load(t.storage, out, tensor_at(&t, at)), y[i], s[i], mine);
    }
    for (int n = THREADS / 2; n; n /= 2) {
        __syncthreads(); /* the upper half is complete */
        if ((int)threadIdx.x < n) agree_add(mine, &all[threadIdx.x + n]);
    }
    if (threadIdx.x == 0) part[blockIdx.x] = *mine;
}

const char *device_agree(const struct agree_rule *r, const struct tensor *t, const void *out,
                         const long *index, long first, long count, const double *y,
                         const double *s, struct agreement *part, int *parts,
                         struct CUstream_st *stream)
{
    const unsigned needed = blocks_for((size_t)count);

    *parts = needed < DEVICE_PARTS ? (int)needed : DEVICE_PARTS;
    agree_kernel<<<*parts, THREADS, 0, stream>>>(*r, *t, out, index, first, count, y, s, part);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}
