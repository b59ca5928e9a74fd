/* cpu_pool_rows.h: two rows of windows at a time and a few KiB of columns at a time, for
 * pool2d_cpu_separable and pool2d_cpu_stream; and the fold under it. f32, both layouts. */
#ifndef WHEELBENCH_CPU_POOL_ROWS_H
#define WHEELBENCH_CPU_POOL_ROWS_H
#include "kernels/cpu_common.h"
#include "wheelbench.h"

/* o[i] = the largest (POOL_MAX) or the sum of `count` numbers, `step` apart from a[i] on, i < n;
 * of a sum times `by`. */
void cpu_pool_fold(enum pool_kind kind, long n, const float *a, long step, long count, float by,
                   float *o);

/* Bytes that cpu_pool_rows needs, whole pages. */
size_t cpu_pool_rows_room(const struct pool2d *v);

/* Rows p and, with two, p + 1 of one image (nhwc) or plane (nchw) x; they go to y and behind it. */
void cpu_pool_rows(const struct pool2d *v, const float *x, float *y, long p, int two, float *room);
#endif
