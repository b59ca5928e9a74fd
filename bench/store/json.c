/* json.c: see json.h. */
#include "store/json.h"
#include <string.h>
#include "fail.h"
#include "store/plain.h"

const char *json_wrong(const struct json *p, const char *what)
{
    int line = 1;

    for (const char *s = p->start; s < p->at; s++) line += *s == '\n';
    return fail_text("%s:%d: %s", p->name, line, what);
}

void json_blanks(struct json *p)
{
    while (p->at < p->end && strchr(" \t\r\n", *p->at) && *p->at) p->at++;
}

/* Takes the character c, blanks before it included. 1: it was there. */
int json_take(struct json *p, char c)
{
    json_blanks(p);
    if (p->at == p->end || *p->at != c) return 0;
    p->at++;
    return 1;
}

/* The four hex digits at s, or -1. */
static long hex4(const char *s, const char *end)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    long v = 0;

    if (end - s < 4) return -1;
    for (int i = 0; i < 4; i++) {
        const char *d = s[i] ? strchr(digits, s[i]) : NULL;
        if (!d) return -1;
        v = v * 16 + (d - digits) % 16;
    }
    return v;
}

/* The \u escape whose digits start at p->at, with its second half when it is a surrogate pair, as
 * UTF-8 to out. Returns the bytes written, 0 when it is none. */
static int take_unicode(struct json *p, char *out)
{
    long v = hex4(p->at, p->end);

    if (v < 0 || (v >= 0xdc00 && v < 0xe000)) return 0;
    p->at += 4;
    if (v >= 0xd800 && v < 0xdc00) {
        if (p->end - p->at < 6 || p->at[0] != '\\' || p->at[1] != 'u') return 0;
        const long low = hex4(p->at + 2, p->end);
        if (low < 0xdc00 || low >= 0xe000) return 0;
        p->at += 6;
        v = 0x10000 + (v - 0xd800) * 0x400 + (low - 0xdc00);
    }
    const int n = v < 0x80 ? 1 : v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;
    static const unsigned char heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (int i = n - 1; i > 0; i--, v >>= 6) out[i] = (char)(0x80 | (v & 0x3f));
    out[0] = (char)(heads[n] | v);
    return n;
}

/* A text, decoded where it stands: no escape is shorter than what it means. */
const char *json_string(struct json *p, const char **text)
{
    if (!json_take(p, '"')) return json_wrong(p, "expected a text in double quotes");
    char *start = p->at, *out = start;
    while (p->at < p->end && *p->at != '"') {
        const int n = plain_utf8(p->at, p->end);
        if (!n) return json_wrong(p, "a text is not valid UTF-8");
        if ((unsigned char)*p->at < ' ') return json_wrong(p, "a control character in a text");
        if (*p->at != '\\') {
            memmove(out, p->at, (size_t)n);
            out += n;
            p->at += n;
            continue;
        }
        if (++p->at == p->end) break;
        static const char escapes[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
        const char *e = *p->at ? strchr(escapes, *p->at) : NULL;
        const int unicode = *p->at++ == 'u';
        if (e) *out++ = means[e - escapes];
        else if (unicode) {
            char utf8[4];
            const int width = take_unicode(p, utf8);
            if (!width) return json_wrong(p, "a \\u escape that is no character");
            memcpy(out, utf8, (size_t)width);
            out += width;
        } else return json_wrong(p, "an unknown escape in a text");
    }
    if (p->at == p->end) return json_wrong(p, "the file ends inside a text");
    p->at++;
    plain_clean(start, (size_t)(out - start) + 1, start, (size_t)(out - start));
    *text = start;
    return NULL;
}

const char *json_number(struct json *p, double *v)
{
    char text[96];
    size_t n = 0;

    while (p->at + n < p->end && n < sizeof text - 1 && p->at[n] &&
           strchr("+-.0123456789eE", p->at[n])) {
        text[n] = p->at[n];
        n++;
    }
    text[n] = 0;
    const char *digits = text + (*text == '-');
    if (!plain_to_real(text, v) || (digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9'))
        return json_wrong(p, "expected a text, number, true, false, null or list");
    p->at += n;
    return NULL;
}
