/* cpu_winograd.h: 3x3 convolutions with stride 1 by Winograd's F(m x m, 3 x 3), m = 2 or 4, as
 * Lavin and Gray write it down (arXiv 1509.09308). f32, both layouts. */
#ifndef WHEELBENCH_CPU_WINOGRAD_H
#define WHEELBENCH_CPU_WINOGRAD_H
#include "kernels/cpu_conv.h"
#include "kernels/cpu_micro.h"

const char *cpu_winograd_why_not(const struct problem *p);
size_t cpu_winograd_room(const struct conv2d *v, const struct cpu_micro *u, int m, int threads);
void cpu_winograd(const struct conv2d *v, const struct cpu_micro *u, int m, int threads,
                  const float *x, const float *w, float *y, void *room);
#endif
