/* conv2d_cpu_im2col: conv2d_im2col_openblas with our product in the place of OpenBLAS's. Strips are
 * shared out over the threads, and each multiplies its own on one thread. Left: the unfolded strip
 * is r s times the image, written and read once more; conv2d_cpu_implicit never writes it. */
#include <stdio.h>
#include "fail.h"
#include "kernels/cpu_gemm_hand.h"
#include "kernels/cpu_unfold.h"
#include "number.h"

/* Workspace of a thread: the strip, then room for its product. */
static size_t rooms(const struct conv2d *v, const struct cpu_micro *u, int threads)
{
    return cpu_pages(strip_room(v, threads, u->size));
}

/* The product of a strip of `rows` rows, without addresses. */
static struct cpu_gemm product(const struct conv2d *v, const struct cpu_micro *u, long rows)
{
    const long kg = v->k / v->groups, crs = v->c / v->groups * v->r * v->s,
               needed = strip_needed(v);
    struct cpu_gemm g = {.u = u, .k = crs, .alpha = 1};

    if (v->nhwc) { /* pixels x filters */
        g.m = rows * v->q;
        g.n = kg;
        g.ars = needed ? crs : v->c;
        g.acs = g.brs = 1;
        g.bcs = crs;
        g.ldc = v->k;
    } else { /* filters x pixels */
        g.m = kg;
        g.n = rows * v->q;
        g.ars = crs;
        g.acs = g.bcs = 1;
        g.brs = needed ? rows * v->q : v->p * v->q;
        g.ldc = v->p * v->q;
    }
    return g;
}

static size_t product_room(const struct conv2d *v, const struct cpu_micro *u, int threads)
{
    const long rows = strip_rows(v, threads, u->size), last = v->p % rows;
    const struct cpu_gemm g = product(v, u, rows), rest = product(v, u, last ? last : rows);
    const size_t a = cpu_gemm_by_room(cpu_gemm_choose(&g, 1), &g),
                 b = cpu_gemm_by_room(cpu_gemm_choose(&rest, 1), &rest);

    return a > b ? a : b;
}

static void convolve(const struct conv2d *v, const struct cpu_micro *u, const struct operands *o,
                     long n, long group, long p0, long rows, char *col, void *room)
{
    const long cg = v->c / v->groups, kg = v->k / v->groups, z = u->size;
    const long first = v->nhwc ? group * cg : group * cg * v->h * v->w;
    const struct strip t = {
        v, p0, rows, cg, (const char *)o->in[0] + (n * v->c * v->h * v->w + first) * z, col};
    const void *matrix = strip_unfold(&t, (size_t)z);
    const char *w = (const char *)o->in[1] + group * kg * cg * v->r * v->s * z;
    char *y = (char *)o->out + n * v->k * v->p * v->q * z;
    struct cpu_gemm g = product(v, u, rows);

    g.a = v->nhwc ? matrix : w;
    g.b = v->nhwc ? w : matrix;
    g.c = y + (v->nhwc ? p0 * v->q * v->k + group * kg : (group * kg * v->p + p0) * v->q) * z;
    cpu_gemm_by(cpu_gemm_choose(&g, 1), &g, room);
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    return cpu_gemm_why_not(p);
}

static const char *prepare(struct plan *plan)
{
    const struct conv2d *v = &plan->problem->conv2d;
    const int threads = plan->device->threads;
    const struct cpu_micro *u;

    TRY(cpu_micro_pick((size_t)storage_size(storage_of(plan->problem->precision)), &u));
    plan->state = (void *)u;
    plan->workspace_bytes = (rooms(v, u, threads) + product_room(v, u, threads)) * (size_t)threads;
    snprintf(plan->algo, sizeof plan->algo, "%s %dx%d %ld rows t%d", u->isa, u->mr, u->nr,
             strip_rows(v, threads, u->size), threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct conv2d *v = &plan->problem->conv2d;
    const struct cpu_micro *u = plan->state;
    const int threads = plan->device->threads;
    const long rows = strip_rows(v, threads, u->size), strips = cpu_up(v->p, rows);
    const size_t col = rooms(v, u, threads), own = col + product_room(v, u, threads);

    (void)stream;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (long i = 0; i < v->n * v->groups * strips; i++) {
        const long p0 = i % strips * rows, g = i / strips % v->groups, n = i / strips / v->groups;
        char *mine = (char *)o->workspace + own * (size_t)cpu_thread();
        convolve(v, u, o, n, g, p0, cpu_min(rows, v->p - p0), mine, mine + col);
    }
    return NULL;
}

const struct impl conv2d_cpu_im2col = {
    .name = "conv2d_cpu_im2col",
    .summary = "im2col by strips, then our own product",
    .file = __FILE__,
    .tier = TUNED,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
