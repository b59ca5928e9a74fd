/* oracle_conv2d.h: the definition of one output of conv2d in float64, for the CPU and the GPU.
 * Products of f32 and narrower operands are exact in f64. For f64 operands the sum is compensated
 * (Dot2 of Ogita, Rump, Oishi: Accurate Sum and Dot Product, SIAM J. Sci. Comput. 26, 2005):
 * otherwise the judge would round as much as the judged. */
#ifndef WHEELBENCH_ORACLE_CONV2D_H
#define WHEELBENCH_ORACLE_CONV2D_H
#include <math.h>
#include "number.h"

/* index counts the elements of y in memory order: [n][k][p][q] or [n][p][q][k]. Taps in the padding
 * add nothing, neither to y nor to s. */
static inline HOST_DEVICE void oracle_conv2d_at(const struct conv2d *g, enum storage type,
                                                const void *x, const void *w, long index, double *y,
                                                double *s)
{
    const long plane = g->p * g->q, at_n = index / (plane * g->k), rest = index % (plane * g->k);
    const long at_k = g->nhwc ? rest % g->k : rest / plane;
    const long pixel = g->nhwc ? rest / g->k : rest % plane;
    const long top = pixel / g->q * g->stride_h - g->pad_h;
    const long left = pixel % g->q * g->stride_w - g->pad_w;
    const long channels = g->c / g->groups, first = at_k / (g->k / g->groups) * channels;
    double sum = 0, lost = 0, size = 0;

    for (long i = 0; i < g->r; i++) {
        const long row = top + i * g->dil_h;
        if (row < 0 || row >= g->h) continue;
        for (long j = 0; j < g->s; j++) {
            const long column = left + j * g->dil_w;
            if (column < 0 || column >= g->w) continue;
            for (long c = 0; c < channels; c++) {
                const long at_x = g->nhwc
                                      ? ((at_n * g->h + row) * g->w + column) * g->c + first + c
                                      : ((at_n * g->c + first + c) * g->h + row) * g->w + column;
                const long at_w = g->nhwc ? ((at_k * g->r + i) * g->s + j) * channels + c
                                          : ((at_k * channels + c) * g->r + i) * g->s + j;
                const double u = number_load(type, x, at_x), v = number_load(type, w, at_w);
                const double product = u * v, error = type == STORE_F64 ? fma(u, v, -product) : 0;
                const double total = sum + product, t = total - sum;

                if (type == STORE_F64) lost += (sum - (total - t)) + (product - t) + error;
                sum = total;
                size += fabs(product);
            }
        }
    }
    *y = sum + lost;
    *s = size;
}
#endif
