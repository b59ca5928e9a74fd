/* oracle_gemm: the judge of gemm on the CPU; the definition is in oracle_gemm.h. */
#include "oracle.h"
#include "oracle_gemm.h"

void oracle_gemm(const struct problem *p, const struct operands *o, const void *before,
                 const long *index, long first, long count, double *y, double *s)
{
    const enum storage type = storage_of(p->precision);

#pragma omp parallel for schedule(static)
    for (long i = 0; i < count; i++)
        oracle_gemm_at(&p->gemm, type, o->in[0], o->in[1], before, index ? index[i] : first + i,
                       &y[i], &s[i]);
}
