/* test_stats.c: the statistics behind every published time. */
#include "check.h"
#include <stdlib.h>
#include "measure/stats.h"

static void ranks(void)
{
    /* ranks of the 95 % interval of the median; from the binomial distribution */
    static const int n[] = {1, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 30};
    static const int k[] = {0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 10};

    CHECK_LOSS("intervals that cover less than they say");
    for (size_t i = 0; i < sizeof n / sizeof n[0]; i++) CHECK(stats_median_rank(n[i]) == k[i]);
}

/* Every n a cell can have, against the distribution counted out in whole numbers. */
static void ranks_counted(void)
{
    CHECK_LOSS("intervals that cover less than they say, or are wider than they need be");
    for (int n = 1; n <= 30; n++) {
        const double all = ldexp(1, n);
        double choose = 1, tail = 0; /* of n over i, and its sum up to i */
        int k = 0;
        for (int i = 0; i <= n / 2; i++) {
            tail += choose;
            if (2 * tail <= 0.05 * all) k = i + 1;
            choose = choose * (n - i) / (i + 1); /* exact: below 2^53 */
        }
        CHECK(stats_median_rank(n) == k);
    }
}

/* Samples 1 .. n in any order: everything can be said beforehand. */
static void every_length(void)
{
    CHECK_LOSS("cells with few or with an odd number of samples");
    for (int n = 1; n <= 30; n++) {
        double x[30], y[30];
        const int step = n % 7 ? 7 : 11, k = stats_median_rank(n);
        for (int i = 0; i < n; i++) x[i] = y[i] = i * step % n + 1;
        const struct stats s = stats_of(x, n);
        CHECK(s.n == n && s.min == 1);
        CHECK_NEAR(s.median, (n + 1) / 2.0, 0);
        CHECK(isnan(s.ci_lo) == (n < 6) && isnan(s.ci_pct) == (n < 6) && isnan(s.p05));
        CHECK_NEAR(s.iqr_pct, 50.0 * (n - 1) / s.median, 1e-9);
        if (k) {
            CHECK(s.ci_lo == k && s.ci_hi == n + 1 - k);
            CHECK_NEAR(s.ci_pct, 50 * (s.ci_hi - s.ci_lo) / s.median, 1e-9);
            CHECK_NEAR(stats_ci_pct(y, n), s.ci_pct, 1e-12);
        }
        for (int i = 0; i < n; i++) x[i] = 3; /* all equal */
        const struct stats flat = stats_of(x, n);
        CHECK(flat.median == 3 && flat.mad == 0 && flat.drift_pct == 0 && flat.iqr_pct == 0);
        CHECK(n < 6 || flat.ci_pct == 0);
    }
}

static void golden(void)
{
    const double even[] = {4, 1, 3, 2}, ten[] = {10, 1, 9, 2, 8, 3, 7, 4, 6, 5};
    struct stats s = stats_of(even, 4);

    CHECK_LOSS("the headline number: the median, as it is");
    CHECK_NEAR(s.median, 2.5, 0);
    CHECK_NEAR(s.min, 1, 0);
    CHECK_NEAR(s.mad, 1, 0);
    CHECK(isnan(s.ci_lo) && isnan(s.p05));
    s = stats_of(ten, 10);
    CHECK_NEAR(s.median, 5.5, 0);
    CHECK_NEAR(s.ci_lo, 2, 0);
    CHECK_NEAR(s.ci_hi, 9, 0);
    CHECK_NEAR(s.iqr_pct, 100 * (7.75 - 3.25) / 5.5, 1e-12);
    CHECK(ten[0] == 10); /* samples keep the order of the rounds */
    s = stats_of(even, 1);
    CHECK_NEAR(s.median, 4, 0);
    CHECK_NEAR(s.drift_pct, 0, 0);
}

static void drift(void)
{
    double x[20];

    CHECK_LOSS("the warning that a clock fell while measuring");
    for (int i = 0; i < 20; i++) x[i] = 100 + i; /* 19 % up over the run */
    x[7] = 1000; /* one outlier moves neither median nor slope much */
    const struct stats s = stats_of(x, 20);
    CHECK_NEAR(s.drift_pct, 100 * 19 / s.median, 1.5);
    CHECK_NEAR(s.median, 110, 1);
}

/* The interval contains the true median in at least 93 % of samples from a skewed distribution. */
static void coverage(void)
{
    int inside = 0;

    CHECK_LOSS("intervals that cover less than they say");
    srand(1);
    for (int trial = 0; trial < 4000; trial++) {
        double x[10];
        for (int i = 0; i < 10; i++) x[i] = -log((rand() + 1.0) / (RAND_MAX + 2.0));
        const struct stats s = stats_of(x, 10);
        inside += s.ci_lo <= log(2) && log(2) <= s.ci_hi;
    }
    CHECK(inside > 3720);
}

int main(void)
{
    ranks();
    ranks_counted();
    every_length();
    golden();
    drift();
    coverage();
    return check_done();
}
