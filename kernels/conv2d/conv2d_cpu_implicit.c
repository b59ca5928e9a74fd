/* conv2d_cpu_implicit: the product of conv2d_cpu_im2col, but the matrix of windows is never
 * written: packing a sliver reads the windows straight from the framed image. nhwc: pixels are rows
 * of A, filters columns of B; nchw: filters are rows of A, pixels columns of B, so that y is
 * row-major in both. Any stride, filter, dilation and groups. Left: each input is still copied r s
 * times, into the L2 cache; conv2d_cpu_direct copies it once. */
#include <stdio.h>
#include "fail.h"
#include "kernels/cpu_conv.h"
#include "kernels/cpu_windows.h"

enum { MOST = 64, PIXELS = 192 }; /* MOST: of nr and mr. PIXELS: of nhwc in a task */

/* Where things lie; the workspace is frame, filters, offsets, then room of each thread. */
struct implicit {
    const struct cpu_micro *u;
    const struct conv2d *v;
    long H, W, cg, kg, crs, kc; /* channels and filters of a group; depth of a block */
    long wide;                  /* kg in whole slivers */
    long nc;                    /* pixels (nchw) or filters (nhwc) of a panel */
    size_t frame, filters, offsets, own;
};

static struct implicit look(const struct conv2d *v, const struct cpu_micro *u)
{
    struct implicit t = {
        u, v, cpu_frame_h(v), cpu_frame_w(v), v->c / v->groups, v->k / v->groups, 0, 0, 0, 0, 0, 0,
        0, 0};
    const long sliver = v->nhwc ? u->nr : u->mr;

    t.crs = t.cg * v->r * v->s;
    t.kc = cpu_even(t.crs, u->kc, 4);
    t.wide = cpu_up(t.kg, sliver) * sliver;
    t.nc = cpu_micro_nc(u, v->nhwc ? t.kg : v->p * v->q, t.kc);
    t.frame = cpu_frame_room(v, t.H, t.W, 0);
    t.filters = cpu_pages((size_t)(t.crs * t.wide * v->groups) * sizeof(float));
    t.offsets = cpu_pages((size_t)t.crs * sizeof(long));
    t.own = cpu_pages((size_t)(t.kc * (v->nhwc ? PIXELS + u->mr : t.nc)) * sizeof(float));
    return t;
}

/* Of a task of nhwc: pixels first..end-1 (over all images) times the filters of group g. */
static void pixels_by_filters(const struct implicit *t, const float *x, const float *filters,
                              float *y, long g, long first, long end, float *slivers)
{
    const struct cpu_micro *u = t->u;
    const struct conv2d *v = t->v;
    const int joined = v->groups == 1 && v->dil_w == 1; /* a row of the filter is one run */
    const long run = joined ? v->s * v->c : t->cg;
    const void *base[MOST], *row[MOST];

    for (long pc = 0; pc < t->crs; pc += t->kc) {
        const long kc = cpu_min(t->kc, t->crs - pc);
        const struct cpu_scale s = {1, pc ? 1 : 0};
        for (long i = first; i < end; i += u->mr) {
            for (long j = 0; j < u->mr; j++) {
                const long o = cpu_min(i + j, end - 1), n = o / (v->p * v->q), p = o / v->q % v->p;
                base[j] = x +
                          ((n * t->H + p * v->stride_h) * t->W + o % v->q * v->stride_w) * v->c +
                          g * t->cg;
            }
            for (long e = pc, len; e < pc + kc; e += len) {
                const long piece = e / run, d = e % run, r = joined ? piece : piece / v->s;
                const long tap = r * v->dil_h * t->W + (joined ? 0 : piece % v->s * v->dil_w);
                len = cpu_min(run - d, pc + kc - e);
                for (long j = 0; j < u->mr; j++) row[j] = (const float *)base[j] + tap * v->c + d;
                u->gather_a(len, row, slivers + (i - first) * kc + (e - pc) * u->mr);
            }
        }
        for (long jc = 0; jc < t->kg; jc += t->nc)
            for (long i = first; i < end; i += u->mr)
                u->tile(kc, slivers + (i - first) * kc, filters + pc * t->wide + jc * kc, &s,
                        y + i * v->k + g * t->kg + jc, v->k, cpu_min(u->mr, end - i),
                        cpu_min(t->nc, t->kg - jc));
    }
}

/* Of a task of nchw: the filters of a group times pixels first..end-1 of one image; x and y are at
 * the group's first channel and filter. */
static void filters_by_pixels(const struct implicit *t, const float *x, const float *filters,
                              const long *tap, float *y, long first, long end, float *panel)
{
    const struct cpu_micro *u = t->u;
    const struct conv2d *v = t->v;
    int at[MOST];

    for (long pc = 0; pc < t->crs; pc += t->kc) {
        const long kc = cpu_min(t->kc, t->crs - pc);
        const struct cpu_scale s = {1, pc ? 1 : 0};
        for (long j = first; j < end; j += u->nr) {
            for (long i = 0; i < u->nr; i++) {
                const long o = cpu_min(j + i, end - 1);
                at[i] = (int)(o / v->q * v->stride_h * t->W + o % v->q * v->stride_w);
            }
            cpu_window_take(kc, u->nr, (int)cpu_min(u->nr, end - j), tap + pc, at, x,
                            panel + (j - first) * kc);
        }
        for (long i = 0; i < t->kg; i += u->mr)
            u->tile(kc, filters + pc * t->wide + i * kc, panel, &s, y + i * v->p * v->q + first,
                    v->p * v->q, cpu_min(u->mr, t->kg - i), end - first);
    }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct conv2d *v = &p->conv2d;

    (void)d;
    if ((double)cpu_frame_h(v) * (double)cpu_frame_w(v) > 1e9)
        return "needs images of at most 1e9 pixels";
    return cpu_conv_why_not(p);
}

static const char *prepare(struct plan *plan)
{
    const struct cpu_micro *u;

    TRY(cpu_micro_pick(sizeof(float), &u));
    const struct implicit t = look(&plan->problem->conv2d, u);
    plan->state = (void *)u;
    plan->workspace_bytes = t.frame + t.filters + t.offsets + t.own * (size_t)plan->device->threads;
    snprintf(plan->algo, sizeof plan->algo, "%s %dx%d k%ld t%d", u->isa, u->mr, u->nr, t.kc,
             plan->device->threads);
    return NULL;
}

static void pack(const struct implicit *t, const float *w, float *filters, long *tap, int threads)
{
    const struct conv2d *v = t->v;
    const struct cpu_windows windows = {v, NULL, t->H, t->W};

    if (!v->nhwc) cpu_window_taps(&windows, t->cg, tap);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (long i = 0; i < v->groups * t->wide / (v->nhwc ? t->u->nr : t->u->mr); i++) {
        const long sliver = v->nhwc ? t->u->nr : t->u->mr, g = i / (t->wide / sliver);
        const long k = i % (t->wide / sliver) * sliver, many = cpu_min(sliver, t->kg - k);
        for (long pc = 0; pc < t->crs; pc += t->kc) {
            const long kc = cpu_min(t->kc, t->crs - pc);
            const float *from = w + (g * t->kg + k) * t->crs + pc;
            float *to = filters + g * t->crs * t->wide + pc * t->wide + k * kc;
            if (v->nhwc) t->u->pack_b(many, kc, from, 1, t->crs, to);
            else t->u->pack_a(many, kc, from, t->crs, 1, to);
        }
    }
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct conv2d *v = &plan->problem->conv2d;
    const struct implicit t = look(v, plan->state);
    const int threads = plan->device->threads;
    char *room = o->workspace;
    float *filters = (float *)(void *)(room + t.frame);
    long *tap = (long *)(void *)(room + t.frame + t.filters);
    char *owns = room + t.frame + t.filters + t.offsets;
    const long plane = v->p * v->q, all = v->nhwc ? v->n * plane : plane; /* pixels to cut */
    const long unit = v->nhwc ? t.u->mr : t.u->nr, most = v->nhwc ? PIXELS / unit * unit : t.nc;
    const long sides = v->groups * (v->nhwc ? 1 : v->n); /* tasks that are there uncut */
    const long share = cpu_up(all * sides, 4 * threads),
               part = cpu_even(all, cpu_max(unit, cpu_min(most, share / unit * unit)), unit);
    const long parts = cpu_up(all, part);

    (void)stream;
    pack(&t, o->in[1], filters, tap, threads);
    const float *x = cpu_frame(v, o->in[0], o->workspace, t.H, t.W, 0, threads);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (long i = 0; i < parts * sides; i++) {
        const long first = i % parts * part, end = cpu_min(first + part, all);
        const long side = i / parts, g = side % v->groups, n = side / v->groups;
        const float *w = filters + g * t.crs * t.wide;
        float *mine = (float *)(void *)(owns + t.own * (size_t)cpu_thread());
        float *y = o->out;
        if (v->nhwc) pixels_by_filters(&t, x, w, y, g, first, end, mine);
        else
            filters_by_pixels(&t, x + (n * v->c + g * t.cg) * t.H * t.W, w, tap,
                              y + (n * v->k + g * t.kg) * plane, first, end, mine);
    }
    return NULL;
}

const struct impl conv2d_cpu_implicit = {
    .name = "conv2d_cpu_implicit",
    .summary = "windows packed straight from the image",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
