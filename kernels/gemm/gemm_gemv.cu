/* gemm_gemv: products with at most 8 rows (or columns) of C. The other operand, W below, is far
 * larger than C and the small one, S, and each of its elements takes part in at most 8 products: a
 * tile kernel computes 128 rows for 8 and has too few blocks to keep the memory busy. Here W
 * streams through once in 128-bit loads, straight into registers, with no shared memory on the way.
 *   k contiguous in W   a block takes ROWS rows of W, its threads lie along k, and each sums its
 *                       own k; lanes, then warps, add their sums up.
 *   else                a lane takes a pack of neighbouring rows, 4 lanes fill two sectors of one
 *                       k, and the other lanes and the warps of the block take other k.
 * S is read by every block, from L1 and L2. Sums are added in a fixed order. A W that does not lie
 * on multiples of 16 bytes is read element by element.
 * Bound: DRAM, the end: W must be read. With few rows of W, the loads in flight: gemm_splitk. */
#include <stdio.h>
#include "kernels/gemm/pack.cuh"

static const int SMALL = 8;                      /* rows of S, at most */
static const int ROWS = 4;                       /* of W for a block, where k is contiguous */
static const int ALONG = 128;                    /* threads of a block there */
static const int ACROSS = 4, DOWN = 32 / ACROSS; /* lanes along rows and along k, where not */
static const int ABREAST = 512;                  /* threads of a block there */

/* C (or its transpose) = S W': element (i, k) of S lies i s_row + k s_k elements from s, and so for
 * W; C is small x rows. */
struct job {
    struct gemm g;
    long rows, w_row, w_k, s_row, s_k, c_small, c_row;
    int small;
};

/* A pack of W, which is read once: it need not push S out of the cache. */
template <class T> static __device__ pack<T> stream(const T *w)
{
    const union {
        uint4 bits;
        pack<T> p;
    } load = {__ldcs((const uint4 *)w)};
    return load.p;
}

/* Adds v[N] up over the lanes that differ in the bits of their number from `high` down to `low`.
 * Every step halves what a lane goes on with: of L lanes the l-th ends with the sums l N / L and on
 * (with the same as its neighbours where N < L). */
template <int N, class A> static __device__ void fold(A *v, int high, int low)
{
    if constexpr (N > 1) {
        const bool upper = threadIdx.x & high;
        if (high < low) return;
#pragma unroll
        for (int i = 0; i < N / 2; i++) {
            const A given = upper ? v[i] : v[i + N / 2];
            v[i] = (upper ? v[i + N / 2] : v[i]) + __shfl_xor_sync(~0u, given, high);
        }
        fold<N / 2>(v, high / 2, low);
    } else {
        for (; high >= low; high /= 2) v[0] += __shfl_xor_sync(~0u, v[0], high);
    }
}

template <class T>
static __device__ void store(const struct job &j, T *c, long i, long row, accumulator<T> sum)
{
    typedef accumulator<T> acc;
    if (i >= j.small || row >= j.rows) return;
    T *out = c + i * j.c_small + row * j.c_row;
    *out = T(acc(j.g.alpha) * sum + (j.g.beta == 0 ? acc(0) : acc(j.g.beta) * acc(*out)));
}

/* M >= j.small; rows past the last are read as the last, and not stored. */
template <int M, class T>
static __global__ void __launch_bounds__(ALONG, 3)
    along_k(const struct job j, const T *__restrict__ w, const T *__restrict__ s, T *c)
{
    typedef accumulator<T> acc;
    constexpr int V = pack<T>::N, N = M * ROWS, SAME = 32 / N; /* lanes that end with one sum */
    __shared__ acc part[ALONG / 32][N];
    const int t = threadIdx.x, lane = t % 32, warp = t / 32;
    const long row0 = (long)blockIdx.x * ROWS;
    const bool s_packed = j.s_k == 1 && in_packs(s, j.s_row);
    long k = t * V;
    acc sum[N] = {};

    const auto w_at = [&](int r, long k) { return w + min(row0 + r, j.rows - 1) * j.w_row + k; };
    const auto add = [&](const pack<T> *wp, bool packed, long left) {
#pragma unroll
        for (int i = 0; i < M; i++) {
            const T *const from = s + min(i, j.small - 1) * j.s_row + k * j.s_k;
            pack<T> sp;
            if (packed) {
                sp = *(const pack<T> *)from;
            } else {
#pragma unroll
                for (int e = 0; e < V; e++) sp.at[e] = e < left ? from[e * j.s_k] : T(0.f);
            }
#pragma unroll
            for (int r = 0; r < ROWS; r++)
#pragma unroll
                for (int e = 0; e < V; e++) sum[i * ROWS + r] += acc(sp.at[e]) * acc(wp[r].at[e]);
        }
    };

    if (in_packs(w, j.w_row)) {
#pragma unroll 2
        for (; k + V <= j.g.k; k += ALONG * V) {
            pack<T> wp[ROWS];
#pragma unroll
            for (int r = 0; r < ROWS; r++) wp[r] = stream(w_at(r, k));
            add(wp, s_packed, V);
        }
    }
    for (; k < j.g.k; k += ALONG * V) { /* the last pack, or all */
        pack<T> wp[ROWS];
#pragma unroll
        for (int r = 0; r < ROWS; r++) wp[r] = load_pack(w_at(r, k), false, j.g.k - k);
        add(wp, false, j.g.k - k);
    }

    fold<N>(sum, 16, 1);
    if (lane % SAME == 0) part[warp][lane / SAME] = sum[0];
    __syncthreads(); /* the sums of all warps are there */
    if (t >= N) return;
    acc total = 0;
    for (int i = 0; i < ALONG / 32; i++) total += part[i][t];
    store(j, c, t / ROWS, row0 + t % ROWS, total);
}

template <int M, class T>
static __global__ void __launch_bounds__(ABREAST)
    across_k(const struct job j, const T *__restrict__ w, const T *__restrict__ s, T *c)
{
    typedef accumulator<T> acc;
    constexpr int V = pack<T>::N, N = M * V, WARPS = ABREAST / 32;
    constexpr int EACH = N > DOWN ? N / DOWN : 1, SAME = N > DOWN ? 1 : DOWN / N;
    __shared__ acc part[WARPS][ACROSS][N];
    const int t = threadIdx.x, x = t % ACROSS, y = t % 32 / ACROSS, warp = t / 32;
    const long row0 = (long)blockIdx.x * ACROSS * V, row = row0 + x * V;
    long k = warp * DOWN + y;
    acc sum[N] = {};

    const auto add = [&](const pack<T> &wp) {
#pragma unroll
        for (int i = 0; i < M; i++) {
            const acc from = acc(s[min(i, j.small - 1) * j.s_row + k * j.s_k]);
#pragma unroll
            for (int e = 0; e < V; e++) sum[i * V + e] += from * acc(wp.at[e]);
        }
    };

    w += row;
    if (in_packs(w, j.w_k) && row + V <= j.rows) {
#pragma unroll 4
        for (; k < j.g.k; k += WARPS * DOWN) add(stream(w + k * j.w_k));
    }
    for (; k < j.g.k; k += WARPS * DOWN) add(load_pack(w + k * j.w_k, false, j.rows - row));

    fold<N>(sum, 16, ACROSS);
#pragma unroll
    for (int i = 0; i < EACH; i++)
        if (y % SAME == 0) part[warp][x][y / SAME * EACH + i] = sum[i];
    __syncthreads(); /* the sums of all warps are there */
    if (t >= ACROSS * N) return;
    acc total = 0;
    for (int i = 0; i < WARPS; i++) total += part[i][t / N][t % N];
    store(j, c, t % N / V, row0 + t / N * V + t % V, total);
}

/* W is B when C has few rows, else A. */
static struct job job_of(const struct gemm *g)
{
    const long a_row = g->trans_a ? 1 : g->lda, a_k = g->trans_a ? g->lda : 1;
    const long b_col = g->trans_b ? g->ldb : 1, b_k = g->trans_b ? 1 : g->ldb;

    if (g->m <= g->n) return {*g, g->n, b_col, b_k, a_row, a_k, g->ldc, 1, (int)g->m};
    return {*g, g->m, a_row, a_k, b_col, b_k, 1, g->ldc, (int)g->n};
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    return p->gemm.m > SMALL && p->gemm.n > SMALL ? "needs m <= 8 or n <= 8" : NULL;
}

static const char *prepare(struct plan *plan)
{
    const struct gemm *g = &plan->problem->gemm;

    snprintf(plan->algo, sizeof plan->algo, "%s streams, %s k", g->m <= g->n ? "B" : "A",
             job_of(g).w_k == 1 ? "along" : "across");
    return NULL;
}

template <int M, class T>
static void launch(const struct job &j, const T *w, const T *s, T *c, cudaStream_t stream)
{
    const int rows = j.w_k == 1 ? ROWS : ACROSS * pack<T>::N;
    const unsigned blocks = (unsigned)((j.rows + rows - 1) / rows);

    if (j.w_k == 1) along_k<M, T><<<blocks, ALONG, 0, stream>>>(j, w, s, c);
    else across_k<M, T><<<blocks, ABREAST, 0, stream>>>(j, w, s, c);
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct job j = job_of(&plan->problem->gemm);
    const int b_streams = plan->problem->gemm.m <= plan->problem->gemm.n;

    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        const T *w = (const T *)o->in[b_streams], *s = (const T *)o->in[!b_streams];
        T *c = (T *)o->out;
        if (j.small <= 1) launch<1>(j, w, s, c, stream);
        else if (j.small <= 2) launch<2>(j, w, s, c, stream);
        else if (j.small <= 4) launch<4>(j, w, s, c, stream);
        else launch<8>(j, w, s, c, stream);
    });
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_gemv = {
    .name = "gemm_gemv",
    .summary = "m or n <= 8: the large operand streams through registers, once",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
