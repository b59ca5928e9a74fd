/* fold.h: sums of an operand along one axis, with 16 vectors of random signs: sum over j of X[j][c]
 * v(a, j, b), for each line (a, b) and column c. All values are integers times a power of two, and
 * all sums below 2^53 of them, so the order of adding does not matter: the CPU and the GPU get the
 * same bits. The parts that both share.
 *
 * The sums stand for an operand, and the oracle reads operands in the storage type. Where that is
 * narrow, a sum is held by two elements, in columns 16 apart, which add up to it: the oracle is
 * linear, so its outputs add up too. */
#ifndef WHEELBENCH_FOLD_H
#define WHEELBENCH_FOLD_H
#include <math.h>
#include "number.h"

enum { FOLD_COLUMNS = 16 }; /* as many as a uint16_t has bits: one is a sign */

/* Elements that hold a sum: 24 bits of an f32, 2 x 11 of f16, 2 x 8 of bf16. */
static inline HOST_DEVICE int fold_pieces(enum storage type)
{
    return type == STORE_F16 || type == STORE_BF16 ? 2 : 1;
}

static inline HOST_DEVICE double fold_sign(uint16_t signs, int column)
{
    return signs >> column & 1 ? 1 : -1;
}

/* Where line (a, b), counted a * inner + b, starts. */
static inline HOST_DEVICE long fold_start(const struct fold_axis *x, long line)
{
    return line / x->inner * x->step_a + line % x->inner;
}

/* Where a column of a line lies in the folded operand, whose axis is `length` long. */
static inline HOST_DEVICE long fold_index(const struct fold_axis *x, long length, long line,
                                          long column)
{
    return (line / x->inner * length + column) * x->inner + line % x->inner;
}

/* Writes the sums of a line; returns how many of them the pieces do not hold. */
static inline HOST_DEVICE int fold_store(const struct fold_axis *x, enum storage type, long line,
                                         const double *sum, void *to)
{
    const int pieces = fold_pieces(type);
    int lost = 0;

    for (int c = 0; c < FOLD_COLUMNS; c++) {
        double rest = sum[c];
        for (int i = 0; i < pieces; i++) {
            const long at = fold_index(x, pieces * FOLD_COLUMNS, line, i * FOLD_COLUMNS + c);
            number_store(type, to, at, rest);
            rest -= number_load(type, to, at);
        }
        lost += !(rest == 0);
    }
    return lost;
}

/* Are the sums of a line those of y, the outputs of the folded problem? No for NaN. */
static inline HOST_DEVICE int fold_same(const struct fold_axis *x, enum storage type, long line,
                                        const double *sum, const double *y)
{
    const int pieces = fold_pieces(type);
    int same = 1;

    for (int c = 0; c < FOLD_COLUMNS; c++) {
        double want = 0;
        for (int i = 0; i < pieces; i++)
            want += y[fold_index(x, pieces * FOLD_COLUMNS, line, i * FOLD_COLUMNS + c)];
        same &= sum[c] == want;
    }
    return same;
}

/* Can a sum of outputs like this one be exact? Exact outputs are multiples of 1/2 (alpha and beta);
 * an output that is not, or is huge, is wrong, and rounding must not hide it. */
static inline HOST_DEVICE int fold_whole(const struct fold_axis *x, double v)
{
    return fabs(v) <= 0x1p50 / (double)x->length && 2 * v == rint(2 * v);
}
#endif
