/* derive_sums.c: numbers over several problems or devices, and of energy. Sums of times, never a
 * mean of ratios: a network spends time, not ratios. What is missing is counted, not filled in. */
#include <math.h>
#include <string.h>
#include "report/derive.h"

struct total derive_sum(const double *t, const double *rival, const double *n, size_t problems)
{
    struct total s = {.factor = NAN, .of = (int)problems};

    for (size_t i = 0; i < problems; i++) {
        const double times = n ? n[i] : 1;
        if (!(t[i] > 0) || !(rival[i] > 0)) continue;
        s.us += times * t[i];
        s.rival_us += times * rival[i];
        s.problems++;
    }
    if (s.problems && s.rival_us > 0) s.factor = s.us / s.rival_us;
    return s;
}

struct total derive_total(const struct row *rows, size_t count, const double *n,
                          const struct row *like)
{
    struct total s = {.factor = NAN};

    for (size_t i = 0; i < count; i++) {
        const struct row *r = &rows[i];
        if (strcmp(r->impl, like->impl) || strcmp(r->device, like->device) ||
            strcmp(r->place, like->place) || strcmp(r->cache, like->cache) ||
            strcmp(r->timing, like->timing))
            continue;
        const struct row *rival = derive_rival(rows, count, r);
        const double t = derive_usable(r) ? r->t_med_us : NAN;
        const struct total one =
            derive_sum(&t, rival ? &rival->t_med_us : &(double){NAN}, n ? &n[i] : NULL, 1);
        s.us += one.us;
        s.rival_us += one.rival_us;
        s.problems += one.problems;
        s.of++;
    }
    if (s.problems && s.rival_us > 0) s.factor = s.us / s.rival_us;
    return s;
}

struct portability derive_portability(const double *t, const double *best, int devices)
{
    struct portability p = {.where_it_runs = NAN, .least = NAN, .devices = devices};
    double sum = 0;

    for (int i = 0; i < devices; i++) {
        if (!(t[i] > 0) || !(best[i] > 0)) continue;
        sum += t[i] / best[i];
        p.least = fmin(p.least, best[i] / t[i]); /* of NaN and a number: the number */
        p.runs++;
    }
    if (p.runs) p.where_it_runs = p.runs / sum;
    if (p.runs && p.runs == devices) p.value = p.where_it_runs;
    return p;
}

double derive_energy_ratio(const struct row *r, const struct row *rival)
{
    if (!rival || !derive_usable(r) || !derive_usable(rival) || !(rival->energy_mj > 0)) return NAN;
    return r->energy_mj / rival->energy_mj;
}

double derive_joules_per_gflop(const struct row *r)
{
    return derive_usable(r) && r->flop > 0 ? 1e6 * r->energy_mj / r->flop : NAN;
}
