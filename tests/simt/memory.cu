/* memory: what is read and written outside its buffer, before it is written, or at an address that
 * a GPU refuses; in global, constant, static and dynamic shared memory. */
#define FAULTS(X)                                                                                  \
    X(global_read, "heap-buffer-overflow", "global memory read one past its end")                  \
    X(global_write, "heap-buffer-overflow", "global memory written one past its end")              \
    X(global_before, "heap-buffer-overflow", "global memory read one before its start")            \
    X(constant_read, "out of bounds|buffer-overflow", "__constant__ memory read one past its end") \
    X(shared_read, "insufficient space|global-buffer-overflow",                                    \
      "a __shared__ array read one past its end")                                                  \
    X(shared_write, "insufficient space|global-buffer-overflow",                                   \
      "a __shared__ array written one past its end")                                               \
    X(dynamic_read, "heap-buffer-overflow", "dynamic shared memory read one past its end")         \
    X(dynamic_write, "heap-buffer-overflow", "dynamic shared memory written one past its end")     \
    X(row_overrun, "out of bounds|wrong", "a row of a 2-D __shared__ array read into the next")    \
    X(shared_stale, " wrong", "a __shared__ array read where nobody wrote it")                     \
    X(shared_left_over, " wrong", "a block reads what the block before left in __shared__")        \
    X(dynamic_stale, " wrong", "dynamic shared memory read where nobody wrote it")                 \
    X(sum_not_cleared, " wrong", "a sum that does not start at zero")                              \
    X(never_written, " wrong", "outputs that nobody writes")                                       \
    X(load_float4, "misaligned address", "a float4 load from a multiple of 4")                     \
    X(store_float4, "misaligned address", "a float4 store to a multiple of 4")                     \
    X(assign_float4, "misaligned address", "a float4 copied from memory to memory")                \
    X(ldg_uint4, "misaligned address", "__ldg of a uint4 from a multiple of 8")                    \
    X(load_half2, "misaligned address", "a pair of halves loaded from an odd one")                 \
    X(load_double, "misaligned address", "a double loaded from a multiple of 4")                   \
    X(shared_48k, "need cudaFuncSetAttribute", "60 KB of shared memory without the attribute")     \
    X(shared_max, "is the most", "more shared memory than a block can have")
#include "planted.h"
#include <cuda_fp16.h>

static const int THREADS = 64, RADIUS = 2, TAPS = 2 * RADIUS + 1;
static __constant__ float weight[TAPS];

/* y[i] = sum of weight[d] x[i + d], staged in static shared memory */
template <int N, bool CLEAR>
static __global__ void blur(int n, const float *x, float *y, enum fault f)
{
    __shared__ float tile[N + 2 * RADIUS];
    const int t = threadIdx.x, i = blockIdx.x * N + t, last = N + 2 * RADIUS - 1;
    float sum, *const end = tile + last + 1;

    if constexpr (CLEAR) sum = 0; /* the compiler must see it: an if would hide it from gcc */
    if (f != shared_left_over || blockIdx.x == 0)
        for (int s = t; s < N + 2 * RADIUS; s += N) {
            const int from = blockIdx.x * N + s, past = n + 2 * RADIUS + (f == global_read);
            if (f != shared_stale || s != last) tile[s] = from < past ? x[from] : 0;
        }
    if (f == global_before && i == 0) tile[0] = x[-1];
    if (f == shared_write && t == N - 1) *end = 0;
    __syncthreads();
    for (int d = 0; d < TAPS + (f == constant_read); d++) sum += weight[d] * tile[t + d];
    if (f == shared_read && t == N - 1) sum += *end;
    if (i < n + (f == global_write) && (f != never_written || i % 7)) y[i] = sum;
}

/* y = x backwards within each block, through dynamic shared memory */
static __global__ void backwards(const int *x, int *y, enum fault f)
{
    extern __shared__ int row[];
    const int t = threadIdx.x, n = blockDim.x, at = blockIdx.x * n;

    if (f != dynamic_stale || t != 5) row[t] = x[at + t];
    if (f == dynamic_write && t == 0) row[n] = 1;
    __syncthreads();
    y[at + t] = row[n - 1 - t + (f == dynamic_read)];
}

/* y[j][i] = x[i][j] */
static __global__ void transpose(const float *x, float *y, enum fault f)
{
    __shared__ float s[8][8];
    const int i = threadIdx.y, j = threadIdx.x;

    s[i][j] = x[i * 8 + j];
    __syncthreads();
    y[i * 8 + j] = s[j][f == row_overrun ? i + 1 : i];
}

/* y = x, 16 bytes at a time, in four ways; the shifts are in elements and must be 0 */
static __global__ void wide(const float *x, float *y, int from, int to, enum fault f)
{
    const int i = threadIdx.x * 16;
    const float4 v = *(const float4 *)(x + i + from);

    *(float4 *)(y + i + to) = v;
    *(float4 *)(y + i + 4) = *(const float4 *)(x + i + 4 + (f == assign_float4));
    *(uint4 *)(y + i + 8) = __ldg((const uint4 *)(x + i + 8 + (f == ldg_uint4) * 2));
    for (int j = 12; j < 16; j += 2)
        *(double *)(y + i + j) = *(const double *)(x + i + j + (f == load_double));
}
static __global__ void pairs(const half *x, half *y, int from)
{
    const int i = threadIdx.x * 2;
    *(half2 *)(y + i) = *(const half2 *)(x + i + from);
}

static int wrong(enum fault f)
{
    const float w[TAPS] = {1, -2, 3, 5, -4};
    const int n = 3 * THREADS - 7, blocks = (n + THREADS - 1) / THREADS;
    const int bytes = f == shared_48k ? 60000 : f == shared_max ? 240000 : 32 * (int)sizeof(int);
    const auto number = [](int i) { return i * 7 % 13 - 6; };
    int bad = 0;

    buffer<float> x(n + 2 * RADIUS, number), y(n);
    cudaMemcpyToSymbol(weight, w, sizeof w);
    if (f == sum_not_cleared) blur<THREADS, false><<<blocks, THREADS>>>(n, x, y, f);
    else blur<THREADS, true><<<blocks, THREADS>>>(n, x, y, f);
    bad += y.differ([&](int i) {
        float sum = 0;
        for (int d = 0; d < TAPS; d++) sum += w[d] * x[i + d];
        return sum;
    });

    buffer<int> forth(96, number), back(96);
    backwards<<<3, 32, bytes>>>(forth, back, f);
    bad += back.differ([&](int i) { return forth[i / 32 * 32 + 31 - i % 32]; });

    buffer<float> matrix(64, number), across(64);
    transpose<<<1, dim3(8, 8)>>>(matrix, across, f);
    bad += across.differ([&](int i) { return matrix[i % 8 * 8 + i / 8]; });

    buffer<float> from(132, number), to(132);
    wide<<<1, 8>>>(from, to, f == load_float4, f == store_float4, f);
    bad += to.differ([&](int i) { return i < 128 ? from[i] : to[i]; }) - 4;

    buffer<half> h(66, [&](int i) { return half((float)number(i)); }), k(64);
    pairs<<<1, 32>>>(h, k, f == load_half2);
    bad += k.differ([&](int i) { return h[i]; });
    return bad;
}
