/* gemm_splitk: for C of few tiles and long k. A kernel with one block a tile keeps only that many
 * SMs busy; here k is cut into parts, a block each, so that all have work. A part leaves its sums
 * in the workspace; the block of a tile that comes last adds all parts up, in the order of k: the
 * same bits every time, and no atomics on C.
 * The rule: the fewest parts that give 90 % of the SMs two blocks each, of at least 512 k.
 * The core is that of gemm_vec4 at 64x64, with the next tile in registers while one is summed.
 * Bound: the FMA pipe, as in gemm_vec4, and 8 bytes of traffic for each output and part, which the
 * last block reads alone. */
#include <stdio.h>
#include "fail.h"
#include "kernels/gemm/pack.cuh"

static const int BM = 64, BN = 64, BK = 16, THREADS = 128;
static const int TM = 8, TN = 4;           /* outputs of a thread, in fours */
static const int LANES_M = 4, LANES_N = 8; /* of a warp */
static const int WARPS_N = 2, WM = LANES_M * TM, WN = LANES_N * TN;
static const int PAD = 4;      /* keeps fours aligned */
static const int RESIDENT = 2; /* blocks an SM that are aimed at */
static const long LEAST_K = 512;
static_assert(BM == BN, "one fetch() and one stash() serve A and B");
static_assert(BM * BN == THREADS * TM * TN && BN == WARPS_N * WN, "outputs");

/* How the work is cut. */
struct cut {
    long tiles_m, tiles;
    int parts;
};

/* What a thread brings of a tile, see gemm_vec4. */
template <class T> constexpr int PACKS = BM *BK / pack<T>::N / THREADS;

template <class T>
static __device__ void fetch(pack<T> *to, const T *x, long step, long k_step, bool packed,
                             long rows, long depth)
{
    constexpr int V = pack<T>::N, K_PACKS = BK / V, ROW_PACKS = BM / V;
#pragma unroll
    for (int s = 0; s < PACKS<T>; s++) {
        const int i = threadIdx.x + s * THREADS;
        if (k_step == 1) {
            const int row = i / K_PACKS, k = i % K_PACKS * V;
            to[s] = load_pack(x + row * step + k, packed, row < rows ? depth - k : 0);
        } else {
            const int row = i % ROW_PACKS * V, k = i / ROW_PACKS;
            to[s] = load_pack(x + row + k * k_step, packed, k < depth ? rows - row : 0);
        }
    }
}
template <class T>
static __device__ void stash(float (*to)[BM + PAD], const pack<T> *from, long k_step)
{
    constexpr int V = pack<T>::N, K_PACKS = BK / V, ROW_PACKS = BM / V;
#pragma unroll
    for (int s = 0; s < PACKS<T>; s++) {
        const int i = threadIdx.x + s * THREADS;
        const int row = k_step == 1 ? i / K_PACKS : i % ROW_PACKS * V;
        const int k = k_step == 1 ? i % K_PACKS * V : i / ROW_PACKS;
#pragma unroll
        for (int e = 0; e < V; e++) {
            if (k_step == 1) to[k + e][row] = float(from[s].at[e]);
            else to[k][row + e] = float(from[s].at[e]);
        }
    }
}

/* Is this the last block of its tile to come here? The counter is ~0 before the first and, for the
 * next launch, after the last: as a fresh workspace is. Writes of all the blocks before are seen by
 * the last. */
static __device__ bool comes_last(unsigned *counter, unsigned parts)
{
    __shared__ unsigned before;

    __threadfence(); /* what this thread has written is there before its block counts */
    __syncthreads();
    if (threadIdx.x == 0) before = atomicAdd(counter, 1) + 1;
    __syncthreads();
    if (before + 1 != parts) return false;
    if (threadIdx.x == 0) *counter = ~0u;
    __threadfence();
    return true;
}

template <class T>
static __global__ void __launch_bounds__(THREADS, 3)
    splitk(struct gemm g, struct cut cut, const T *__restrict__ a, const T *__restrict__ b, T *c,
           unsigned *counters, float *partial)
{
    typedef pack<float> four;
    __shared__ __align__(16) float as[2][BK][BM + PAD], bs[2][BK][BN + PAD];
    const int t = threadIdx.x, lane = t % 32, warp = t / 32, tile = blockIdx.x, part = blockIdx.y;
    const int top = warp / WARPS_N * WM + lane / LANES_N * 4;
    const int left = warp % WARPS_N * WN + lane % LANES_N * 4;
    const long i0 = tile % cut.tiles_m * BM, j0 = tile / cut.tiles_m * BN;
    const long a_row = g.trans_a ? 1 : g.lda, a_k = g.trans_a ? g.lda : 1;
    const long b_col = g.trans_b ? g.ldb : 1, b_k = g.trans_b ? 1 : g.ldb;
    const bool a_packed = in_packs(a, g.lda), b_packed = in_packs(b, g.ldb);
    /* Parts are whole steps of BK but for the end of k. */
    const long steps = (g.k + BK - 1) / BK;
    const long k0 = part * steps / cut.parts * BK, k1 = (part + 1) * steps / cut.parts * BK;
    pack<T> a_next[PACKS<T>], b_next[PACKS<T>];
    float sum[TM][TN] = {};

    a += i0 * a_row + k0 * a_k;
    b += j0 * b_col + k0 * b_k;
    const auto fetch_both =
        [&](long depth) { /* behind the end: zeros, and nothing is read */
                          fetch(a_next, a, a_row, a_k, a_packed, g.m - i0, depth);
                          fetch(b_next, b, b_col, b_k, b_packed, g.n - j0, depth);
                          a += BK * a_k;
                          b += BK * b_k;
        };
    const auto stash_both = [&](int slot) {
        stash(as[slot], a_next, a_k);
        stash(bs[slot], b_next, b_k);
    };

    fetch_both(min(g.k, k1) - k0);
    stash_both(0);
    __syncthreads(); /* the first tiles are there */
    int slot = 0;
    for (long depth = min(g.k, k1) - k0; depth > 0; depth -= BK, slot ^= 1) {
        fetch_both(depth - BK);
#pragma unroll
        for (int p = 0; p < BK; p++) {
            four u[TM / 4], v[TN / 4];
#pragma unroll
            for (int r = 0; r < TM / 4; r++)
                u[r] = *(const four *)&as[slot][p][top + r * LANES_M * 4];
#pragma unroll
            for (int q = 0; q < TN / 4; q++)
                v[q] = *(const four *)&bs[slot][p][left + q * LANES_N * 4];
#pragma unroll
            for (int r = 0; r < TM; r++)
#pragma unroll
                for (int q = 0; q < TN; q++) sum[r][q] += u[r / 4].at[r % 4] * v[q / 4].at[q % 4];
        }
        stash_both(slot ^ 1);
        __syncthreads(); /* all have read this slot and filled the other */
    }

    partial += (long)tile * cut.parts * BM * BN;
#pragma unroll
    for (int r = 0; r < TM; r++)
#pragma unroll
        for (int q = 0; q < TN; q += 4) {
            const int row = top + r / 4 * LANES_M * 4 + r % 4, column = left + q * LANES_N;
            __stcg((float4 *)&partial[((long)part * BM + row) * BN + column],
                   make_float4(sum[r][q], sum[r][q + 1], sum[r][q + 2], sum[r][q + 3]));
        }
    if (!comes_last(counters + tile, (unsigned)cut.parts)) return;

    for (int at = 4 * t; at < BM * BN; at += 4 * THREADS) {
        const long i = i0 + at / BN, j = j0 + at % BN;
        float4 total = {0, 0, 0, 0};
#pragma unroll 4
        for (int s = 0; s < cut.parts; s++) {
            const float4 of = __ldcg((const float4 *)(partial + (long)s * BM * BN + at));
            total.x += of.x, total.y += of.y, total.z += of.z, total.w += of.w;
        }
        const float all[] = {total.x, total.y, total.z, total.w};
        T *const out = c + i * g.ldc + j;
#pragma unroll
        for (int e = 0; e < 4; e++)
            if (i < g.m && j + e < g.n)
                out[e] =
                    T(float(g.alpha) * all[e] + (g.beta == 0 ? 0 : float(g.beta) * float(out[e])));
    }
}

static struct cut cut_of(const struct gemm *g, const struct device *d)
{
    const long tiles_m = (g->m + BM - 1) / BM, tiles = tiles_m * ((g->n + BN - 1) / BN);
    const long wanted = (9L * RESIDENT * d->sms + 10 * tiles - 1) / (10 * tiles);

    return {tiles_m, tiles, (int)min(wanted, g->k / LEAST_K)};
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision == TF32) return "an f32 kernel: run it as f32";
    if (p->precision == F64) return "f32, f16 and bf16 only";
    if (p->gemm.k < 2 * LEAST_K) return "needs k >= 1024: two parts of 512";
    const struct cut cut = cut_of(&p->gemm, d);
    if (cut.parts < 2)
        return fail_text("%ld tiles of %dx%d fill %d SMs: nothing to split", cut.tiles, BM, BN,
                         d->sms);
    return NULL;
}

static size_t counter_bytes(const struct cut *cut) { return (size_t)(cut->tiles * 4 + 255) & ~255; }

static const char *prepare(struct plan *plan)
{
    const struct cut cut = cut_of(&plan->problem->gemm, plan->device);
    const size_t outputs = (size_t)cut.tiles * cut.parts * BM * BN;

    plan->workspace_bytes = counter_bytes(&cut) + outputs * sizeof(float);
    snprintf(plan->algo, sizeof plan->algo, "%dx%dx%d %d parts", BM, BN, BK, cut.parts);
    return NULL;
}

template <class T>
static void launch(const struct gemm &g, const struct cut &cut, const struct operands *o,
                   cudaStream_t stream)
{
    const dim3 grid((unsigned)cut.tiles, (unsigned)cut.parts);
    const T *a = (const T *)o->in[0], *b = (const T *)o->in[1];
    unsigned *counters = (unsigned *)o->workspace;
    float *partial = (float *)((char *)o->workspace + counter_bytes(&cut));

    splitk<T><<<grid, THREADS, 0, stream>>>(g, cut, a, b, (T *)o->out, counters, partial);
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm *g = &plan->problem->gemm;
    const struct cut cut = cut_of(g, plan->device);

    switch (plan->problem->precision) {
    case F16: launch<__half>(*g, cut, o, stream); break;
    case BF16: launch<__nv_bfloat16>(*g, cut, o, stream); break;
    default: launch<float>(*g, cut, o, stream); break;
    }
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_splitk = {
    .name = "gemm_splitk",
    .summary = "few tiles: k cut into parts, summed in order by the last block",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
