/* test_agree.c: the judge's policy: what must pass passes, what must fail fails, for its own
 * reason. */
#include "check.h"
#include <float.h>
#include <stdlib.h>
#include "data/agree.h"

enum { N = 4096 };
static double y[N], s[N];

/* A contract's view of n outputs got[i] against y and s. */
static const char *verdict(enum precision p, double k, int bitwise, const double *got, int n,
                           const char **flag)
{
    static struct agreement a;
    const struct agree_rule r = agree_rule(p, k, 1, bitwise);

    agree_clear(&a);
    for (int i = 0; i < n; i++) agree_one(&r, i, got[i], y[i], s[i], &a);
    return agree_verdict(&a, &r, p, 64, flag);
}

static void one_element(void)
{
    const double one[1] = {1};
    double got[1];
    const char *flag;
    const struct agree_rule r = agree_rule(F32, 64, 1, 0);
    const double bound = r.factor * 1 + r.tiny;

    CHECK_LOSS("the judge: a NaN, an infinity or a unit in the last place too many passes");
    y[0] = 1, s[0] = 1;
    CHECK_OK(verdict(F32, 64, 0, one, 1, &flag));
    got[0] = NAN;
    CHECK_FAILS(verdict(F32, 64, 0, got, 1, &flag), "nan: 1 of 1");
    got[0] = INFINITY;
    CHECK_FAILS(verdict(F32, 64, 0, got, 1, &flag), "nan:");
    got[0] = 1 + bound * (1 - 1e-9);
    CHECK_OK(verdict(F32, 64, 0, got, 1, &flag));
    got[0] = 1 + bound * (1 + 1e-9);
    CHECK_FAILS(verdict(F32, 64, 0, got, 1, &flag), "bound: 1 of 1 differ, first (0,0)");
    CHECK_STR(flag, "WRONG");
    CHECK_NEAR(bound, 2 * 8 * 0x1p-24 + 0x1p-24, 1e-9);
}

static void bitwise(void)
{
    double got[3] = {12, 3, 5};
    const char *flag;

    CHECK_LOSS("the exact check: an index that is off by one in one element");
    y[0] = 12, y[1] = 3, y[2] = 5;
    s[0] = s[1] = s[2] = 1e9; /* no bound helps */
    CHECK_OK(verdict(F32, 64, 1, got, 3, &flag));
    got[2] = 6;
    CHECK_FAILS(verdict(F32, 64, 1, got, 3, &flag), "exact: 1 of 3 differ, first (0,2): 6 not 5");
    got[2] = NAN;
    CHECK_FAILS(verdict(F32, 64, 1, got, 3, &flag), "nan:");
    y[0] = 0, y[1] = 3, y[2] = 5;
    got[0] = -0.0, got[2] = 5;
    CHECK_OK(verdict(F32, 64, 1, got, 3, &flag)); /* a sum of cancelling terms may be either zero */
}

/* Dot products of length k: how an honest f32 sum and one with tf32-cut inputs fare as f32. */
static void contract(void)
{
    static double honest[N], cut[N], zeros[N];
    const int k = 65536, n = 256;
    const char *flag;

    CHECK_LOSS("the precision contract: tf32 inside a row that says f32");
    srand(3);
    for (int i = 0; i < n; i++) {
        float sum = 0, low = 0;
        y[i] = s[i] = 0;
        for (int p = 0; p < k; p++) {
            const float a = (float)rand() / (float)RAND_MAX * 2 - 1,
                        b = (float)rand() / (float)RAND_MAX * 2 - 1;
            const float ca = float_from_bits(bits_from_float(a) & 0xffffe000u),
                        cb = float_from_bits(bits_from_float(b) & 0xffffe000u);
            sum += a * b;
            low += ca * cb;
            y[i] += (double)a * b;
            s[i] += fabs((double)a * b);
        }
        honest[i] = sum;
        cut[i] = low;
    }
    CHECK_OK(verdict(F32, k, 0, honest, n, &flag));
    CHECK_OK(verdict(TF32, k, 0, cut, n, &flag));
    CHECK(verdict(F32, k, 0, cut, n, &flag) != NULL);
    CHECK_STR(flag, "DOWNGRADED");
    for (int i = 0; i < n; i++) y[i] = 1, s[i] = 1000;
    CHECK(verdict(BF16, k, 0, zeros, n, &flag) != NULL);
    CHECK_STR(flag, "MISTRUSTED"); /* within a bound of that size, and still nothing computed it */
}

static void parts(void)
{
    struct agreement a, b;
    const struct agree_rule r = agree_rule(F32, 1, 1, 1);

    CHECK_LOSS("the place of the first wrong element");
    agree_clear(&a);
    agree_clear(&b);
    agree_one(&r, 9, 1, 2, 1, &a);
    agree_one(&r, 4, 1, 3, 1, &b);
    agree_add(&a, &b);
    CHECK(a.checked == 2 && a.bad == 2 && a.first_bad == 4 && a.first_want == 3);
    CHECK_NEAR(agree_rel_l2(&a), sqrt(5. / 13), 1e-12);
}

int main(void)
{
    one_element();
    bitwise();
    contract();
    parts();
    return check_done();
}
