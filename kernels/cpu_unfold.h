/* cpu_unfold.h: im2col by strips: a strip of an image unfolded into the matrix whose product with
 * the filters is the convolution. Shared by conv2d_im2col_openblas and conv2d_cpu_im2col, so that
 * the two differ in the product only. size: bytes of an element, 4 or 8. */
#ifndef WHEELBENCH_CPU_UNFOLD_H
#define WHEELBENCH_CPU_UNFOLD_H
#include "kernels/cpu_common.h"
#include "wheelbench.h"

/* One strip: `rows` rows of y from row p0 on, of one group of one image. x is at the image's first
 * pixel and the group's first channel, col is the thread's buffer. */
struct strip {
    const struct conv2d *v;
    long p0, rows, channels;
    const char *x;
    char *col;
};

/* 0: 1x1 with stride 1, x itself is the matrix */
int strip_needed(const struct conv2d *v);

/* Rows of y in a strip: as many as fit, but strips enough for all threads. */
long strip_rows(const struct conv2d *v, int threads, long size);

/* Bytes of a thread's buffer. */
size_t strip_room(const struct conv2d *v, int threads, long size);

/* The matrix: nchw col[channel][r][s][pixel], rows of rows * q pixels, or p * q where x is it;
 * nhwc col[pixel][r][s][channel], rows of r s channels, or c where x is it. */
const void *strip_unfold(const struct strip *t, size_t size);
#endif
