/* product.h: the truth that liars of the host bend: one dot product of gemm nn, alpha 1, beta 0, in
 * float64, for every storage type. */
#ifndef WHEELBENCH_PRODUCT_H
#define WHEELBENCH_PRODUCT_H
#include "number.h"

/* Sum of the products from..to-1 of output (i, j). cut, if not NULL, is done to each factor. */
static inline double product_dot(const struct plan *p, const struct operands *o, long i, long j,
                                 long from, long to, double (*cut)(double))
{
    const struct gemm *g = &p->problem->gemm;
    const enum storage type = storage_of(p->problem->precision);
    double sum = 0;

    for (long q = from; q < to; q++) {
        const double a = number_load(type, o->in[0], i * g->lda + q),
                     b = number_load(type, o->in[1], q * g->ldb + j);
        sum += cut ? cut(a) * cut(b) : a * b;
    }
    return sum;
}

static inline void product_store(const struct plan *p, const struct operands *o, long i, long j,
                                 double v)
{
    number_store(storage_of(p->problem->precision), o->out, i * p->problem->gemm.ldc + j, v);
}

/* Rows from..to-1 of C from the first k products. */
static inline void product_rows(const struct plan *p, const struct operands *o, long from, long to,
                                long k, double (*cut)(double))
{
    for (long i = from; i < to; i++)
        for (long j = 0; j < p->problem->gemm.n; j++)
            product_store(p, o, i, j, product_dot(p, o, i, j, 0, k, cut));
}

/* All of C, as it should be. */
static inline void product_all(const struct plan *p, const struct operands *o)
{
    product_rows(p, o, 0, p->problem->gemm.m, p->problem->gemm.k, 0);
}
#endif
