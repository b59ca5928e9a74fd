/* gemm_vec4: gemm_regtile with every load and store 128 bits wide: four floats, two doubles. Per
 * k a thread loads 16 operands for its 64 FMAs with 4 instructions instead of 16 (8 for f64), and a
 * tile comes in one load a thread instead of four. So that both operands are read along the tile,
 * one whose k is contiguous is transposed on its way into shared memory.
 * Where ld or the base is no multiple of 16 bytes, and at edges, packs are put together element by
 * element, in the same kernel.
 * Bound: the transposing stores meet in half of the banks, lanes 2x16 read more than they need, and
 * nothing is on its way from memory while a tile is summed. gemm_warptile attacks all three. */
#include <stdio.h>
#include "kernels/gemm/pack.cuh"

static const int BM = 128, BN = 128, BK = 8; /* tile of a block */
static const int TM = 8, TN = 8;             /* outputs of a thread */
static const int ACROSS = BN / TN, DOWN = BM / TM, THREADS = ACROSS * DOWN;
static_assert(BM == BN, "one stage() serves A and B");

/* Brings a tile of an operand, BM rows of A (columns of B) times BK steps of k, into shared memory
 * as [k][row]. `step` is the distance of neighbouring rows in memory, `k_step` that of neighbouring
 * k; one of them is 1, and packs lie along that one. rows x depth elements exist, the rest is 0. */
template <class T>
static __device__ void stage(T (*to)[BM], const T *x, long step, long k_step, bool packed, int rows,
                             int depth)
{
    constexpr int V = pack<T>::N, K_PACKS = BK / V, ROW_PACKS = BM / V;
    static_assert(BM * K_PACKS % THREADS == 0, "every thread brings as many");
    const bool along_k = k_step == 1;
    const int t = threadIdx.x;
    const int row = along_k ? t / K_PACKS : t % ROW_PACKS * V;
    const int k = along_k ? t % K_PACKS * V : t / ROW_PACKS;
    const int more_rows = along_k ? THREADS / K_PACKS : 0;
    const int more_k = along_k ? 0 : THREADS / ROW_PACKS;

    x += row * step + k * k_step;
#pragma unroll
    for (int s = 0; s < BM * K_PACKS / THREADS; s++) {
        const int i = row + s * more_rows, p = k + s * more_k;
        const int left = i < rows && p < depth ? (along_k ? depth - p : rows - i) : 0;
        const pack<T> from = load_pack(x, packed, left);
        if (along_k) {
#pragma unroll
            for (int e = 0; e < V; e++) to[p + e][i] = from.at[e];
        } else {
            *(pack<T> *)&to[p][i] = from;
        }
        x += more_rows * step + more_k * k_step;
    }
}

/* A thread's outputs are packs that lie DOWN packs of rows and ACROSS packs of columns apart, so
 * that the packs of neighbouring threads are neighbours, in bs as in C. */
template <class T>
static __global__ void __launch_bounds__(THREADS, sizeof(T) == 4 ? 2 : 1)
    vec4(struct gemm g, const T *__restrict__ a, const T *__restrict__ b, T *__restrict__ c)
{
    constexpr int V = pack<T>::N;
    __shared__ __align__(16) T as[BK][BM];
    __shared__ __align__(16) T bs[BK][BN];
    const int x = threadIdx.x % ACROSS, y = threadIdx.x / ACROSS;
    const long i0 = (long)blockIdx.x * BM, j0 = (long)blockIdx.y * BN;
    const long a_row = g.trans_a ? 1 : g.lda, a_k = g.trans_a ? g.lda : 1;
    const long b_col = g.trans_b ? g.ldb : 1, b_k = g.trans_b ? 1 : g.ldb;
    const bool a_packed = in_packs(a, g.lda), b_packed = in_packs(b, g.ldb);
    T sum[TM][TN] = {};

    const int rows = (int)min(g.m - i0, (long)BM), columns = (int)min(g.n - j0, (long)BN);
    a += i0 * a_row;
    b += j0 * b_col;
    for (long left = g.k; left > 0; left -= BK) {
        const int depth = (int)min(left, (long)BK);
        stage(as, a, a_row, a_k, a_packed, rows, depth);
        stage(bs, b, b_col, b_k, b_packed, columns, depth);
        a += BK * a_k;
        b += BK * b_k;
        __syncthreads();
#pragma unroll
        for (int p = 0; p < BK; p++) {
            pack<T> u[TM / V], v[TN / V];
#pragma unroll
            for (int r = 0; r < TM / V; r++) u[r] = *(const pack<T> *)&as[p][(r * DOWN + y) * V];
#pragma unroll
            for (int q = 0; q < TN / V; q++) v[q] = *(const pack<T> *)&bs[p][(q * ACROSS + x) * V];
#pragma unroll
            for (int r = 0; r < TM; r++)
#pragma unroll
                for (int q = 0; q < TN; q++) sum[r][q] += u[r / V].at[r % V] * v[q / V].at[q % V];
        }
        __syncthreads(); /* the next round overwrites as and bs */
    }
    const bool c_packed = in_packs(c, g.ldc);
#pragma unroll
    for (int r = 0; r < TM; r++) {
        const long i = i0 + (r / V * DOWN + y) * V + r % V;
        if (i >= g.m) continue;
#pragma unroll
        for (int q = 0; q < TN; q += V) {
            const long j = j0 + (q / V * ACROSS + x) * V;
            pack<T> p;
#pragma unroll
            for (int e = 0; e < V; e++) p.at[e] = sum[r][q + e];
            store_pack(g, c + i * g.ldc + j, p, c_packed, g.n - j);
        }
    }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "an f32 kernel: run it as f32";
    if (p->precision != F64 && p->precision != F32) return "f64 and f32 only";
    if (p->gemm.n > 65535L * BN) return "needs n <= 8388480 (grid limit)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d %dx%d", BM, BN, BK, TM, TN);
    return NULL;
}

template <class T>
static void launch(const struct gemm &g, const struct operands *o, cudaStream_t stream)
{
    const dim3 grid((unsigned)((g.m + BM - 1) / BM), (unsigned)((g.n + BN - 1) / BN));
    const T *a = (const T *)o->in[0], *b = (const T *)o->in[1];

    vec4<T><<<grid, THREADS, 0, stream>>>(g, a, b, (T *)o->out);
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm *g = &plan->problem->gemm;

    if (plan->problem->precision == F64) launch<double>(*g, o, stream);
    else launch<float>(*g, o, stream);
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_vec4 = {
    .name = "gemm_vec4",
    .summary = "gemm_regtile with 128-bit loads and stores",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
