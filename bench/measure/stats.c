/* stats.c: see stats.h. */
#include "measure/stats.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void stats_sort(double *x, int n) { qsort(x, (size_t)n, sizeof *x, ascending); }

static double middle(const double *sorted, int n)
{
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

double stats_median(double *x, int n)
{
    stats_sort(x, n);
    return middle(x, n);
}

double stats_quantile(const double *sorted, int n, double q)
{
    const double at = q * (n - 1);
    const int i = (int)floor(at);

    if (i + 1 >= n) return sorted[n - 1];
    return sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
}

int stats_median_rank(int n)
{
    double term = pow(0.5, n), tail = 0; /* P(Bin = i), P(Bin <= i) */
    int k = 0;

    for (int i = 0; i < n; i++) {
        tail += term;
        if (2 * tail > 0.05) break;
        k = i + 1;
        term *= (double)(n - i) / (i + 1);
    }
    return k;
}

static double half_width_pct(const double *sorted, int n, int k)
{
    return k ? 50 * (sorted[n - k] - sorted[k - 1]) / middle(sorted, n) : NAN;
}

double stats_ci_pct(double *x, int n)
{
    stats_sort(x, n);
    return half_width_pct(x, n, stats_median_rank(n));
}

double stats_theil_sen(const double *x, int n, double *scratch)
{
    int pairs = 0;

    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++) scratch[pairs++] = (x[j] - x[i]) / (j - i);
    return pairs ? stats_median(scratch, pairs) : 0;
}

struct stats stats_of(const double *x, int n)
{
    static double sorted[STATS_MAX], deviation[STATS_MAX], slopes[STATS_MAX * (STATS_MAX - 1) / 2];
    struct stats s = {.n = n, .p05 = NAN, .p95 = NAN, .ci_lo = NAN, .ci_hi = NAN};
    const int k = stats_median_rank(n);

    memcpy(sorted, x, (size_t)n * sizeof *x);
    s.median = stats_median(sorted, n);
    s.min = sorted[0];
    if (n >= 50) {
        s.p05 = stats_quantile(sorted, n, 0.05);
        s.p95 = stats_quantile(sorted, n, 0.95);
    }
    if (k) {
        s.ci_lo = sorted[k - 1];
        s.ci_hi = sorted[n - k];
    }
    s.ci_pct = half_width_pct(sorted, n, k);
    for (int i = 0; i < n; i++) deviation[i] = fabs(x[i] - s.median);
    s.mad = stats_median(deviation, n);
    s.drift_pct = 100 * stats_theil_sen(x, n, slopes) * (n - 1) / s.median;
    s.iqr_pct =
        100 * (stats_quantile(sorted, n, 0.75) - stats_quantile(sorted, n, 0.25)) / s.median;
    return s;
}
