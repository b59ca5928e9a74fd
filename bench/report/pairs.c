/* pairs.c: see pairs.h. */
#include "report/pairs.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double least_band = 0.04; /* of one process a side: see pairs_band */

static int same_key(const struct row *a, const struct row *b)
{
    return !strcmp(a->impl, b->impl) && !strcmp(a->shape, b->shape) && !strcmp(a->op, b->op) &&
           !strcmp(a->precision, b->precision) && !strcmp(a->layout, b->layout) &&
           !strcmp(a->place, b->place) && !strcmp(a->cache, b->cache) &&
           !strcmp(a->timing, b->timing);
}

static double aa_floor(const struct stored_run *run)
{
    double percent = 0;

    manifest_number(&run->manifest, "health", "aa_floor_pct", &percent);
    return percent > 0 ? percent / 100 : 0;
}

double pairs_band(const struct stored_run *a, const struct stored_run *b)
{
    return 1 + fmax(least_band, 3 * fmax(aa_floor(a), aa_floor(b)));
}

static struct pair make_pair(const struct row *a, const struct row *b, double band)
{
    struct pair p = {.a = a, .b = b, .ratio = a->t_med_us / b->t_med_us, .lo = NAN, .hi = NAN};

    if (a->t_ci_lo_us > 0 && a->t_ci_hi_us > 0 && b->t_ci_lo_us > 0 && b->t_ci_hi_us > 0) {
        p.lo = a->t_ci_lo_us / b->t_ci_hi_us;
        p.hi = a->t_ci_hi_us / b->t_ci_lo_us;
    }
    p.decided = fabs(log(p.ratio)) > log(band) && (p.lo > 1 || p.hi < 1);
    return p;
}

size_t pairs_find(const struct stored_run *a, const struct stored_run *b, struct pair **out)
{
    const double band = pairs_band(a, b);
    size_t n = 0;

    *out = malloc((a->count + 1) * sizeof **out);
    for (size_t i = 0; *out && i < a->count; i++)
        for (size_t j = 0; j < b->count && derive_usable(&a->rows[i]); j++)
            if (same_key(&a->rows[i], &b->rows[j]) && derive_usable(&b->rows[j])) {
                (*out)[n++] = make_pair(&a->rows[i], &b->rows[j], band);
                break;
            }
    return n;
}
