/* html_table.c: every row of every run, in one table that the page's script sorts and filters and
 * that can be read without it. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/html_page.h"
#include "report/words.h"

/* ---- columns ---- */

struct cell {
    const struct html_page *page;
    const struct stored_run *run;
    const struct row *r, *rival;
};

typedef void put_cell(struct plain_buffer *b, const struct cell *c);

/* A number: what is shown, and what it is sorted by. Not known: an empty cell. */
static void put_number(struct plain_buffer *b, double v, const char *shown)
{
    if (isfinite(v)) html_put(b, "<td class=n data-v=\"%g\">%t", v, shown);
    else html_put(b, "<td>");
}

static void put_formatted(struct plain_buffer *b, double v, const char *format)
{
    char text[64];

    plain_from_real(text, sizeof text, format, v);
    put_number(b, v, text);
}

static void put_run(struct plain_buffer *b, const struct cell *c)
{
    html_put(b, "<td title=\"%a\">%t", c->run->id, *c->run->device ? c->run->device : c->run->host);
    html_put(b, " (%d)", (int)(c->run - c->page->runs) + 1);
}

static void put_problem(struct plain_buffer *b, const struct cell *c)
{
    const struct row *r = c->r;
    char shape[200], text[256];
    const char *label;
    double count;

    snprintf(text, sizeof text, "%s %s %s %s", r->op, r->precision, r->layout, r->shape);
    manifest_problem(&c->run->manifest, text, &count, &label);
    html_put(b, "<td class=p title=\"%a\">%t %t %t %t", text, r->op, r->precision, r->layout,
             words_shape(r->shape, shape, sizeof shape));
    if (*label) html_put(b, " <i>%t</i>", label);
}

static void put_impl(struct plain_buffer *b, const struct cell *c)
{
    html_put(b, "<td class=r%d>%t%r", derive_slot(c->run->rows, c->run->count, c->r), c->r->impl,
             derive_usable(c->r) && words_doubtful(c->r) ? "*" : "");
}

static void put_tier(struct plain_buffer *b, const struct cell *c)
{
    html_put(b, "<td>%t", c->r->tier);
}

static void put_mode(struct plain_buffer *b, const struct cell *c)
{
    const int usual = !strcmp(c->r->timing, "host") || !strcmp(c->r->timing, "batch");

    html_put(b, "<td>%t %t", strcmp(c->r->place, "host") ? "GPU" : "CPU", c->r->cache);
    if (!usual) html_put(b, " %t", c->r->timing);
}

static void put_time(struct plain_buffer *b, const struct cell *c)
{
    char text[64];

    put_number(b, c->r->t_med_us, words_time(c->r->t_med_us, text, sizeof text));
}

/* Half the interval of the median, in % of it. */
static void put_interval(struct plain_buffer *b, const struct cell *c)
{
    const double half = 50 * (c->r->t_ci_hi_us - c->r->t_ci_lo_us) / c->r->t_med_us;

    put_formatted(b, half, half < 0.05 ? "%.2f %%" : "%.1f %%");
}

static void put_rate(struct plain_buffer *b, const struct cell *c)
{
    char text[64];

    put_number(b, (c->r->flop > 0 ? c->r->flop : c->r->bytes) / c->r->t_med_us / 1e3,
               words_row_rate(c->r, text, sizeof text));
}

/* A bar behind the number; it ends at 125 %, where its cell does. */
static void put_share(struct plain_buffer *b, double percent, const char *kind)
{
    char text[64];

    if (!(percent > 0) || isinf(percent)) {
        html_put(b, "<td>");
        return;
    }
    html_put(b, "<td class=\"n %r\" data-v=\"%g\" style=\"--p:%g%%\">%t", kind, percent,
             round(fmin(percent, 125) / 0.125) / 10, words_percent(percent, text, sizeof text));
}

static void put_library(struct plain_buffer *b, const struct cell *c)
{
    put_share(b, c->rival ? derive_percent(c->r, c->rival) : NAN, "lib");
}

static double roof_percent(const struct cell *c)
{
    const struct roof roof = stored_roof(c->run, c->r);

    if (!derive_usable(c->r) || !(roof.gbs > 0)) return NAN; /* launching alone is no roof */
    return 100 * derive_roof_us(c->r->flop, c->r->bytes, &roof) / c->r->t_med_us;
}

static void put_roof(struct plain_buffer *b, const struct cell *c)
{
    put_share(b, roof_percent(c), "roof");
}

static void put_lines(struct plain_buffer *b, const struct cell *c)
{
    put_formatted(b, c->r->sloc, "%.0f");
}

static void put_error(struct plain_buffer *b, const struct cell *c)
{
    put_formatted(b, c->r->err_bound_frac, "%.2g");
}

static void put_energy(struct plain_buffer *b, const struct cell *c)
{
    put_formatted(b, c->r->energy_mj, "%.3g mJ");
}

static void put_flags(struct plain_buffer *b, const struct cell *c)
{
    html_put(b, "<td class=f>");
    for (const char *flag = c->r->flags; *flag; flag += *flag == ';') {
        char name[128];
        const size_t length = strcspn(flag, ";");
        snprintf(name, sizeof name, "%.*s", (int)length, flag);
        html_put(b, "%r%t", flag == c->r->flags ? "" : " ", name);
        flag += length;
    }
}

static void put_note(struct plain_buffer *b, const struct cell *c)
{
    if (!strcmp(c->r->status, "ok")) html_put(b, "<td class=w>%t", c->r->algo);
    else html_put(b, "<td class=w><b>%t</b>: %t", c->r->status, c->r->reason);
}

static const struct html_column {
    const char *key, *head, *what;
    int number;
    put_cell *put;
} columns[] = {
    {"run", "run", "device and number of the run", 0, put_run},
    {"problem", "problem", "op, precision, layout, shape", 0, put_problem},
    {"impl", "impl", "one way to compute it; * has a warning flag", 0, put_impl},
    {"mode", "mode", "place; operands in the cache (hot) or not (cold)", 0, put_mode},
    {"time", "time", "median time of one call", 1, put_time},
    {"lib", "% of library", "speed against the fastest library call for it; line: 100 %", 1,
     put_library},
    {"roof", "% of roof", "speed against what this machine was measured to reach; line: 100 %", 1,
     put_roof},
    {"lines", "lines", "source lines you own", 1, put_lines},
    {"rate", "rate", "useful FLOP/s of the definition, or bytes/s", 1, put_rate},
    {"ci", "±", "half of the 95 % interval of the median, in % of it", 1, put_interval},
    {"energy", "energy", "energy of one call", 1, put_energy},
    {"error", "error", "largest error as a part of the bound", 1, put_error},
    {"tier", "tier", "naive, tuned, library", 0, put_tier},
    {"flags", "flags", "remarks of the harness", 0, put_flags},
    {"note", "algorithm or reason", "what ran, or why it did not", 0, put_note},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* Columns in which no row has anything are left out. */
static int is_used(const struct html_page *page, const struct html_column *column)
{
    if (column->put == put_run) return page->count > 1;
    if (column->put != put_roof && column->put != put_energy) return 1;
    for (int i = 0; i < page->count; i++)
        for (size_t k = 0; k < page->runs[i].count; k++) {
            const struct cell c = {page, &page->runs[i], &page->runs[i].rows[k], NULL};
            const double v = column->put == put_roof ? roof_percent(&c) : c.r->energy_mj;
            if (isfinite(v)) return 1;
        }
    return 0;
}

/* ---- rows ---- */

static void put_row(struct html_page *page, const struct stored_run *run, const struct row *r,
                    const int *used)
{
    const struct cell c = {page, run, r, derive_rival(run->rows, run->count, r)};

    html_put(&page->out, strcmp(r->status, "ok") ? "<tr class=s>" : "<tr>");
    for (int k = 0; k < COLUMNS; k++)
        if (used[k]) columns[k].put(&page->out, &c);
    html_put(&page->out, "</tr>\n");
}

static void put_head(struct html_page *page, const int *used)
{
    html_put(&page->out, "<thead><tr>");
    for (int k = 0; k < COLUMNS; k++)
        if (used[k])
            html_put(&page->out,
                     "<th scope=\"col\" aria-sort=\"none\"%r title=\"%a\"><button type=\"button\" "
                     "data-k=\"%a\">%t</button></th>",
                     columns[k].number ? " class=\"n\"" : "", columns[k].what, columns[k].key,
                     columns[k].head);
    html_put(&page->out, "</tr></thead>\n");
}

void html_table(struct html_page *page)
{
    struct plain_buffer *b = &page->out;
    int used[COLUMNS], total = 0;

    for (int k = 0; k < COLUMNS; k++) used[k] = is_used(page, &columns[k]);
    for (int i = 0; i < page->count; i++) total += (int)page->runs[i].count;
    html_put(b,
             "<section id=\"rows\">\n<h2>All rows</h2>\n<div class=\"filter\"><label for=\"q\" "
             "hidden>Filter</label><input id=\"q\" type=\"search\" placeholder=\"gemm f32 tuned "
             "cold\" autocomplete=\"off\" spellcheck=\"false\" hidden>"
             "<span id=\"count\" role=\"status\" aria-live=\"polite\">%d rows</span></div>\n"
             "<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"All "
             "rows\"><table id=\"all\">\n",
             total);
    put_head(page, used);
    html_put(b, "<tbody>\n");
    for (int timed = 1; timed >= 0; timed--) /* what could not run comes last */
        for (int i = 0; i < page->count; i++)
            for (size_t k = 0; k < page->runs[i].count; k++)
                if (strcmp(page->runs[i].rows[k].status, "skipped") ? timed : !timed)
                    put_row(page, &page->runs[i], &page->runs[i].rows[k], used);
    html_put(b, "</tbody></table></div>\n</section>\n");
}
