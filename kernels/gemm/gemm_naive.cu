/* gemm_naive: the definition, one thread an output, threadIdx.x walking down the rows of C.
 * Bound: neighbouring threads read A and write C lda and ldc elements apart, so a warp's load costs
 * up to 32 memory transactions. gemm_coalesced turns the block around. */
#include <stdio.h>
#include "kernels/element.cuh"

static const int BM = 32, BN = 8; /* outputs of a block: rows x columns */

template <class T> static __global__ void naive(struct gemm g, const T *a, const T *b, T *c)
{
    typedef accumulator<T> acc;
    const long i = (long)blockIdx.x * BM + threadIdx.x, j = (long)blockIdx.y * BN + threadIdx.y;
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
    if (p->gemm.n > 65535L * BN) return "needs n <= 524280 (grid limit)";
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
    const dim3 block(BM, BN),
        grid((unsigned)((g.m + BM - 1) / BM), (unsigned)((g.n + BN - 1) / BN));

    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        const T *a = (const T *)o->in[0], *b = (const T *)o->in[1];
        naive<T><<<grid, block, 0, stream>>>(g, a, b, (T *)o->out);
    });
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl gemm_naive = {
    .name = "gemm_naive",
    .summary = "one thread an output, rows across a warp",
    .file = __FILE__,
    .tier = NAIVE,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
