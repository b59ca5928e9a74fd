/* oracle_pool2d: the judge of pool2d on the CPU; the definition is in oracle_pool2d.h. */
#include "oracle.h"
#include "oracle_pool2d.h"

void oracle_pool2d(const struct problem *p, const struct operands *o, const void *before,
                   const long *index, long first, long count, double *y, double *s)
{
    const enum storage type = storage_of(p->precision);

    (void)before;
#pragma omp parallel for schedule(static)
    for (long i = 0; i < count; i++)
        oracle_pool2d_at(&p->pool2d, type, o->in[0], index ? index[i] : first + i, &y[i], &s[i]);
}
