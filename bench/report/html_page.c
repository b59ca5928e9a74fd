/* html_page.c: see html_page.h. */
#include "report/html_page.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "device/build.h"
#include "fail.h"
#include "report/page_parts.h"

const char *html_run_suffix(const struct html_page *page, int run, char to[16])
{
    *to = 0;
    if (page->count > 1) snprintf(to, 16, "-%d", run + 1);
    return to;
}

static void put_all(struct plain_buffer *b, const char *const *pieces)
{
    for (; *pieces; pieces++) plain_append_text(b, *pieces);
}

static const char *device_of(const struct stored_run *run)
{
    return *run->device ? run->device : *run->host ? run->host : "no device";
}

static int same_device_before(const struct html_page *page, int run)
{
    for (int i = 0; i < run; i++)
        if (!strcmp(device_of(&page->runs[i]), device_of(&page->runs[run]))) return 1;
    return 0;
}

/* As text and inside quotes alike. */
static void put_devices(struct html_page *page)
{
    for (int i = 0; i < page->count; i++)
        if (!same_device_before(page, i))
            html_put(&page->out, "%r%a", i ? " and " : "", device_of(&page->runs[i]));
}

static void put_head(struct html_page *page)
{
    struct plain_buffer *b = &page->out;
    char hash[64];

    if (html_base64(page_js_sha256, hash, sizeof hash)) *hash = 0; /* then no script runs */
    html_put(b,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'unsafe-inline'; script-src 'sha256-%r'; base-uri 'none'; "
             "form-action 'none'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Wheelbench: ",
             hash);
    put_devices(page);
    html_put(b, "</title>\n<meta property=\"og:title\" content=\"Wheelbench: ");
    put_devices(page);
    html_put(b, "\">\n<meta name=\"description\" property=\"og:description\" content=\"What does "
                "it cost to reinvent the wheel on a GPU? Naive, hand-tuned and library kernels on "
                "one machine, checked and timed.\">\n<style>\n");
    put_all(b, page_css);
    html_put(b, "</style>\n</head>\n<body>\n");
}

static void put_top(struct html_page *page)
{
    struct plain_buffer *b = &page->out;

    html_put(b, "<header><div class=\"bar\"><span class=\"brand\">Wheelbench</span><nav "
                "aria-label=\"Parts of this page\">");
    for (int i = 0; i < page->count && page->count > 1; i++)
        html_put(b, "<a href=\"#run-%d\">Run %d</a>", i + 1, i + 1);
    if (page->count == 1)
        html_put(b, "<a href=\"#answer\">Answer</a><a href=\"#care\">Read with care</a><a "
                    "href=\"#figures\">Figures</a>");
    else html_put(b, "<a href=\"#figures-together\">Side by side</a>");
    html_put(b, "<a href=\"#rows\">All rows</a><a href=\"#more\">Method and raw data</a></nav>"
                "<button id=\"theme\" type=\"button\" hidden>Dark</button></div>\n"
                "<h1>What does it cost to reinvent the wheel on <em>");
    put_devices(page);
    html_put(b, "</em>?</h1>\n</header>\n<main>\n");
}

static void put_run(struct html_page *page, int i)
{
    struct plain_buffer *b = &page->out;

    if (page->count > 1)
        html_put(b, "<section id=\"run-%d\" class=\"run\">\n<h2>Run %d: %t</h2>\n", i + 1, i + 1,
                 device_of(&page->runs[i]));
    else html_put(b, "<section>\n");
    html_facts(page, i);
    html_headline(page, i);
    html_care(page, i);
    html_figures(page, i);
    html_put(b, "</section>\n");
}

/* The program that made the page, and each run so that it can be cited. */
static void put_end(const struct html_page *page, struct plain_buffer *b)
{
    html_put(b,
             "</section>\n</main>\n<footer>\n<p>This page: Wheelbench %t, commit %t%r. MIT "
             "licence; NVIDIA's libraries are linked, never shipped.</p>\n",
             build_facts.version, build_facts.sha, build_facts.dirty ? " with changes" : "");
    for (int i = 0; i < page->count; i++) {
        const struct stored_run *run = &page->runs[i];
        const char *version = manifest_text(&run->manifest, "suite", "version");
        const char *when = manifest_text(&run->manifest, "", "started_utc");
        html_put(b, "<p>Cite as: Wheelbench %t, run %t on %t", version ? version : "", run->id,
                 device_of(run));
        if (when && strlen(when) > 10) {
            char day[11];
            snprintf(day, sizeof day, "%.10s", when);
            html_put(b, ", %t", day);
        }
        html_put(b, ".</p>\n");
    }
    html_put(b, "</footer>\n<script>");
    put_all(b, page_js);
    html_put(b, "</script>\n</body>\n</html>\n");
}

const char *html_page_write(struct html_page *page)
{
    struct plain_buffer *b = &page->out, end = {0};
    const char *why = NULL;

    page->trouble = NULL;
    put_head(page);
    put_top(page);
    for (int i = 0; i < page->count; i++) put_run(page, i);
    html_figures_together(page);
    html_table(page);
    html_put(b, "<section id=\"more\">\n<h2>Method and raw data</h2>\n");
    html_method(page);
    html_manifests(page);
    html_skipped(page);
    html_take_part(page, &end);
    put_end(page, &end);
    const size_t fixed = b->length + end.length;
    if (fixed > PAGE_BYTES_MAX)
        why = fail_text("the page would have %.1f MB, the limit is %.0f MB: report fewer runs at "
                        "once",
                        (double)fixed / 1e6, PAGE_BYTES_MAX / 1e6);
    if (!why) why = html_csv(page, PAGE_BYTES_MAX - fixed);
    plain_append(b, end.data, end.length);
    if (!why && (b->failed || end.failed)) why = fail_text("out of memory");
    free(end.data);
    return why;
}
