/* gemm_warptile: a warp makes 64x64 outputs (32x64 in f64), a thread 16x8 (8x8), and tiles come by
 * cp.async, two stages ahead of the one that is summed. gemm_vec4 loads 16 operands from shared
 * memory for 64 FMAs of a thread, here 24 feed 128; its lanes lie 2x16, here 4x8, so a warp reads
 * fewer distinct words; its rows of shared memory start in one bank, here PAD apart, so copies that
 * transpose meet no bank twice; and it waits for memory before each tile.
 * Operands with k contiguous, and those that do not lie on multiples of 16 bytes, are copied
 * element by element: 16 copies a thread and tile instead of 4.
 * Bound: the FMA pipe shares its issue slots with those copies, with 6 loads from shared memory for
 * each k and with the addresses; gemm_ffma has fewer of them. */
#include <stdio.h>
#include "kernels/async.cuh"
#include "kernels/gemm/pack.cuh"

static const int BK = 8, STAGES = 3;
static const int LANES_M = 4, LANES_N = 8;         /* of a warp, along rows and columns */
static const int WARPS_M = 2, WARPS_N = 2;         /* of a block */
static const int THREADS = 32 * WARPS_M * WARPS_N; /* two blocks an SM */
static const int TN = 8, WN = LANES_N * TN;        /* columns of a thread, of a warp */
static const int BN = WARPS_N * WN;                /* of a block */
/* Rows of a thread, a warp, a block; 16 x 8 sums of f64 would need more registers than there are */
template <class T> constexpr int TM = 64 / sizeof(T);
template <class T> constexpr int WM = (TM<T>)*LANES_M;
template <class T> constexpr int BM = (WM<T>)*WARPS_M;
template <class T> constexpr int PAD = 16 / sizeof(T); /* keeps packs aligned */
static_assert(LANES_M * LANES_N == 32, "lanes of a warp");

/* Starts the copies of a tile: ROWS rows of A (columns of B) times BK steps of k, as [k][row]. As
 * in gemm_vec4, one of step and k_step is 1; rows x depth elements exist, the rest becomes 0. */
template <int ROWS, class T>
static __device__ void fetch(T (*to)[ROWS + PAD<T>], const T *x, long step, long k_step,
                             bool packed, long rows, long depth)
{
    constexpr int V = pack<T>::N, ROW_PACKS = ROWS / V;
    static_assert(ROWS * BK % (V * THREADS) == 0, "every thread starts as many");

    if (k_step != 1 && packed) {
#pragma unroll
        for (int s = 0; s < ROW_PACKS * BK / THREADS; s++) {
            const int i = threadIdx.x + s * THREADS;
            const int row = i % ROW_PACKS * V, k = i / ROW_PACKS;
            const int count = k < depth && row < rows ? (int)min(rows - row, (long)V) : 0;
            cp_async<16>(&to[k][row], count ? x + row + k * k_step : x, count * (int)sizeof(T));
        }
        return;
    }
    /* A warp takes 8 k of 4 rows, which fill whole sectors of memory and lie in 32 banks; along
     * rows 32 of one k. */
#pragma unroll
    for (int s = 0; s < ROWS * BK / THREADS; s++) {
        const int i = threadIdx.x + s * THREADS;
        const int row = k_step == 1 ? i / BK : i % ROWS, k = k_step == 1 ? i % BK : i / ROWS;
        const bool exists = row < rows && k < depth;
        cp_async<sizeof(T)>(&to[k][row], exists ? x + row * step + k * k_step : x,
                            exists ? (int)sizeof(T) : 0);
    }
}

template <class T>
static __global__ void __launch_bounds__(THREADS, 2)
    warptile(struct gemm g, const T *__restrict__ a, const T *__restrict__ b, T *__restrict__ c)
{
    constexpr int V = pack<T>::N;
    __shared__ __align__(16) T as[STAGES][BK][BM<T> + PAD<T>];
    __shared__ __align__(16) T bs[STAGES][BK][BN + PAD<T>];
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    /* Lanes i and i^2 share rows, i and i^1 columns: packs that are shared so are read at once. */
    const int y = (lane & 1) | (lane >> 1 & 2), x = (lane >> 1 & 1) | (lane >> 2 & 6);
    const int top = warp / WARPS_N * WM<T>, left = warp % WARPS_N * WN; /* of this warp's tile */
    const long i0 = (long)blockIdx.x * BM<T>, j0 = (long)blockIdx.y * BN;
    const long a_row = g.trans_a ? 1 : g.lda, a_k = g.trans_a ? g.lda : 1;
    const long b_col = g.trans_b ? g.ldb : 1, b_k = g.trans_b ? 1 : g.ldb;
    const bool a_packed = in_packs(a, g.lda), b_packed = in_packs(b, g.ldb);
    const bool c_packed = in_packs(c, g.ldc);
    T sum[TM<T>][TN] = {};

    a += i0 * a_row;
    b += j0 * b_col;
    const auto fetch_stage = [&](int stage, long depth) { /* behind the end of k: zeros */
                                                          fetch<BM<T>>(as[stage], a, a_row, a_k,
                                                                       a_packed, g.m - i0, depth);
                                                          fetch<BN>(bs[stage], b, b_col, b_k,
                                                                    b_packed, g.n - j0, depth);
                                                          cp_async_commit();
                                                          a += BK * a_k;
                                                          b += BK * b_k;
    };

#pragma unroll
    for (int s = 0; s < STAGES - 1; s++) fetch_stage(s, g.k - s * BK);
    int stage = 0, next = STAGES - 1;
    for (long depth = g.k; depth > 0; depth -= BK) {
        cp_async_wait<STAGES - 2>();
        __syncthreads(); /* all copies of this stage are there, and `next` has been read by all */
        fetch_stage(next, depth - (STAGES - 1) * BK);
#pragma unroll
        for (int p = 0; p < BK; p++) {
            pack<T> u[TM<T> / V], v[TN / V];
#pragma unroll
            for (int r = 0; r < TM<T> / V; r++)
                u[r] = *(const pack<T> *)&as[stage][p][top + (r * LANES_M + y) * V];
#pragma unroll
            for (int q = 0; q < TN / V; q++)
                v[q] = *(const pack<T> *)&bs[stage][p][left + (q * LANES_N + x) * V];
#pragma unroll
            for (int r = 0; r < TM<T>; r++)
#pragma unroll
                for (int q = 0; q < TN; q++) sum[r][q] += u[r / V].at[r % V] * v[q / V].at[q % V];
        }
        stage = stage + 1 == STAGES ? 0 : stage + 1;
        next = next + 1 == STAGES ? 0 : next + 1;
    }
    cp_async_wait<0>(); /* zeros for stages that nobody will read */
#pragma unroll
    for (int r = 0; r < TM<T>; r++) {
        const long i = i0 + top + (r / V * LANES_M + y) * V + r % V;
        if (i >= g.m) continue;
#pragma unroll
        for (int q = 0; q < TN; q += V) {
            const long j = j0 + left + (q / V * LANES_N + x) * V;
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
    const int f64 = plan->problem->precision == F64, m = f64 ? BM<double> : BM<float>;

    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d %d stages %dx%d", m, BN, BK, STAGES,
             f64 ? TM<double> : TM<float>, TN);
    return NULL;
}

template <class T>
static void launch(const struct gemm &g, const struct operands *o, cudaStream_t stream)
{
    const dim3 grid((unsigned)((g.m + BM<T> - 1) / BM<T>), (unsigned)((g.n + BN - 1) / BN));
    const T *a = (const T *)o->in[0], *b = (const T *)o->in[1];

    warptile<T><<<grid, THREADS, 0, stream>>>(g, a, b, (T *)o->out);
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm *g = &plan->problem->gemm;

    if (plan->problem->precision == F64) launch<double>(*g, o, stream);
    else launch<float>(*g, o, stream);
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_warptile = {
    .name = "gemm_warptile",
    .summary = "64x64 outputs a warp, 3 stages of cp.async, no bank conflicts",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
