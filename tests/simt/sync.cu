/* sync: threads that must wait for each other: barriers of a block, of a warp and of a grid,
 * shuffles, votes, reductions, atomics. */
#define FAULTS(X)                                                                                  \
    X(no_sync_read, " wrong", "no __syncthreads() before a tile is read")                          \
    X(no_sync_overwrite, " wrong", "no __syncthreads() before a tile is overwritten")              \
    X(no_syncwarp_read, " wrong", "no __syncwarp() before a neighbour's value is read")            \
    X(no_syncwarp_overwrite, " wrong", "no __syncwarp() before it is overwritten")                 \
    X(divergent, "block 1,0,0: 240 threads .* at __syncthreads",                                   \
      "half a warp goes to __syncthreads(), half to __syncwarp()")                                 \
    X(loop_divergent, "block 0,0,0: 1 thread \\(9\\) at __syncthreads",                            \
      "a thread is in a barrier more often than the others, which poll")                           \
    X(two_barriers, "comes to it in line", "threads meet at two different __syncthreads()")        \
    X(skipped_shuffle, "248 threads .* at __shfl_xor_sync", "a lane skips a shuffle")              \
    X(foreign_mask, "does not name lane 16", "a lane calls a shuffle whose mask leaves it out")    \
    X(dead_lane, " wrong", "a shuffle from a lane that takes no part")                             \
    X(skipped_vote, "31 threads .* at __ballot_sync", "a lane skips a vote")                       \
    X(lost_update, " wrong", "a sum across blocks without its last atomicAdd")                     \
    X(lost_block, "a polling loop", "a grid barrier for one block too many")                       \
    X(spin, "runs on and on", "a loop that polls without __nanosleep()")
#include "planted.h"

/* y = A x in tiles; A is n x n, a block makes T outputs */
template <int T>
static __global__ void product(int n, const float *a, const float *x, float *y, enum fault f)
{
    __shared__ float as[T][T + 1], xs[T];
    const int t = threadIdx.x, i = blockIdx.x * T + t;
    float sum = 0;

    for (int p = 0; p < n; p += T) {
        for (int r = 0; r < T; r++) {
            const int row = blockIdx.x * T + r;
            as[r][t] = row < n && p + t < n ? a[row * n + p + t] : 0;
        }
        xs[t] = p + t < n ? x[p + t] : 0;
        if (f != no_sync_read) __syncthreads();
        for (int q = 0; q < T; q++) sum += as[t][q] * xs[q];
        if (f != no_sync_overwrite) __syncthreads(); /* the next round overwrites as and xs */
    }
    if (i < n) y[i] = sum;
}

static __global__ void row_sum(int n, const float *x, float *y, enum fault f)
{
    extern __shared__ float part[];
    const int t = threadIdx.x, lane = t % 32, warps = blockDim.x / 32;
    const unsigned all = f == foreign_mask ? 0xfffeffffu : ~0u;
    float s = 0;

    for (int i = t; i < n; i += blockDim.x) s += x[blockIdx.x * n + i];
    for (int d = 16; d; d /= 2)
        if (f != skipped_shuffle || lane != 7 || d != 4) s += __shfl_xor_sync(all, s, d);
    if (lane == 0) part[t / 32] = s;
    if (f == divergent && blockIdx.x == 1 && lane >= 16 && t < 32) __syncwarp();
    if (f == two_barriers && t < 64) __syncthreads();
    __syncthreads();
    if (t >= (f == dead_lane ? warps : 32)) return;
    s = t < warps ? part[t] : 0;
    for (int d = 16; d; d /= 2) s += __shfl_down_sync(~0u, s, d);
    if (t == 0) y[blockIdx.x] = s;
}

/* how many of x are positive, their sum, the largest, mistakes, the count again; all start at 0 */
static __global__ void votes(int n, const int *x, int *out, enum fault f)
{
    const int i = blockIdx.x * blockDim.x + threadIdx.x, v = i < n ? x[i] : 0;
    const int lane = threadIdx.x % 32, plus = v > 0;
    unsigned positive = 0;

    if (f != skipped_vote || i != 40) positive = __ballot_sync(~0u, plus);
    const int sum = __reduce_add_sync(~0u, plus ? v : 0), all = __syncthreads_count(plus);
    if (!__any_sync(~0u, plus) != !positive || __all_sync(~0u, plus) != (positive == ~0u))
        atomicAdd(&out[3], 1);
    if (__syncthreads_or(plus) != (all > 0) || __syncthreads_and(plus) != (all == (int)blockDim.x))
        atomicAdd(&out[3], 1);
    if (positive >> lane & 1) { /* the first of those in the branch counts for them */
        const int first = __ffs(positive) - 1;
        if (lane == first) atomicAdd(&out[0], __popc(positive));
        if (__shfl_sync(positive, lane, first) != first) atomicAdd(&out[3], 1);
    }
    if (lane == 0 && (f != lost_update || blockIdx.x != 3)) atomicAdd(&out[1], sum);
    for (int old = out[2]; v > old;) { /* atomicMax by hand */
        const int seen = atomicCAS(&out[2], old, v);
        if (seen == old) break;
        old = seen;
    }
    if (threadIdx.x == 0) atomicAdd(&out[4], all);
}

/* The shuffles and reductions that the others leave out; counts mistakes. */
static __global__ void exchanges(int *bad)
{
    const int t = threadIdx.x;
    const unsigned long long wide = (unsigned long long)t << 40 | (unsigned)t;
    int wrong = 0;

    wrong += __shfl_up_sync(~0u, t, 3) != (t >= 3 ? t - 3 : t);
    wrong += __shfl_xor_sync(~0u, t, 5, 8) != (t ^ 5);
    wrong += __shfl_down_sync(~0u, t, 2, 16) != (t % 16 < 14 ? t + 2 : t);
    wrong += __shfl_sync(~0u, t, 9, 8) != t / 8 * 8 + 1;
    wrong += __shfl_down_sync(~0u, wide, 1) != (t < 31 ? wide + ((1ull << 40) + 1) : wide);
    wrong += __shfl_sync(~0u, (double)t, 31) != 31;
    wrong += __reduce_max_sync(~0u, (unsigned)t) != 31 || __reduce_min_sync(~0u, t - 4) != -4;
    wrong += __reduce_or_sync(~0u, 1u << t) != ~0u || __reduce_and_sync(~0u, 32u | t) != 32;
    wrong += __reduce_xor_sync(~0u, 1u << t) != ~0u;
    wrong += __match_any_sync(~0u, t % 4) != 0x11111111u << t % 4;
    if (t < 8) wrong += __ballot_sync(0xffu, t & 1) != 0xaau;
    atomicAdd(bad, wrong);
}

/* prefix sum of one warp through shared memory */
template <int N> static __global__ void scan_warp(int *x, enum fault f)
{
    __shared__ int s[2 * N];
    const int t = threadIdx.x;

    s[t] = 0, s[t + N] = x[t];
    __syncwarp();
    for (int d = 1; d < N; d *= 2) {
        const int v = s[t + N - d];
        if (f != no_syncwarp_overwrite) __syncwarp();
        s[t + N] += v;
        if (f != no_syncwarp_read) __syncwarp();
    }
    x[t] = s[t + N];
}

/* Every block adds, all wait for all, every block reads the total. */
static __global__ void together(unsigned *count, unsigned blocks, unsigned *total, enum fault f)
{
    if (threadIdx.x == 0) {
        __threadfence();
        atomicAdd(count, 1u);
        while (*(volatile unsigned *)count < blocks)
            if (f != spin) __nanosleep(100);
        total[blockIdx.x] = *count;
    }
    if (f == loop_divergent && threadIdx.x != 9)
        while (*(volatile unsigned *)count < 99) __nanosleep(100);
    __syncthreads();
}

/* atomics on all their types; 32 threads, counts mistakes */
static __global__ void atomics(unsigned long long *u64, float *f32, double *f64, unsigned *u32)
{
    const unsigned t = threadIdx.x;

    atomicAdd(u64, 1ull << 40);
    atomicMax(u64 + 1, (unsigned long long)t << 36), atomicMin(u64 + 2, 1000ull + t);
    atomicCAS(u64 + 3, 0ull, 77ull), atomicExch(u64 + 4, 5ull);
    atomicAdd(f32, 0.5f), atomicAdd(f64, 0.25);
    atomicOr(u32, 1u << t), atomicAnd(u32 + 1, ~(1u << t)), atomicXor(u32 + 2, 1u << t);
    atomicInc(u32 + 3, 9u), atomicDec(u32 + 4, 9u), atomicSub(u32 + 5, 2u);
    atomicMax((int *)u32 + 6, (int)t - 40), atomicMin((int *)u32 + 7, -(int)t);
}

static int check_votes(enum fault f)
{
    buffer<int> x(1000, [](int i) { return i * 37 % 101 - 50; }), out(5, [](int) { return 0; });
    int count = 0, sum = 0, largest = 0;

    votes<<<4, 256>>>(1000, x, out, f);
    cudaDeviceSynchronize();
    for (int i = 0; i < x.n; i++)
        if (x[i] > 0) count++, sum += x[i], largest = max(largest, x[i]);
    const int want[] = {count, sum, largest, 0, count};
    return out.differ([&](int i) { return want[i]; });
}
static int check_atomics()
{
    buffer<unsigned long long> u64(5, [](int i) { return i == 2 ? ~0ull : 0ull; });
    buffer<float> f32(1, [](int) { return 0; });
    buffer<double> f64(1, [](int) { return 0; });
    const unsigned start[] = {0, ~0u, 0, 0, 0, 100, 0x80000000u, 0},
                   end[] = {~0u, 0, ~0u, 2, 8, 36, (unsigned)-9, (unsigned)-31};
    const unsigned long long want[] = {32ull << 40, 31ull << 36, 1000, 77, 5};
    buffer<unsigned> u32(8, [&](int i) { return start[i]; });

    atomics<<<1, 32>>>(u64, f32, f64, u32);
    return u64.differ([&](int i) { return want[i]; }) + u32.differ([&](int i) { return end[i]; }) +
           f32.differ([](int) { return 16; }) + f64.differ([](int) { return 8; });
}
static int check_together(enum fault f)
{
    buffer<unsigned> count(1, [](int) { return 0u; }), total(5);
    cudaLaunchConfig_t config = {};
    cudaLaunchAttribute all = {};

    all.id = cudaLaunchAttributeCooperative, all.val.cooperative = 1;
    config.gridDim = dim3(5), config.blockDim = dim3(64), config.attrs = &all, config.numAttrs = 1;
    cudaLaunchKernelEx(&config, together, count.p, f == lost_block ? 6u : 5u, total.p, f);
    return total.differ([](int) { return 5u; });
}

static int wrong(enum fault f)
{
    const int n = 65, rows = 7;
    const auto number = [](int i) { return i * 7 % 13 - 6; };
    int bad = check_votes(f) + check_atomics() + check_together(f);

    buffer<float> a(n * n, number), x(n, number), y(n), sums(rows);
    product<32><<<(n + 31) / 32, 32>>>(n, a, x, y, f);
    bad += y.differ([&](int i) {
        float sum = 0;
        for (int p = 0; p < n; p++) sum += a[i * n + p] * x[p];
        return sum;
    });
    row_sum<<<rows, 256, 8 * sizeof(float)>>>(n, a, sums, f);
    bad += sums.differ([&](int i) {
        float sum = 0;
        for (int p = 0; p < n; p++) sum += a[i * n + p];
        return sum;
    });
    buffer<int> prefix(32, [](int i) { return i + 1; }), mistakes(1, [](int) { return 0; });
    scan_warp<32><<<1, 32>>>(prefix, f);
    bad += prefix.differ([](int i) { return (i + 1) * (i + 2) / 2; });
    exchanges<<<1, 32>>>(mistakes);
    return bad + mistakes.differ([](int) { return 0; });
}
