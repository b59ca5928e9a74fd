/* svg.c: see svg.h. Elements and attributes are let in by name, so that what nobody thought of
 * stays out. */
#include "report/svg.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "report/html.h"

enum { NAME = 32, VALUE = 1 << 16 };

struct reader {
    const char *at;
    const struct svg_names *names;
    struct plain_buffer *out;
    char value[VALUE];
};

static const char elements[] =
    " svg g defs path rect circle ellipse line polyline polygon text tspan use pattern clipPath "
    "filter feFlood feComposite linearGradient stop ";

/* ---- attributes ---- */

static void skip_blanks(struct reader *r) { r->at += strspn(r->at, " \t\r\n"); }

static int read_name(struct reader *r, char name[NAME])
{
    size_t n = 0;

    while ((isalnum((unsigned char)r->at[n]) || (r->at[n] && strchr(":-_", r->at[n]))) &&
           n + 1 < NAME)
        n++;
    memcpy(name, r->at, n);
    name[n] = 0;
    r->at += n;
    return n > 0;
}

static const char *read_value(struct reader *r)
{
    skip_blanks(r);
    if (*r->at++ != '=') return fail_text("svg: an attribute without a value");
    skip_blanks(r);
    const char quote = *r->at++;
    if (quote != '"' && quote != '\'') return fail_text("svg: a value without quotes");
    const char *end = strchr(r->at, quote);
    if (!end) return fail_text("svg: a quote that does not end");
    const size_t length = (size_t)(end - r->at);
    if (length >= sizeof r->value) return fail_text("svg: a value of %zu bytes", length);
    if (memchr(r->at, '<', length)) return fail_text("svg: a < inside a value");
    memcpy(r->value, r->at, length);
    r->value[length] = 0;
    r->at = end + 1;
    return NULL;
}

/* XML text stays what it is, and its & begins an entity: only quotes and > are left to escape. */
static void put_xml(struct plain_buffer *b, const char *text, size_t length)
{
    for (const char *s = text; s < text + length; s++) {
        if (*s == '"') plain_append_text(b, "&quot;");
        else if (*s == '>') plain_append_text(b, "&gt;");
        else plain_append(b, s, 1);
    }
}

static void put_attribute(struct reader *r, const char *name, const char *prefix, const char *value)
{
    html_put(r->out, " %r=\"%r", name, prefix);
    put_xml(r->out, value, strlen(value));
    plain_append_text(r->out, "\"");
}

/* Writes url(#x) as url(#prefix-x). No other url( is let through, nor what could hide one. */
static const char *put_with_urls(struct reader *r, const char *name)
{
    char value[VALUE + 256];
    const char *from = r->value, *url = strcasestr(from, "url(");

    if (strpbrk(from, "\\@&")) return fail_text("svg: %s=\"%.60s\"", name, from);
    if (!url) {
        put_attribute(r, name, "", from);
        return NULL;
    }
    if (strncmp(url, "url(#", 5) || strcasestr(url + 5, "url("))
        return fail_text("svg: a link to something outside: %.60s", url);
    snprintf(value, sizeof value, "%.*s%.100s-%s", (int)(url + 5 - from), from, r->names->prefix,
             url + 5);
    put_attribute(r, name, "", value);
    return NULL;
}

/* The width that it was made for, for the page's style: larger than that it would be coarse. */
static void put_width(struct reader *r)
{
    double width;

    if (sscanf(r->value, "%*f %*f %lf", &width) == 1 && width > 0)
        html_put(r->out, " style=\"--w:%gpx\"", width);
}

static const char *put_one(struct reader *r, const char *name, int root)
{
    char prefix[128];
    const int link = !strcmp(name, "href") || !strcmp(name, "xlink:href");

    if (!strncasecmp(name, "on", 2)) return fail_text("svg: the attribute %s", name);
    if (root && (!strcmp(name, "width") || !strcmp(name, "height") || !strcmp(name, "style")))
        return NULL;
    if (root && !strcmp(name, "viewBox")) put_width(r);
    if (!strncmp(name, "xmlns", 5)) return NULL; /* put_root names the only one */
    if (link && r->value[0] != '#')
        return fail_text("svg: a link to something outside: %.60s", r->value);
    if (link || !strcmp(name, "id")) {
        snprintf(prefix, sizeof prefix, "%s%.100s-", link ? "#" : "", r->names->prefix);
        put_attribute(r, link ? "href" : name, prefix, r->value + link);
        return NULL;
    }
    if (strchr(name, ':') && strcmp(name, "xml:space")) return fail_text("svg: %s", name);
    if (!strcmp(name, "fill") || !strcmp(name, "stroke") || !strcmp(name, "color")) {
        const char *put = svg_own_colour(r->value);
        if (!strcmp(name, "color") && !strcmp(put, "currentColor")) return NULL;
        if (put != r->value) {
            put_attribute(r, name, "", put);
            return NULL;
        }
    }
    return put_with_urls(r, name);
}

/* ---- elements ---- */

static void put_root(struct reader *r)
{
    const struct svg_names *n = r->names;

    html_put(r->out,
             " xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"%a-title\" "
             "aria-describedby=\"%a-desc\"><title id=\"%a-title\">%t</title><desc "
             "id=\"%a-desc\">%t</desc>",
             n->prefix, n->prefix, n->prefix, n->title, n->prefix, n->description);
}

/* Behind the name of an element: its attributes, up to and with > or />. */
static const char *read_attributes(struct reader *r, int root, int *empty)
{
    char name[NAME];

    for (;;) {
        skip_blanks(r);
        *empty = *r->at == '/';
        r->at += *empty;
        if (*r->at == '>') break;
        if (*empty || !read_name(r, name)) return fail_text("svg: a tag that does not end");
        TRY(read_value(r));
        TRY(put_one(r, name, root));
    }
    r->at++;
    if (root && !*empty) put_root(r);
    else plain_append_text(r->out, *empty ? "/>" : ">");
    return NULL;
}

/* Moves behind `end`. */
static const char *skip(struct reader *r, const char *end)
{
    const char *at = strstr(r->at, end);

    if (!at) return fail_text("svg: %s is missing", end);
    r->at = at + strlen(end);
    return NULL;
}

static int is_known(const char *name)
{
    char word[NAME + 3];

    snprintf(word, sizeof word, " %s ", name);
    return strstr(elements, word) != NULL;
}

/* One tag, r->at behind its <. */
static const char *read_tag(struct reader *r, int *depth)
{
    char name[NAME];
    const int closes = *r->at == '/', first = !*depth;
    int empty = 0;

    if (!strncmp(r->at, "!--", 3)) return skip(r, "-->");
    r->at += closes;
    if (!read_name(r, name)) return fail_text("svg: <%.20s", r->at);
    if (!strcmp(name, "title")) return skip(r, "</title>");
    if (!strcmp(name, "desc")) return skip(r, "</desc>");
    if (!is_known(name)) return fail_text("svg: the element <%s>", name);
    html_put(r->out, closes ? "</%r" : "<%r", name);
    TRY(read_attributes(r, first, &empty));
    *depth += closes ? -1 : !empty;
    if (closes && (empty || *depth < 0 || !*depth != !strcmp(name, "svg")))
        return fail_text("svg: </%s> out of place", name);
    return NULL;
}

const char *svg_inline(struct plain_buffer *b, const char *svg, const struct svg_names *names)
{
    static _Thread_local struct reader r;
    int depth = 0;

    r = (struct reader){.at = strstr(svg, "<svg"), .names = names, .out = b};
    if (!r.at) return fail_text("svg: there is no <svg");
    do {
        const size_t text = strcspn(r.at, "<");
        if (!r.at[text]) return fail_text("svg: it ends too early");
        put_xml(b, r.at, text);
        r.at += text + 1;
        TRY(read_tag(&r, &depth));
    } while (depth > 0);
    return NULL;
}
