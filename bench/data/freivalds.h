/* freivalds.h: looks at every output when the exact test can afford only a sample (Freivalds:
 * Probabilistic machines can use less running time, IFIP Congress 1977). X holds 16 columns of
 * random signs; gemm: D = alpha A B + beta C only if D X = alpha A (B X) + beta C X, and the right
 * side is a problem of 16 columns, which the same oracle solves. Integers, so that equality is
 * exact: one wrong output of a line is always seen, errors that could cancel are missed with
 * probability 2^-16. Not for real data, where the rounding of a whole line would hide an output. */
#ifndef WHEELBENCH_FREIVALDS_H
#define WHEELBENCH_FREIVALDS_H
#include "data/sets.h"

struct freivalds {
    struct fold_axis out; /* the folded axis in the output */
    uint16_t *signs;      /* X, in the place of the sets */
    double *y;            /* truth times X, likewise; NULL: the check is left out */
    char left_out[160];
};

/* The folded truth of set `set` of exact data, at 16 (f16, bf16: 32) / length of the axis of what
 * the full truth costs. Left out, with left_out saying why, where the op has no axis to fold, the
 * longest is too short for that to be cheap, or memory is scarce. NULL or an error of the place. */
const char *freivalds_open(struct freivalds *f, struct sets *s, int set);
void freivalds_close(struct freivalds *f, const struct place_ops *ops);

/* NULL: the output of the set agrees, or the check is left out. A line that does not is judged
 * output by output, so that what is said is what the full judge would say, and an output rounded on
 * store is not held against anybody; the verdict of the first wrong line, whose outputs are added
 * to `a`. */
const char *freivalds_check(const struct freivalds *f, struct sets *s, int set,
                            const struct agree_rule *r, struct agreement *a, const char **flag);
#endif
