/* shares: a sum over k dealt out by stream_k.cuh: whole tiles first, then tiles in pieces that
 * their owner adds. Twice with one workspace that nobody clears between the launches, as in a timed
 * loop. */
#define FAULTS(X)                                                                                  \
    X(stale, " wrong", "flags that still stand at 1 from the launch before")                       \
    X(left_out, " wrong", "the pieces of the others not added")                                    \
    X(not_put, "at a polling loop", "a piece that is never handed over")                           \
    X(all_put, " wrong", "whoever begins a tile hands it over, too")
#include "planted.h"
#include "kernels/stream_k.cuh"

enum { THREADS = 64, SUMS = 3, SMS = 4 };

static __global__ void __launch_bounds__(THREADS)
    shares(struct stream_k s, const int *x, float *c, int f)
{
    const int t = threadIdx.x;
    const auto sync = [] { __syncthreads(); };
    pieces mine(s);
    struct piece p;

    while (mine.get(s, &p)) {
        float sum[SUMS] = {};
        int tile, col;
        stream_k_place(s, 2, p.tile, &tile, &col); /* one column: the same number */
        for (int kb = p.kb0; kb < p.kb1; kb++)
            for (int i = 0; i < SUMS; i++)
                sum[i] += (float)x[((tile * s.blocks + kb) * SUMS + i) * THREADS + t];
        if (p.kb0 > 0 && f == not_put) continue;
        if (p.kb0 > 0 || (f == all_put && p.kb1 < s.blocks)) {
            stream_k_put<THREADS>(s, sum, t, sync);
            continue;
        }
        if (p.kb1 < s.blocks && f != left_out) stream_k_add<THREADS>(s, p, sum, t, sync);
        for (int i = 0; i < SUMS; i++) c[(tile * SUMS + i) * THREADS + t] = sum[i];
    }
}

static int check(int tiles, int blocks, int f)
{
    struct stream_k s;
    const int grid = stream_k_plan(&s, tiles, 1, blocks, 1, 1, 1, SMS);
    const int outputs = tiles * SUMS * THREADS;
    buffer<int> x(outputs * blocks), flag(grid);
    buffer<float> partial(grid * SUMS * THREADS), c(outputs);
    int bad = 0;

    s.flag = flag.p, s.partial = partial.p;
    for (int launch = 0; launch < 2; launch++) {
        for (int i = 0; i < x.n; i++) x[i] = (i * 7 + launch * 5) % 11 - 5;
        for (int i = 0; i < grid && f == stale; i++) flag[i] = 1;
        shares<<<grid, THREADS>>>(s, x.p, c.p, f);
        bad += c.differ([&](int i) {
            const int tile = i / (SUMS * THREADS), rest = i % (SUMS * THREADS);
            int want = 0;
            for (int kb = 0; kb < blocks; kb++)
                want += x[(tile * blocks + kb) * SUMS * THREADS + rest];
            return (float)want;
        });
        for (int i = 0; i < grid; i++) bad += flag[i] == 1;
    }
    return bad;
}
static int wrong(enum fault f)
{
    if (f) return check(1, 9, f);
    return check(1, 9, f) + check(3, 5, f) + check(6, 4, f) + check(8, 3, f) + check(1, 1, f);
}
