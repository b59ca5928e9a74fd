/* html_headline.c: what a run is, and what it says in words: what an hour of library work takes by
 * hand, how many lines that costs, and where a hand kernel wins. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/html_page.h"
#include "report/summary.h"
#include "report/words.h"

enum { OPS_MAX = 16 };

/* ---- facts ---- */

static void fact(struct plain_buffer *b, const char *name, const char *text)
{
    if (text && *text) html_put(b, "<div><dt>%r</dt><dd>%t</dd></div>", name, text);
}

/* 2026-11-25T14:14:40Z: day and minute. */
static void put_date(struct plain_buffer *b, const char *utc)
{
    char text[64];

    if (!utc || strlen(utc) < 16) return;
    snprintf(text, sizeof text, "%.10s, %.5s UTC", utc, utc + 11);
    fact(b, "Date", text);
}

static void put_commit(struct plain_buffer *b, const struct manifest *m)
{
    const char *sha = manifest_text(m, "suite", "sha");
    double dirty = 0;

    if (!sha) return;
    manifest_number(m, "suite", "dirty", &dirty);
    html_put(b, "<div><dt>Commit</dt><dd>%t, %r</dd></div>", sha,
             dirty ? "<b>with changes</b>" : "clean tree");
}

void html_facts(struct html_page *page, int i)
{
    static const struct {
        const char *name, *group, *key;
    } facts[] = {{"Preset", "", "preset"},         {"Clocks", "", "clocks"},
                 {"Self-test", "", "selftest"},    {"Driver", "software", "driver"},
                 {"cuBLAS", "software", "cublas"}, {"cuDNN", "software", "cudnn"}};
    const struct stored_run *run = &page->runs[i];
    const struct manifest *m = &run->manifest;
    const char *state = manifest_text(m, "", "state");
    const struct manifest_value *tags = NULL;
    const int tag_count = manifest_list(m, "", "tags", &tags);
    struct plain_buffer *b = &page->out;

    for (int k = 0; k < tag_count; k++)
        if (tags[k].kind == MANIFEST_TEXT) html_put(b, "<p class=\"tag\">%t</p>\n", tags[k].text);
    if (state && strcmp(state, "complete"))
        html_put(b, "<p class=\"tag\">The run is not complete: %t</p>\n", state);
    html_put(b, "<dl class=\"facts\">");
    fact(b, "GPU", run->device);
    fact(b, "CPU", run->host);
    fact(b, "Run", run->id);
    put_date(b, manifest_text(m, "", "started_utc"));
    for (size_t k = 0; k < sizeof facts / sizeof facts[0]; k++)
        if (*run->device || strcmp(facts[k].group, "software"))
            fact(b, facts[k].name, manifest_text(m, facts[k].group, facts[k].key));
    put_commit(b, m);
    html_put(b, "<div><dt>Rows</dt><dd>%d ok, %d skipped, %d wrong, %d failed</dd></div></dl>\n",
             run->ok, run->skipped, run->wrong, run->failed);
}

/* ---- the four figures ---- */

static void put_problem(struct plain_buffer *b, const struct row *r)
{
    char shape[200];

    html_put(b, "%t %t %t %t", r->op, r->precision, r->layout,
             words_shape(r->shape, shape, sizeof shape));
}

static void put_hour_card(struct plain_buffer *b, const struct row *r, const struct row *rival,
                          const char *what)
{
    char hour[64];

    if (!r) return;
    html_put(b,
             "<li><strong>%t</strong>is what an hour of <code>%t</code> takes %r, "
             "<code>%t</code></li>\n",
             words_hour(derive_wheel_factor(r, rival), hour, sizeof hour), rival->impl, what,
             r->impl);
}

static void put_lines_card(struct plain_buffer *b, const struct row *r, const struct row *naive,
                           const struct row *rival)
{
    if (!(r->sloc > 0)) return;
    html_put(b, "<li><strong>%g lines</strong>to write and own for that", r->sloc);
    if (naive && naive->sloc > 0 && naive != r)
        html_put(b, "; the naive kernel has %g", naive->sloc);
    if (rival->sloc > 0) html_put(b, "; the call of the library needs %g", rival->sloc);
    html_put(b, "</li>\n");
}

static void put_wins_card(struct plain_buffer *b, const struct duel *duels, size_t count)
{
    int won = 0, even = 0;

    if (!count) return;
    for (size_t i = 0; i < count; i++) {
        won += duel_end(&duels[i]) == DUEL_WON;
        even += duel_end(&duels[i]) == DUEL_EVEN;
    }
    html_put(b,
             "<li><strong>%d of %d</strong>problems on which a hand kernel is faster than every "
             "library call",
             won, (int)count);
    if (even) html_put(b, "; on %d more no difference was measured", even);
    html_put(b, "</li>\n");
}

/* ---- sentences ---- */

static void put_takes(struct plain_buffer *b, const struct row *r, const struct row *rival)
{
    const struct ratio q = derive_ratio(r, rival);
    char text[64];

    if (q.lo <= 1 && q.hi >= 1) html_put(b, "the same (no difference measured)");
    else html_put(b, "<b>%t</b>", words_hour(q.factor, text, sizeof text));
    html_put(b, " with <code>%t</code>", r->impl);
    if (r->sloc > 0) html_put(b, " (%g lines)", r->sloc);
}

static void put_sentence(struct plain_buffer *b, const struct summary *s)
{
    char text[64];

    html_put(b, "<li>");
    put_problem(b, s->head.of);
    html_put(b, ", %t: ", s->head.of->cache);
    if (!s->head.rival) {
        html_put(b, "no library call ran; the fastest is <code>%t</code> with %t</li>\n",
                 s->head.base->impl, words_time(s->head.base->t_med_us, text, sizeof text));
        return;
    }
    html_put(b, "an hour of <code>%t</code> takes ", s->head.rival->impl);
    if (s->naive) put_takes(b, s->naive, s->head.rival);
    if (s->naive && s->best) html_put(b, ", ");
    if (s->best) put_takes(b, s->best, s->head.rival);
    if (!s->naive && !s->best) html_put(b, "an hour: no hand kernel ran");
    html_put(b, ".</li>\n");
}

static void put_duels(struct plain_buffer *b, const struct duel *duels, size_t count)
{
    static const char *const ends[] = {"slower", "no difference measured", "faster"};
    char text[64];

    html_put(b,
             "<details><summary>Best hand kernel against best library call, problem by problem"
             "</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
             "aria-label=\"Problem by problem\"><table class=\"plain\"><thead><tr>"
             "<th>problem<th>by hand<th>library<th class=\"n\">1 h takes<th class=\"n\">time by "
             "hand / library<th class=\"n\">95 % interval<th>by hand it is</tr></thead><tbody>\n");
    for (size_t i = 0; i < count; i++) {
        const struct duel *d = &duels[i];
        html_put(b, "<tr><td>");
        put_problem(b, d->best);
        html_put(b, "<td><code>%t</code><td><code>%t</code><td class=\"n\">%t", d->best->impl,
                 d->rival->impl, words_hour_short(d->ratio.factor, text, sizeof text));
        snprintf(text, sizeof text, "%.3f", d->ratio.factor);
        html_put(b, "<td class=\"n\">%t<td class=\"n\">", text);
        snprintf(text, sizeof text, "%.3f to %.3f", d->ratio.lo, d->ratio.hi);
        if (!isnan(d->ratio.lo)) html_put(b, "%t", text);
        html_put(b, "<td>%r</tr>\n", ends[duel_end(d)]);
    }
    html_put(b, "</tbody></table></div></details>\n");
}

static void put_cards(struct plain_buffer *b, const struct summary *lead, const struct duel *duels,
                      size_t count)
{
    const struct row *best = lead->best ? lead->best : lead->naive, *rival = lead->head.rival;

    html_put(b, "<p class=\"at\">At ");
    put_problem(b, lead->head.of);
    html_put(b, ", %t:</p>\n<ul class=\"cards\">\n", lead->head.of->cache);
    put_hour_card(b, lead->naive, rival, "in the naive kernel");
    put_hour_card(b, lead->best, rival, "in the best hand kernel");
    put_lines_card(b, best, lead->naive, rival);
    put_wins_card(b, duels, count);
    html_put(b, "</ul>\n");
}

void html_headline(struct html_page *page, int i)
{
    const struct stored_run *run = &page->runs[i];
    const char *place = summary_place(run), *ops[OPS_MAX];
    const size_t op_count = stored_ops(run, ops, OPS_MAX);
    struct plain_buffer *b = &page->out;
    struct summary list[OPS_MAX];
    const struct summary *lead = NULL;
    size_t n = 0;
    char suffix[16];
    struct duel *duels = malloc((run->count + 1) * sizeof *duels);
    const size_t count = duels ? summary_duels(run, place, duels, run->count) : 0;

    b->failed |= !duels;
    for (size_t k = 0; k < op_count; k++) {
        list[n] = summary_of(run, ops[k], place);
        if (!lead && list[n].head.rival && (list[n].naive || list[n].best)) lead = &list[n];
        n += list[n].head.of != NULL;
    }
    html_put(b, "<section id=\"answer%r\" class=\"answer\" aria-label=\"Answer\">\n",
             html_run_suffix(page, i, suffix));
    if (lead) put_cards(b, lead, duels, count);
    else html_put(b, "<p>No library call could be compared with a hand kernel.</p>\n");
    html_put(b, "<ul class=\"sentences\">\n");
    for (size_t k = 0; k < n; k++)
        if (&list[k] != lead) put_sentence(b, &list[k]);
    html_put(b, "</ul>\n");
    if (count) put_duels(b, duels, count);
    html_put(b, "</section>\n");
    free(duels);
}
