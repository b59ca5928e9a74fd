/* cpu_windows.h: the windows of a convolution as columns of a matrix that is never written whole:
 * pixel o (over all images) sees the elements at window(o) + tap(e) of the framed images, e < c r s
 * in the order of the filters. f32, one group. */
#ifndef WHEELBENCH_CPU_WINDOWS_H
#define WHEELBENCH_CPU_WINDOWS_H
#include "kernels/cpu_micro.h"
#include "wheelbench.h"

/* Framed images of H x W pixels that lie where x is. */
struct cpu_windows {
    const struct conv2d *v;
    const float *x;
    long H, W;
};

/* Elements from x to the first that pixel o sees. */
long cpu_window(const struct cpu_windows *t, long o);

/* nchw: how far each of `channels` r s taps lies behind the first. */
void cpu_window_taps(const struct cpu_windows *t, long channels, long *tap);

/* nchw: to[tap][nr], kc taps of `pixels` (<= nr) pixels whose windows start at[] elements into x.
 * at has nr of them; what stands behind the last pixel is of no use. */
void cpu_window_take(long kc, int nr, int pixels, const long *tap, const int *at, const float *x,
                     float *to);

/* A sliver of B for cpu_micro: taps pc..pc+kc-1 of u->nr pixels from o on; those from `end` on
 * are of no use. tap: of all channels, of nchw. */
void cpu_window_sliver(const struct cpu_windows *t, const struct cpu_micro *u, const long *tap,
                       long o, long end, long pc, long kc, float *to);
#endif
