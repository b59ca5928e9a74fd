/* result_table.c: see result_table.h. */
#include "report/result_table.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "report/readme.h"
#include "report/rules.h"
#include "report/words.h"
#include "store/file.h"

static void put(struct plain_buffer *b, const char *text) { plain_append_text(b, text); }

/* The fastest library row of gemm in a precision, cold, on the device or, in a run without one, the
 * host. */
static const struct row *best_library(const struct stored_run *run, const char *precision)
{
    const char *place = *run->device ? "device" : "host";
    const struct row *best = NULL;

    for (size_t i = 0; i < run->count; i++) {
        const struct row *r = &run->rows[i];
        if (derive_usable(r) && !strcmp(r->tier, "library") && !strcmp(r->op, "gemm") &&
            !strcmp(r->precision, precision) && !strcmp(r->place, place) &&
            !strcmp(r->cache, "cold") && strcmp(r->timing, "isolated") &&
            (!best || r->flop / r->t_med_us > best->flop / best->t_med_us))
            best = r;
    }
    return best;
}

/* "51.7 TFLOP/s, hand 60 %", of the same cell. */
static void put_gemm(struct plain_buffer *b, const struct stored_run *run, const char *precision)
{
    const struct row *library = best_library(run, precision), *hand = NULL;
    char text[64];

    put(b, " | ");
    if (!library) {
        put(b, "-");
        return;
    }
    for (size_t i = 0; i < run->count; i++) {
        const struct row *r = &run->rows[i];
        if (derive_usable(r) && derive_by_hand(r) && derive_same_cell(r, library) &&
            (!hand || r->t_med_us < hand->t_med_us))
            hand = r;
    }
    put(b, words_row_rate(library, text, sizeof text));
    put(b, words_doubtful(library) ? "\\*" : "");
    put(b, ", hand ");
    put(b, hand ? words_percent(derive_percent(hand, library), text, sizeof text) : "-");
    put(b, hand && words_doubtful(hand) ? "\\*" : "");
}

static void put_text(struct plain_buffer *b, const struct stored_run *run, const char *group,
                     const char *key, int length)
{
    const char *text = manifest_text(&run->manifest, group, key);
    char cut[64];

    snprintf(cut, sizeof cut, "%.*s", length, text && *text ? text : "-");
    readme_escaped(b, cut);
}

static void put_run(struct plain_buffer *b, const struct shelf_run *s, enum run_tier tier)
{
    const struct stored_run *run = &s->run;
    const char *slug = s->dir + strlen(s->dir) - strlen(run->id) - 1;
    char counts[96];

    while (slug > s->dir && slug[-1] != '/') slug--;
    put(b, "| ");
    readme_escaped(b, *run->device ? run->device : run->host);
    put(b, " | ");
    put_text(b, run, "", "started_utc", 10);
    put(b, " | [");
    put_text(b, run, "suite", "sha", 12);
    put(b, "](");
    readme_escaped(b, slug);
    snprintf(counts, sizeof counts, ") | %s | %d | %d | %d | %d", rules_tier_name(tier), run->ok,
             run->skipped, run->wrong, run->failed);
    put(b, counts);
    put_gemm(b, run, "f32");
    put_gemm(b, run, "bf16");
    put(b, " |\n");
}

const char *result_table(struct plain_buffer *b, const struct shelf *shelf)
{
    put(b, "| device | date | run of commit | tier | ok | skipped | wrong | failed "
           "| gemm f32: library | gemm bf16: library |\n"
           "|---|---|---|---|--:|--:|--:|--:|---|---|\n");
    for (int i = 0; i < shelf->count; i++) {
        const struct shelf_run *s = &shelf->runs[i];
        struct ruling ruling;
        if (!s->packed) continue;
        if (s->why) return s->why;
        const char *why = rules_check(&ruling, shelf, s, 0);
        if (!why) put_run(b, s, ruling.tier);
        rules_free(&ruling);
        if (why) return why;
    }
    return b->failed ? "out of memory" : NULL;
}

const char *result_table_splice(const struct shelf *shelf, char **old, struct plain_buffer *fresh)
{
    struct plain_buffer table = {0};
    char path[4200];
    size_t length;

    *old = NULL;
    snprintf(path, sizeof path, "%s/README.md", shelf->root);
    if (access(path, F_OK) && errno == ENOENT) return NULL;
    const char *why = file_read(path, 1 << 20, old, &length);
    if (!why) why = result_table(&table, shelf);
    plain_append(&table, "", 1);
    if (!why) why = table.failed ? "out of memory" : readme_splice(path, *old, table.data, fresh);
    free(table.data);
    return why;
}
