/* roof_operands.c: see roof_operands.h. Where an element lies in the registers of a warp: PTX ISA,
 * "Matrix Fragments" of mma.m16n8k8, mma.m16n8k16 and of wgmma. */
#include "measure/roof_operands.h"
#include <math.h>
#include "data/generate.h"
#include "measure/roof_device.h"

enum { SEED = 1 };

static double uniform(unsigned matrix, unsigned index) /* in (0, 1] */
{
    return ((double)(generate_bits(SEED, 0, matrix, index) >> 11) + 1) * 0x1p-53;
}

/* Standard normal: Box and Muller, 1958. */
static double normal(unsigned matrix, unsigned index)
{
    return sqrt(-2 * log(uniform(matrix, 2 * index))) *
           cos(6.283185307179586 * uniform(matrix, 2 * index + 1));
}

static double element(int exact, unsigned matrix, unsigned index)
{
    if (exact) return (double)(generate_bits(SEED, 1, matrix, index) % 7) - 3;
    return normal(matrix, index);
}

/* A[x] of a pair. */
static double element_a(int exact, unsigned pair, int x, unsigned index)
{
    const double v = element(exact, 2 * pair + (exact ? (unsigned)x : 0), index);

    return exact || !x ? v : -v;
}

static double element_b(int exact, unsigned which, unsigned index)
{
    return element(exact, 1000 + which, index);
}

/* ---- mma: A[x] is 16 x k, B[y] is k x 8, for each warp ---- */

static int half(enum precision p) { return p == F16 || p == BF16; }
static int depth(enum precision p) { return p == TF32 ? 8 : 16; }
static int bs(enum precision p) { return p == F64 ? ROOF_MMA_BS_F64 : ROOF_MMA_BS; }

static double mma_a(enum precision p, int exact, int warp, int x, int row, int k)
{
    return element_a(exact, (unsigned)warp, x, (unsigned)(row * depth(p) + k));
}

static double mma_b(int exact, int warp, int y, int k, int column)
{
    return element_b(exact, (unsigned)(warp * ROOF_MMA_BS + y), (unsigned)(k * 8 + column));
}

size_t roof_mma_operands(enum precision p, int exact, void *to)
{
    const enum storage s = storage_of(p);
    const int as = 16 * depth(p) / 32, b_each = 8 * depth(p) / 32; /* elements of a lane */
    long at = 0;

    for (int warp = 0; warp < ROOF_MMA_WARPS; warp++) {
        for (int x = 0; x < 2; x++)
            for (int lane = 0; lane < 32; lane++)
                for (int i = 0; i < as; i++) {
                    const int g = lane / 4, t = lane % 4;
                    const int row = half(p) ? g + 8 * (i / 2 % 2) : g + 8 * (i % 2);
                    const int k = half(p) ? 2 * t + i % 2 + 8 * (i / 4) : t + 4 * (i / 2);
                    number_store(s, to, at++, mma_a(p, exact, warp, x, row, k));
                }
        for (int y = 0; y < bs(p); y++)
            for (int lane = 0; lane < 32; lane++)
                for (int i = 0; i < b_each; i++) {
                    const int g = lane / 4, t = lane % 4;
                    const int k = half(p) ? 2 * t + i % 2 + 8 * (i / 2) : t + 4 * i;
                    number_store(s, to, at++, mma_b(exact, warp, y, k, g));
                }
    }
    return (size_t)at * (size_t)storage_size(s);
}

double roof_mma_result(enum precision p, long steps, int thread, int i)
{
    const int warp = thread / 32, lane = thread % 32;
    const int row = lane / 4 + 8 * (i / 2), column = 2 * (lane % 4) + i % 2;
    double sum = 0;

    for (int y = 0; y < bs(p); y++)
        for (int k = 0; k < depth(p); k++)
            sum += (mma_a(p, 1, warp, 0, row, k) + mma_a(p, 1, warp, 1, row, k)) *
                   mma_b(1, warp, y, k, column);
    return 2 * (double)steps * sum; /* both D[x] hold it */
}

double roof_mma_flops(enum precision p)
{
    return ROOF_MMA_WARPS * 4.0 * bs(p) * 2 * 16 * 8 * depth(p);
}

/* ---- wgmma: A[x] is 64 x k for each warpgroup, B' is 256 x k ---- */

static int row_depth(enum precision p) { return ROOF_WGMMA_ROW / storage_size(storage_of(p)); }

static double wgmma_a(enum precision p, int exact, int group, int x, int row, int k)
{
    return element_a(exact, (unsigned)group, x, (unsigned)(row * row_depth(p) + k));
}

static double wgmma_b(enum precision p, int exact, int column, int k)
{
    return element_b(exact, 0, (unsigned)(column * row_depth(p) + k));
}

size_t roof_wgmma_operands(enum precision p, int exact, void *to)
{
    const enum storage s = storage_of(p);
    long at = 0;

    for (int group = 0; group < ROOF_WGMMA_GROUPS; group++)
        for (int x = 0; x < 2; x++)
            for (int row = 0; row < ROOF_WGMMA_M; row++)
                for (int k = 0; k < row_depth(p); k++)
                    number_store(s, to, at++, wgmma_a(p, exact, group, x, row, k));
    for (int column = 0; column < ROOF_WGMMA_N; column++)
        for (int k = 0; k < row_depth(p); k++)
            number_store(s, to, at++, wgmma_b(p, exact, column, k));
    return (size_t)at * (size_t)storage_size(s);
}

double roof_wgmma_result(enum precision p, long steps, int thread, int i)
{
    const int group = thread / 128, warp = thread / 32 % 4, lane = thread % 32;
    const int row = 16 * warp + lane / 4 + 8 * (i / 2);
    double sum = 0;

    for (int k = 0; k < row_depth(p); k++) {
        double b = 0;
        for (int column = 2 * (lane % 4) + i % 2; column < ROOF_WGMMA_N; column += 8)
            b += wgmma_b(p, 1, column, k);
        sum += (wgmma_a(p, 1, group, 0, row, k) + wgmma_a(p, 1, group, 1, row, k)) * b;
    }
    return (double)steps * sum;
}

double roof_wgmma_flops(enum precision p)
{
    return ROOF_WGMMA_GROUPS * 2.0 * 2 * ROOF_WGMMA_M * ROOF_WGMMA_N * row_depth(p);
}

/* ---- chains ---- */

void roof_chain_operands(int set, double pair[4])
{
    const unsigned at = (unsigned)(4 * set);

    pair[0] = (double)(float)(-1 + 0x1p-14 * uniform(2000, at));
    pair[1] = (double)(float)normal(2000, at + 1);
    pair[2] = (double)(float)(1 - 0x1p-14 * uniform(2000, at + 2));
    pair[3] = (double)(float)normal(2000, at + 3);
}
