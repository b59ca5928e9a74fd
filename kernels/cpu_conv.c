/* cpu_conv.c: frames. A frame is written line by line; turning nchw into nhwc goes by blocks of
 * channels and columns that stay in L1. */
#include "kernels/cpu_conv.h"
#include <string.h>

enum { BLOCK = 32 };

long cpu_frame_h(const struct conv2d *v)
{
    return cpu_max(v->h + v->pad_h, (v->p - 1) * v->stride_h + (v->r - 1) * v->dil_h + 1);
}

long cpu_frame_w(const struct conv2d *v)
{
    return cpu_max(v->w + v->pad_w, (v->q - 1) * v->stride_w + (v->s - 1) * v->dil_w + 1);
}

size_t cpu_frame_room(const struct conv2d *v, long H, long W, int to_nhwc)
{
    const int as_it_is = !v->pad_h && !v->pad_w && H == v->h && W == v->w;

    if (as_it_is && (v->nhwc || !to_nhwc)) return 0;
    return cpu_pages((size_t)(v->n * v->c * H * W) * sizeof(float));
}

/* One line of the frame that x has, of nhwc: columns of c channels, of nchw: one channel. */
static void line(const struct conv2d *v, const float *x, float *to, long W, long wide)
{
    const size_t left = (size_t)(v->pad_w * wide), mid = (size_t)(v->w * wide),
                 whole = (size_t)(W * wide);

    memset(to, 0, left * sizeof *to);
    memcpy(to + left, x, mid * sizeof *to);
    memset(to + left + mid, 0, (whole - left - mid) * sizeof *to);
}

/* The same line of all channels, of nchw into nhwc. */
static void turned(const struct conv2d *v, const float *x, float *to, long W)
{
    memset(to, 0, (size_t)(v->pad_w * v->c) * sizeof *to);
    to += v->pad_w * v->c;
    for (long c0 = 0; c0 < v->c; c0 += BLOCK)
        for (long w0 = 0; w0 < v->w; w0 += BLOCK)
            for (long w = w0; w < cpu_min(w0 + BLOCK, v->w); w++)
                for (long c = c0; c < cpu_min(c0 + BLOCK, v->c); c++)
                    to[w * v->c + c] = x[c * v->h * v->w + w];
    memset(to + v->w * v->c, 0, (size_t)((W - v->pad_w - v->w) * v->c) * sizeof *to);
}

const float *cpu_frame(const struct conv2d *v, const float *x, float *to, long H, long W,
                       int to_nhwc, int threads)
{
    const int turn = to_nhwc && !v->nhwc;
    const long wide = v->nhwc ? v->c : 1, planes = v->nhwc || turn ? v->n : v->n * v->c;
    const long length = W * (turn ? v->c : wide), step = v->w * wide;

    if (!cpu_frame_room(v, H, W, to_nhwc)) return x;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (long i = 0; i < planes * H; i++) {
        const long plane = i / H, h = i % H - v->pad_h;
        if (h < 0 || h >= v->h) memset(to + i * length, 0, (size_t)length * sizeof *to);
        else if (turn) turned(v, x + (plane * v->c * v->h + h) * v->w, to + i * length, W);
        else line(v, x + (plane * v->h + h) * step, to + i * length, W, wide);
    }
    return to;
}

const char *cpu_conv_why_not(const struct problem *p)
{
    if (p->precision == TF32) return "tf32 exists on NVIDIA tensor cores only: run it as f32";
    if (p->precision == F16 || p->precision == BF16)
        return "f32 only: few CPUs multiply f16 or bf16, the others would emulate them";
    return p->precision == F32 ? NULL : "f32 only";
}
