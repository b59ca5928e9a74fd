/* readme.c: see readme.h. */
#include "report/readme.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "fail.h"
#include "report/plotdata.h"
#include "report/summary.h"
#include "report/words.h"

enum { ROWS_MAX = 8, OPS_MAX = 16 };

static void put(struct plain_buffer *b, const char *text) { plain_append_text(b, text); }

void readme_escaped(struct plain_buffer *b, const char *text)
{
    char clean[1024];

    plotdata_clean(text, clean, sizeof clean);
    for (const char *s = clean; *s; s++) {
        if (*s == '<') put(b, "&lt;");
        else if (*s == '>') put(b, "&gt;");
        else if (*s == '&') put(b, "&amp;");
        else {
            if (strchr("`*_[]|!~$", *s)) put(b, "\\");
            plain_append(b, s, 1);
        }
    }
}

/* In a code span no escape works, so whatever is no letter of a name becomes _. */
static void put_code(struct plain_buffer *b, const char *name)
{
    put(b, "`");
    for (const char *s = name; *s; s++)
        plain_append(
            b,
            strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ? s : "_",
            1);
    put(b, "`");
}

static int size(const struct summary *s) { return !!s->naive + !!s->best + !!s->head.rival; }

/* All ops of the place, at most ROWS_MAX rows: naive rungs go first where it is too much. */
static size_t collect(const struct stored_run *run, const char *place, struct summary out[OPS_MAX])
{
    const char *ops[OPS_MAX];
    const size_t op_count = stored_ops(run, ops, OPS_MAX);
    size_t n = 0;
    int rows = 0;

    for (size_t i = 0; i < op_count; i++) {
        out[n] = summary_of(run, ops[i], place);
        rows += size(&out[n]);
        n += size(&out[n]) > 0;
    }
    for (size_t i = n; i-- > 0 && rows > ROWS_MAX;)
        if (out[i].naive && size(&out[i]) > 1) out[i].naive = NULL, rows--;
    for (; n && rows > ROWS_MAX; n--) rows -= size(&out[n - 1]);
    return n;
}

static void put_problem(struct plain_buffer *b, const struct row *r)
{
    char shape[200];

    readme_escaped(b, r->precision);
    put(b, " ");
    readme_escaped(b, r->layout);
    put(b, " ");
    readme_escaped(b, words_shape(r->shape, shape, sizeof shape));
}

static void put_row(struct plain_buffer *b, const struct summary *s, const struct row *r)
{
    char text[64], lines[32] = "-";

    if (!r) return;
    put(b, "| ");
    readme_escaped(b, r->op);
    put(b, " | ");
    put_problem(b, r);
    put(b, " | ");
    put_code(b, r->impl);
    put(b, words_doubtful(r) ? "\\* | " : " | ");
    put(b, words_time(r->t_med_us, text, sizeof text));
    put(b, " | ");
    put(b, words_row_rate(r, text, sizeof text));
    put(b, " | ");
    put(b,
        s->head.rival ? words_percent(derive_percent(r, s->head.rival), text, sizeof text) : "-");
    put(b, " | ");
    if (r->sloc > 0) snprintf(lines, sizeof lines, "%.0f", r->sloc);
    put(b, lines);
    put(b, " |\n");
}

static void put_lines(struct plain_buffer *b, const struct row *r)
{
    char text[40];

    if (!(r->sloc > 0)) return;
    snprintf(text, sizeof text, " (%.0f lines)", r->sloc);
    put(b, text);
}

static void put_hour(struct plain_buffer *b, const struct row *r, const struct row *rival)
{
    char text[64];

    put(b, words_hour(derive_wheel_factor(r, rival), text, sizeof text));
    put(b, " with ");
    put_code(b, r->impl);
    put_lines(b, r);
}

/* "On <device>, an hour of <rival> takes <x> with <naive> and <y> with <best>: <problem>." */
static void put_sentence(struct plain_buffer *b, const struct stored_run *run, const char *place,
                         const struct summary *list, size_t count)
{
    const struct summary *s = NULL;

    for (size_t i = 0; i < count && !s; i++)
        if (list[i].head.rival && (list[i].naive || list[i].best)) s = &list[i];
    put(b, "**On ");
    readme_escaped(b, strcmp(place, "host") ? run->device : run->host);
    if (!s) {
        put(b, " no library call could be compared with a hand kernel.**\n");
        return;
    }
    put(b, ", an hour of ");
    put_code(b, s->head.rival->impl);
    put(b, " takes ");
    if (s->naive) put_hour(b, s->naive, s->head.rival);
    if (s->naive && s->best) put(b, " and ");
    if (s->best) put_hour(b, s->best, s->head.rival);
    put(b, ".** (");
    readme_escaped(b, s->head.of->op);
    put(b, " ");
    put_problem(b, s->head.of);
    put(b, ", ");
    readme_escaped(b, s->head.of->cache);
    put(b, ")\n");
}

void readme_run(struct plain_buffer *b, const struct stored_run *run, const char *picture,
                const char *sweep)
{
    const char *place = summary_place(run);
    struct summary list[OPS_MAX];
    const size_t count = collect(run, place, list);
    int doubtful = 0;

    put_sentence(b, run, place, list, count);
    put(b, "\n![Source lines against % of the library's throughput, one panel per operation](");
    put(b, picture);
    put(b, ")\n\n| op | problem | impl | time | rate | % of library | lines |\n"
           "|---|---|---|--:|--:|--:|--:|\n");
    for (size_t i = 0; i < count; i++) {
        const struct row *rows[] = {list[i].naive, list[i].best, list[i].head.rival};
        for (size_t k = 0; k < 3; k++) {
            put_row(b, &list[i], rows[k]);
            doubtful |= rows[k] && words_doubtful(rows[k]);
        }
    }
    put(b, "\n<sub>");
    readme_escaped(b, run->footer);
    if (doubtful) put(b, " · \\* has a warning flag");
    put(b, "</sub>");
    if (sweep) {
        put(b, " · [how it depends on the size](");
        put(b, sweep);
        put(b, ")");
    }
    put(b, "\n");
}

const char *readme_splice(const char *name, const char *text, const char *block,
                          struct plain_buffer *out)
{
    const char *begin = strstr(text, README_BEGIN), *end = strstr(text, README_END);

    if (!begin || !end || end < begin)
        return fail_text("%s: there are no lines %s and %s, in this order", name, README_BEGIN,
                         README_END);
    begin += strlen(README_BEGIN);
    if (strstr(begin, README_BEGIN) || strstr(end + 1, README_END))
        return fail_text("%s: %s or %s stands there twice", name, README_BEGIN, README_END);
    plain_append(out, text, (size_t)(begin - text));
    put(out, "\n\n");
    put(out, block);
    put(out, "\n");
    put(out, end);
    return out->failed ? fail_text("out of memory") : NULL;
}
