/* derive.c: see derive.h. */
#include "report/derive.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "measure/stats.h"
#include "store/samples.h"
#include "wheelbench.h"

enum { UNKNOWN_RANK = 1 << 20 }; /* ladder position of the first impl that the registry lacks */

int derive_usable(const struct row *r) { return !strcmp(r->status, "ok") && r->t_med_us > 0; }

int derive_by_hand(const struct row *r)
{
    return !strcmp(r->tier, "naive") || !strcmp(r->tier, "tuned");
}

int derive_same_cell(const struct row *a, const struct row *b)
{
    return !strcmp(a->shape, b->shape) && !strcmp(a->op, b->op) &&
           !strcmp(a->precision, b->precision) && !strcmp(a->layout, b->layout) &&
           !strcmp(a->place, b->place) && !strcmp(a->cache, b->cache) &&
           !strcmp(a->timing, b->timing) && !strcmp(a->device, b->device) &&
           !strcmp(a->run, b->run);
}

const struct row *derive_rival(const struct row *rows, size_t count, const struct row *r)
{
    const struct row *best = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct row *c = &rows[i];
        if (strcmp(c->tier, "library") || !derive_usable(c) || !derive_same_cell(c, r)) continue;
        if (!best || c->t_med_us < best->t_med_us ||
            (c->t_med_us == best->t_med_us &&
             derive_order(rows, count, c) < derive_order(rows, count, best)))
            best = c;
    }
    return best;
}

/* ln(a / b) of every round of one repeat in which both have a sample. In both the rounds of a
 * repeat are in order; other repeats may lie between. */
static int logs_of_ratios(const struct row *a, const struct row *b, int repeat, double *out,
                          int room)
{
    int n = 0;

    for (int i = 0, j = 0; i < a->sample_count && j < b->sample_count && n < room;) {
        const struct sample_line *x = &a->sample[i], *y = &b->sample[j];
        if (x->repeat != repeat || y->repeat != repeat) {
            i += x->repeat != repeat;
            j += y->repeat != repeat;
            continue;
        }
        if (x->round == y->round) out[n++] = log(x->t_us / y->t_us);
        const double order = x->round - y->round;
        i += order <= 0;
        j += order >= 0;
    }
    return n;
}

/* Median and its interval, as factors, of n logarithms, which it sorts. */
static void put_factor(struct ratio *q, double *logs, int n)
{
    const int k = stats_median_rank(n);

    q->factor = exp(stats_median(logs, n));
    if (!k) return;
    q->lo = exp(logs[k - 1]);
    q->hi = exp(logs[n - k]);
}

struct ratio derive_ratio(const struct row *r, const struct row *rival)
{
    struct ratio q = {.factor = NAN, .lo = NAN, .hi = NAN};
    double logs[STATS_MAX], medians[REPEATS_MAX];

    if (!rival || !derive_usable(r) || !derive_usable(rival)) return q;
    q.factor = r->t_med_us / rival->t_med_us;
    for (int repeat = 1; repeat <= REPEATS_MAX && r != rival; repeat++) {
        const int n = logs_of_ratios(r, rival, repeat, logs, STATS_MAX);
        if (!n) continue;
        q.rounds += n;
        medians[q.repeats++] = stats_median(logs, n);
    }
    if (q.repeats == 1) put_factor(&q, logs, q.rounds); /* they are still there: no other came */
    if (q.repeats > 1) put_factor(&q, medians, q.repeats);
    return q;
}

double derive_wheel_factor(const struct row *r, const struct row *rival)
{
    return derive_ratio(r, rival).factor;
}

double derive_percent(const struct row *r, const struct row *rival)
{
    return 100 / derive_wheel_factor(r, rival);
}

double derive_lines_per_doubling(double lines_a, double t_a, double lines_b, double t_b)
{
    if (!(t_b > 0 && t_b < t_a)) return NAN;
    return (lines_b - lines_a) / log2(t_a / t_b);
}

/* ---- the ladder ---- */

static const struct impl *const *ladder(const char *op)
{
    static const struct impl *const none[] = {NULL};

    for (size_t i = 0; wheelbench_ops[i]; i++)
        if (!strcmp(wheelbench_ops[i]->name, op)) return wheelbench_ops[i]->impls;
    return none;
}

static long position(const char *op, const char *impl)
{
    const struct impl *const *l = ladder(op);

    for (long i = 0; l[i]; i++)
        if (!strcmp(l[i]->name, impl)) return i;
    return -1;
}

size_t derive_order(const struct row *rows, size_t count, const struct row *r)
{
    const long known = position(r->op, r->impl);

    if (known >= 0) return (size_t)known;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(rows[i].impl, r->impl) && !strcmp(rows[i].op, r->op)) return UNKNOWN_RANK + i;
    return UNKNOWN_RANK + count;
}

/* Is row i the first one of a tuned rung that the registry lacks, of the op and place of r? */
static int new_rung(const struct row *rows, size_t i, const struct row *r)
{
    const struct row *c = &rows[i];

    if (strcmp(c->tier, "tuned") || strcmp(c->op, r->op) || strcmp(c->place, r->place)) return 0;
    if (position(c->op, c->impl) >= 0) return 0;
    for (size_t j = 0; j < i; j++)
        if (!strcmp(rows[j].impl, c->impl) && !strcmp(rows[j].op, c->op)) return 0;
    return 1;
}

int derive_slot(const struct row *rows, size_t count, const struct row *r)
{
    const struct impl *const *l = ladder(r->op);
    const enum place place = !strcmp(r->place, "host") ? HOST : DEVICE;
    size_t tuned = 0, mine = 0;

    if (!strcmp(r->tier, "naive")) return 1;
    if (strcmp(r->tier, "tuned")) return 5;
    for (size_t i = 0; l[i]; i++) {
        if (l[i]->tier != TUNED || l[i]->place != place) continue;
        if (!strcmp(l[i]->name, r->impl)) mine = tuned;
        tuned++;
    }
    for (size_t i = 0; i < count; i++) {
        if (!new_rung(rows, i, r)) continue;
        if (!strcmp(rows[i].impl, r->impl)) mine = tuned;
        tuned++;
    }
    return 2 + (int)(tuned ? 3 * mine / tuned : 0);
}

/* ---- headlines ---- */

static size_t usable_rungs(const struct row *rows, size_t count, const struct row *of)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += derive_by_hand(&rows[i]) && derive_usable(&rows[i]) && derive_same_cell(&rows[i], of);
    return n;
}

static int first_of_cell(const struct row *rows, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (derive_usable(&rows[j]) && derive_same_cell(&rows[j], &rows[i])) return 0;
    return 1;
}

static int better(const struct headline *a, const struct headline *b)
{
    if (!b->of || a->rungs != b->rungs) return !b->of || a->rungs > b->rungs;
    const int a_f32 = !strcmp(a->of->precision, "f32"), b_f32 = !strcmp(b->of->precision, "f32");
    if (a_f32 != b_f32) return a_f32;
    const double a_work = a->of->flop > 0 ? a->of->flop : a->of->bytes;
    const double b_work = b->of->flop > 0 ? b->of->flop : b->of->bytes;
    if (a_work != b_work) return a_work > b_work;
    return (a->rival ? a->rival->t_med_us : 0) > (b->rival ? b->rival->t_med_us : 0);
}

struct headline derive_headline(const struct row *rows, size_t count, const char *op,
                                const char *place)
{
    static const char *const caches[] = {"cold", "hot"};
    const char *timing = !strcmp(place, "host") ? "host" : "batch";
    struct headline best = {NULL, NULL, NULL, 0};

    for (size_t c = 0; c < 2 && !best.of; c++)
        for (size_t i = 0; i < count; i++) {
            const struct row *r = &rows[i];
            if (strcmp(r->op, op) || strcmp(r->place, place) || strcmp(r->cache, caches[c]) ||
                strcmp(r->timing, timing) || !derive_usable(r) || !first_of_cell(rows, i))
                continue;
            const struct headline h = {r, derive_rival(rows, count, r), NULL,
                                       usable_rungs(rows, count, r)};
            if (better(&h, &best)) best = h;
        }
    best.base = best.rival;
    for (size_t i = 0; i < count && best.of && !best.rival; i++)
        if (derive_usable(&rows[i]) && derive_same_cell(&rows[i], best.of) &&
            (!best.base || rows[i].t_med_us < best.base->t_med_us))
            best.base = &rows[i];
    return best;
}

static int by_lines(const void *a, const void *b)
{
    const struct row *x = ((const struct rung *)a)->row, *y = ((const struct rung *)b)->row;

    if (x->sloc != y->sloc) return x->sloc < y->sloc ? -1 : 1;
    if (x->t_med_us != y->t_med_us) return x->t_med_us < y->t_med_us ? -1 : 1;
    return strcmp(x->impl, y->impl);
}

size_t derive_rungs(const struct row *rows, size_t count, const struct headline *h,
                    struct rung out[RUNGS_MAX], size_t *left_out)
{
    double front = INFINITY;
    size_t n = 0;

    *left_out = 0;
    for (size_t i = 0; i < count && h->of; i++) {
        const struct row *r = &rows[i];
        if (!derive_usable(r) || !derive_same_cell(r, h->of)) continue;
        if (!(r->sloc > 0) || n == RUNGS_MAX) {
            ++*left_out;
            continue;
        }
        out[n++] = (struct rung){r, 0, derive_slot(rows, count, r), RUNG_LIBRARY};
    }
    qsort(out, n, sizeof *out, by_lines);
    for (size_t i = 0; i < n; i++) {
        out[i].percent = derive_percent(out[i].row, h->base);
        if (!derive_by_hand(out[i].row)) continue;
        out[i].kind = out[i].row->t_med_us < front ? RUNG_FRONT : RUNG_DEAD_END;
        front = fmin(front, out[i].row->t_med_us);
    }
    return n;
}
