/* oracle_pool2d.h: the definition of one output of pool2d in float64, for the CPU and the GPU. max
 * rounds nothing, so its S is 0 and the bound leaves no room. The sum of f64 operands is
 * compensated (Knuth's TwoSum): otherwise the judge would round as much as the judged. */
#ifndef WHEELBENCH_ORACLE_POOL2D_H
#define WHEELBENCH_ORACLE_POOL2D_H
#include <math.h>
#include "number.h"

/* index: of y as it is stored, [n][c][p][q] or [n][p][q][c] */
static inline HOST_DEVICE void oracle_pool2d_at(const struct pool2d *g, enum storage type,
                                                const void *x, long index, double *y, double *s)
{
    const long last = g->nhwc ? g->c : g->q, mid = g->nhwc ? g->q : g->p,
               outer = g->nhwc ? g->p : g->c;
    const long i0 = index % last, i1 = index / last % mid, i2 = index / last / mid % outer,
               n = index / last / mid / outer;
    const long c = g->nhwc ? i0 : i2, p = g->nhwc ? i2 : i1, q = g->nhwc ? i1 : i0;
    double best = -INFINITY, sum = 0, lost = 0, size = 0;
    long inside = 0;

    for (long i = 0; i < g->r; i++)
        for (long j = 0; j < g->s; j++) {
            const long h = p * g->stride_h - g->pad_h + i, w = q * g->stride_w - g->pad_w + j;
            if (h < 0 || h >= g->h || w < 0 || w >= g->w) continue;
            const double v = number_load(type, x,
                                         g->nhwc ? ((n * g->h + h) * g->w + w) * g->c + c
                                                 : ((n * g->c + c) * g->h + h) * g->w + w);
            const double total = sum + v, t = total - sum;

            lost += (sum - (total - t)) + (v - t);
            sum = total;
            size += fabs(v);
            if (v > best) best = v;
            inside++;
        }
    const double divisor = g->kind == POOL_AVG_INCL ? (double)g->r * (double)g->s : (double)inside;
    *y = g->kind == POOL_MAX ? best : (sum + lost) / divisor;
    *s = g->kind == POOL_MAX ? 0 : size / divisor;
}
#endif
