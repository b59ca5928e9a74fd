/* gemm_wmma: the products on tensor cores, by nvcuda::wmma. gemm_regtile is bound by the FMA pipe
 * and the loads that feed it; a warp's mma_sync makes 16x16x16 products (16x16x8 in tf32) at once.
 * A fragment is opaque: which lane holds what is not said. So the tile must lie in plain rows, here
 * padded by 16 bytes, sums go through shared memory to meet alpha, beta and the edge of C, and only
 * the compiler can order loads and products.
 *
 * A block's step of 32 in k (16 in tf32): 2 * 128 * 128 * 32 FLOPs for 16 KB from L2 and 48 KB from
 * shared memory, 6 KB for the 64x32 outputs of a warp. Two stages are at most 40 KB; 256
 * threads of 64 sums, at most 128 registers: two blocks an SM (one in tf32).
 * Bound: fragment loads, and the barrier at each step. gemm_mma attacks both. */
#include <mma.h>
#include <stdio.h>
#include "kernels/gemm/tile.cuh"
using namespace nvcuda;

static const int BM = 128, BN = 128, DEEP = 64, STAGES = 2; /* tile of a block; bytes of k */
static const int WM = 64, WN = 32;                          /* of a warp */
static const int THREADS = BM / WM * (BN / WN) * 32;
static const int DOWN = WM / 16, ACROSS = WN / 16; /* fragments of a warp */
static const int PATCH = 16 + 4;                   /* row of the 16x16 sums on their way out */

/* What wmma calls the operands, and how deep a fragment is. */
template <class T> struct wmma_operand {
    typedef T type;
    static constexpr int DEPTH = 16;
    template <class F> static __device__ void round(F &) {}
};
template <> struct wmma_operand<float> {
    typedef wmma::precision::tf32 type;
    static constexpr int DEPTH = 8;
    template <class F> static __device__ void round(F &f)
    {
#pragma unroll
        for (int i = 0; i < f.num_elements; i++) f.x[i] = __uint_as_float(round_tf32(f.x[i]));
    }
};

/* The 128 registers of two blocks an SM are too few for tf32, or to copy element by element. */
template <class T, bool TRANS_A, bool TRANS_B, int COPY>
static __global__ void __launch_bounds__(THREADS, COPY == 16 && sizeof(T) == 2 ? 2 : 1)
    wmma_kernel(struct gemm g, struct operands o)
{
#if !defined __CUDA_ARCH__ || __CUDA_ARCH__ >= 800
    typedef wmma_operand<T> op;
    static constexpr int BK = DEEP / sizeof(T), MK = op::DEPTH, PAD = 16 / sizeof(T);
    typedef tile<T, BM, BK, !TRANS_A, PAD> tile_a;
    typedef tile<T, BN, BK, TRANS_B, PAD> tile_b;
    using rows = wmma::row_major;
    using columns = wmma::col_major;
    typedef typename std::conditional<TRANS_A, columns, rows>::type order_a;
    typedef typename std::conditional<TRANS_B, columns, rows>::type order_b;
    __shared__ __align__(128) T as[STAGES][tile_a::SIZE];
    __shared__ __align__(128) T bs[STAGES][tile_b::SIZE];
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int wm = warp / (BN / WN) * WM, wn = warp % (BN / WN) * WN;
    const struct corner at = corner_of(blockIdx.x, (g.m + BM - 1) / BM, (g.n + BN - 1) / BN);
    const long i0 = at.down * BM, j0 = at.across * BN;
    const int m = g.m - i0 < BM ? (int)(g.m - i0) : BM, n = g.n - j0 < BN ? (int)(g.n - j0) : BN;
    const T *a = (const T *)o.in[0] + i0 * (TRANS_A ? 1 : g.lda);
    const T *b = (const T *)o.in[1] + j0 * (TRANS_B ? g.ldb : 1);
    wmma::fragment<wmma::accumulator, 16, 16, MK, float> sum[DOWN][ACROSS];
    int stage = 0;

    const auto fetch =
        [&](int to,
            long depth) { /* depth: steps of k that are left */
                          if (depth > 0) {
                              tile_a::template fetch<COPY, THREADS>(as[to], a, g.lda, m, depth);
                              tile_b::template fetch<COPY, THREADS>(bs[to], b, g.ldb, n, depth);
                              a += TRANS_A ? BK * g.lda : BK;
                              b += TRANS_B ? BK : BK * g.ldb;
                          }
                          cp_async_commit();
        };

#pragma unroll
    for (int i = 0; i < DOWN; i++)
#pragma unroll
        for (int j = 0; j < ACROSS; j++) wmma::fill_fragment(sum[i][j], 0.0f);
    for (int s = 0; s < STAGES - 1; s++) fetch(s, g.k - s * BK);
    for (long depth = g.k; depth > 0; depth -= BK) {
        cp_async_wait<STAGES - 2>();
        __syncthreads(); /* this stage is there, and the one before it is read */
        fetch(stage == 0 ? STAGES - 1 : stage - 1, depth - (STAGES - 1) * BK);
#pragma unroll 1 /* else registers spill */
        for (int k = 0; k < BK; k += MK) {
            wmma::fragment<wmma::matrix_a, 16, 16, MK, typename op::type, order_a> x;
            wmma::fragment<wmma::matrix_b, 16, 16, MK, typename op::type, order_b> y[ACROSS];
#pragma unroll
            for (int j = 0; j < ACROSS; j++) {
                const int col = wn + j * 16;
                wmma::load_matrix_sync(y[j], bs[stage] + tile_b::plain(col, k), tile_b::PITCH);
                op::round(y[j]);
            }
#pragma unroll
            for (int i = 0; i < DOWN; i++) {
                const int row = wm + i * 16;
                wmma::load_matrix_sync(x, as[stage] + tile_a::plain(row, k), tile_a::PITCH);
                op::round(x);
#pragma unroll
                for (int j = 0; j < ACROSS; j++) wmma::mma_sync(sum[i][j], x, y[j], sum[i][j]);
            }
        }
        stage = stage + 1 == STAGES ? 0 : stage + 1;
    }

    __syncthreads(); /* the tiles are read; each warp gets a patch of their memory */
    static_assert(THREADS / 32 * 16 * PATCH * 4 <= sizeof as, "the patches fit");
    float *const patch = (float *)as + warp * 16 * PATCH;
    const int r = lane / 2, c = lane % 2 * 8; /* a lane puts 8 neighbours of a row in their place */
    const float alpha = (float)g.alpha, beta = (float)g.beta;
#pragma unroll
    for (int i = 0; i < DOWN; i++)
#pragma unroll
        for (int j = 0; j < ACROSS; j++) {
            const long row = i0 + wm + i * 16 + r, col = j0 + wn + j * 16 + c;
            wmma::store_matrix_sync(patch, sum[i][j], PATCH, wmma::mem_row_major);
            __syncwarp();
            for (int e = 0; e < 8 && row < g.m; e += 2)
                store_pair((T *)o.out + row * g.ldc + col + e, col + e, g.n, g.ldc % 2 == 0,
                           patch[r * PATCH + c + e], patch[r * PATCH + c + e + 1], alpha, beta);
            __syncwarp(); /* the next 16x16 sums overwrite the patch */
        }
#endif
}

/* ---- which instance ---- */

typedef void kernel(struct gemm, struct operands);

template <class T, int COPY> static kernel *by_layout(const struct gemm *g)
{
    if (g->trans_a)
        return g->trans_b ? wmma_kernel<T, true, true, COPY> : wmma_kernel<T, true, false, COPY>;
    return g->trans_b ? wmma_kernel<T, false, true, COPY> : wmma_kernel<T, false, false, COPY>;
}
static bool whole_chunks(const struct problem *p)
{
    const int chunk = p->precision == TF32 ? 4 : 8;
    return p->gemm.lda % chunk == 0 && p->gemm.ldb % chunk == 0;
}
static kernel *instance(const struct problem *p)
{
    const struct gemm *g = &p->gemm;
    const bool whole = whole_chunks(p);

    if (p->precision == TF32) return whole ? by_layout<float, 16>(g) : by_layout<float, 4>(g);
    if (p->precision == F16) return whole ? by_layout<__half, 16>(g) : by_layout<__half, 2>(g);
    return whole ? by_layout<__nv_bfloat16, 16>(g) : by_layout<__nv_bfloat16, 2>(g);
}
static long tiles(const struct gemm *g) { return (g->m + BM - 1) / BM * ((g->n + BN - 1) / BN); }

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision == F32) return "a tf32 kernel: run it as tf32";
    if (p->precision == F64) return "wmma has no 16x16x16 in f64";
    if (d->cc < 80) return "needs cp.async, and wmma in bf16 and tf32 (sm_80)";
    if (tiles(&p->gemm) > 2147483647) return "needs at most 2^31 - 1 tiles of 128x128 (grid limit)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d %dx%d %d stages%s", BM, BN,
             DEEP / (plan->problem->precision == TF32 ? 4 : 2), WM, WN, STAGES,
             whole_chunks(plan->problem) ? "" : ", element by element");
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm g = plan->problem->gemm;
    kernel *const chosen = instance(plan->problem);

    chosen<<<(unsigned)tiles(&g), THREADS, 0, stream>>>(g, *o);
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_wmma = {
    .name = "gemm_wmma",
    .summary = "nvcuda::wmma on padded tiles, two cp.async stages, 64x32 outputs a warp",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
