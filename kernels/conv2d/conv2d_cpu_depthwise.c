/* conv2d_cpu_depthwise: one filter a channel (groups = c = k), where a product has one column and
 * nothing is shared: each input is used r s times and memory is the bound. nhwc: vectors of
 * channels, the filters turned so that a tap's weights lie side by side, sums in registers over all
 * taps. nchw: vectors of columns, a row of y kept in L1 while the taps are added to it. */
#include <stdio.h>
#include "kernels/cpu_clones.h"
#include "kernels/cpu_conv.h"

enum { LANES = 64, TAPS = 1024 }; /* channels whose sums are in registers; most taps */

/* y[0..n) = sum over taps of x[at[t] + c] w[t * step + c] */
static CLONES void channels(long n, long taps, const long *at, const float *x, const float *w,
                            long step, float *y)
{
    long c = 0;

    for (; c + LANES <= n; c += LANES) {
        float sum[LANES] = {0};
        for (long t = 0; t < taps; t++)
            for (int i = 0; i < LANES; i++) sum[i] += x[at[t] + c + i] * w[t * step + c + i];
        for (int i = 0; i < LANES; i++) y[c + i] = sum[i];
    }
    for (; c < n; c += 16) {
        const int many = (int)cpu_min(16, n - c);
        float sum[16] = {0};
        for (long t = 0; t < taps; t++)
            for (int i = 0; i < many; i++) sum[i] += x[at[t] + c + i] * w[t * step + c + i];
        for (int i = 0; i < many; i++) y[c + i] = sum[i];
    }
}

/* One row of y of nhwc; w is turned: w[tap][c]. */
static void row_nhwc(const struct conv2d *v, const float *x, const float *w, float *y, long p)
{
    const long top = p * v->stride_h - v->pad_h;
    long at[TAPS];
    const float *weight = w;

    for (long q = 0; q < v->q; q++) {
        const long left = q * v->stride_w - v->pad_w;
        long taps = 0, first = -1, step = v->c;
        for (long r = 0; r < v->r; r++)
            for (long s = 0; s < v->s; s++) {
                const long h = top + r * v->dil_h, col = left + s * v->dil_w;
                if (h < 0 || h >= v->h || col < 0 || col >= v->w) continue;
                if (first < 0) first = r * v->s + s;
                /* weights of the taps inside are not evenly apart at a rim: go tap by tap there */
                if (r * v->s + s != first + taps) step = 0;
                at[taps++] = (h * v->w + col) * v->c;
            }
        float *to = y + q * v->c;
        weight = w + (first < 0 ? 0 : first) * v->c;
        if (step) channels(v->c, taps, at, x, weight, step, to);
        else {
            float part[LANES];
            for (long c = 0; c < v->c; c += LANES) {
                const long many = cpu_min(LANES, v->c - c);
                for (long i = 0; i < many; i++) to[c + i] = 0;
                for (long r = 0; r < v->r; r++) {
                    const long h = top + r * v->dil_h;
                    long inside = 0, s0 = 0;
                    if (h < 0 || h >= v->h) continue;
                    for (long s = 0; s < v->s; s++) {
                        const long col = left + s * v->dil_w;
                        if (col < 0 || col >= v->w) continue;
                        if (!inside) s0 = s;
                        at[inside++] = (h * v->w + col) * v->c + c;
                    }
                    channels(many, inside, at, x, w + (r * v->s + s0) * v->c + c, v->c, part);
                    for (long i = 0; i < many; i++) to[c + i] += part[i];
                }
            }
        }
    }
}

/* y[0..n) += w x[0], x[stride], ... */
static CLONES void add_row(long n, float w, const float *x, long stride, float *restrict y)
{
    if (stride == 1)
        for (long q = 0; q < n; q++) y[q] += w * x[q];
    else if (stride == 2)
        for (long q = 0; q < n; q++) y[q] += w * x[2 * q];
    else
        for (long q = 0; q < n; q++) y[q] += w * x[stride * q];
}

static CLONES void add_three(long n, const float *w, const float *x, long step, long stride,
                             float *restrict y)
{
    const float a = w[0], b = w[1], c = w[2];

    if (stride == 1)
        for (long q = 0; q < n; q++) y[q] += a * x[q] + b * x[q + step] + c * x[q + 2 * step];
    else
        for (long q = 0; q < n; q++)
            y[q] += a * x[stride * q] + b * x[stride * q + step] + c * x[stride * q + 2 * step];
}

/* Columns q of y whose tap s lies inside the image: [*q0, *q1). */
static void inside(const struct conv2d *v, long s, long *q0, long *q1)
{
    const long shift = s * v->dil_w - v->pad_w;

    *q0 = shift < 0 ? cpu_min(cpu_up(-shift, v->stride_w), v->q) : 0;
    *q1 = shift < v->w ? cpu_min(cpu_up(v->w - shift, v->stride_w), v->q) : 0;
    *q1 = cpu_max(*q0, *q1);
}

/* One row of one plane of nchw. */
static void row_nchw(const struct conv2d *v, const float *x, const float *w, float *y, long p)
{
    long first0, first1, last0, last1;

    for (long q = 0; q < v->q; q++) y[q] = 0;
    inside(v, 0, &first0, &first1);
    inside(v, v->s - 1, &last0, &last1);
    for (long r = 0; r < v->r; r++) {
        const long h = p * v->stride_h - v->pad_h + r * v->dil_h;
        const float *row = x + h * v->w - v->pad_w;
        if (h < 0 || h >= v->h) continue;
        const long q0 = first0, q1 = cpu_max(q0, last1); /* all taps are inside there */
        for (long s = 0; s < v->s; s++) {
            long a, b;
            inside(v, s, &a, &b);
            const float *from = row + s * v->dil_w;
            const float weight = w[r * v->s + s];
            if (v->s != 3) add_row(b - a, weight, from + a * v->stride_w, v->stride_w, y + a);
            else {
                add_row(cpu_min(b, q0) - a, weight, from + a * v->stride_w, v->stride_w, y + a);
                const long rest = cpu_max(a, q1);
                add_row(b - rest, weight, from + rest * v->stride_w, v->stride_w, y + rest);
            }
        }
        if (v->s == 3)
            add_three(q1 - q0, w + r * 3, row + q0 * v->stride_w, v->dil_w, v->stride_w, y + q0);
    }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct conv2d *v = &p->conv2d;

    (void)d;
    if (v->groups != v->c || v->k != v->c) return "one filter a channel only: groups = c = k";
    if (v->r * v->s > TAPS) return "filters of at most 1024 taps";
    return cpu_conv_why_not(p);
}

static const char *prepare(struct plan *plan)
{
    const struct conv2d *v = &plan->problem->conv2d;

    if (v->nhwc) plan->workspace_bytes = (size_t)(v->r * v->s * v->c) * sizeof(float);
    snprintf(plan->algo, sizeof plan->algo, "t%d", plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct conv2d *v = &plan->problem->conv2d;
    const float *x = o->in[0], *w = o->in[1];
    float *y = o->out, *turned = o->workspace;
    const long taps = v->r * v->s, plane = v->h * v->w;

    (void)stream;
    for (long c = 0; v->nhwc && c < v->c; c++)
        for (long t = 0; t < taps; t++) turned[t * v->c + c] = w[c * taps + t];
#pragma omp parallel for num_threads(plan->device->threads) schedule(static)
    for (long i = 0; i < v->n * v->p * (v->nhwc ? 1 : v->c); i++) {
        const long p = i % v->p, image = i / v->p; /* of nchw: plane */
        if (v->nhwc) row_nhwc(v, x + image * plane * v->c, turned, y + i * v->q * v->c, p);
        else row_nchw(v, x + image * plane, w + image % v->c * taps, y + i * v->q, p);
    }
    return NULL;
}

const struct impl conv2d_cpu_depthwise = {
    .name = "conv2d_cpu_depthwise",
    .summary = "one filter a channel, no product",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
