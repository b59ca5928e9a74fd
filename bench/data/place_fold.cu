/* place_fold.cu: sums along an axis on the device, for Freivalds' check; see fold.h. */
#include <cuda_runtime.h>
#include "data/place_device.h"
#include "fail.h"

static const int THREADS = 256, MAX_BLOCKS = 4096;

/* LANES threads a line: 32 where neighbours on the axis are neighbours in memory, 1 where lines
 * are. Writes the sums to `to`, or holds them against y where `to` is NULL. */
template <int LANES>
static __global__ void fold_kernel(struct fold_axis x, enum storage type, const void *p,
                                   const uint16_t *signs, void *to, const double *y, long from,
                                   unsigned long long *count)
{
    const long lines = x.outer * x.inner, stride = (long)gridDim.x * blockDim.x / LANES;
    const int lane = (int)threadIdx.x % LANES;

    for (long line = from + ((long)blockIdx.x * blockDim.x + threadIdx.x) / LANES; line < lines;
         line += stride) {
        const long start = fold_start(&x, line);
        double sum[FOLD_COLUMNS];
        int odd = 0;
        for (int c = 0; c < FOLD_COLUMNS; c++) sum[c] = 0;
        for (long j = lane; j < x.length; j += LANES) {
            const double v = number_load(type, p, start + j * x.step_j);
            const uint16_t sign = signs[j];
            odd |= !fold_whole(&x, v);
#pragma unroll
            for (int c = 0; c < FOLD_COLUMNS; c++) sum[c] += fold_sign(sign, c) * v;
        }
        for (int lanes = LANES / 2; lanes; lanes /= 2) {
            odd |= __shfl_down_sync(0xffffffffu, odd, lanes);
#pragma unroll
            for (int c = 0; c < FOLD_COLUMNS; c++)
                sum[c] += __shfl_down_sync(0xffffffffu, sum[c], lanes);
        }
        if (lane) continue;
        if (to) {
            const int lost = fold_store(&x, type, line, sum, to);
            if (lost) atomicAdd(count, (unsigned long long)lost);
        } else if (odd || !fold_same(&x, type, line, sum, y)) {
            atomicMin(count, (unsigned long long)line);
        }
    }
}

static const char *launch(const struct fold_axis *x, enum storage type, const void *p,
                          const uint16_t *signs, void *to, const double *y, long from,
                          unsigned long long *count, struct CUstream_st *stream)
{
    const int lanes = x->step_j == 1 ? 32 : 1;
    const long lines = x->outer * x->inner - from, needed = (lines * lanes + THREADS - 1) / THREADS;
    const unsigned blocks = (unsigned)(needed < MAX_BLOCKS ? needed : MAX_BLOCKS);

    if (lines <= 0) return NULL;
    if (lanes == 1) {
        fold_kernel<1><<<blocks, THREADS, 0, stream>>>(*x, type, p, signs, to, y, from, count);
    } else {
        fold_kernel<32><<<blocks, THREADS, 0, stream>>>(*x, type, p, signs, to, y, from, count);
    }
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

const char *device_fold(const struct fold_axis *x, enum storage type, const void *p,
                        const uint16_t *signs, void *to, unsigned long long *count,
                        struct CUstream_st *stream)
{
    return launch(x, type, p, signs, to, NULL, 0, count, stream);
}

const char *device_fold_differs(const struct fold_axis *x, enum storage type, const void *p,
                                const uint16_t *signs, const double *y, long from,
                                unsigned long long *count, struct CUstream_st *stream)
{
    return launch(x, type, p, signs, NULL, y, from, count, stream);
}
