/* compare_end.c: the foot of a comparison: counts, in which nothing is left out, what the evidence
 * is worth, and the sums of times. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "measure/stats.h"
#include "report/compare_print.h"
#include "report/words.h"

enum { SPREAD_LEAST_US = 50, SPREAD_CELLS = 20 }; /* fewer say nothing about 95 % */

static void add(char *line, size_t n, const char *format, size_t count)
{
    const size_t used = strlen(line);

    if (count) snprintf(line + used, n - used, format, count);
}

static void put_counts(const struct comparison *c, const struct compare_view *v,
                       struct plain_buffer *to)
{
    const size_t *n = c->verdicts;
    char line[600];

    snprintf(line, sizeof line, "%zu cells on both: %zu FASTER, %zu SLOWER, %zu SAME, %zu UNSURE",
             n[FASTER] + n[SLOWER] + n[SAME] + n[UNSURE] + n[CLOCK], n[FASTER], n[SLOWER], n[SAME],
             n[UNSURE]);
    add(line, sizeof line, ", %zu CLOCK", n[CLOCK]);
    add(line, sizeof line, "; %zu BROKEN", n[BROKEN]);
    add(line, sizeof line, "; %zu FIXED", n[FIXED]);
    add(line, sizeof line, "; %zu only in B", n[NEW]);
    add(line, sizeof line, "; %zu only in A", n[GONE]);
    add(line, sizeof line, "; %zu without a number on both", n[NEITHER]);
    const int hidden = !v->all && n[SAME] + n[NEW] + n[GONE] + n[NEITHER] > 0;
    table_say(to, v->format == COMPARE_MD, "%s%s", line, hidden ? " (--all lists every cell)" : "");
}

/* The most frequent reason of those that B skips. */
static void put_reason(const struct comparison *c, int markdown, struct plain_buffer *to)
{
    const char *most = NULL;
    size_t best = 0, gone = 0;

    for (size_t i = 0; i < c->count; i++) {
        const struct row *r = c->cells[i].verdict == GONE ? c->cells[i].row[1] : NULL;
        size_t n = 0;
        gone += r != NULL;
        for (size_t k = i; k < c->count && r && gone < 2000; k++)
            n += c->cells[k].verdict == GONE && c->cells[k].row[1] &&
                 !strcmp(c->cells[k].row[1]->reason, r->reason);
        if (n > best) best = n, most = r->reason;
    }
    if (best)
        table_say(to, markdown, "only in A: %zu were skipped in B, %zu of them for: %s", gone, best,
                  most);
}

static int any_doubtful(const struct comparison *c)
{
    for (size_t i = 0; i < c->count; i++)
        for (int s = 0; s < 2; s++)
            if (c->cells[i].evidence[s].repeats && words_doubtful(c->cells[i].row[s])) return 1;
    return 0;
}

/* Of the cells of which there is a ratio. */
static void put_evidence(const struct comparison *c, int markdown, struct plain_buffer *to)
{
    if (c->few)
        table_say(to, markdown,
                  "%zu cells have fewer than %d repeats on a side: one process says nothing about "
                  "the spread between processes, so there only differences beyond %.0f %% count; "
                  "run --preset publish has 6 repeats",
                  c->few, BETWEEN_REPEATS, COMPARE_BAND_ONE_PCT);
    if (c->crowded)
        table_say(to, markdown, "%zu cells have more than %d repeats on a side; these count",
                  c->crowded, EVIDENCE_MAX);
    if (any_doubtful(c))
        table_say(to, markdown, "* has a warning flag (the column flags of results.csv)");
}

static void put_total(char *line, size_t n, const char *what, const struct total *t)
{
    const size_t used = strlen(line);
    char factor[32];

    if (!t->problems) return;
    snprintf(line + used, n - used, "%s %s %s", used ? "," : "", what,
             compare_factor(t->factor, factor, sizeof factor));
    if (t->problems != t->of)
        snprintf(line + strlen(line), n - strlen(line), " (%d of %d problems)", t->problems, t->of);
}

static void put_promise(char *line, size_t n, const char *what, const struct total *got,
                        const struct total *roof)
{
    const size_t used = strlen(line);
    char a[32], b[32];

    if (!got->problems || !roof->problems) return;
    snprintf(line + used, n - used, "%s %s-bound problems %s of %s promised", used ? "," : "", what,
             compare_factor(got->factor, a, sizeof a), compare_factor(roof->factor, b, sizeof b));
}

static void put_gain(const struct comparison *c, const struct gain *g, int markdown,
                     struct plain_buffer *to)
{
    char line[500] = "", promise[500] = "";
    const int host = !strcmp(g->place, "host");

    put_total(line, sizeof line, "library", &g->library);
    put_total(line, sizeof line, "best hand kernels", &g->hand);
    if (c->mode == COMPARE_HARDWARE) {
        put_promise(promise, sizeof promise, "memory", &g->memory, &g->memory_roof);
        put_promise(promise, sizeof promise, "compute", &g->compute, &g->compute_roof);
    }
    table_say(to, markdown, "sum of times, A/B, %s %s, %d problems:%s%s%s%s", g->place,
              host ? g->cache : g->timing, g->library.of, *line ? line : " -", *promise ? ";" : "",
              promise, *promise ? " (fastest impl on each side)" : "");
}

/* How far two runs of one device are apart, beyond what launching makes of short calls. */
static void put_spread(const struct comparison *c, const char *place, int markdown,
                       struct plain_buffer *to)
{
    double *off = malloc((c->count + 1) * sizeof *off);
    int n = 0;

    for (size_t i = 0; i < c->count && off; i++) {
        const struct cell *cell = &c->cells[i];
        if (!compare_timed(cell) || strcmp(cell->row[0]->place, place)) continue;
        if (cell->evidence[0].t >= SPREAD_LEAST_US)
            off[n++] = 100 * fabs(cell->evidence[1].t / cell->evidence[0].t - 1);
    }
    if (n >= SPREAD_CELLS) {
        stats_sort(off, n);
        table_say(
            to, markdown,
            "%s, %d cells of %d us and more: half differ by at most %.2g %%, 95 %% of them by "
            "at most %.2g %%, all by at most %.2g %%",
            place, n, SPREAD_LEAST_US, stats_quantile(off, n, 0.5), stats_quantile(off, n, 0.95),
            off[n - 1]);
    }
    free(off);
}

void compare_print_end(const struct comparison *c, const struct compare_view *v,
                       struct plain_buffer *to)
{
    const int markdown = v->format == COMPARE_MD;

    put_counts(c, v, to);
    put_reason(c, markdown, to);
    for (int i = 0; i < 2; i++)
        if (c->gain[i].place) put_gain(c, &c->gain[i], markdown, to);
    if (c->mode == COMPARE_REGRESSION) {
        put_spread(c, "device", markdown, to);
        put_spread(c, "host", markdown, to);
    }
    put_evidence(c, markdown, to);
}
