/* cpu_gemm_few.c: C = A B where A has few rows, or, turned, where B has few columns. The few are
 * copied so that k runs fastest; the large operand is read once, where it lies: along its rows when
 * they run along C (axpy), else as dot products. Bound: memory, or the cache it lies in. */
#include "kernels/cpu_gemm_small.h"

enum { STRIP = 1024, DEPTH = 64, WORTH_WAKING = 512 << 10 /* bytes of the large operand */ };

/* The product as few x many: (i, p) of the few at f[i * fr + p * fc], (p, j) of the many at
 * b[p * br + j * bc], (i, j) of C at c[i * cr + j * cc]. */
struct view {
    long few, many, k, fr, fc, br, bc, cr, cc, strip;
    const char *f, *b;
};

static struct view view_of(const struct cpu_gemm *g, int threads)
{
    struct view v = {g->m, g->n, g->k, g->ars, g->acs, g->brs, g->bcs, g->ldc, 1, 0, g->a, g->b};

    if (g->n < g->m)
        v = (struct view){g->n,   g->m, g->k,   g->bcs, g->brs, g->acs,
                          g->ars, 1,    g->ldc, 0,      g->b,   g->a};
    v.strip = cpu_min(STRIP, cpu_max(64, cpu_up(cpu_up(v.many, 2 * threads), 64) * 64));
    return v;
}

static size_t copied(const struct view *v, long z)
{
    return cpu_pages((size_t)(v->few * v->k * z));
}
static size_t sums(const struct view *v, long z)
{
    return cpu_pages((size_t)(v->few * v->strip * z));
}

size_t cpu_gemm_few_room(const struct cpu_gemm *g, int threads)
{
    const struct view v = view_of(g, threads);

    return copied(&v, g->u->size) + sums(&v, g->u->size) * (size_t)threads;
}

#define DEFINE(T)                                                                                  \
    static void copy_##T(const struct view *v, T *to)                                              \
    {                                                                                              \
        for (long i = 0; i < v->few; i++)                                                          \
            for (long p = 0; p < v->k; p++)                                                        \
                to[i * v->k + p] = ((const T *)v->f)[i * v->fr + p * v->fc];                       \
    }                                                                                              \
    static void store_##T(const struct cpu_gemm *g, const struct view *v, long j0, long n,         \
                          const T *sum)                                                            \
    {                                                                                              \
        const T alpha = (T)g->alpha, beta = (T)g->beta;                                            \
        for (long i = 0; i < v->few; i++) {                                                        \
            T *c = (T *)g->c + i * v->cr + j0 * v->cc;                                             \
            for (long j = 0; j < n; j++, c += v->cc)                                               \
                *c = alpha * sum[i * v->strip + j] + (beta == 0 ? 0 : beta * *c);                  \
        }                                                                                          \
    }                                                                                              \
    /* columns j0..j0+n-1 of the product; f has rows of k */                                       \
    static void strip_##T(const struct cpu_gemm *g, const struct view *v, const T *f, long j0,     \
                          long n, T *sum)                                                          \
    {                                                                                              \
        const T *b = (const T *)v->b + j0 * v->bc;                                                 \
        for (long i = 0; v->bc == 1 && i < v->few; i++)                                            \
            for (long j = 0; j < n; j++) sum[i * v->strip + j] = 0;                                \
        for (long p = 0; v->bc == 1 && p < v->k; p += DEPTH)                                       \
            for (long i = 0; i < v->few; i += CPU_FEW)                                             \
                g->u->axpy((int)cpu_min(CPU_FEW, v->few - i), n, cpu_min(DEPTH, v->k - p),         \
                           f + i * v->k + p, v->k, b + p * v->br, v->br, sum + i * v->strip,       \
                           v->strip);                                                              \
        for (long j = 0; v->bc != 1 && j < n; j += 16)                                             \
            for (long i = 0; i < v->few; i += CPU_FEW)                                             \
                g->u->dot((int)cpu_min(CPU_FEW, v->few - i), cpu_min(16, n - j), v->k,             \
                          f + i * v->k, v->k, b + j * v->bc, v->bc, sum + i * v->strip + j,        \
                          v->strip);                                                               \
        store_##T(g, v, j0, n, sum);                                                               \
    }
DEFINE(float)
DEFINE(double)

static void strip(const struct cpu_gemm *g, const struct view *v, char *room, long e, int thread)
{
    const long z = g->u->size, j = e * v->strip, n = cpu_min(v->strip, v->many - j);
    void *sum = room + copied(v, z) + sums(v, z) * (size_t)thread;
    const void *f = v->fc == 1 && v->fr == v->k ? (const void *)v->f : room;

    if (z == 4) strip_float(g, v, f, j, n, sum);
    else strip_double(g, v, f, j, n, sum);
}

void cpu_gemm_few(const struct cpu_gemm *g, int threads, void *room)
{
    const struct view v = view_of(g, threads);
    const long strips = cpu_up(v.many, v.strip);

    if (v.fc == 1 && v.fr == v.k)
        ; /* as it should lie */
    else if (g->u->size == 4) copy_float(&v, room);
    else copy_double(&v, room);
    if (threads == 1 || (double)v.many * (double)v.k * g->u->size < WORTH_WAKING) {
        for (long e = 0; e < strips; e++) strip(g, &v, room, e, 0);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (long e = 0; e < strips; e++) strip(g, &v, room, e, cpu_thread());
}
