/* gemm_choose.c: see gemm_choose.h. A multiprocessor of an H100 multiplies 4096 FLOPs a clock in
 * bf16, half of it in tf32, 256 in f32 outside the tensor cores and in f64 on them; what a kernel
 * reaches of that is in its line. What it can do must agree with its why_not (test_gemm_hand). */
#include "kernels/gemm_choose.h"
#include <math.h>
#include "number.h"

static const double DRAM = 14;     /* bytes a clock for each multiprocessor: 3.2 TB/s in all */
static const double L2_ALONE = 50; /* the same for a block that reads while others do not */
static const double L2_ALL = 24;   /* and while all do */
static const double LAUNCH = 2000; /* clocks of a kernel behind another one, beside its work */
static const double RAMP = 2500; /* from a block's start to its first product, and its last store */

struct view {
    const struct gemm *g;
    enum precision precision;
    int cc;
    double sms, m, n, k, size, bytes; /* of an element; of A, B and C */
};

static struct view view_of(const struct problem *p, const struct device *d)
{
    const struct gemm *g = &p->gemm;
    struct view v = {g,
                     p->precision,
                     d->cc,
                     d->sms > 0 ? d->sms : 1,
                     (double)g->m,
                     (double)g->n,
                     (double)g->k,
                     storage_size(storage_of(p->precision)),
                     0};

    v.bytes = v.size * (v.m * v.k + v.k * v.n + v.m * v.n * (g->beta == 0 ? 1 : 2));
    return v;
}
static int is_half(const struct view *v) { return v->precision == F16 || v->precision == BF16; }
static int in_packs(const struct view *v) /* rows of A and B on 16 bytes */
{
    const long each = 16 / (long)v->size;
    return v->g->lda % each == 0 && v->g->ldb % each == 0;
}
static double up(double x, double unit) { return ceil(x / unit); }
static double dram(const struct view *v, double bytes) { return bytes / (DRAM * v->sms); }
/* Reads an operand of that many elements and writes it somewhere else. */
static double pass(const struct view *v, double elements, double written)
{
    return LAUNCH + dram(v, elements * (v->size + written));
}

/* Blocks that load, multiply and store in turn hide most of the shorter of the two. */
static double overlapped(double a, double b) { return fmax(a, b) + fmin(a, b) / 4; }

/* A block for each tile. `rate`: FLOPs a clock of a multiprocessor that is full; `alone`: how much
 * longer a block takes that has one to itself, for its share of the rate. */
static double tiled(const struct view *v, double bm, double bn, double rate, double alone)
{
    const double tiles = up(v->m, bm) * up(v->n, bn), slower = tiles <= v->sms ? alone : 1;
    const double work = up(tiles, v->sms) * 2 * bm * bn * v->k / rate * slower;

    return overlapped(dram(v, v->bytes), work) + RAMP;
}

/* stream_k.cuh: whole waves of tiles, then the rest dealt out over `most` blocks in steps of bk,
 * `step` clocks each; whoever begins a tile of the rest adds the others' pieces. */
static double dealt(const struct view *v, double tiles, double bk, double step, double most,
                    double piece_bytes)
{
    const double blocks = up(v->k, bk), grid = fmax(1, fmin(most, tiles * blocks));
    const double waves = floor(tiles / grid), rest = tiles - waves * grid;
    const double steps = waves * blocks + up(rest * blocks, grid);
    const double pieces = rest > 0 ? fmin(grid / rest, blocks) : 0;

    return fmax(dram(v, v->bytes), steps * step) + RAMP + pieces * piece_bytes / L2_ALONE;
}

static double by_ffma(const struct view *v)
{
    const double tiles = up(v->m, 128) * up(v->n, 256), step = 2.0 * 128 * 256 * 64 / 220;
    const int pack_a = !v->g->trans_a || v->g->lda % 4, pack_b = v->g->trans_b || v->g->ldb % 4;

    return dealt(v, tiles, 64, step, v->sms, 128 * 256 * 4) +
           (pack_a ? pass(v, v->m * v->k, v->size) : 0) +
           (pack_b ? pass(v, v->n * v->k, v->size) : 0);
}

/* 128 bytes of k at a time; L2 gives what more than one wave of blocks asks for at 950 clocks. */
static double wgmma(const struct view *v)
{
    const double tiles = up(v->m, 128) * up(v->n, 128), step = tiles <= v->sms ? 700 : 950;

    const double work = up(tiles, v->sms) * (up(v->k, 64) * step + RAMP);

    return overlapped(dram(v, v->bytes), work) + RAMP;
}

/* Pairs of blocks, 256 rows; 4 clocks for a column and 128 bytes of k; with columns of 192 the end
 * of a tile is hidden. turn: wgmma takes tf32 with k contiguous alone. */
static double persistent(const struct view *v, int turn)
{
    const struct gemm *g = v->g;
    const long each = 16 / (long)v->size;
    const int pack_a = g->lda % each || (turn && g->trans_a);
    const int pack_b = g->ldb % each || (turn && !g->trans_b);
    const double steps = up(v->k, 128 / v->size), rows = up(v->m, 256);
    const double pairs = fmax(1, floor(v->sms / 2));
    const double wide = up(rows * up(v->n, 256), pairs) * (steps * 1024 + 1900);
    const double narrow = up(rows * up(v->n, 192), pairs) * steps * 768 * 1.015 + 1900;

    return overlapped(dram(v, v->bytes), turn ? wide : fmin(wide, narrow)) + RAMP +
           (pack_a ? pass(v, v->m * v->k, v->size) : 0) +
           (pack_b ? pass(v, v->n * v->k, v->size) : 0);
}

/* 64x64 tiles, two blocks a multiprocessor; the last block of a tile reads all parts. */
static double splitk(const struct view *v)
{
    const double tiles = up(v->m, 64) * up(v->n, 64);
    const double parts = fmin(up(1.8 * v->sms, tiles), floor(v->k / 512));

    if (parts < 2) return INFINITY;
    const double work = up(tiles * parts, 2 * v->sms) * 2 * 2.0 * 64 * 64 * (v->k / parts) / 110;
    return overlapped(dram(v, v->bytes), work) + RAMP + parts * 64 * 64 * 4 / L2_ALONE;
}

/* W, the large operand, once through the registers: for each element of it a conversion and a
 * product with each row of the small one, which is converted, too. A block has 16 KB or
 * 32 on its way, the latter in lines of 64 bytes. */
static double gemv(const struct view *v)
{
    const int b_streams = v->m <= v->n;
    const double small = fmin(v->m, v->n), rows = fmax(v->m, v->n);
    const int along = b_streams ? v->g->trans_b : !v->g->trans_a;
    const long ld = b_streams ? v->g->ldb : v->g->lda;
    const double width = small <= 2 ? small : up(small, 4) * 4;
    const double blocks = up(rows, along ? 4 : 64 / v->size);
    const double share = fmin(1, blocks * (along ? 8 : 12) / (DRAM * v->sms)); /* of the bytes */
    const double lanes = 0.7 * (v->precision == F64 ? 64 : 128) * fmin(blocks, v->sms);
    const double issue = rows * v->k * (1 + 1.5 * width) / lanes;
    const double slower = ld * (long)v->size % 16 ? 3 : 1;

    if (small > 8) return INFINITY;
    return fmax(dram(v, v->bytes) / share, issue) * slower + RAMP;
}

static double skinny(const struct view *v)
{
    const double small = fmin(v->m, v->n), rows = fmax(v->m, v->n);
    const int s_mn = v->m <= v->n ? v->g->trans_a : !v->g->trans_b;
    const double width = s_mn || small > 32 ? 64 : small > 16 ? 32 : small > 8 ? 16 : 8;
    const double w = 128 * 64 * 2, s = width * 64 * 2;
    const double step = fmax(w / DRAM, (w + s) / L2_ALL), tiles = up(rows, 128);

    if (small > 64) return INFINITY;
    return dealt(v, tiles, 64, step, fmin(v->sms, tiles * up(v->k, 64) / 4), 128 * width * 4);
}

/* Parts of bf16, two bytes each, written and read again; 0.8 of the rate. */
static double split(const struct view *v, double parts, double products)
{
    const double rows = up(v->m, 128), wide = rows * up(v->n, 192);
    const double bn = wide < v->sms ? 128 : 192, step = products * 2 * 128 * bn * 64 / (0.8 * 4096);

    return dealt(v, rows * up(v->n, bn), 64, step, v->sms, 128 * bn * 4) +
           pass(v, v->m * v->k, 2 * parts) + pass(v, v->n * v->k, 2 * parts);
}

double gemm_way_clocks(enum gemm_way way, const struct problem *p, const struct device *d)
{
    const struct view v = view_of(p, d);
    const int f32 = v.precision == F32, f64 = v.precision == F64, tf32 = v.precision == TF32;
    const int half = is_half(&v), ampere = v.cc >= 80, hopper = v.cc == 90;
    const int small = fmax(v.m, fmax(v.n, v.k)) < 1 << 30; /* indices of 32 bits */

    switch (way) {
    case BY_gemm_smem:
        return !tf32 && v.n <= 65535.0 * 32 ? tiled(&v, 32, 32, f64 ? 20 : 41, 1.5) : INFINITY;
    case BY_gemm_regtile:
        return half && v.n <= 65535.0 * 128 ? tiled(&v, 128, 128, 130, 1.5) : INFINITY;
    case BY_gemm_warptile:
        if (!f32 && !f64) return INFINITY;
        return v.n <= 65535.0 * 128 ? tiled(&v, f64 ? 64 : 128, 128, f64 ? 80 : 160, 1.5)
                                    : INFINITY;
    case BY_gemm_ffma: return f32 && hopper && small ? by_ffma(&v) : INFINITY;
    case BY_gemm_mma:
        return half && ampere ? tiled(&v, 128, 128, in_packs(&v) ? 1480 : 500, 1.5) : INFINITY;
    case BY_gemm_mma_tf32:
        return tf32 && ampere ? tiled(&v, 128, 128, in_packs(&v) ? 740 : 500, 1.5) : INFINITY;
    case BY_gemm_mma_f64:
        return f64 && ampere && d->shared_max >= 96 << 10 ? tiled(&v, 128, 128, 230, 1) : INFINITY;
    case BY_gemm_wgmma: return half && hopper && in_packs(&v) ? wgmma(&v) : INFINITY;
    case BY_gemm_wgmma_persistent: return half && hopper ? persistent(&v, 0) : INFINITY;
    case BY_gemm_wgmma_tf32: return tf32 && hopper ? persistent(&v, 1) : INFINITY;
    case BY_gemm_splitk: return f32 || half ? splitk(&v) : INFINITY;
    case BY_gemm_gemv: return gemv(&v);
    case BY_gemm_skinny: return half && hopper && in_packs(&v) ? skinny(&v) : INFINITY;
    case BY_gemm_bf16x3: return tf32 && hopper && small ? split(&v, 2, 3) : INFINITY;
    case BY_gemm_bf16x6: return f32 && hopper && small ? split(&v, 3, 6) : INFINITY;
    default: return INFINITY;
    }
}

const char *gemm_way_name(enum gemm_way way)
{
    static const char *const name[] = {
#define WAY(name) #name,
        GEMM_WAYS(WAY)
#undef WAY
    };

    return name[way];
}

int gemm_choose(const struct problem *p, const struct device *d,
                enum gemm_way order[GEMM_WAY_COUNT])
{
    double clocks[GEMM_WAY_COUNT];
    int count = 0;

    for (int way = 0; way < GEMM_WAY_COUNT; way++) {
        const double mine = gemm_way_clocks((enum gemm_way)way, p, d);
        int at = count;
        if (isinf(mine)) continue;
        for (; at > 0 && clocks[at - 1] > mine; at--)
            clocks[at] = clocks[at - 1], order[at] = order[at - 1];
        clocks[at] = mine, order[at] = (enum gemm_way)way;
        count++;
    }
    return count;
}
