/* cpu_unfold.c: im2col, a strip at a time. Bound: every pixel is written and read again r s times
 * before it is multiplied. */
#include "kernels/cpu_unfold.h"
#include <string.h>

/* A thread's unfolded strip. 1 to 16 MiB were equal within the noise of 2 cores. */
static const long STRIP_BYTES = 4L << 20;

int strip_needed(const struct conv2d *v)
{
    return v->r != 1 || v->s != 1 || v->stride_h != 1 || v->stride_w != 1 || v->pad_h || v->pad_w;
}

long strip_rows(const struct conv2d *v, int threads, long size)
{
    const long row = v->c / v->groups * v->r * v->s * v->q * size;
    const long fit = row < STRIP_BYTES ? STRIP_BYTES / row : 1;
    const long share = cpu_up(v->p, cpu_up(threads, v->n * v->groups));

    return cpu_min(cpu_min(fit, share), v->p);
}

size_t strip_room(const struct conv2d *v, int threads, long size)
{
    const size_t bytes =
        (size_t)(v->c / v->groups * v->r * v->s * v->q * strip_rows(v, threads, size) * size);

    return strip_needed(v) ? (bytes + 255) / 256 * 256 : 0;
}

/* col[channel][r][s][rows * q]: a row of col holds what one tap sees. */
static inline __attribute__((always_inline)) void unfold_nchw(const struct strip *t, size_t size)
{
    const struct conv2d *v = t->v;
    char *to = t->col;

    for (long c = 0; c < t->channels; c++)
        for (long r = 0; r < v->r; r++)
            for (long s = 0; s < v->s; s++) {
                /* q in [q0, q1) read inside the image, the others its padding */
                const long w0 = s * v->dil_w - v->pad_w;
                const long q0 = w0 < 0 ? cpu_min(cpu_up(-w0, v->stride_w), v->q) : 0;
                const long q1 = w0 < v->w ? cpu_min(cpu_up(v->w - w0, v->stride_w), v->q) : 0;
                for (long p = t->p0; p < t->p0 + t->rows; p++, to += (size_t)v->q * size) {
                    const long h = p * v->stride_h + r * v->dil_h - v->pad_h;
                    if (h < 0 || h >= v->h || q0 >= q1) {
                        memset(to, 0, (size_t)v->q * size);
                        continue;
                    }
                    const char *from =
                        t->x + (size_t)((c * v->h + h) * v->w + w0 + q0 * v->stride_w) * size;
                    memset(to, 0, (size_t)q0 * size);
                    if (v->stride_w == 1)
                        memcpy(to + (size_t)q0 * size, from, (size_t)(q1 - q0) * size);
                    else
                        for (long q = q0; q < q1; q++, from += (size_t)v->stride_w * size)
                            memcpy(to + (size_t)q * size, from, size);
                    memset(to + (size_t)q1 * size, 0, (size_t)(v->q - q1) * size);
                }
            }
}

/* col[rows * q][r][s][channel]: a row of col holds all that one output sees. */
static void unfold_nhwc(const struct strip *t, size_t size)
{
    const struct conv2d *v = t->v;
    const size_t tap = (size_t)t->channels * size, pixel = (size_t)v->c * size;
    char *to = t->col;

    for (long p = t->p0; p < t->p0 + t->rows; p++)
        for (long q = 0; q < v->q; q++)
            for (long r = 0; r < v->r; r++) {
                const long h = p * v->stride_h + r * v->dil_h - v->pad_h;
                for (long s = 0; s < v->s; s++, to += tap) {
                    const long w = q * v->stride_w + s * v->dil_w - v->pad_w;
                    if (h < 0 || h >= v->h || w < 0 || w >= v->w) memset(to, 0, tap);
                    else memcpy(to, t->x + (size_t)(h * v->w + w) * pixel, tap);
                }
            }
}

const void *strip_unfold(const struct strip *t, size_t size)
{
    const struct conv2d *v = t->v;

    if (!strip_needed(v)) return t->x + (size_t)(t->p0 * v->q * (v->nhwc ? v->c : 1)) * size;
    if (v->nhwc) unfold_nhwc(t, size);
    else if (size == sizeof(float)) unfold_nchw(t, sizeof(float));
    else unfold_nchw(t, sizeof(double));
    return t->col;
}
