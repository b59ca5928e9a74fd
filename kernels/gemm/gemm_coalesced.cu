/* gemm_coalesced: gemm_naive with the block turned: threadIdx.x walks along the rows of C, so a
 * warp reads a row of B and writes a row of C in one piece and shares one element of A (a B stored
 * transposed is still read ldb apart). Bound: every operand is read again for each output, from L1
 * and L2. gemm_smem keeps tiles on the SM. */
#include <stdio.h>
#include "kernels/element.cuh"

static const int BM = 32, BN = 32, THREADS = BM * BN; /* rows x columns of a block, one a thread */

template <class T>
static __global__ void __launch_bounds__(THREADS)
    coalesced(struct gemm g, const T *a, const T *b, T *c)
{
    typedef accumulator<T> acc;
    const long i = (long)blockIdx.x * BM + threadIdx.y, j = (long)blockIdx.y * BN + threadIdx.x;
    if (i >= g.m || j >= g.n) return;

    acc sum = 0;
    for (long p = 0; p < g.k; p++)
        sum += acc(a[g.trans_a ? p * g.lda + i : i * g.lda + p]) *
               acc(b[g.trans_b ? j * g.ldb + p : p * g.ldb + j]);
    T *out = c + i * g.ldc + j;
    *out = T(acc(g.alpha) * sum + (g.beta == 0 ? acc(0) : acc(g.beta) * acc(*out)));
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "an f32 kernel: run it as f32";
    if (p->gemm.n > 65535L * BN) return "needs n <= 2097120 (grid limit)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    snprintf(plan->algo, sizeof plan->algo, "%dx%d", BM, BN);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm g = plan->problem->gemm;
    const dim3 block(BN, BM),
        grid((unsigned)((g.m + BM - 1) / BM), (unsigned)((g.n + BN - 1) / BN));

    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        const T *a = (const T *)o->in[0], *b = (const T *)o->in[1];
        coalesced<T><<<grid, block, 0, stream>>>(g, a, b, (T *)o->out);
    });
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_coalesced = {
    .name = "gemm_coalesced",
    .summary = "one thread an output, columns across a warp",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
