/* ranks.c: see ranks.h. U is the number of pairs in which x is below y. */
#include "measure/ranks.h"
#include <math.h>
#include "measure/stats.h"

enum { PAIRS = RANKS_MAX * RANKS_MAX };
static const double level = 0.05;

/* ways[u]: orders of n + m different values in which U is u, the coefficients of the Gaussian
 * binomial prod (1 - q^(m+i)) / (1 - q^i), i = 1..n. Returns their sum. */
static double count_orders(int n, int m, double *ways)
{
    const int most = n * m;
    double sum = 0;

    for (int u = 0; u <= most; u++) ways[u] = u == 0;
    for (int i = 1; i <= n; i++) {
        for (int u = most; u >= m + i; u--) ways[u] -= ways[u - m - i];
        for (int u = i; u <= most; u++) ways[u] += ways[u - i];
    }
    for (int u = 0; u <= most; u++) sum += ways[u];
    return sum;
}

double ranks_p(const double *x, int n, const double *y, int m)
{
    double ways[PAIRS + 1], below = 0;
    const double sum = count_orders(n, m, ways);
    int less = 0, more = 0;

    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            less += x[i] < y[j];
            more += x[i] > y[j];
        }
    const int u = n * m - (less > more ? less : more);
    for (int k = 0; k <= u; k++) below += ways[k];
    return fmin(1, 2 * below / sum);
}

int ranks_shift(const double *x, int n, const double *y, int m, double *lo, double *hi)
{
    double work[PAIRS + 1], below = 0;
    const double sum = count_orders(n, m, work);
    int k = 0;

    while (k < n * m && 2 * (below += work[k]) <= level * sum) k++;
    if (!k) return 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) work[i * m + j] = x[i] - y[j];
    stats_sort(work, n * m);
    *lo = work[k - 1];
    *hi = work[n * m - k];
    return 1;
}
