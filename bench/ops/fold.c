/* fold.c: where the free axis of a product lies in its operands. Kept from the ops, whose files say
 * what they are, because only the judge of exact data asks. */
#include "ops/fold.h"

/* n columns of B and C, or m rows of A and C: the longer, since folding it saves more. */
void fold_gemm(const struct problem *p, long length, struct problem *folded,
               struct fold_axis axis[MAX_OPERANDS])
{
    const struct gemm *g = &p->gemm;
    struct gemm *to = &folded->gemm;
    const struct fold_axis none = {0};

    *folded = *p;
    if (g->n >= g->m) {
        axis[0] = none;
        axis[1] = g->trans_b ? (struct fold_axis){1, g->n, g->k, 0, g->ldb}
                             : (struct fold_axis){g->k, g->n, 1, g->ldb, 1};
        axis[MAX_INPUTS] = (struct fold_axis){g->m, g->n, 1, g->ldc, 1};
        to->n = to->ldc = length;
        to->ldb = g->trans_b ? g->k : length;
    } else {
        axis[0] = g->trans_a ? (struct fold_axis){g->k, g->m, 1, g->lda, 1}
                             : (struct fold_axis){1, g->m, g->k, 0, g->lda};
        axis[1] = none;
        axis[MAX_INPUTS] = (struct fold_axis){1, g->m, g->n, 0, g->ldc};
        to->m = length;
        to->lda = g->trans_a ? length : g->k;
        to->ldc = g->n;
    }
}

/* The output channels of a group, in w and y, or the images of x and y: the longer. */
void fold_conv2d(const struct problem *p, long length, struct problem *folded,
                 struct fold_axis axis[MAX_OPERANDS])
{
    const struct conv2d *g = &p->conv2d;
    const long pixels = g->p * g->q, channels = g->k / g->groups,
               depth = g->c / g->groups * g->r * g->s;
    const struct fold_axis none = {0};

    *folded = *p;
    if (channels >= g->n) {
        axis[0] = none;
        axis[1] = (struct fold_axis){g->groups, channels, depth, channels * depth, depth};
        axis[MAX_INPUTS] =
            g->nhwc
                ? (struct fold_axis){g->n * pixels * g->groups, channels, 1, channels, 1}
                : (struct fold_axis){g->n * g->groups, channels, pixels, channels * pixels, pixels};
        folded->conv2d.k = g->groups * length;
    } else {
        axis[0] = (struct fold_axis){1, g->n, g->c * g->h * g->w, 0, g->c * g->h * g->w};
        axis[1] = none;
        axis[MAX_INPUTS] = (struct fold_axis){1, g->n, g->k * pixels, 0, g->k * pixels};
        folded->conv2d.n = length;
    }
}
