/* conv2d_cpu_inplace: the filters are the rows of the product and stay where they lie.
 * conv2d_cpu_implicit copies all filters into slivers in every call, which is the larger part where
 * they are many and pixels few: the last layers of a network on one image. Here the windows of all
 * images are packed, a block of depth at a time, and every filter is read once, along its rows,
 * while the block's panel stays in L2. The product is y for nchw and one image; else it is turned,
 * or cut into images, at the end. Left: tiles of 32 pixels that 49 do not fill. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "fail.h"
#include "kernels/cpu_conv.h"
#include "kernels/cpu_windows.h"

enum { TURN = 32 };              /* pixels and filters of a block that is turned in L1 */
enum { MOST_SLIVER = 16 * 512 }; /* of mr * kc */

/* The workspace is frame, taps, two panels, then the product. */
struct inplace {
    const struct cpu_micro *u;
    const struct conv2d *v;
    long H, W, crs, kc, pixels, nc, ldc; /* nc: pixels of a panel; ldc: of a row of the product */
    long tail;                           /* floats of a panel before its tail */
    size_t frame, taps, panel, product;
};

static struct inplace look(const struct conv2d *v, const struct cpu_micro *u)
{
    struct inplace t = {.u = u, .v = v, .H = cpu_frame_h(v), .W = cpu_frame_w(v)};
    const int is_y = !v->nhwc && v->n == 1;

    t.crs = v->c * v->r * v->s;
    t.pixels = v->n * v->p * v->q;
    t.kc = cpu_even(t.crs, u->kc, 4);
    t.nc = cpu_micro_nc(u, t.pixels, t.kc);
    t.ldc = is_y ? t.pixels : cpu_up(t.pixels, u->nr) * u->nr;
    t.frame = cpu_frame_room(v, t.H, t.W, 0);
    t.taps = cpu_pages((size_t)t.crs * sizeof(long));
    t.tail = t.kc * cpu_up(t.nc, u->nr) * u->nr;
    t.panel = cpu_pages((size_t)(t.tail + t.kc * CPU_FEW) * sizeof(float));
    t.product = is_y ? 0 : cpu_pages((size_t)(v->k * t.ldc) * sizeof(float));
    return t;
}

/* Pixels of a panel of n that vectors would not fill: their dot products cost less than a tile. */
static long rest_of(const struct cpu_micro *u, long n)
{
    const long rest = n % (u->nr / 2);

    return rest <= CPU_FEW && rest < n ? rest : 0;
}

/* Packs the pixels o..o+nr-1 of a panel of pixels jc..end-1; the rest of it once more, a pixel's
 * taps side by side. */
static void pack(const struct inplace *t, const struct cpu_windows *windows, const long *tap,
                 long jc, long o, long end, long pc, long kc, float *panel)
{
    const long nr = t->u->nr, rest = rest_of(t->u, end - jc);
    float *sliver = panel + (o - jc) * kc;

    cpu_window_sliver(windows, t->u, tap, o, end, pc, kc, sliver);
    for (long j = cpu_max(o, end - rest); j < cpu_min(o + nr, end); j++)
        for (long e = 0; e < kc; e++)
            panel[t->tail + (j - end + rest) * kc + e] = sliver[e * nr + j - o];
}

/* Rows of `to` += or =, as s says, what the dot products of m filters with the rest are. */
static void dots(const struct inplace *t, const float *from, long m, long kc, const float *tail,
                 long rest, const struct cpu_scale *s, float *to)
{
    float sum[CPU_FEW * 16];

    t->u->dot((int)rest, m, kc, tail, kc, from, t->crs, sum, 16);
    for (long i = 0; i < m; i++)
        for (long j = 0; j < rest; j++)
            to[i * t->ldc + j] = sum[j * 16 + i] + (s->beta == 0 ? 0 : to[i * t->ldc + j]);
}

/* Filters i..i+m-1 times a panel of n pixels: whole thirds of a tile where they lie, others packed.
 * The filters `ahead` are asked for. */
static void rows(const struct inplace *t, const float *w, long i, long m, long kc,
                 const float *panel, const struct cpu_scale *s, float *to, long n, long ahead)
{
    const struct cpu_micro *u = t->u;
    const long third = u->mr / 3, whole = m / third * third, rest = rest_of(u, n), none = 0;
    const float *from = w + i * t->crs;

    to += i * t->ldc;
    for (long j = ahead; j < cpu_min(ahead + m, t->v->k - i); j++)
        for (long e = 0; e < kc; e += 64 / (long)sizeof(float))
            __builtin_prefetch(from + j * t->crs + e, 0, 2);
    if (whole)
        u->inplace(1, &none, kc, from, t->crs, 1, panel, u->nr, u->nr * kc, s, to, t->ldc, whole,
                   n - rest);
    if (whole < m) {
        float sliver[MOST_SLIVER];
        u->pack_a(m - whole, kc, from + whole * t->crs, t->crs, 1, sliver);
        u->tile(kc, sliver, panel, s, to + whole * t->ldc, t->ldc, m - whole, n - rest);
    }
    if (rest) dots(t, from, m, kc, panel + t->tail, rest, s, to + n - rest);
}

/* Product to y: nhwc turned in blocks, nchw row by row. */
static void put(const struct inplace *t, const float *from, float *y, int threads)
{
    const struct conv2d *v = t->v;
    const long plane = v->p * v->q;

#pragma omp parallel for num_threads(threads) schedule(static)
    for (long i = 0; i < cpu_up(v->k, TURN); i++) {
        const long k0 = i * TURN, k1 = cpu_min(k0 + TURN, v->k);
        for (long k = k0; !v->nhwc && k < k1; k++)
            for (long n = 0; n < v->n; n++)
                memcpy(y + (n * v->k + k) * plane, from + k * t->ldc + n * plane,
                       (size_t)plane * sizeof *y);
        for (long o = 0; v->nhwc && o < t->pixels; o++)
            for (long k = k0; k < k1; k++) y[o * v->k + k] = from[k * t->ldc + o];
    }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct conv2d *v = &p->conv2d;
    const double H = (double)cpu_frame_h(v), W = (double)cpu_frame_w(v);

    (void)d;
    if (v->groups > 1) return "one group only";
    if ((double)v->n * (double)v->c * H * W > INT_MAX) return "needs less than 2^31 elements of x";
    return cpu_conv_why_not(p);
}

static const char *prepare(struct plan *plan)
{
    const struct cpu_micro *u;

    TRY(cpu_micro_pick(sizeof(float), &u));
    const struct inplace t = look(&plan->problem->conv2d, u);
    plan->state = (void *)u;
    plan->workspace_bytes = t.frame + t.taps + 2 * t.panel + t.product;
    snprintf(plan->algo, sizeof plan->algo, "%s %dx%d k%ld n%ld t%d", u->isa, u->mr, u->nr, t.kc,
             t.nc, plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct conv2d *v = &plan->problem->conv2d;
    const struct inplace t = look(v, plan->state);
    const int threads = plan->device->threads;
    const long nr = t.u->nr, mr = t.u->mr;
    char *room = o->workspace;
    long *tap = (long *)(void *)(room + t.frame);
    float *panels = (float *)(void *)(room + t.frame + t.taps);
    float *product = t.product ? panels + 2 * t.panel / sizeof(float) : o->out;
    const struct cpu_windows windows = {
        v, cpu_frame(v, o->in[0], o->workspace, t.H, t.W, 0, threads), t.H, t.W};

    (void)stream;
    if (!v->nhwc) cpu_window_taps(&windows, v->c, tap);
#pragma omp parallel num_threads(threads)
    {
        float *panel = panels, *next = panels + t.panel / sizeof(float);
        for (long jc = 0; jc < t.pixels; jc += t.nc)
            for (long pc = 0; pc < t.crs; pc += t.kc) {
                const long kc = cpu_min(t.kc, t.crs - pc), end = cpu_min(jc + t.nc, t.pixels);
                const struct cpu_scale s = {1, pc ? 1 : 0};
#pragma omp for schedule(dynamic)
                for (long j = jc; j < end; j += nr)
                    pack(&t, &windows, tap, jc, j, end, pc, kc, panel);
#pragma omp for schedule(dynamic) nowait
                for (long i = 0; i < v->k; i += mr)
                    rows(&t, (const float *)o->in[1] + pc, i, cpu_min(mr, v->k - i), kc, panel, &s,
                         product + jc, end - jc, mr * threads);
                float *other = panel;
                panel = next;
                next = other;
            }
    }
    if (t.product) put(&t, product, o->out, threads);
    return NULL;
}

const struct impl conv2d_cpu_inplace = {
    .name = "conv2d_cpu_inplace",
    .summary = "filters read where they lie, windows packed",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
