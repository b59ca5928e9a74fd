/* html.c: see html.h. */
#include "report/html.h"
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What stands for a character; NULL: itself. */
static const char *instead(const char *s, int len, int quoted)
{
    const unsigned code = plain_code(s, len);

    if (code == '<') return "&lt;";
    if (code == '>') return "&gt;";
    if (code == '&') return "&amp;";
    if (code == '"' && quoted) return "&quot;";
    if (code == '\'' && quoted) return "&#39;";
    if (code == '\n' && !quoted) return NULL;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return " ";
    return plain_unseen(code) ? "" : NULL;
}

static void escape(struct plain_buffer *b, const char *text, int quoted)
{
    const char *s = text, *end = text + strlen(text), *from = s;

    while (s < end) {
        const int len = plain_utf8(s, end);
        const char *put = len ? instead(s, len, quoted) : "?";
        if (put) {
            plain_append(b, from, (size_t)(s - from));
            plain_append_text(b, put);
        }
        s += len ? len : 1;
        if (put) from = s;
    }
    plain_append(b, from, (size_t)(s - from));
}

void html_text(struct plain_buffer *b, const char *text) { escape(b, text, 0); }

void html_attribute(struct plain_buffer *b, const char *text) { escape(b, text, 1); }

static void put_real(struct plain_buffer *b, double v)
{
    char text[40] = "";

    if (isfinite(v)) plain_from_real(text, sizeof text, "%.6g", v);
    plain_append_text(b, text);
}

void html_put(struct plain_buffer *b, const char *format, ...)
{
    va_list more;
    char digits[32];

    va_start(more, format);
    for (const char *s = format; *s;) {
        const size_t plain = strcspn(s, "%");
        plain_append(b, s, plain);
        s += plain;
        if (!*s) break;
        switch (s[1]) {
        case 't': html_text(b, va_arg(more, const char *)); break;
        case 'a': html_attribute(b, va_arg(more, const char *)); break;
        case 'r': plain_append_text(b, va_arg(more, const char *)); break;
        case 'g': put_real(b, va_arg(more, double)); break;
        case 'd':
            snprintf(digits, sizeof digits, "%d", va_arg(more, int));
            plain_append_text(b, digits);
            break;
        default: plain_append(b, "%", 1); break; /* a per cent sign, as it stands; %% is one */
        }
        s += s[1] && strchr("tardg%", s[1]) ? 2 : 1;
    }
    va_end(more);
}

static int hex_digit(char c)
{
    return isdigit((unsigned char)c) ? c - '0'
           : c >= 'a' && c <= 'f'    ? c - 'a' + 10
           : c >= 'A' && c <= 'F'    ? c - 'A' + 10
                                     : -1;
}

int html_base64(const char *hex, char *to, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const size_t bytes = strlen(hex) / 2;
    size_t used = 0;

    if (strlen(hex) % 2 || (bytes + 2) / 3 * 4 + 1 > n) return -1;
    for (size_t i = 0; i < bytes; i += 3) {
        unsigned group = 0;
        for (size_t k = i; k < i + 3; k++) {
            const int high = k < bytes ? hex_digit(hex[2 * k]) : 0;
            const int low = k < bytes ? hex_digit(hex[2 * k + 1]) : 0;
            if (high < 0 || low < 0) return -1;
            group = group << 8 | (unsigned)(16 * high + low);
        }
        for (int k = 3; k >= 0; k--)
            to[used++] = i + (size_t)(3 - k) > bytes ? '=' : digits[group >> 6 * k & 63];
    }
    to[used] = 0;
    return 0;
}
