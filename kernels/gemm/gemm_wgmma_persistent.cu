/* gemm_wgmma_persistent: gemm_wgmma left the tensor cores idle while the ring filled and C was
 * stored, and its tile asked too much of shared memory. Here one block a multiprocessor stays for
 * the whole launch and walks 128x256 tiles, which need no more than the 128 bytes a clock there
 * are. The producer runs on into the next tile; a consumer rounds its sums into slabs of shared
 * memory that idle warps of the producer's group send to C by TMA. Blocks go in pairs along m:
 * both need the same B, so each fetches half and sends it to both, and L2 is read half as often.
 * Ping-pong, 128x192: a consumer has a whole tile to itself, every other one, and stores it while
 * the other one multiplies.
 * TMA wants rows on 16 bytes. An A or B with another ld is copied first, inside the call, at the
 * price of reading and writing it once: 67 MB each at 4096^3, by count 23 us beside 180. A
 * C with another ldc is stored by the idle warps themselves, under the next tile.
 * Bound: power, where the tensor cores are busy nearly all of the time; below 4096^3 whole waves
 * of tiles.
 * arch: sm_90a
 */
#include <math.h>
#include "kernels/gemm/wgmma_persistent.cuh"

template <class T> using wide = tile<T, 256, 2, 1>;
template <class T> using pingpong = tile<T, 192, 4, 2>;

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision != BF16 && p->precision != F16) return "f16 and bf16 only";
    return wgmma_why_not(&p->gemm, d, 1); /* any ld: what TMA does not take is packed */
}

/* By the clocks of the fullest block: 4 a column and 64 k. The end of a tile is taken to show for
 * 1900 clocks, which ping-pong hides, and ping-pong to be 1.5 % slower otherwise. */
static int takes_pingpong(const struct gemm *g, const struct device *d)
{
    const double k = ceil(g->k / 64.0), rows = ceil(g->m / (2.0 * BM)), pairs = d->sms / 2;
    const double n256 = ceil(rows * ceil(g->n / 256.0) / pairs);
    const double n192 = ceil(rows * ceil(g->n / 192.0) / pairs);

    return n192 * k * 192 * 4 * 1.015 < n256 * (k * 256 * 4 + 1900);
}

static const char *prepare(struct plan *plan)
{
    const int two = takes_pingpong(&plan->problem->gemm, plan->device);

    return with_wgmma_operands(plan->problem, [&](auto t, auto a, auto b) {
        typedef decltype(t) T;
        return two ? persistent_prepare<pingpong<T>, a.value, b.value>(plan)
                   : persistent_prepare<wide<T>, a.value, b.value>(plan);
    });
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const int two = takes_pingpong(&plan->problem->gemm, plan->device);

    return with_wgmma_operands(plan->problem, [&](auto t, auto a, auto b) {
        typedef decltype(t) T;
        return two ? persistent_run<pingpong<T>, a.value, b.value>(plan, o, stream)
                   : persistent_run<wide<T>, a.value, b.value>(plan, o, stream);
    });
}

static void cleanup(struct plan *plan) { free(plan->state); }

extern "C" const struct impl gemm_wgmma_persistent = {
    .name = "gemm_wgmma_persistent",
    .summary = "128x256 or ping-pong 128x192 tiles by wgmma; blocks stay, pairs share B",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = cleanup,
};
