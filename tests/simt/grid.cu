/* grid: how a kernel is launched: indices in three dimensions, arguments, templates, clusters; and
 * launches that a GPU refuses. */
#define FAULTS(X)                                                                                  \
    X(too_many_threads, "1 to 1024 threads", "a block of 1056 threads")                            \
    X(too_deep, "at most 64 deep", "a block of 1 x 1 x 65 threads")                                \
    X(too_high, "2147483647,65535,65535 is the most", "a grid of 65536 rows")                      \
    X(empty, "an empty grid", "a grid without a block")                                            \
    X(odd_cluster, "is not a multiple of the cluster", "a grid of 3 blocks in clusters of 2")      \
    X(bound_x, "heap-buffer-overflow|wrong", "the bound check of the fast index is missing")       \
    X(bound_z, "heap-buffer-overflow|wrong", "the bound check of the slow index is one off")       \
    X(swapped, " wrong", "two indices swapped")                                                    \
    X(peer, " wrong", "a block of a cluster reads its own value for its peer's")
#include "planted.h"

struct volume { /* of nz x ny x nx elements */
    int nx, ny, nz;
    float scale;
};
static __device__ int launches;

/* y[z][y][x] = scale * (z y x as digits), one thread an element */
static __global__ void digits(volume v, float *out, enum fault f)
{
    const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y,
              z = blockIdx.z * blockDim.z + threadIdx.z;

    if (blockIdx.x + blockIdx.y + blockIdx.z + threadIdx.x + threadIdx.y + threadIdx.z == 0)
        atomicAdd(&launches, (int)(gridDim.x * 100 + gridDim.y * 10 + gridDim.z));
    if (f != bound_x && x >= v.nx) return;
    if (y >= v.ny || z >= v.nz + (f == bound_z)) return;
    const int at = f == swapped ? (z * v.ny + x) * v.nx + y : (z * v.ny + y) * v.nx + x;
    if (f != swapped || (y < v.nx && x < v.ny)) out[at] = v.scale * (z * 100 + y * 10 + x);
}

/* A kernel by value of its template arguments, its type deduced from the call. */
template <int N, class T> static __global__ void __launch_bounds__(N, 2) repeat(const T *x, T *y)
{
    T mine[N];

#pragma unroll
    for (int i = 0; i < N; i++) mine[i] = x[i];
    y[threadIdx.x] = mine[N - 1 - threadIdx.x];
}
template <class T> static __global__ void doubled(const T *x, T *y)
{
    y[threadIdx.x] = x[threadIdx.x] + x[threadIdx.x];
}

/* Every block of a cluster has __shared__ variables and dynamic memory of its own. */
template <int CLUSTER>
static __global__ void __cluster_dims__(CLUSTER, 1, 1) own_shared(int *y, int *rank, enum fault f)
{
    __shared__ int mine, other[3];
    extern __shared__ __align__(1024) int far[];

    if (threadIdx.x == 0) mine = (int)blockIdx.x + 10, far[7] = mine * 2;
    if (threadIdx.x < 3) other[threadIdx.x] = (int)(blockIdx.x * threadIdx.x);
    __syncthreads();
    if (threadIdx.x == 1) y[blockIdx.x] = mine + other[2] + far[7];
    if (threadIdx.x == 2) rank[blockIdx.x] = f == peer ? 0 : (int)(blockIdx.x % CLUSTER);
}

static int wrong(enum fault f)
{
    const struct volume v = {7, 9, 5, 0.5f};
    const dim3 block = f == too_many_threads ? dim3(32, 33)
                       : f == too_deep       ? dim3(1, 1, 65)
                                             : dim3(4, 3, 2);
    const dim3 grid = f == empty ? dim3(0) : f == too_high ? dim3(1, 65536) : dim3(2, 3, 3);
    int bad = 0, count = 0;

    buffer<float> out(v.nx * v.ny * v.nz);
    digits<<<grid, block>>>(v, out, f);
    bad += out.differ(
        [&](int i) { return 0.5f * (i / v.nx / v.ny * 100 + i / v.nx % v.ny * 10 + i % v.nx); });
    cudaMemcpyFromSymbol(&count, launches, sizeof count);
    bad += count != 233;

    buffer<int> x(8, [](int i) { return i * i; }), y(8), twice(8);
    repeat<8><<<1, 8>>>(x.p, y.p);
    doubled<<<1, 8>>>(x.p, twice.p);
    bad += y.differ([](int i) { return (7 - i) * (7 - i); });
    bad += twice.differ([](int i) { return 2 * i * i; });

    const int blocks = f == odd_cluster ? 3 : 4;
    buffer<int> own(4), rank(4);
    own_shared<2><<<blocks, 32, 64>>>(own, rank, f);
    bad += own.differ([](int i) { return i + 10 + 2 * i + 2 * (i + 10); });
    bad += rank.differ([](int i) { return i % 2; });
    return bad;
}
