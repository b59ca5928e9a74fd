/* stats.h: statistics of timing samples: pure functions, no allocation, nothing trimmed. Functions
 * that sort do so in place where the argument is not const. n >= 1 throughout. */
#ifndef WHEELBENCH_STATS_H
#define WHEELBENCH_STATS_H
#ifdef __cplusplus
extern "C" {
#endif

struct stats {
    int n;
    double median, min, p05, p95; /* p05 p95: NaN below 50 samples */
    double ci_lo, ci_hi;          /* 95 % interval of the median; NaN below 6 samples */
    double ci_pct;                /* its half-width, % of the median */
    double mad;                   /* median absolute deviation */
    double drift_pct;             /* Theil-Sen slope over the rounds x (n - 1), % of the median */
    double iqr_pct;               /* interquartile range, % of the median */
};

void stats_sort(double *x, int n);
double stats_median(double *x, int n); /* sorts; middle value or mean of the two */

/* Type 7 quantile (linear interpolation; Hyndman and Fan 1996) of sorted x, 0 <= q <= 1. */
double stats_quantile(const double *sorted, int n, double q);

/* Ranks k and n + 1 - k (1-based) of the order statistics that enclose the median with at least 95
 * %: k is the largest with 2 P(Bin(n, 1/2) <= k - 1) <= 0.05. Returns k; 0 when n is too small. */
int stats_median_rank(int n);

/* Half-width of that interval, % of the median; NaN where there is none. Sorts. */
double stats_ci_pct(double *x, int n);
/* What a cell should reach: rounds go on until it does (rounds.c), CI_WIDE says that it did not. */
#define STATS_CI_GOAL_PCT 0.5

/* Median of the slopes of all pairs (Theil 1950, Sen 1968) of x over its index; scratch: n (n - 1)
 * / 2. */
double stats_theil_sen(const double *x, int n, double *scratch);

/* All of it; x in the order of the rounds is left as it is. n at most STATS_MAX. */
enum { STATS_MAX = 512 };
/* Processes that a run may play a problem in, one after the other (repeats.h). */
enum { REPEATS_MAX = 32 };
struct stats stats_of(const double *x, int n);
#ifdef __cplusplus
}
#endif
#endif
