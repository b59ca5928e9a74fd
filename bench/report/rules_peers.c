/* rules_peers.c: rule 7, and the tier `verified`: a run against its own flags and against other
 * runs of the same device. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/rules.h"
#include "report/words.h"

/* Judgement, not evidence. */
#define FLAGGED_MOST 0.10
#define PEERS_APART 0.15
#define VERIFIED_WITHIN 0.05

static const char *text_of(const struct stored_run *run, const char *group, const char *key)
{
    const char *text = manifest_text(&run->manifest, group, key);

    return text ? text : "";
}

static int same_software(const struct stored_run *a, const struct stored_run *b)
{
    static const char *const keys[] = {"driver", "cublas", "cudnn", "openblas", "onednn"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(text_of(a, "software", keys[i]), text_of(b, "software", keys[i]))) return 0;
    return 1;
}

/* Rows of the host depend on how many threads ran. */
static int same_threads(const struct stored_run *a, const struct stored_run *b)
{
    double one = 0, other = 0;

    manifest_number(&a->manifest, "host", "threads", &one);
    manifest_number(&b->manifest, "host", "threads", &other);
    return one == other;
}

/* The row of another run for the same cell: row_compare but for the run. */
static int same_cell(const struct row *a, const struct row *b)
{
    return !strcmp(a->shape, b->shape) && !strcmp(a->op, b->op) &&
           !strcmp(a->precision, b->precision) && !strcmp(a->layout, b->layout) &&
           !strcmp(a->place, b->place) && !strcmp(a->cache, b->cache) &&
           !strcmp(a->timing, b->timing) && !strcmp(a->device, b->device);
}

static const struct row *best_library(const struct stored_run *run, const struct row *of)
{
    for (size_t i = 0; i < run->count; i++)
        if (same_cell(&run->rows[i], of)) return derive_rival(run->rows, run->count, &run->rows[i]);
    return NULL;
}

static void check_flags(struct ruling *r)
{
    int usable = 0, doubtful = 0;

    for (size_t i = 0; i < r->run->count; i++) {
        usable += derive_usable(&r->run->rows[i]);
        doubtful += derive_usable(&r->run->rows[i]) && words_doubtful(&r->run->rows[i]);
    }
    if (doubtful > FLAGGED_MOST * usable)
        rules_add(r, 7, RULE_WARN, "%d of %d ok rows have a warning flag", doubtful, usable);
}

static void check_peer(struct ruling *r, const struct stored_run *peer)
{
    const struct row *worst = NULL, *than = NULL;
    const int host_too = same_threads(r->run, peer);
    double most = 0;
    int cells = 0, apart = 0;

    for (size_t i = 0; i < r->run->count; i++) {
        const struct row *row = &r->run->rows[i];
        if (strcmp(row->tier, "library") || !derive_usable(row) ||
            (!host_too && !strcmp(row->place, "host")) ||
            derive_rival(r->run->rows, r->run->count, row) != row)
            continue;
        const struct row *other = best_library(peer, row);
        if (!other) continue;
        const double by = fabs(log(row->t_med_us / other->t_med_us));
        cells++;
        apart += by > log(1 + PEERS_APART);
        if (by > most) most = by, worst = row, than = other;
    }
    if (apart)
        rules_add(r, 7, RULE_WARN,
                  "best library row: in %d of %d cells more than 15 %% from run %.60s, most in %s: "
                  "%.4g us, there %.4g us",
                  apart, cells, peer->id, rules_row(r, worst), worst->t_med_us, than->t_med_us);
}

void rules_peers(struct ruling *r)
{
    check_flags(r);
    for (int i = 0; i < r->shelf->count; i++) {
        const struct shelf_run *s = &r->shelf->runs[i];
        if (s->why || !s->packed || !strcmp(s->run.id, r->run->id)) continue;
        if (same_software(&s->run, r->run)) check_peer(r, &s->run);
    }
}

int rules_verified(struct ruling *r)
{
    const char *by = verified_by(&r->shelf->verified, r->run->id);
    const struct stored_run *again = by ? shelf_find(r->shelf, by) : NULL;
    int rows = 0, apart = 0;

    if (!by) return 0;
    for (size_t i = 0; again && i < r->run->count; i++)
        for (size_t j = 0; j < again->count; j++) {
            const struct row *a = &r->run->rows[i], *b = &again->rows[j];
            if (strcmp(a->tier, "library") || strcmp(a->impl, b->impl) || !derive_usable(a) ||
                !derive_usable(b) || !same_cell(a, b))
                continue;
            rows++;
            apart += fabs(log(a->t_med_us / b->t_med_us)) > log(1 + VERIFIED_WITHIN);
        }
    if (rows && !apart) return 1;
    rules_add(
        r, 9, RULE_NOTE,
        "verified.csv names run %.60s, but %s: %d common library rows, %d more than 5 %% apart", by,
        again ? "it does not agree" : "it is not stored here", rows, apart);
    return 0;
}
