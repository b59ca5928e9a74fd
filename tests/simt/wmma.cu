/* wmma: GEMMs by nvcuda::wmma, one warp for 16 x 16 outputs, tiles of A and B in shared memory. */
#define FAULTS(X)                                                                                  \
    X(no_fill, " wrong", "sums that start nowhere")                                                \
    X(pitch, " wrong", "the rows of a tile are taken for shorter")                                 \
    X(order, " wrong", "B is read by columns")                                                     \
    X(raw, " wrong", "tf32 operands that are cut, not rounded")                                    \
    X(own_matrix, "lanes name different matrices", "each lane gives its own address")              \
    X(address, "no multiple of 32 bytes", "a matrix that starts at an odd element")                \
    X(apart, "no multiple of 16 bytes", "rows an odd number of elements apart")                    \
    X(skip, "31 threads .* at wmma::mma_sync", "a lane skips mma_sync")
#include "planted.h"
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <mma.h>
using namespace nvcuda;

template <class T> struct operand { /* what T is as an operand, and how deep */
    typedef T type;
    enum { DEPTH = 16 };
};
template <> struct operand<float> {
    typedef wmma::precision::tf32 type;
    enum { DEPTH = 8 };
};
template <class F, class T> static __device__ void round_all(F &, T) {}
template <class F> static __device__ void round_all(F &f, float)
{
    for (int i = 0; i < f.num_elements; i++) f.x[i] = wmma::__float_to_tf32(f.x[i]);
}

/* A m x k by rows, B k x n by rows; m and n multiples of 16, k of DEPTH */
template <class T>
static __global__ void gemm(int n, int k, const T *a, const T *b, float *c, enum fault f)
{
    enum { DEPTH = operand<T>::DEPTH, PAD = 16 / sizeof(T), AP = DEPTH + PAD, BP = 16 + PAD };
    __shared__ __align__(128) T as[16 * AP + 1], bs[DEPTH * BP + 16];
    typedef typename operand<T>::type op;
    wmma::fragment<wmma::matrix_a, 16, 16, DEPTH, op, wmma::row_major> x;
    wmma::fragment<wmma::matrix_b, 16, 16, DEPTH, op, wmma::row_major> y;
    wmma::fragment<wmma::matrix_b, 16, 16, DEPTH, op, wmma::col_major> turned;
    wmma::fragment<wmma::accumulator, 16, 16, DEPTH, float> sum;
    const int lane = threadIdx.x, m0 = blockIdx.y * 16, n0 = blockIdx.x * 16;

    if (f != no_fill) wmma::fill_fragment(sum, 0.0f);
    for (int p = 0; p < k; p += DEPTH) {
        for (int i = lane; i < 16 * DEPTH; i += 32) {
            as[i / DEPTH * AP + i % DEPTH] = a[(m0 + i / DEPTH) * k + p + i % DEPTH];
            bs[i / 16 * BP + i % 16] = b[(p + i / 16) * n + n0 + i % 16];
        }
        __syncthreads();
        wmma::load_matrix_sync(x, as + (f == address) + (f == own_matrix ? lane / 16 * 2 * AP : 0),
                               f == apart   ? AP + 1
                               : f == pitch ? AP - PAD
                                            : AP);
        wmma::load_matrix_sync(y, bs, BP);
        if (f != raw) round_all(x, T()), round_all(y, T());
        if (f == order) {
            wmma::load_matrix_sync(turned, bs, BP);
            wmma::mma_sync(sum, x, turned, sum);
        } else if (f != skip || lane != 3 || p == 0) wmma::mma_sync(sum, x, y, sum);
        __syncthreads();
    }
    wmma::store_matrix_sync(c + m0 * n + n0, sum, n, wmma::mem_row_major);
}

/* A holds powers of 2 times scale, which tf32 rounds to `rounded`. */
template <class T>
static int check(int m, int n, int k, enum fault f, float scale = 1, float rounded = 1)
{
    const auto power = [=](int row, int p) { return (float)(1 << (p * 5 % 7 + row) % 3); };
    buffer<T> a(m * k, [&](int i) { return T(scale * power(i / k, i % k)); });
    buffer<T> b(k * n, [&](int i) { return T((float)(i % n * 3 % 11 - i / n * 7 % 5 - 3)); });
    buffer<float> c(m * n);

    gemm<T><<<dim3(n / 16, m / 16), 32>>>(n, k, a.p, b.p, c.p, f);
    return c.differ([&](int i) {
        float sum = 0;
        for (int p = 0; p < k; p++) sum += rounded * power(i / n, p) * (float)b[p * n + i % n];
        return sum;
    });
}
static int wrong(enum fault f)
{
    const float above = 1 + 0x1.8p-11f, up = 1 + 0x1p-10f; /* tf32 has 10 bits behind the point */

    if (f && f != raw) return check<__nv_bfloat16>(32, 48, 64, f);
    return check<__nv_bfloat16>(32, 48, 64, none) + check<half>(16, 16, 16, none) +
           check<float>(32, 48, 24, none) + check<float>(32, 48, 24, f, above, up);
}
