/* ampere: GEMMs on mma.sync through the wrappers of kernels/mma.cuh: bf16 and f16 with a ring of
 * cp.async stages, swizzled tiles and ldmatrix; tf32 and f64 straight from global memory. */
#define FAULTS(X)                                                                                  \
    X(no_wait, " wrong", "no cp.async.wait_group before the tile is read")                         \
    X(wait_one_less, " wrong", "wait_group lets one group too many stay")                          \
    X(no_sync, " wrong", "no __syncthreads() after wait_group")                                    \
    X(no_trans, " wrong", "B by ldmatrix without .trans")                                          \
    X(swizzle, " wrong", "B read with another swizzle than written")                               \
    X(rows, " wrong", "ldmatrix rows from the wrong lanes")                                        \
    X(misaligned_copy, "from an address", "cp.async from an odd element")                          \
    X(outside, "outside shared memory|not to shared memory|wrong",                                 \
      "cp.async one row past the last stage")                                                      \
    X(tail, " wrong", "what lies outside is not zeroed")                                           \
    X(fragment, " wrong", "two registers of a fragment swapped")                                   \
    X(f64_rows, " wrong", "registers of a f64 fragment row by row")                                \
    X(skip, "127 threads .* at|31 threads .* at mma.m16n8k16|at mma.m16n8k16",                     \
      "a lane skips mma.sync")
#include "planted.h"
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include "kernels/mma.cuh"

enum { BM = 64, BN = 64, BK = 32, STAGES = 3 };

static __device__ void product(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2],
                               __nv_bfloat16)
{
    mma_m16n8k16_bf16(d, a, b);
}
static __device__ void product(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], half)
{
    mma_m16n8k16_f16(d, a, b);
}

/* 16 bytes of an operand, or zeros when they lie outside */
template <class T>
static __device__ void fetch(T *to, const T *base, size_t at, bool in, enum fault f)
{
    if (in || f != tail) cp_async<16>(smem_addr(to), in ? base + at : base, in ? 16 : 0);
}

/* C = A B, A m x k, B k x n, all row-major; k and n multiples of 8. 4 warps of 32 x 32. The 16-byte
 * chunk c of a row sits where c ^ row says. */
template <class T>
static __global__ void __launch_bounds__(128)
    gemm(int m, int n, int k, const T *a, const T *b, float *c, enum fault f)
{
    __shared__ __align__(128) T as[STAGES][BM][BK], bs[STAGES][BK][BN];
    const int t = threadIdx.x, lane = t % 32;
    const int wm = t / 64 * 32, wn = t / 32 % 2 * 32; /* this warp's corner of the tile */
    const int m0 = blockIdx.y * BM, n0 = blockIdx.x * BN, blocks = (k + BK - 1) / BK;
    float acc[2][4][4] = {};
    const auto fetch_stage = [&](int kb) {
        const int s = kb % STAGES;
        for (int i = t; kb < blocks && i < BM * BK / 8; i += 128) {
            const int r = i / 4, ch = i % 4, p = kb * BK + ch * 8, row = m0 + r;
            const size_t at = (size_t)row * k + p + (f == misaligned_copy);
            fetch(&as[s][r][(ch ^ (r / 2 & 3)) * 8], a, at, row < m && p < k, f);
        }
        for (int i = t; kb < blocks && i < BK * BN / 8; i += 128) {
            const int r = i / 8, ch = i % 8, j = n0 + ch * 8, row = kb * BK + r;
            T *to = &bs[s][0][0] + (r + (f == outside)) * BN + (ch ^ (r & 7)) * 8;
            fetch(to, b, (size_t)row * n + j, row < k && j < n, f);
        }
        cp_async_commit();
    };

    for (int kb = 0; kb < STAGES - 1; kb++) fetch_stage(kb);
    for (int kb = 0; kb < blocks; kb++) {
        const int s = kb % STAGES;
        if (f == wait_one_less) cp_async_wait<STAGES - 1>();
        else if (f != no_wait) cp_async_wait<STAGES - 2>();
        /* all of stage s is there, and nobody reads the stage that is fetched next */
        if (f != no_sync) __syncthreads();
        fetch_stage(kb + STAGES - 1);
        for (int q = 0; q < BK; q += 16) {
            uint32_t x[2][4], y[2][4];
            for (int i = 0; i < 2; i++) {
                const int row = wm + i * 16 + (f == rows ? lane >> 1 : lane & 15);
                const int ch = q / 8 + (lane >> 4);
                ldmatrix_x4(x[i], smem_addr(&as[s][row][(ch ^ (row / 2 & 3)) * 8]));
            }
            for (int j = 0; j < 2; j++) {
                const int row = q + (lane & 15), ch = wn / 8 + j * 2 + (lane >> 4);
                const int at = ch ^ (f == swizzle ? row & 3 : row & 7);
                if (f == no_trans) ldmatrix_x4(y[j], smem_addr(&bs[s][row][at * 8]));
                else ldmatrix_x4_trans(y[j], smem_addr(&bs[s][row][at * 8]));
            }
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < 4; j++) {
                    const uint32_t *const r = &y[j / 2][j % 2 * 2];
                    const uint32_t pair[2] = {r[f == fragment], r[f != fragment]};
                    if (f != skip || lane != 3 || kb != 1) product(acc[i][j], x[i], pair, T());
                }
        }
    }
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 4; j++)
            for (int h = 0; h < 2; h++) {
                const int row = m0 + wm + i * 16 + h * 8 + lane / 4;
                const int col = n0 + wn + j * 8 + lane % 4 * 2;
                const float2 pair = make_float2(acc[i][j][h * 2], acc[i][j][h * 2 + 1]);
                if (row < m && col < n) *(float2 *)(c + (size_t)row * n + col) = pair;
            }
}

/* one warp for 16 x 8 outputs; m % 16 == 0, n % 8 == 0, k % 8 == 0 */
static __global__ void gemm_tf32(int n, int k, const float *a, const float *b, float *c)
{
    const int g = threadIdx.x / 4, t = threadIdx.x % 4, m0 = blockIdx.y * 16, n0 = blockIdx.x * 8;
    float d[4] = {};

    for (int p = 0; p < k; p += 8) {
        uint32_t x[4], y[2];
        for (int i = 0; i < 4; i++)
            x[i] = __float_as_uint(a[(m0 + g + i % 2 * 8) * k + p + t + i / 2 * 4]);
        for (int i = 0; i < 2; i++) y[i] = __float_as_uint(b[(p + t + i * 4) * n + n0 + g]);
        mma_m16n8k8_tf32(d, x, y);
    }
    for (int i = 0; i < 4; i++) c[(m0 + g + i / 2 * 8) * n + n0 + t * 2 + i % 2] = d[i];
}
/* one warp for 8 x 8 outputs */
static __global__ void gemm_f64(int n, int k, const double *a, const double *b, double *c)
{
    const int g = threadIdx.x / 4, t = threadIdx.x % 4, m0 = blockIdx.y * 8, n0 = blockIdx.x * 8;
    double d[2] = {};

    for (int p = 0; p < k; p += 4)
        mma_m8n8k4_f64(d[0], d[1], a[(m0 + g) * k + p + t], b[(p + t) * n + n0 + g]);
    for (int i = 0; i < 2; i++) c[(m0 + g) * n + n0 + t * 2 + i] = d[i];
}
/* one warp for 16 x 8 outputs; k % 16 == 0 */
static __global__ void gemm_f64_k16(int n, int k, const double *a, const double *b, double *c,
                                    enum fault f)
{
    const int g = threadIdx.x / 4, t = threadIdx.x % 4, m0 = blockIdx.y * 16, n0 = blockIdx.x * 8;
    double d[4] = {};

    for (int p = 0; p < k; p += 16) {
        double x[8], y[4];
        for (int i = 0; i < 8; i++) {
            const int down = f == f64_rows ? i / 4 : i % 2, right = f == f64_rows ? i % 4 : i / 2;
            x[i] = a[(m0 + g + down * 8) * k + p + t + right * 4];
        }
        for (int i = 0; i < 4; i++) y[i] = b[(p + t + i * 4) * n + n0 + g];
        mma_m16n8k16_f64(d, x, y);
    }
    for (int i = 0; i < 4; i++) c[(m0 + g + i / 2 * 8) * n + n0 + t * 2 + i % 2] = d[i];
}

/* Operands m x k and k x n of small integers; run(a, b, c); how many of c differ from the sum. */
template <class T, class C, class F> static int check(int m, int n, int k, F run)
{
    buffer<T> a(m * k, [&](int i) { return T((float)(i % k * 5 % 7 + i / k * 3 % 5 - 4)); });
    buffer<T> b(k * n, [&](int i) { return T((float)(i % n * 3 % 11 - i / n * 7 % 5 - 3)); });
    buffer<C> c(m * n);

    run(a.p, b.p, c.p);
    return c.differ([&](int i) {
        C sum = 0;
        for (int p = 0; p < k; p++) sum += (C)a[i / n * k + p] * (C)b[p * n + i % n];
        return sum;
    });
}
template <class T> static int check16(int m, int n, int k, enum fault f)
{
    return check<T, float>(m, n, k, [=](const T *a, const T *b, float *c) {
        const dim3 grid((n + BN - 1) / BN, (m + BM - 1) / BM);
        gemm<T><<<grid, 128>>>(m, n, k, a, b, c, f);
    });
}
static int wrong(enum fault f)
{
    const auto tf32 = [](const float *a, const float *b, float *c) {
        gemm_tf32<<<dim3(3, 2), 32>>>(24, 40, a, b, c);
    };
    const auto f64 = [](const double *a, const double *b, double *c) {
        gemm_f64<<<dim3(3, 2), 32>>>(24, 20, a, b, c);
    };

    const auto f64_k16 = [=](const double *a, const double *b, double *c) {
        gemm_f64_k16<<<dim3(3, 2), 32>>>(24, 48, a, b, c, f);
    };

    if (f == f64_rows) return check<double, double>(32, 24, 48, f64_k16);
    if (f) return check16<__nv_bfloat16>(70, 72, 200, f);
    return check16<__nv_bfloat16>(129, 136, 200, f) + check16<half>(64, 64, 64, f) +
           check<float, float>(32, 24, 40, tf32) + check<double, double>(16, 24, 20, f64) +
           check<double, double>(32, 24, 48, f64_k16);
}
