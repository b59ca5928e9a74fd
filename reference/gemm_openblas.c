/* gemm_openblas: the library that hand-written host code is held against. `algo` names the core it
 * was tuned for and its threads: on a CPU that OpenBLAS does not know, the core decides the result
 * more than anything else. */
#include <cblas.h>
#include <limits.h>
#include <stdio.h>
#include "wheelbench.h"

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct gemm *g = &p->gemm;
    const long extents[] = {g->m, g->n, g->k, g->lda, g->ldb, g->ldc};

    (void)d;
    if (p->precision == TF32) return "tf32 exists on NVIDIA tensor cores only: run it as f32";
    if (p->precision != F64 && p->precision != F32) return "f32 and f64 only";
    for (size_t i = 0; sizeof(blasint) == sizeof(int) && i < sizeof extents / sizeof *extents; i++)
        if (extents[i] > INT_MAX) return "needs extents <= 2147483647 (BLAS integers)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    openblas_set_num_threads(plan->device->threads);
    snprintf(plan->algo, sizeof plan->algo, "%s t%d", openblas_get_corename(),
             openblas_get_num_threads()); /* asked back: a build has a most */
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct gemm *g = &plan->problem->gemm;
    const CBLAS_TRANSPOSE ta = g->trans_a ? CblasTrans : CblasNoTrans,
                          tb = g->trans_b ? CblasTrans : CblasNoTrans;
    const blasint m = (blasint)g->m, n = (blasint)g->n, k = (blasint)g->k, lda = (blasint)g->lda,
                  ldb = (blasint)g->ldb, ldc = (blasint)g->ldc;

    (void)stream;
    if (plan->problem->precision == F64)
        cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, g->alpha, o->in[0], lda, o->in[1], ldb, g->beta,
                    o->out, ldc);
    else
        cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, (float)g->alpha, o->in[0], lda, o->in[1], ldb,
                    (float)g->beta, o->out, ldc);
    return NULL;
}

const struct impl gemm_openblas = {
    .name = "gemm_openblas",
    .summary = "OpenBLAS sgemm and dgemm",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
