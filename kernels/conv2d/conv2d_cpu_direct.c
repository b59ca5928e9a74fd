/* conv2d_cpu_direct: nhwc without im2col. The windows of neighbouring outputs lie stride * c apart,
 * so for one filter tap the inputs of a row of outputs already are a row-major A. The register tile
 * reads x where it lies and runs over all taps before it stores; only the filters are packed.
 * conv2d_cpu_implicit copies each input r s times, here once, for the frame of zeros. Left: rows of
 * outputs that are no multiple of mr (7 outputs cost 8). conv2d_cpu_winograd multiplies less. */
#include <stdio.h>
#include "fail.h"
#include "kernels/cpu_conv.h"
#include "kernels/cpu_micro.h"

enum { L1 = 24 << 10, TAPS = 256, MR = 64 }; /* L1: bytes of x under one tile */

/* Workspace: frame, packed filters, then a sliver for each thread. */
struct direct {
    const struct cpu_micro *u;
    const struct conv2d *v;
    long H, W, taps, cc, wide, nc; /* cc: channels of a block */
    long parts, run;               /* pieces of a tile's A, of `run` channels each */
    int joined;                    /* the s taps of a filter row are one piece */
    int flat;                      /* 1 x 1: all pixels are one long row of outputs */
    long cut, rows;                /* outputs of a row, rows of all */
    size_t frame, filters, own;
};

static struct direct look(const struct conv2d *v, const struct cpu_micro *u)
{
    struct direct t = {
        .u = u, .v = v, .H = cpu_frame_h(v), .W = cpu_frame_w(v), .taps = v->r * v->s};
    const long under = v->r * (u->mr * v->stride_w + v->s - 1); /* pixels of x under a tile */

    t.cc = cpu_even(v->c, cpu_max(8, L1 / 4 / under), 4);
    t.joined = t.cc >= v->c && v->dil_w == 1;
    t.parts = t.joined ? v->r : t.taps;
    t.wide = cpu_up(v->k, u->nr) * u->nr;
    t.nc = cpu_micro_nc(u, v->k, t.taps * cpu_min(t.cc, v->c));
    t.frame = cpu_frame_room(v, t.H, t.W, 0);
    t.flat = t.taps == 1 && v->stride_h == 1 && v->stride_w == 1 && !t.frame;
    t.cut = t.flat ? 8 * u->mr : v->q;
    t.rows = t.flat ? cpu_up(v->n * v->p * v->q, t.cut) : v->n * v->p;
    t.filters = cpu_pages((size_t)(t.taps * v->c * t.wide) * sizeof(float));
    t.own = cpu_pages((size_t)(t.taps * t.cc * u->mr) * sizeof(float));
    return t;
}

/* packed[channel block][sliver of filters][tap][channel][filter] */
static void pack(const struct direct *t, const float *w, float *packed, int threads)
{
    const struct conv2d *v = t->v;
    const long nr = t->u->nr;

#pragma omp parallel for num_threads(threads) schedule(static)
    for (long j = 0; j < v->k; j += nr)
        for (long c = 0; c < v->c; c += t->cc)
            for (long e = 0; e < t->taps; e++) {
                const long cc = cpu_min(t->cc, v->c - c);
                t->u->pack_b(cpu_min(nr, v->k - j), cc, w + (j * t->taps + e) * v->c + c, 1,
                             t->taps * v->c,
                             packed + c * t->taps * t->wide + (j * t->taps + e * nr) * cc);
            }
}

/* `end` outputs of one row: channels of one block, filters jc.. */
static void row(const struct direct *t, const float *a, const float *b, float *y, long end, long k,
                const long *off, const struct cpu_scale *s, long nc, float *rim)
{
    const struct cpu_micro *u = t->u;
    const long ars = t->v->stride_w * t->v->c, mr = u->mr, third = mr / 3;

    for (long q = 0, m; q < end; q += m, a += m * ars, y += m * t->v->k) {
        m = cpu_min(mr, end - q);
        if (m % third == 0) {
            u->inplace(t->parts, off, k, a, ars, 1, b, u->nr, t->parts * k * u->nr, s, y, t->v->k,
                       m, nc);
            continue;
        }
        const void *at[MR];
        for (long e = 0; e < t->parts; e++) { /* the rim reads no row that is not there */
            for (long i = 0; i < mr; i++) at[i] = a + cpu_min(i, m - 1) * ars + off[e];
            u->gather_a(k, at, rim + e * k * mr);
        }
        u->tile(t->parts * k, rim, b, s, y, t->v->k, m, nc);
    }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct conv2d *v = &p->conv2d;

    (void)d;
    if (!v->nhwc) return "nhwc only: the channels of a pixel must lie side by side";
    if (v->groups != 1) return "no groups";
    if (v->r * v->s > TAPS) return "filters of at most 256 taps";
    return cpu_conv_why_not(p);
}

static const char *prepare(struct plan *plan)
{
    const struct cpu_micro *u;

    TRY(cpu_micro_pick(sizeof(float), &u));
    const struct direct t = look(&plan->problem->conv2d, u);
    plan->state = (void *)u;
    plan->workspace_bytes = t.frame + t.filters + t.own * (size_t)plan->device->threads;
    snprintf(plan->algo, sizeof plan->algo, "%s %dx%d c%ld t%d", u->isa, u->mr, u->nr, t.cc,
             plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct conv2d *v = &plan->problem->conv2d;
    const struct direct t = look(v, plan->state);
    const int threads = plan->device->threads;
    float *packed = (float *)(void *)((char *)o->workspace + t.frame);
    char *rims = (char *)packed + t.filters;
    long off[TAPS];

    (void)stream;
    for (long e = 0; e < t.parts; e++)
        off[e] = t.joined ? e * v->dil_h * t.W * v->c
                          : (e / v->s * v->dil_h * t.W + e % v->s * v->dil_w) * v->c;
    pack(&t, o->in[1], packed, threads);
    const float *x = cpu_frame(v, o->in[0], o->workspace, t.H, t.W, 0, threads);
    for (long jc = 0; jc < v->k; jc += t.nc)
        for (long c = 0; c < v->c; c += t.cc) {
            const long cc = cpu_min(t.cc, v->c - c), nc = cpu_min(t.nc, v->k - jc);
            const struct cpu_scale s = {1, c ? 1 : 0};
            const float *b = packed + c * t.taps * t.wide + jc * t.taps * cc;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
            for (long i = 0; i < t.rows; i++) {
                const long at =
                    t.flat ? i * t.cut : (i / v->p * t.H + i % v->p * v->stride_h) * t.W;
                const long end = t.flat ? cpu_min(t.cut, v->n * v->p * v->q - i * t.cut) : v->q;
                row(&t, x + at * v->c + c, b, (float *)o->out + i * t.cut * v->k + jc, end,
                    t.joined ? v->s * v->c : cc, off, &s, nc,
                    (float *)(void *)(rims + t.own * (size_t)cpu_thread()));
            }
        }
    return NULL;
}

const struct impl conv2d_cpu_direct = {
    .name = "conv2d_cpu_direct",
    .summary = "the register tile on the image itself, nhwc",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
