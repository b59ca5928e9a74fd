/* cpu_winograd.c: per block of tiles: transform t x t inputs (t = m + 2), t^2 products over the
 * channels, transform to m x m outputs. Inside all is nhwc and runs along channels; nchw is turned
 * while it is framed, and while it is stored.
 *
 *   U[t^2]  filters transformed, packed: panels of c x k, shared     once a call
 *   V[t^2]  tiles x c, M[t^2] tiles x k: of a block, of a thread, in L2 and L3
 */
#include "kernels/cpu_winograd.h"
#include "kernels/cpu_winograd_1d.h"

enum { CB = 64, MOST_T2 = 36 }; /* channels at a time: t^2 x 64 floats stay in L1 */

struct winograd {
    const struct cpu_micro *u;
    const struct conv2d *v;
    int m, t, t2, threads;
    long H, W, tp, tq, tiles, block; /* tiles down and across an image, of all, of a block */
    long wide, kc;                   /* k in whole slivers; depth of a panel */
    size_t frame, filters, own;      /* bytes */
};

static struct winograd look(const struct conv2d *v, const struct cpu_micro *u, int m, int threads)
{
    struct winograd g = {.u = u,
                         .v = v,
                         .m = m,
                         .t = m + 2,
                         .t2 = (m + 2) * (m + 2),
                         .threads = threads,
                         .tp = cpu_up(v->p, m),
                         .tq = cpu_up(v->q, m)};
    const long cache = 2 << 20;

    g.H = g.tp * m + 2;
    g.W = g.tq * m + 2;
    g.tiles = v->n * g.tp * g.tq;
    g.wide = cpu_up(v->k, u->nr) * u->nr;
    g.kc = cpu_even(v->c, u->kc, 4);
    g.block = cache / (g.t2 * (v->c + v->k) * 4) / u->mr * u->mr;
    g.block = cpu_min(cpu_max(g.block, 4 * u->mr), cpu_up(cpu_up(g.tiles, threads), u->mr) * u->mr);
    g.frame = cpu_frame_room(v, g.H, g.W, 1);
    g.filters = cpu_pages((size_t)(g.t2 * v->c * g.wide) * sizeof(float));
    g.own = cpu_pages(
        (size_t)(g.t2 * (cpu_max(g.block * (v->c + v->k), CB * u->nr) + CB) + g.kc * u->mr) *
        sizeof(float));
    return g;
}

/* A sliver of nr filters, from k on: transformed 64 channels at a time, packed into U. */
static void filters(const struct winograd *g, const float *w, float *U, long k, float *F, float *t)
{
    const struct conv2d *v = g->v;
    const long cs = v->nhwc ? 1 : 9, row = v->nhwc ? 3 * v->c : 3, col = v->nhwc ? v->c : 1;
    const long many = cpu_min(g->u->nr, v->k - k), step = g->u->nr * CB; /* of F[t^2][nr][CB] */

    for (long d = 0; d < v->c; d += g->kc)
        for (long c = d; c < cpu_min(d + g->kc, v->c); c += CB) {
            const long kc = cpu_min(g->kc, v->c - d), n = cpu_min(CB, d + kc - c);
            for (long j = 0; j < many; j++) {
                const float *f = w + (k + j) * v->c * 9 + c * cs;
                for (int s = 0; s < 3; s++)
                    filter_1d(g->t, n, f + s * col, cs, row, t + s * CB, g->t * CB);
                for (int r = 0; r < g->t; r++)
                    filter_1d(g->t, n, t + r * g->t * CB, 1, CB, F + r * g->t * step + j * CB,
                              step);
            }
            for (int e = 0; e < g->t2; e++)
                g->u->pack_b(many, n, F + e * step, 1, CB,
                             U + (e * v->c + d) * g->wide + k * kc + (c - d) * g->u->nr);
        }
}

/* V[t^2][block][c] of `tiles` tiles from `first` on */
static void inputs(const struct winograd *g, const float *x, long first, long tiles, float *V,
                   float *t)
{
    const long c = g->v->c;

    for (long i = 0; i < tiles; i++) {
        const long at = first + i, n = at / (g->tp * g->tq), p = at / g->tq % g->tp, q = at % g->tq;
        const float *from = x + ((n * g->H + g->m * p) * g->W + g->m * q) * c;
        for (long d = 0; d < c; d += CB) {
            const long many = cpu_min(CB, c - d);
            for (int s = 0; s < g->t; s++)
                input_1d(g->t, many, from + s * c + d, g->W * c, t + s * CB, g->t * CB);
            for (int r = 0; r < g->t; r++)
                input_1d(g->t, many, t + r * g->t * CB, CB, V + (r * g->t * g->block + i) * c + d,
                         g->block * c);
        }
    }
}

/* M[t^2][block][k] = V U */
static void products(const struct winograd *g, const float *V, const float *U, float *M, long tiles,
                     float *rim)
{
    const struct cpu_micro *u = g->u;
    const long c = g->v->c, k = g->v->k, none = 0;

    for (int e = 0; e < g->t2; e++)
        for (long d = 0; d < c; d += g->kc) {
            const long kc = cpu_min(g->kc, c - d);
            const struct cpu_scale s = {1, d ? 1 : 0};
            const float *panel = U + (e * c + d) * g->wide;
            for (long i = 0; i < tiles; i += u->mr) {
                const float *a = V + (e * g->block + i) * c + d;
                float *to = M + (e * g->block + i) * k;
                if (tiles - i >= u->mr)
                    u->inplace(1, &none, kc, a, c, 1, panel, u->nr, kc * u->nr, &s, to, k, u->mr,
                               k);
                else {
                    u->pack_a(tiles - i, kc, a, c, 1, rim);
                    u->tile(kc, rim, panel, &s, to, k, tiles - i, k);
                }
            }
        }
}

/* y of these tiles from M */
static void outputs(const struct winograd *g, const float *M, float *y, long first, long tiles,
                    float *t)
{
    const struct conv2d *v = g->v;
    const long plane = v->p * v->q, step = g->block * v->k;
    float o[4 * CB];

    for (long i = 0; i < tiles; i++) {
        const long at = first + i, n = at / (g->tp * g->tq), p = at / g->tq % g->tp * g->m,
                   q = at % g->tq * g->m;
        const long wide = cpu_min(g->m, v->q - q);
        for (long k = 0; k < v->k; k += CB) {
            const long many = cpu_min(CB, v->k - k);
            for (int s = 0; s < g->t; s++)
                output_1d(g->t, many, M + s * step + i * v->k + k, g->t * step, t + s * CB,
                          g->t * CB);
            for (long r = 0; r < cpu_min(g->m, v->p - p); r++) {
                output_1d(g->t, many, t + r * g->t * CB, CB, o, CB);
                float *to = v->nhwc ? y + ((n * v->p + p + r) * v->q + q) * v->k + k
                                    : y + (n * v->k + k) * plane + (p + r) * v->q + q;
                for (long s = 0; v->nhwc && s < wide; s++)
                    for (long c = 0; c < many; c++) to[s * v->k + c] = o[s * CB + c];
                for (long c = 0; !v->nhwc && c < many; c++)
                    for (long s = 0; s < wide; s++) to[c * plane + s] = o[s * CB + c];
            }
        }
    }
}

const char *cpu_winograd_why_not(const struct problem *p)
{
    const struct conv2d *v = &p->conv2d;

    if (v->r != 3 || v->s != 3 || v->stride_h != 1 || v->stride_w != 1) return "3x3, stride 1 only";
    if (v->dil_h != 1 || v->dil_w != 1 || v->groups != 1) return "no dilation, no groups";
    return cpu_conv_why_not(p);
}

size_t cpu_winograd_room(const struct conv2d *v, const struct cpu_micro *u, int m, int threads)
{
    const struct winograd g = look(v, u, m, threads);

    return g.frame + g.filters + g.own * (size_t)threads;
}

void cpu_winograd(const struct conv2d *v, const struct cpu_micro *u, int m, int threads,
                  const float *x, const float *w, float *y, void *room)
{
    const struct winograd g = look(v, u, m, threads);
    float *U = (float *)(void *)((char *)room + g.frame);
    char *owns = (char *)room + g.frame + g.filters;

    x = cpu_frame(v, x, room, g.H, g.W, 1, threads);
#pragma omp parallel num_threads(threads)
    {
        float *t = (float *)(void *)(owns + g.own * (size_t)cpu_thread());
        float *rim = t + g.t2 * CB, *V = rim + g.kc * u->mr, *M = V + g.t2 * g.block * v->c;
#pragma omp for schedule(dynamic)
        for (long k = 0; k < v->k; k += u->nr) filters(&g, w, U, k, V, t);
#pragma omp for schedule(dynamic)
        for (long b = 0; b < g.tiles; b += g.block) {
            const long tiles = cpu_min(g.block, g.tiles - b);
            inputs(&g, x, b, tiles, V, t);
            products(&g, V, U, M, tiles, rim);
            outputs(&g, M, y, b, tiles, t);
        }
    }
}
