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

    const long top = p * g->stride_h - g->pad_h, left = q * g->stride_w - g->pad_w;
    const long h0 = top > 0 ? top : 0, h1 = top + g->r < g->h ? top + g->r : g->h;
    const long w0 = left > 0 ? left : 0, w1 = left + g->s < g->w ? left + g->s : g->w;
    for (long h = h0; h < h1; h++)
        for (long w = w0; w < w1; w++) {
            const double v = number_load(type, x,
                                         g->nhwc ? ((n * g->h + h) * g->w + w) * g->c + c
                                                 : ((n * g->c + c) * g->h + h) * g->w + w);
            const double total = sum + v, t = total - sum;

            lost += (sum - (total - t)) + (v - t);
            sum = total;
            size += fabs(v);
            if (v > best) best = v;
        }
    const double divisor = g->kind == POOL_AVG_INCL ? (double)g->r * (double)g->s
                                                    : (double)(h1 - h0) * (double)(w1 - w0);
    *y = g->kind == POOL_MAX ? best : (sum + lost) / divisor;
    *s = g->kind == POOL_MAX ? 0 : size / divisor;
}
#endif
