/* oracle_gemm.h: the definition of one output of gemm in float64, for the CPU and the GPU. Products
 * of f32 and narrower operands are exact in f64. For f64 operands the sum is compensated (Dot2 of
 * Ogita, Rump, Oishi: Accurate Sum and Dot Product, SIAM J. Sci. Comput. 26, 2005): otherwise the
 * judge would round as much as the judged. */
#ifndef WHEELBENCH_ORACLE_GEMM_H
#define WHEELBENCH_ORACLE_GEMM_H
#include <math.h>
#include "number.h"

/* index = row * n + column. before: C before the call, may be NULL when beta is 0. */
static inline HOST_DEVICE void oracle_gemm_at(const struct gemm *g, enum storage type,
                                              const void *a, const void *b, const void *before,
                                              long index, double *y, double *s)
{
    const long i = index / g->n, j = index % g->n;
    const long a0 = g->trans_a ? i : i * g->lda, a_step = g->trans_a ? g->lda : 1;
    const long b0 = g->trans_b ? j * g->ldb : j, b_step = g->trans_b ? 1 : g->ldb;
    double sum = 0, lost = 0, size = 0;

    for (long p = 0; p < g->k; p++) {
        const double u = number_load(type, a, a0 + p * a_step),
                     v = number_load(type, b, b0 + p * b_step);
        const double product = u * v, error = type == STORE_F64 ? fma(u, v, -product) : 0;
        const double total = sum + product, t = total - sum;

        if (type == STORE_F64) lost += (sum - (total - t)) + (product - t) + error;
        sum = total;
        size += fabs(product);
    }
    sum = g->alpha * (sum + lost);
    size = fabs(g->alpha) * size;
    if (g->beta != 0) {
        const double c = g->beta * number_load(type, before, i * g->ldc + j);
        sum += c;
        size += fabs(c);
    }
    *y = sum;
    *s = size;
}
#endif
