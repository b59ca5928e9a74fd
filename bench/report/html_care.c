/* html_care.c: the box above the figures: which rows are wrong or failed, and why, and how many
 * carry which flag. Nothing that speaks against a number is further down than the number. */
#include <stdlib.h>
#include <string.h>
#include "measure/flags.h"
#include "report/html_page.h"
#include "report/words.h"

enum { FLAGS_MAX = 64, NAME = 32 };

struct tally {
    char name[NAME];
    int count;
};

static size_t count_flags(const struct stored_run *run, struct tally *list)
{
    size_t n = 0;

    for (size_t i = 0; i < run->count; i++)
        for (const char *flag = run->rows[i].flags; *flag; flag += *flag == ';') {
            const size_t length = strcspn(flag, ";");
            size_t k = 0;
            while (k < n && (strlen(list[k].name) != length || strncmp(list[k].name, flag, length)))
                k++;
            if (k == n && n < FLAGS_MAX && length && length < NAME) {
                memcpy(list[n].name, flag, length);
                list[n].name[length] = 0;
                list[n++].count = 0;
            }
            if (k < n) list[k].count++;
            flag += length;
        }
    return n;
}

static int is_warning(const struct tally *t)
{
    const struct flag *f = flags_find(t->name, strlen(t->name));

    return !f || f->kind != FLAG_INFO;
}

/* Warnings first, then the more frequent. */
static int by_weight(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;

    if (is_warning(x) != is_warning(y)) return is_warning(y) - is_warning(x);
    return x->count != y->count ? y->count - x->count : strcmp(x->name, y->name);
}

/* Each flag is a link that filters the table of all rows. */
static void put_counts(struct plain_buffer *b, const struct tally *list, size_t n)
{
    html_put(b, "<ul class=\"counts\">");
    for (size_t i = 0; i < n; i++)
        html_put(b, "<li%r><a href=\"#q=%a\">%t</a> %d</li>",
                 is_warning(&list[i]) ? "" : " class=\"info\"", list[i].name, list[i].name,
                 list[i].count);
    html_put(b, "</ul>\n");
}

static void put_meanings(struct plain_buffer *b, const struct tally *list, size_t n)
{
    html_put(b, "<details><summary>What the flags mean</summary>\n<dl class=\"flags\">\n");
    for (size_t i = 0; i < n; i++) {
        const struct flag *f = flags_find(list[i].name, strlen(list[i].name));
        html_put(b, "<div><dt>%t</dt><dd>%t%r</dd></div>\n", list[i].name,
                 f ? f->text : "not known to this version",
                 is_warning(&list[i]) ? "" : " <i>(explains, is no warning)</i>");
    }
    html_put(b, "</dl></details>\n");
}

static void put_bad_rows(struct plain_buffer *b, const struct stored_run *run, const char *status)
{
    char shape[200];

    for (size_t i = 0; i < run->count; i++) {
        const struct row *r = &run->rows[i];
        if (strcmp(r->status, status)) continue;
        html_put(b, "<li><b class=\"bad\">%t</b> <code>%t</code> on %t %t %t %t, %t %t: %t</li>\n",
                 r->status, r->impl, r->op, r->precision, r->layout,
                 words_shape(r->shape, shape, sizeof shape), r->cache, r->timing, r->reason);
    }
}

static int count_doubtful(const struct stored_run *run)
{
    int n = 0;

    for (size_t i = 0; i < run->count; i++)
        n += derive_usable(&run->rows[i]) && words_doubtful(&run->rows[i]);
    return n;
}

void html_care(struct html_page *page, int i)
{
    const struct stored_run *run = &page->runs[i];
    struct plain_buffer *b = &page->out;
    struct tally list[FLAGS_MAX];
    const size_t n = count_flags(run, list);
    const int bad = run->wrong + run->failed;
    char suffix[16];

    html_put(b, "<section id=\"care%r\" class=\"care%r\">\n<h2>Read with care</h2>\n",
             html_run_suffix(page, i, suffix), bad ? " bad" : "");
    if (bad) {
        html_put(
            b, "<p>%d wrong, %d failed. These rows have no times and are in no figure:</p>\n<ul>\n",
            run->wrong, run->failed);
        put_bad_rows(b, run, "wrong");
        put_bad_rows(b, run, "failed");
        html_put(b, "</ul>\n");
    }
    html_put(b, bad ? "<p>" : "<p>No row is wrong and none failed. ");
    html_put(b,
             "%d of %d timed rows carry a warning and are starred; %d could not run here, each "
             "with its reason.</p>\n",
             count_doubtful(run), run->ok, run->skipped);
    qsort(list, n, sizeof *list, by_weight);
    if (n) {
        put_counts(b, list, n);
        put_meanings(b, list, n);
    }
    html_put(b, "</section>\n");
}
