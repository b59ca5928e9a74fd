/* compare_match.c: which rows of two sides are the same cell. Like is only compared with like; what
 * finds no partner is counted later, and when nothing does, this says which part of the key
 * differs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "report/compare.h"

/* A row of a side with what its run adds to the key. */
struct entry {
    const struct row *row;
    const struct stored_run *run;
    int side;
    size_t order;
    double version, threads; /* of the op's definition; of a host row */
    const char *device;      /* "" where it may differ */
};

/* Parts of the key besides the columns of the filter, as text for messages. */
enum { PARTS = FILTER_COLUMNS + 3 };
static const char *const part_names[] = {"op version", "threads", "device"};

static const char *part(const struct entry *e, int i, char *to, size_t n)
{
    if (i < FILTER_COLUMNS) return filter_field(e->row, i);
    if (i == FILTER_COLUMNS + 2) return e->device;
    snprintf(to, n, "%g", i == FILTER_COLUMNS ? e->version : e->threads);
    return i == FILTER_COLUMNS || e->threads > 0 ? to : ""; /* a device row has none */
}

/* The tier is no part of a key: an impl may be promoted. */
static int in_key(int i) { return i >= FILTER_COLUMNS || strcmp(filter_columns[i], "tier") != 0; }

static int by_key(const struct entry *a, const struct entry *b)
{
    int order = 0;

    for (int i = 0; i < FILTER_COLUMNS && !order; i++)
        if (in_key(i)) order = strcmp(filter_field(a->row, i), filter_field(b->row, i));
    if (!order) order = strcmp(a->device, b->device);
    if (!order) order = (a->version > b->version) - (a->version < b->version);
    if (!order) order = (a->threads > b->threads) - (a->threads < b->threads);
    return order;
}

static int by_key_and_age(const void *p, const void *q)
{
    const struct entry *a = p, *b = q;
    int order = by_key(a, b);

    if (!order) order = a->side - b->side;
    if (!order && a->run != b->run) order = strcmp(a->run->id, b->run->id);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static double threads_of(const struct stored_run *run)
{
    double threads = 0;

    manifest_number(&run->manifest, "host", "threads", &threads);
    return threads;
}

/* Another machine may have other processors and more of them: that is what hardware mode asks. */
static struct entry entry_of(const struct comparison *c, const struct stored_run *run,
                             const struct row *row)
{
    /* The same processor, unless somebody insists on a regression between two. */
    const int device = c->mode == COMPARE_REGRESSION && !strcmp(c->slug[0], c->slug[1]);
    struct entry e = {.row = row, .run = run, .version = 1, .device = device ? row->device : ""};

    manifest_number(&run->manifest, "ops", row->op, &e.version);
    if (c->mode == COMPARE_REGRESSION && !strcmp(row->place, "host")) e.threads = threads_of(run);
    return e;
}

/* In hardware mode nothing else keeps the host rows of two machines apart that are on one side. */
static const char *check_hosts(const struct comparison *c, const struct entry *e, size_t count)
{
    const struct entry *first[2] = {NULL};

    for (size_t i = 0; i < count && c->mode == COMPARE_HARDWARE; i++) {
        const struct entry *f = first[e[i].side];
        if (strcmp(e[i].row->place, "host") || !derive_usable(e[i].row)) continue;
        if (!f) first[e[i].side] = f = &e[i];
        if (strcmp(f->row->device, e[i].row->device) || threads_of(f->run) < threads_of(e[i].run) ||
            threads_of(f->run) > threads_of(e[i].run))
            return fail_text("host rows of two kinds on %c: %.60s has %.60s with %g threads, %.60s "
                             "%.60s with %g; take one of the runs, or --place device",
                             'A' + e[i].side, f->run->id, f->row->device, threads_of(f->run),
                             e[i].run->id, e[i].row->device, threads_of(e[i].run));
    }
    return NULL;
}

/* All rows that the filter lets through. */
static struct entry *collect(const struct comparison *c, const struct compare_request *r,
                             const struct row ***all, size_t *rows, size_t *count)
{
    size_t n = 0;

    for (int s = 0; s < 2; s++)
        for (int i = 0; i < c->side[s]->count; i++) n += c->side[s]->runs[i].count;
    struct entry *entries = malloc((n + 1) * sizeof *entries);
    *all = malloc((n + 1) * sizeof **all);
    *rows = *count = 0;
    for (int s = 0; s < 2 && entries && *all; s++)
        for (int i = 0; i < c->side[s]->count; i++) {
            const struct stored_run *run = &c->side[s]->runs[i];
            for (size_t k = 0; k < run->count; k++) {
                if (!compare_row(c, &run->rows[k])) continue;
                (*all)[(*rows)++] = &run->rows[k];
                if (!filter_row(&r->filter, &run->rows[k])) continue;
                entries[*count] = entry_of(c, run, &run->rows[k]);
                entries[*count].side = s;
                entries[*count].order = *count;
                ++*count;
            }
        }
    return entries;
}

/* Cells with a number on both sides, or that broke or were mended: what can be judged. */
static int judged(const struct cell *c)
{
    const int a = c->evidence[0].repeats > 0, b = c->evidence[1].repeats > 0;

    if (!c->row[0] || !c->row[1] || !(a || b)) return 0;
    return (a && b) || strcmp(c->row[a ? 1 : 0]->status, "skipped") != 0;
}

/* Up to three values of a part on a side. */
static void some_values(const struct entry *e, size_t count, int side, int i, char *to, size_t n)
{
    char text[40], other[40];
    int said = 0;

    *to = 0;
    for (size_t k = 0; k < count; k++) {
        size_t j = 0;
        const char *v = part(&e[k], i, text, sizeof text);
        if (e[k].side != side || !*v) continue;
        while (j < k && (e[j].side != side || strcmp(part(&e[j], i, other, sizeof other), v))) j++;
        if (j < k) continue;
        const size_t used = strlen(to);
        snprintf(to + used, n - used, said < 3 ? "%s%.60s" : "%s...", said ? " " : "", v);
        if (++said > 3) break;
    }
}

/* Of the usable rows, which it brings to the front. */
static const char *nothing_matches(const struct comparison *c, struct entry *e, size_t rows)
{
    char values[2][260], text[40], other[40], parts[900] = "";
    const char *hint = "";
    size_t count = 0;

    for (size_t k = 0; k < rows; k++)
        if (derive_usable(e[k].row)) e[count++] = e[k];

    for (int side = 0; side < 2; side++) {
        size_t n = 0;
        for (size_t k = 0; k < count; k++) n += e[k].side == side;
        if (!n) return fail_text("nothing to compare: %c has no usable row", 'A' + side);
    }
    for (int i = 0; i < PARTS; i++) {
        int common = !in_key(i);
        for (size_t k = 0; k < count && !common; k++)
            for (size_t j = 0; j < k && !common; j++)
                common = e[k].side != e[j].side && !strcmp(part(&e[k], i, text, sizeof text),
                                                           part(&e[j], i, other, sizeof other));
        if (common) continue;
        for (int side = 0; side < 2; side++)
            some_values(e, count, side, i, values[side], sizeof values[side]);
        const size_t used = strlen(parts);
        snprintf(parts + used, sizeof parts - used, "%s%s: A has %.120s, B has %.120s",
                 used ? "; " : "",
                 i < FILTER_COLUMNS ? filter_columns[i] : part_names[i - FILTER_COLUMNS], values[0],
                 values[1]);
        if (i == FILTER_COLUMNS + 1 && c->mode == COMPARE_REGRESSION)
            hint = "; --mode hardware compares hosts whatever their threads";
    }
    return fail_text(
        "nothing matches; %s%s",
        *parts ? parts : "every part of the key occurs on both sides, but no whole key", hint);
}

/* One group of equal keys, sorted by side and age. */
static void put_cell(struct comparison *c, const struct entry *e, size_t n)
{
    struct cell *cell = &c->cells[c->count++];
    int crowded = 0;

    *cell = (struct cell){.order = e[0].order};
    for (size_t i = 0; i < n; i++) { /* the newest comes last */
        cell->row[e[i].side] = e[i].row;
        cell->run[e[i].side] = e[i].run;
        if (e[i].order < cell->order) cell->order = e[i].order;
    }
    for (size_t i = 0; i < n; i++)
        if (derive_usable(cell->row[e[i].side]))
            crowded |= !derive_add_evidence(&cell->evidence[e[i].side], e[i].row);
    c->crowded += (size_t)crowded;
}

static int by_order(const void *p, const void *q)
{
    const struct cell *a = p, *b = q;

    return (a->order > b->order) - (a->order < b->order);
}

const char *compare_match(struct comparison *c, const struct compare_request *r, int *no_row)
{
    const struct row **all;
    size_t rows, count, both = 0;
    struct entry *e = collect(c, r, &all, &rows, &count);
    const char *why = NULL;

    c->cells = calloc(count + 1, sizeof *c->cells);
    if (!e || !all || !c->cells) why = "out of memory";
    if (!why) why = filter_check(&r->filter, all, rows);
    *no_row = why != NULL;
    if (!why && rows && !count) why = "no row matches all of the options", *no_row = 1;
    if (!why) why = check_hosts(c, e, count);
    if (!why) qsort(e, count, sizeof *e, by_key_and_age);
    for (size_t i = 0, n; i < count && !why; i += n) {
        for (n = 1; i + n < count && !by_key(&e[i], &e[i + n]);) n++;
        put_cell(c, &e[i], n);
        both += (size_t)judged(&c->cells[c->count - 1]);
    }
    if (!why && !both) why = nothing_matches(c, e, count);
    qsort(c->cells, c->count, sizeof *c->cells, by_order);
    free(e);
    free(all);
    return why;
}
