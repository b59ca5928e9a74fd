/* html_manifests.c: what the runs were made on and with, side by side, and where they differ. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/html_page.h"

static void put_value(struct plain_buffer *b, const struct manifest_value *v)
{
    char text[40];

    if (v->kind == MANIFEST_TEXT) html_put(b, "%t", v->text);
    else if (v->kind == MANIFEST_BOOL) html_put(b, v->number != 0 ? "yes" : "no");
    else if (v->kind == MANIFEST_NULL) html_put(b, "not known");
    else {
        const int whole = v->number == floor(v->number) && fabs(v->number) < 1e15;
        plain_from_real(text, sizeof text, whole ? "%.0f" : "%.6g", v->number);
        html_put(b, "%t", text);
    }
}

/* The cell of one run, as markup: runs are compared by it. */
static void put_values(struct plain_buffer *b, const struct manifest *m, const char *group,
                       const char *key)
{
    const struct manifest_value *values = NULL;
    const int n = manifest_list(m, group, key, &values);

    if (n < 0) html_put(b, "-");
    for (int i = 0; i < n; i++) {
        if (i) html_put(b, " ");
        put_value(b, &values[i]);
    }
    plain_append(b, "", 1);
}

static int runs_before_have(const struct html_page *page, int run, const char *group,
                            const char *key)
{
    const struct manifest_value *values;

    for (int i = 0; i < run; i++)
        if (manifest_list(&page->runs[i].manifest, group, key, &values) >= 0) return 1;
    return 0;
}

static void put_line(struct html_page *page, const char *group, const char *key)
{
    struct plain_buffer *b = &page->out, cells[PAGE_RUNS_MAX] = {{0}};
    int differs = 0;

    for (int i = 0; i < page->count; i++) {
        put_values(&cells[i], &page->runs[i].manifest, group, key);
        b->failed |= cells[i].failed;
        differs |= !b->failed && strcmp(cells[0].data, cells[i].data) != 0;
    }
    html_put(b, "<tr%r><th scope=\"row\">%t%r%t", differs ? " class=\"d\"" : "", group,
             *group ? "." : "", key);
    if (differs) html_put(b, " <abbr title=\"the runs differ\">≠</abbr>");
    for (int i = 0; i < page->count; i++) {
        if (!b->failed) html_put(b, "<td>%r", cells[i].data);
        free(cells[i].data);
    }
    html_put(b, "</tr>\n");
}

/* The values of a group in the order of the first manifest that has them. The problems are in the
 * table of rows already. */
static void put_group(struct html_page *page, const char *group)
{
    for (int i = 0; i < page->count; i++) {
        const struct manifest_entry *entries;
        const int n = manifest_entries(&page->runs[i].manifest, group, &entries);
        for (int k = 0; k < n; k++)
            if (entries[k].form != MANIFEST_GROUP &&
                !runs_before_have(page, i, group, entries[k].key))
                put_line(page, group, entries[k].key);
    }
}

static int group_came(const struct html_page *page, int run, const char *group)
{
    const struct manifest_entry *entries;

    for (int i = 0; i < run; i++)
        if (manifest_entries(&page->runs[i].manifest, group, &entries)) return 1;
    return 0;
}

void html_manifests(struct html_page *page)
{
    struct plain_buffer *b = &page->out;

    html_put(b,
             "<details id=\"manifests\"><summary>%r</summary>\n<div class=\"scroll\" "
             "tabindex=\"0\" role=\"region\" aria-label=\"Manifest\"><table class=\"plain "
             "manifest\"><thead><tr><th>value",
             page->count > 1 ? "The manifests side by side; ≠ marks what differs"
                             : "The manifest: machine, software, settings, health");
    for (int i = 0; i < page->count; i++) html_put(b, "<th>%t", page->runs[i].id);
    html_put(b, "</tr></thead><tbody>\n");
    put_group(page, "");
    for (int i = 0; i < page->count; i++) {
        const struct manifest_entry *top;
        const int n = manifest_entries(&page->runs[i].manifest, "", &top);
        for (int k = 0; k < n; k++)
            if (top[k].form == MANIFEST_GROUP && strcmp(top[k].key, "problems") &&
                !group_came(page, i, top[k].key))
                put_group(page, top[k].key);
    }
    html_put(b, "</tbody></table></div></details>\n");
}
