/* conv2d_naive: the definition, one thread an output in the order of y: the lanes of a warp run
 * along q (nchw) or along k (nhwc). Bound: two loads an FMA, so the load units of L1. conv2d_igemm
 * loads a tile once into shared memory and computes from registers. */
#include "kernels/element.cuh"

static const int THREADS = 256;

template <class T> static __global__ void naive(struct conv2d g, const T *x, const T *w, T *y)
{
    typedef accumulator<T> acc;
    const long index = (long)blockIdx.x * THREADS + threadIdx.x, plane = g.p * g.q;
    if (index >= g.n * g.k * plane) return;

    const long image = index / (plane * g.k), rest = index % (plane * g.k);
    const long k = g.nhwc ? rest % g.k : rest / plane, pixel = g.nhwc ? rest / g.k : rest % plane;
    const long top = pixel / g.q * g.stride_h - g.pad_h, left = pixel % g.q * g.stride_w - g.pad_w;
    const long channels = g.c / g.groups, group = k / (g.k / g.groups);
    const long xc = g.nhwc ? 1 : g.h * g.w, xw = g.nhwc ? g.c : 1, xh = g.w * xw;
    const long wc = g.nhwc ? 1 : g.r * g.s, ws = g.nhwc ? channels : 1, wr = g.s * ws;

    x += image * g.c * g.h * g.w + group * channels * xc;
    w += k * channels * g.r * g.s;
    acc sum = 0;
    for (long r = 0; r < g.r; r++)
        for (long s = 0; s < g.s; s++) {
            const long row = top + r * g.dil_h, column = left + s * g.dil_w;
            if (row < 0 || row >= g.h || column < 0 || column >= g.w) continue;
            for (long c = 0; c < channels; c++)
                sum += acc(x[c * xc + row * xh + column * xw]) * acc(w[c * wc + r * wr + s * ws]);
        }
    y[index] = T(sum);
}

static long blocks_of(const struct conv2d *g)
{
    return (g->n * g->k * g->p * g->q + THREADS - 1) / THREADS;
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "an f32 kernel: run it as f32";
    if (blocks_of(&p->conv2d) > 2147483647L) return "needs y of at most 2^39 elements (grid limit)";
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct conv2d g = plan->problem->conv2d;
    const unsigned blocks = (unsigned)blocks_of(&g);

    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        const T *x = (const T *)o->in[0], *w = (const T *)o->in[1];
        naive<T><<<blocks, THREADS, 0, stream>>>(g, x, w, (T *)o->out);
    });
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl conv2d_naive = {
    .name = "conv2d_naive",
    .summary = "one thread an output, lanes along the rows of y",
    .file = __FILE__,
    .tier = NAIVE,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = NULL,
    .run = run,
    .cleanup = NULL,
};
