/* cpu_winograd_1d.h: the transforms of cpu_winograd.c in one dimension, along n channels at a time:
 * vectors of n floats, `is` apart, become others, `os` apart. A two-dimensional transform is one
 * along the columns, then one along the rows. Points 0, 1, -1 and, for m = 4, 2, -2. */
#ifndef WHEELBENCH_CPU_WINOGRAD_1D_H
#define WHEELBENCH_CPU_WINOGRAD_1D_H
#include "kernels/cpu_clones.h"

/* m + 2 inputs to m + 2: B^T d */
static CLONES void input4(long n, const float *restrict d, long is, float *restrict o, long os)
{
    for (long c = 0; c < n; c++) {
        const float d0 = d[c], d1 = d[c + is], d2 = d[c + 2 * is], d3 = d[c + 3 * is];
        o[c] = d0 - d2;
        o[c + os] = d1 + d2;
        o[c + 2 * os] = d2 - d1;
        o[c + 3 * os] = d1 - d3;
    }
}
static CLONES void input6(long n, const float *restrict d, long is, float *restrict o, long os)
{
    for (long c = 0; c < n; c++) {
        const float d0 = d[c], d1 = d[c + is], d2 = d[c + 2 * is];
        const float d3 = d[c + 3 * is], d4 = d[c + 4 * is], d5 = d[c + 5 * is];
        const float e = d4 - 4 * d2, f = d3 - 4 * d1, g = d4 - d2, h = 2 * (d3 - d1);
        o[c] = 4 * d0 - 5 * d2 + d4;
        o[c + os] = e + f;
        o[c + 2 * os] = e - f;
        o[c + 3 * os] = g + h;
        o[c + 4 * os] = g - h;
        o[c + 5 * os] = 4 * d1 - 5 * d3 + d5;
    }
}

/* three weights to m + 2: G f; cs: from one channel of f to the next */
static CLONES void filter4(long n, const float *restrict f, long cs, long is, float *restrict o,
                           long os)
{
    for (long c = 0; c < n; c++) {
        const float f0 = f[c * cs], f1 = f[c * cs + is], f2 = f[c * cs + 2 * is];
        o[c] = f0;
        o[c + os] = (f0 + f1 + f2) * 0.5f;
        o[c + 2 * os] = (f0 - f1 + f2) * 0.5f;
        o[c + 3 * os] = f2;
    }
}
static CLONES void filter6(long n, const float *restrict f, long cs, long is, float *restrict o,
                           long os)
{
    for (long c = 0; c < n; c++) {
        const float f0 = f[c * cs], f1 = f[c * cs + is], f2 = f[c * cs + 2 * is];
        const float e = (f0 + f2) * (1.f / 6), g = f0 * (1.f / 24) + f2 * (1.f / 6);
        o[c] = f0 * 0.25f;
        o[c + os] = -e - f1 * (1.f / 6);
        o[c + 2 * os] = -e + f1 * (1.f / 6);
        o[c + 3 * os] = g + f1 * (1.f / 12);
        o[c + 4 * os] = g - f1 * (1.f / 12);
        o[c + 5 * os] = f2;
    }
}

/* m + 2 products to m outputs: A^T p */
static CLONES void output4(long n, const float *restrict p, long is, float *restrict o, long os)
{
    for (long c = 0; c < n; c++) {
        const float p1 = p[c + is], p2 = p[c + 2 * is];
        o[c] = p[c] + p1 + p2;
        o[c + os] = p1 - p2 - p[c + 3 * is];
    }
}
static CLONES void output6(long n, const float *restrict p, long is, float *restrict o, long os)
{
    for (long c = 0; c < n; c++) {
        const float a = p[c + is] + p[c + 2 * is], b = p[c + is] - p[c + 2 * is];
        const float e = p[c + 3 * is] + p[c + 4 * is], f = p[c + 3 * is] - p[c + 4 * is];
        o[c] = p[c] + a + e;
        o[c + os] = b + 2 * f;
        o[c + 2 * os] = a + 4 * e;
        o[c + 3 * os] = b + 8 * f + p[c + 5 * is];
    }
}

static inline void input_1d(int t, long n, const float *d, long is, float *o, long os)
{
    if (t == 4) input4(n, d, is, o, os);
    else input6(n, d, is, o, os);
}
static inline void filter_1d(int t, long n, const float *f, long cs, long is, float *o, long os)
{
    if (t == 4) filter4(n, f, cs, is, o, os);
    else filter6(n, f, cs, is, o, os);
}
static inline void output_1d(int t, long n, const float *p, long is, float *o, long os)
{
    if (t == 4) output4(n, p, is, o, os);
    else output6(n, p, is, o, os);
}
#endif
