/* agree.h: does an output agree with the float64 judge? One policy for all ops, in four tests:
 *
 *   exact     integer inputs: the bits must be those of the rounded truth; where only a sample is
 *             compared, Freivalds' check covers the other outputs (freivalds.h)
 *   bound     |got - y| <= (W (2 sqrt(K) u_acc + 2 u_in) + u_out) S + tiny, element by element, so
 *             that a NaN fails; S = sum |terms|, K terms in one output, W the algorithm's slack
 *   contract  ||got - y|| / ||y|| <= l2_cap of the precision: a wrong precision that the bound lets
 *             through at large K cannot hide here
 *   hygiene   no NaN or Inf, not mostly zeros, nothing outside the output touched (sets.h)
 *
 * u_acc u_in u_out: unit roundoffs of accumulation, of inputs that are cut before the product
 * (tf32) and of the stored output. The elementwise part is shared by CPU and GPU. */
#ifndef WHEELBENCH_AGREE_H
#define WHEELBENCH_AGREE_H
#include <math.h>
#include "number.h"
#ifdef __cplusplus
extern "C" {
#endif

struct agree_rule {
    enum storage storage;
    double factor; /* of S: everything before it in the bound */
    double tiny;   /* smallest normal number of the output type */
    int bitwise;   /* the exact test */
};

struct agreement {
    long checked, bad, nans, zeros, zeros_wanted;
    double max_frac;         /* of error / bound */
    double max_abs;          /* of the error */
    double sum_err2, sum_y2; /* for the relative L2 norm */
    long first_bad;          /* index of the first output that failed; -1: none */
    double first_got, first_want;
};

/* Judges one output `got` against y and S, and adds it to `a`, whose first_bad is the smallest. */
static inline HOST_DEVICE void agree_one(const struct agree_rule *r, long index, double got,
                                         double y, double s, struct agreement *a)
{
    const double error = fabs(got - y), bound = r->factor * s + r->tiny;
    int good = error <= bound; /* false for NaN */

    if (r->bitwise) {
        unsigned char want[8];
        number_store(r->storage, want, 0, y);
        good = got == number_load(r->storage, want, 0);
    }
    a->checked++;
    a->nans += !(fabs(got) <= 1.7976931348623157e308);
    a->zeros += got == 0;
    a->zeros_wanted += y == 0;
    if (error <= 1.7976931348623157e308) {
        const double frac = error / bound;
        if (frac > a->max_frac) a->max_frac = frac;
        if (error > a->max_abs) a->max_abs = error;
        a->sum_err2 += error * error;
        a->sum_y2 += y * y;
    }
    if (good) return;
    a->bad++;
    if (a->first_bad < 0 || index < a->first_bad) {
        a->first_bad = index;
        a->first_got = got;
        a->first_want = y;
    }
}

static inline HOST_DEVICE void agree_clear(struct agreement *a)
{
    memset(a, 0, sizeof *a);
    a->first_bad = -1;
}

static inline HOST_DEVICE void agree_add(struct agreement *to, const struct agreement *part)
{
    if (part->first_bad >= 0 && (to->first_bad < 0 || part->first_bad < to->first_bad)) {
        to->first_bad = part->first_bad;
        to->first_got = part->first_got;
        to->first_want = part->first_want;
    }
    to->checked += part->checked;
    to->bad += part->bad;
    to->nans += part->nans;
    to->zeros += part->zeros;
    to->zeros_wanted += part->zeros_wanted;
    if (part->max_frac > to->max_frac) to->max_frac = part->max_frac;
    if (part->max_abs > to->max_abs) to->max_abs = part->max_abs;
    to->sum_err2 += part->sum_err2;
    to->sum_y2 += part->sum_y2;
}

/* The rule of a problem's precision. slack: W, 0 counts as 1. reduction: K. */
struct agree_rule agree_rule(enum precision p, double reduction, double slack, int bitwise);

/* ||got - y|| / ||y||; 0 when both are zero. */
double agree_rel_l2(const struct agreement *a);

/* NULL: agrees. Else why not, "exact: 3 of 65536 differ, first (127,0): 12 not 16"; *flag is the
 * flag of the row: WRONG, DOWNGRADED or MISTRUSTED. cols: columns of the output, for the place. */
const char *agree_verdict(const struct agreement *a, const struct agree_rule *r, enum precision p,
                          long cols, const char **flag);
#ifdef __cplusplus
}
#endif
#endif
