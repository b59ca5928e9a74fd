/* pool2d_global: one window that covers the whole plane (global average). In pool2d_vec one thread
 * walks a plane and few bytes are in flight; here x is read as the flat array that it is.
 *   nchw, small planes: a block copies 64 planes to shared memory in 16-byte loads, whatever the
 *     alignment of a plane, and two threads sum each.
 *   nchw, large planes: a block a plane, 16-byte loads.
 *   nhwc: 32 cells of channels a block, the pixels shared out over 8 warps, joined in shared
 * memory. Bound: memory, x once; where there are few planes or channels, idle SMs: one plane is
 * never split over blocks. Data are finite: NaN has no defined result. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernels/cell.cuh"

static const int PLANES = 64, THREADS = 128, LANES = THREADS / PLANES; /* nchw */
static const int SMALL_BYTES = 512;                                    /* of a small plane */
static const int CELLS = 32, GROUPS = 8;                               /* nhwc */
static_assert(PLANES % 16 == 0, "the planes of a block start on 16 bytes");
static_assert(PLANES * SMALL_BYTES <= 48 * 1024, "shared memory without an attribute");
static_assert(LANES == 2, "one shuffle joins a plane");

struct job {
    long planes, pixels; /* nchw: n c planes of `pixels`; nhwc: n images */
    long cells, items;   /* nhwc: cells of a pixel; of all images */
    double by;           /* what a sum is multiplied by */
};
typedef void kernel(struct job, const void *, void *);
struct launch {
    kernel *f;
    struct job job;
    dim3 grid, block;
    size_t shared;
};

template <bool MEAN, class F> static __device__ __forceinline__ F both(F a, F b)
{
    return MEAN ? plus(a, b) : larger(a, b);
}

/* One number from the units of a folded cell. */
template <bool MEAN, class F, class C>
static __device__ __forceinline__ F single(const cell_fold<C, MEAN> &f)
{
    const int UNIT = sizeof(wide<typename C::unit>) / sizeof(F);
    F part[C::count * UNIT];

#pragma unroll
    for (int i = 0; i < C::count; i++) spread(f.value(i), &part[i * UNIT]);
#pragma unroll
    for (int i = 1; i < C::count * UNIT; i++) part[0] = both<MEAN>(part[0], part[i]);
    return part[0];
}

template <class T, bool MEAN>
static __global__ void small_planes(struct job j, const void *x, void *y)
{
    typedef accumulator<T> acc;
    extern __shared__ uint4 stage[];
    const long first = (long)blockIdx.x * PLANES;
    const int here = (int)min((long)PLANES, j.planes - first), pixels = (int)j.pixels;
    const int bytes = here * pixels * (int)sizeof(T), vectors = bytes / 16;
    const T *from = (const T *)x + first * pixels;
    T *flat = (T *)stage;

#pragma unroll 4
    for (int i = threadIdx.x; i < vectors; i += THREADS) stage[i] = __ldg((const uint4 *)from + i);
    for (int i = vectors * 16 / (int)sizeof(T) + threadIdx.x; i < here * pixels; i += THREADS)
        flat[i] = from[i]; /* less than 16 bytes, behind the last plane of all */
    __syncthreads();

    const int plane = threadIdx.x / LANES;
    cell_fold<scalar_cell<T>, MEAN> part;
    part.start();
    if (plane < here)
        for (int i = threadIdx.x % LANES; i < pixels; i += LANES)
            part.take(((const scalar_cell<T> *)flat)[plane * pixels + i]);
    acc all = part.value(0);
    all = both<MEAN>(all, __shfl_xor_sync(0xffffffffu, all, 1));
    if (plane < here && threadIdx.x % LANES == 0)
        ((T *)y)[first + plane] = T(MEAN ? all * acc(j.by) : all);
}

template <class T, bool MEAN>
static __global__ void large_planes(struct job j, const void *x, void *y)
{
    typedef accumulator<T> acc;
    typedef vector_cell<T> C;
    typedef scalar_cell<T> S;
    const int PER = 16 / sizeof(T);
    __shared__ acc of_warp[THREADS / 32];
    const long begin = (long)blockIdx.x * j.pixels, end = begin + j.pixels;
    const long body = (begin + PER - 1) / PER * PER, tail = end / PER * PER; /* whole vectors */
    cell_fold<C, MEAN> vectors;
    cell_fold<S, MEAN> ends;

    vectors.start(), ends.start();
    if (begin + threadIdx.x < body) ends.take(cell_load((const S *)x + begin + threadIdx.x));
    if (tail + threadIdx.x < end) ends.take(cell_load((const S *)x + tail + threadIdx.x));
#pragma unroll 4
    for (long i = body / PER + threadIdx.x; i < tail / PER; i += THREADS)
        vectors.take(cell_load((const C *)x + i));

    acc all = both<MEAN>(single<MEAN, acc>(vectors), single<MEAN, acc>(ends));
    for (int flip = 16; flip; flip /= 2)
        all = both<MEAN>(all, __shfl_xor_sync(0xffffffffu, all, flip));
    if (threadIdx.x % 32 == 0) of_warp[threadIdx.x / 32] = all;
    __syncthreads();
    if (threadIdx.x) return;
    for (int i = 1; i < THREADS / 32; i++) all = both<MEAN>(all, of_warp[i]);
    ((T *)y)[blockIdx.x] = T(MEAN ? all * acc(j.by) : all);
}

template <class T, class C, bool MEAN>
static __global__ void columns(struct job j, const void *x, void *y)
{
    typedef accumulator<T> acc;
    typedef wide<typename C::unit> W;
    __shared__ W part[GROUPS][C::count][CELLS];
    const long item = (long)blockIdx.x * CELLS + threadIdx.x;
    const C *from = (const C *)x + item / j.cells * j.pixels * j.cells + item % j.cells;
    cell_fold<C, MEAN> mine;

    mine.start();
    if (item < j.items)
#pragma unroll 8
        for (long i = threadIdx.y; i < j.pixels; i += GROUPS)
            mine.take(cell_load(from + i * j.cells));
#pragma unroll
    for (int k = 0; k < C::count; k++) part[threadIdx.y][k][threadIdx.x] = mine.value(k);
    __syncthreads();
    if (threadIdx.y || item >= j.items) return;

    C out;
#pragma unroll
    for (int k = 0; k < C::count; k++) {
        W all = part[0][k][threadIdx.x];
        for (int g = 1; g < GROUPS; g++) all = both<MEAN>(all, part[g][k][threadIdx.x]);
        narrow(MEAN ? times(all, acc(j.by)) : all, &out.u[k]);
    }
    cell_store((C *)y + item, out);
}

template <class T, bool MEAN> static void choose(const struct pool2d *g, struct launch *l)
{
    const int N = 16 / sizeof(T);
    struct job *const j = &l->job;
    const bool wide_cell = g->c % N == 0, small = g->h * g->w * (long)sizeof(T) <= SMALL_BYTES;

    j->planes = g->nhwc ? g->n : g->n * g->c;
    j->pixels = g->h * g->w;
    j->cells = wide_cell ? g->c / N : g->c;
    j->items = g->n * j->cells;
    j->by = 1 / (g->kind == POOL_AVG_INCL ? (double)g->r * (double)g->s : (double)j->pixels);
    if (g->nhwc) {
        l->f = wide_cell ? columns<T, vector_cell<T>, MEAN> : columns<T, scalar_cell<T>, MEAN>;
        l->grid = dim3((unsigned)((j->items + CELLS - 1) / CELLS));
        l->block = dim3(CELLS, GROUPS);
    } else {
        l->f = small ? small_planes<T, MEAN> : large_planes<T, MEAN>;
        l->grid = dim3((unsigned)(small ? (j->planes + PLANES - 1) / PLANES : j->planes));
        l->block = dim3(THREADS);
        l->shared = small ? (size_t)(PLANES * j->pixels) * sizeof(T) : 0;
    }
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const struct pool2d *g = &p->pool2d;

    (void)d;
    if (p->precision == TF32) return "pooling multiplies nothing: run it as f32";
    if (g->p != 1 || g->q != 1 || g->r - g->pad_h < g->h || g->s - g->pad_w < g->w)
        return "needs one window that covers the whole plane";
    if (g->n * g->c > 2147483647L) return "needs n c <= 2147483647 (grid limit)";
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    const struct pool2d *g = &plan->problem->pool2d;
    struct launch *l = (struct launch *)calloc(1, sizeof *l);

    if (!l) return "out of memory";
    plan->state = l;
    with_storage(plan->problem->precision, [&](auto zero) {
        typedef decltype(zero) T;
        if (g->kind == POOL_MAX) choose<T, false>(g, l);
        else choose<T, true>(g, l);
    });
    if (g->nhwc)
        snprintf(plan->algo, sizeof plan->algo, "nhwc %d cells x %d groups a block", CELLS, GROUPS);
    else snprintf(plan->algo, sizeof plan->algo, "nchw %d planes a block", l->shared ? PLANES : 1);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct launch *l = (const struct launch *)plan->state;
    kernel *const f = l->f;

    f<<<l->grid, l->block, l->shared, stream>>>(l->job, o->in[0], o->out);
    return NULL; /* the harness asks for launch errors */
}

static void cleanup(struct plan *plan) { free(plan->state); }

extern "C" const struct impl pool2d_global = {
    .name = "pool2d_global",
    .summary = "one window a plane: flat loads, sums in shared memory",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = cleanup,
};
