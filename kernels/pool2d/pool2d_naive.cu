/* pool2d_naive: the definition, one thread an output, neighbouring threads at neighbouring outputs:
 * lanes along q (nchw) or along the channels (nhwc). Data are finite: NaN has no defined result.
 * Bound: loads of one element, r s of them an output, so instructions and the L1 rather than memory
 * set the time, and few bytes are in flight. pool2d_vec moves 16 bytes a load. */
#include <math.h>
#include "kernels/element.cuh"

static const int THREADS = 256;

template <class T> static __global__ void naive(struct pool2d g, long outputs, const T *x, T *y)
{
    typedef accumulator<T> acc;
    const long i = (long)blockIdx.x * THREADS + threadIdx.x;
    if (i >= outputs) return;

    const long last = g.nhwc ? g.c : g.q, mid = g.nhwc ? g.q : g.p, outer = g.nhwc ? g.p : g.c;
    const long i0 = i % last, i1 = i / last % mid, i2 = i / last / mid % outer,
               n = i / last / mid / outer;
    const long c = g.nhwc ? i0 : i2, p = g.nhwc ? i2 : i1, q = g.nhwc ? i1 : i0;
    const long top = p * g.stride_h - g.pad_h, left = q * g.stride_w - g.pad_w;
    const long h0 = max(0L, top), h1 = min(g.h, top + g.r);
    const long w0 = max(0L, left), w1 = min(g.w, left + g.s);
    acc best = -acc(INFINITY), sum = 0;

    for (long h = h0; h < h1; h++)
        for (long w = w0; w < w1; w++) {
            const acc v = acc(x[g.nhwc ? ((n * g.h + h) * g.w + w) * g.c + c
                                       : ((n * g.c + c) * g.h + h) * g.w + w]);
            best = v > best ? v : best;
            sum += v;
        }
    if (g.kind == POOL_AVG_INCL) best = sum / (acc(g.r) * acc(g.s));
    if (g.kind == POOL_AVG_EXCL) best = sum / (acc(h1 - h0) * acc(w1 - w0));
    y[i] = T(best);
}

static long outputs(const struct pool2d *g) { return g->n * g->c * g->p * g->q; }

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "pooling multiplies nothing: run it as f32";
    if (outputs(&p->pool2d) > 2147483647L * THREADS)
        return "needs at most 2^39 outputs (grid limit)";
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct pool2d g = plan->problem->pool2d;
    const long n = outputs(&g);
    const unsigned grid = (unsigned)((n + THREADS - 1) / THREADS);

    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        const T *x = (const T *)o->in[0];
        naive<T><<<grid, THREADS, 0, stream>>>(g, n, x, (T *)o->out);
    });
    return NULL; /* the harness asks for launch errors */
}

extern "C" const struct impl pool2d_naive = {
    .name = "pool2d_naive",
    .summary = "one thread an output, an element a load",
    .file = __FILE__,
    .tier = NAIVE,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = NULL,
    .run = run,
    .cleanup = NULL,
};
