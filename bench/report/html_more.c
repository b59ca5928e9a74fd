/* html_more.c: behind the table: how it was measured, what was skipped, how to take part, and the
 * CSV itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "report/html_page.h"
#include "report/words.h"
#include "store/file.h"

enum { CSV_BYTES_MAX = 256 << 20 };

void html_method(struct html_page *page)
{
    html_put(
        &page->out,
        "<details><summary>How it was measured, and what the columns mean</summary>\n<dl>\n"
        "<dt>Checked, then timed</dt><dd>Every result is held against the definition in float64, "
        "before and after timing. What disagrees is <b>wrong</b> and has no time; what could not "
        "run is <b>skipped</b> and has a reason.</dd>\n"
        "<dt>Precision is a contract</dt><dd>f32 means float32 accuracy, however it is reached; "
        "tf32 is another contract. <b>error</b> is the largest error as a part of the bound that "
        "the precision allows: at most 1 passes.</dd>\n"
        "<dt>time</dt><dd>The median over rounds in which all ways to compute a problem take turns "
        "on the same buffers. On the GPU a block is a graph of calls between two events "
        "(<b>isolated</b>: single calls); on the CPU it is wall clock. <b>±</b> is half of the "
        "95&nbsp;% interval of the median. <b>cold</b>: the operands are not in the cache; "
        "<b>hot</b>: they were just used.</dd>\n"
        "<dt>rate</dt><dd>FLOPs of the definition, whatever the algorithm does, or bytes that must "
        "move, for each second.</dd>\n"
        "<dt>% of library</dt><dd>100 × time of the fastest library call for the same problem in "
        "the same run / time of this one, as the median over the rounds that both have. An hour of "
        "the library takes 100 / this hours.</dd>\n"
        "<dt>% of roof</dt><dd>100 × the least time that FLOPs, bytes and launch allow at the "
        "rates "
        "that this machine was measured to reach / time.</dd>\n"
        "<dt>lines</dt><dd>What you would have to carry into your own program: the file and the "
        "helpers it includes, without comments and blank lines; of a library the code that calls "
        "it. A proxy for effort, no more.</dd>\n</dl></details>\n");
}

/* ---- skipped rows, by reason ---- */

static int is_skipped(const struct row *r) { return !strcmp(r->status, "skipped"); }

static int reason_came(const struct stored_run *run, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (is_skipped(&run->rows[k]) && !strcmp(run->rows[k].reason, run->rows[i].reason))
            return 1;
    return 0;
}

static int impl_came(const struct stored_run *run, size_t first, size_t i)
{
    for (size_t k = first; k < i; k++)
        if (is_skipped(&run->rows[k]) && !strcmp(run->rows[k].impl, run->rows[i].impl) &&
            !strcmp(run->rows[k].reason, run->rows[i].reason))
            return 1;
    return 0;
}

static void put_reason(struct plain_buffer *b, const struct stored_run *run, size_t first)
{
    int count = 0, impls = 0;

    for (size_t i = first; i < run->count; i++)
        count += is_skipped(&run->rows[i]) && !strcmp(run->rows[i].reason, run->rows[first].reason);
    html_put(b, "<tr><td class=\"n\">%d<td>%t<td>", count, run->rows[first].reason);
    for (size_t i = first; i < run->count; i++) {
        const struct row *r = &run->rows[i];
        if (!is_skipped(r) || strcmp(r->reason, run->rows[first].reason) ||
            impl_came(run, first, i))
            continue;
        html_put(b, "%r<code>%t</code>", impls++ ? " " : "", r->impl);
    }
    html_put(b, "</tr>\n");
}

void html_skipped(struct html_page *page)
{
    struct plain_buffer *b = &page->out;
    int skipped = 0;

    for (int i = 0; i < page->count; i++) skipped += page->runs[i].skipped;
    html_put(b,
             "<details><summary>Skipped rows, by reason (%d)</summary>\n<div class=\"scroll\" "
             "tabindex=\"0\" role=\"region\" aria-label=\"Skipped rows\"><table "
             "class=\"plain\"><thead><tr><th>rows<th>reason<th>impls"
             "</tr></thead><tbody>\n",
             skipped);
    for (int i = 0; i < page->count; i++) {
        const struct stored_run *run = &page->runs[i];
        if (page->count > 1) html_put(b, "<tr><th colspan=\"3\">Run %d: %t</tr>\n", i + 1, run->id);
        for (size_t k = 0; k < run->count; k++)
            if (is_skipped(&run->rows[k]) && !reason_came(run, k)) put_reason(b, run, k);
    }
    html_put(b, "</tbody></table></div></details>\n");
}

void html_take_part(struct html_page *page, struct plain_buffer *b)
{
    (void)page;
    html_put(
        b, "<details><summary>How to add your GPU</summary>\n<p>On a machine with the GPU, in the "
           "source tree of Wheelbench:</p>\n<pre>make bench\ngit add results\ngit commit -m "
           "'results: my GPU'</pre>\n<p><code>make bench</code> ends with the new directory under "
           "<code>results/</code>, and one run is one such directory: send it as a pull request. "
           "Without a GPU the same command measures the CPU.</p></details>\n");
}

/* ---- the CSV ---- */

/* Line by line, as long as the page has room; says what is left out. */
static void put_lines(struct plain_buffer *b, char *text, size_t room)
{
    struct plain_buffer line = {0};
    size_t used = 0, rows = 0, left = 0;

    for (char *at = text, *next; at && *at; at = next) {
        next = strchr(at, '\n');
        if (next) *next++ = 0;
        line.length = 0;
        html_put(&line, "%t\n", at);
        if (left || used + line.length > room) {
            left++;
            continue;
        }
        plain_append(b, line.data, line.length);
        used += line.length;
        rows++;
    }
    html_put(b, "</pre>\n");
    if (left)
        html_put(b,
                 "<p class=\"note\">The first %d lines; %d more would make this page too large. "
                 "All are in the run's results.csv.</p>\n",
                 (int)rows, (int)left);
    b->failed |= line.failed;
    free(line.data);
}

const char *html_csv(struct html_page *page, size_t room)
{
    enum { AROUND = 600 }; /* bytes of the markup of one run */
    struct plain_buffer *b = &page->out;

    for (int i = 0; i < page->count; i++) {
        const struct stored_run *run = &page->runs[i];
        const size_t before = b->length, share = room / (size_t)(page->count - i);
        char path[sizeof run->dir + 32], *text;
        size_t length;
        if (share < AROUND) break;
        snprintf(path, sizeof path, "%s/results.csv", run->dir);
        const char *why = file_read(path, CSV_BYTES_MAX, &text, &length);
        if (!why) {
            html_put(b,
                     "<details class=\"csv\"><summary>results.csv of run %t</summary>\n<button "
                     "class=\"copy\" type=\"button\" hidden>Copy</button>\n<pre tabindex=\"0\">",
                     run->id);
            put_lines(b, text, share - AROUND);
            html_put(b, "</details>\n");
        }
        free(text);
        TRY(why);
        room -= b->length - before;
    }
    return NULL;
}
