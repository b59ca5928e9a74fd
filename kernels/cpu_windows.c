/* cpu_windows.c: see cpu_windows.h. nhwc copies runs of channels and turns them, nchw takes single
 * elements, or runs of pixels where the windows lie side by side. */
#include "kernels/cpu_windows.h"
#include <string.h>
#include "kernels/cpu_clones.h"

enum { MOST = 64 }; /* of nr */

long cpu_window(const struct cpu_windows *t, long o)
{
    const struct conv2d *v = t->v;
    const long n = o / (v->p * v->q), h = o / v->q % v->p * v->stride_h, w = o % v->q * v->stride_w;

    return v->nhwc ? ((n * t->H + h) * t->W + w) * v->c : (n * v->c * t->H + h) * t->W + w;
}

void cpu_window_taps(const struct cpu_windows *t, long channels, long *tap)
{
    const struct conv2d *v = t->v;

    for (long e = 0; e < channels * v->r * v->s; e++)
        tap[e] =
            (e / (v->r * v->s) * t->H + e / v->s % v->r * v->dil_h) * t->W + e % v->s * v->dil_w;
}

/* kc lines of `len` pixels side by side; a constant len is a few loads and stores. */
static inline __attribute__((always_inline)) void lines(const size_t len, long kc, int nr,
                                                        const long *tap, const float *x, float *to)
{
    for (long e = 0; e < kc; e++) memcpy(to + e * nr, x + tap[e], len * sizeof *to);
}

#define LINES(len)                                                                                 \
    case len: lines(len, kc, nr, tap, x, to); break;
static CLONES void run(int len, long kc, int nr, const long *tap, const float *x, float *to)
{
    switch (len) {
        LINES(1)
        LINES(2)
        LINES(3)
        LINES(4)
        LINES(5)
        LINES(6)
        LINES(7)
        LINES(8)
        LINES(14) LINES(16) LINES(28) LINES(32) default : lines((size_t)len, kc, nr, tap, x, to);
    }
}

/* One by one. */
static CLONES void pick(long kc, int nr, const long *tap, const int *at, const float *x, float *to)
{
    for (long e = 0; e < kc; e++)
        for (int i = 0; i < nr; i++) to[e * nr + i] = x[tap[e] + at[i]];
}

void cpu_window_take(long kc, int nr, int pixels, const long *tap, const int *at, const float *x,
                     float *to)
{
    int runs = 1;

    for (int i = 1; i < pixels; i++) runs += at[i] != at[i - 1] + 1;
    if (runs > (pixels + 3) / 4) {
        pick(kc, nr, tap, at, x, to);
        return;
    }
    for (int i = 0, len; i < pixels; i += len) {
        for (len = 1; i + len < pixels && at[i + len] == at[i] + len;) len++;
        run(len, kc, nr, tap, x + at[i], to + i);
    }
}

void cpu_window_sliver(const struct cpu_windows *t, const struct cpu_micro *u, const long *tap,
                       long o, long end, long pc, long kc, float *to)
{
    const struct conv2d *v = t->v;
    const int joined = v->dil_w == 1; /* a row of the filter is one run */
    const long run = joined ? v->s * v->c : v->c;
    const void *row[MOST];
    long from[MOST];
    int at[MOST];

    for (int i = 0; i < u->nr; i++) {
        from[i] = cpu_window(t, cpu_min(o + i, end - 1));
        at[i] = (int)(from[i] - from[0]);
    }
    if (!v->nhwc) {
        cpu_window_take(kc, u->nr, (int)cpu_min(u->nr, end - o), tap + pc, at, t->x + from[0], to);
        return;
    }
    for (long e = pc, len; e < pc + kc; e += len) {
        const long piece = e / run, d = e % run;
        const long h = joined ? piece : piece / v->s, w = joined ? 0 : piece % v->s;
        len = cpu_min(run - d, pc + kc - e);
        for (int i = 0; i < u->nr; i++)
            row[i] = t->x + from[i] + (h * v->dil_h * t->W + w * v->dil_w) * v->c + d;
        u->gather_b(len, row, to + (e - pc) * u->nr);
    }
}
