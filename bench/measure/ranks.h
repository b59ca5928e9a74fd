/* ranks.h: what can be said of two samples when nothing is known of their distribution: the exact
 * rank-sum test (Wilcoxon 1945; Mann, Whitney 1947) and the interval of the shift that belongs to
 * it (Moses; Hollander, Wolfe 1973, section 4.3), so that the one never contradicts the other. */
#ifndef WHEELBENCH_RANKS_H
#define WHEELBENCH_RANKS_H
#ifdef __cplusplus
extern "C" {
#endif

enum { RANKS_MAX = 64 }; /* values of a sample */

/* Two-sided p of x[n] and y[m] having one distribution. Pairs of equal values
 * count against a difference, as they do in the interval. 1 <= n, m <= RANKS_MAX. */
double ranks_p(const double *x, int n, const double *y, int m);

/* The 95 % interval of the shift x - y: of the n m differences, those that a test at 5 % leaves.
 * 1: *lo and *hi are set; 0: the samples are too small (below 4 + 4, 3 + 5, 2 + 8). */
int ranks_shift(const double *x, int n, const double *y, int m, double *lo, double *hi);
#ifdef __cplusplus
}
#endif
#endif
