/* summary.c: see summary.h. */
#include "report/summary.h"
#include <string.h>

const char *summary_place(const struct stored_run *run) { return *run->device ? "device" : "host"; }

struct summary summary_of(const struct stored_run *run, const char *op, const char *place)
{
    struct summary s = {.head = derive_headline(run->rows, run->count, op, place)};

    for (size_t i = 0; i < run->count && s.head.of; i++) {
        const struct row *r = &run->rows[i];
        if (!derive_usable(r) || !derive_by_hand(r) || !derive_same_cell(r, s.head.of)) continue;
        if (!strcmp(r->tier, "naive") && (!s.naive || r->t_med_us < s.naive->t_med_us)) s.naive = r;
        if (!s.best || r->t_med_us < s.best->t_med_us) s.best = r;
    }
    if (s.best == s.naive) s.best = NULL;
    return s;
}

enum duel_end duel_end(const struct duel *d)
{
    if (d->ratio.lo <= 1 && d->ratio.hi >= 1) return DUEL_EVEN; /* no interval: NaN, not even */
    return d->ratio.factor < 1 ? DUEL_WON : DUEL_LOST;
}

/* Is r the best hand row of its cell, ties to the first? */
static int is_best(const struct stored_run *run, const struct row *r)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct row *c = &run->rows[i];
        if (c == r || !derive_by_hand(c) || !derive_usable(c) || !derive_same_cell(c, r)) continue;
        if (c->t_med_us < r->t_med_us || (c->t_med_us == r->t_med_us && c < r)) return 0;
    }
    return 1;
}

size_t summary_duels(const struct stored_run *run, const char *place, struct duel *out, size_t max)
{
    const char *timing = !strcmp(place, "host") ? "host" : "batch";
    size_t n = 0;

    for (size_t i = 0; i < run->count && n < max; i++) {
        const struct row *r = &run->rows[i];
        if (strcmp(r->place, place) || strcmp(r->cache, "cold") || strcmp(r->timing, timing) ||
            !derive_by_hand(r) || !derive_usable(r) || !is_best(run, r))
            continue;
        const struct row *rival = derive_rival(run->rows, run->count, r);
        if (rival) out[n++] = (struct duel){r, rival, derive_ratio(r, rival)};
    }
    return n;
}
