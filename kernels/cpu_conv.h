/* cpu_conv.h: what the convolutions of the host have in common: images in a frame of zeros, so that
 * no kernel tests bounds, and the refusals. f32; H and W are rows and columns of the frame, the
 * image at (pad_h, pad_w). */
#ifndef WHEELBENCH_CPU_CONV_H
#define WHEELBENCH_CPU_CONV_H
#include "kernels/cpu_common.h"
#include "wheelbench.h"

/* The smallest frame that every window fits into. */
long cpu_frame_h(const struct conv2d *v);
long cpu_frame_w(const struct conv2d *v);

/* Bytes of the frame; 0 where the image can stand for it: nothing is added, nothing turned. */
size_t cpu_frame_room(const struct conv2d *v, long H, long W, int to_nhwc);

/* The framed images, in `to` or, where room is 0, x itself. They keep their layout unless to_nhwc.
 * Starts a team of threads. */
const float *cpu_frame(const struct conv2d *v, const float *x, float *to, long H, long W,
                       int to_nhwc, int threads);

/* Why a convolution of the host cannot be: f32 only. */
const char *cpu_conv_why_not(const struct problem *p);
#endif
