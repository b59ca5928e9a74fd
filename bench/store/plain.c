/* plain.c: see plain.h. Numbers go through the C library, which is exact, but are dressed and
 * undressed here, since printf and strtod follow the locale and strtod takes far too much. */
#include "store/plain.h"
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int plain_utf8(const char *s, const char *end)
{
    const unsigned char *u = (const unsigned char *)s;
    const ptrdiff_t left = end - s;

    if (left < 1) return 0;
    if (u[0] < 0x80) return 1;
    const int n = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
    if (u[0] < 0xc2 || u[0] > 0xf4 || left < n) return 0;
    for (int i = 1; i < n; i++)
        if ((u[i] & 0xc0) != 0x80) return 0;
    if (u[0] == 0xe0 && u[1] < 0xa0) return 0;  /* overlong */
    if (u[0] == 0xed && u[1] >= 0xa0) return 0; /* surrogate */
    if (u[0] == 0xf0 && u[1] < 0x90) return 0;  /* overlong */
    if (u[0] == 0xf4 && u[1] >= 0x90) return 0; /* over 10FFFF */
    return n;
}

unsigned plain_code(const char *s, int len)
{
    const unsigned char *b = (const unsigned char *)s;
    unsigned code = len == 1 ? b[0] : b[0] & (0xffu >> (len + 1));

    for (int i = 1; i < len; i++) code = code << 6 | (b[i] & 0x3fu);
    return code;
}

int plain_unseen(unsigned code)
{
    return code == 0x61c || code == 0x200e || code == 0x200f ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xfeff || (code & 0xfffe) == 0xfffe;
}

size_t plain_clean(char *to, size_t n, const char *from, size_t length)
{
    const char *end = from + length;
    size_t out = 0;

    while (from < end) {
        const unsigned char c = (unsigned char)*from;
        int take = plain_utf8(from, end), give = take;
        char instead = 0;
        if (!take) instead = '?', take = give = 1;
        else if (c < ' ' || c == 127) instead = ' ';
        else if (c == 0xc2 && (unsigned char)from[1] < 0xa0) instead = ' ', give = 1; /* C1 */
        if (out + (size_t)give >= n) break;
        if (instead) to[out] = instead;
        else memmove(to + out, from, (size_t)give);
        out += (size_t)give;
        from += take;
    }
    to[out] = 0;
    return out;
}

void plain_from_real(char *to, size_t n, const char *format, double v)
{
    const char *point = localeconv()->decimal_point;
    const size_t width = strlen(point);

    snprintf(to, n, format, v);
    char *at = strcmp(point, ".") ? strstr(to, point) : NULL;
    if (!at) return;
    *at = '.';
    memmove(at + 1, at + width, strlen(at + width) + 1);
}

/* Length of the run of digits at s. */
static size_t digits(const char *s) { return strspn(s, "0123456789"); }

int plain_to_real(const char *text, double *v)
{
    const char *s = text, *point = NULL;
    char local[96], *end;

    s += *s == '-';
    if (!digits(s)) return 0;
    s += digits(s);
    if (*s == '.') {
        point = s++;
        if (!digits(s)) return 0;
        s += digits(s);
    }
    if (*s == 'e' || *s == 'E') {
        s++;
        s += *s == '-' || *s == '+';
        if (!digits(s)) return 0;
        s += digits(s);
    }
    const size_t length = (size_t)(s - text);
    if (*s || length > 80) return 0; /* no writer of ours needs more */

    if (point)
        snprintf(local, sizeof local, "%.*s%.8s%s", (int)(point - text), text,
                 localeconv()->decimal_point, point + 1);
    else memcpy(local, text, length + 1);
    *v = strtod(local, &end);
    return !*end && isfinite(*v);
}

int plain_to_count(const char *text, double *v)
{
    return *text && !text[digits(text)] && plain_to_real(text, v);
}

void plain_append(struct plain_buffer *b, const char *data, size_t length)
{
    if (b->failed) return;
    if (length > b->size - b->length) {
        size_t size = b->size ? b->size : 4096;
        while (size - b->length < length && size < SIZE_MAX / 2) size *= 2;
        char *grown = size - b->length < length ? NULL : realloc(b->data, size);
        if (!grown) {
            b->failed = 1;
            return;
        }
        b->data = grown;
        b->size = size;
    }
    if (length) memcpy(b->data + b->length, data, length);
    b->length += length;
}

void plain_append_text(struct plain_buffer *b, const char *text)
{
    plain_append(b, text, strlen(text));
}
