/* text.c: see text.h. Numbers are read digit by digit, so that blanks, signs, hex and overflow are
 * errors, not surprises. */
#include "text.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXTENT_MAX = 2147483647 };

int text_word(const char **at, char *word, size_t n)
{
    size_t len = 0;

    while (isspace((unsigned char)**at)) (*at)++;
    if (!**at) return 0;
    while ((*at)[len] && !isspace((unsigned char)(*at)[len])) len++;
    const int fits = len < n;
    snprintf(word, n, "%.*s", (int)(fits ? len : n - 1), *at);
    *at += len;
    return fits ? 1 : -1;
}

/* Reads low..2147483647 at *s and moves behind it. */
static int number(const char **s, const char *name, int name_len, long low, long *out, char *why,
                  size_t n)
{
    long v = 0;
    const char *p = *s;

    if (!isdigit((unsigned char)*p)) {
        snprintf(why, n, "%.*s is missing or not a number", name_len, name);
        return -1;
    }
    for (; isdigit((unsigned char)*p); p++)
        if ((v = v * 10 + (*p - '0')) > EXTENT_MAX) {
            snprintf(why, n, "%.*s is too large; every extent is %ld to %d", name_len, name, low,
                     EXTENT_MAX);
            return -1;
        }
    if (v < low) {
        snprintf(why, n, "%.*s is %ld; every extent is %ld to %d", name_len, name, v, low,
                 EXTENT_MAX);
        return -1;
    }
    *s = p;
    *out = v;
    return 0;
}

int text_extents(const char *word, int count, const char *names, long out[], char *why, size_t n)
{
    const char *s = word, *name = names;

    for (int i = 0; i < count; i++) {
        const int len = (int)strcspn(name, " ");
        if (number(&s, name, len, 1, &out[i], why, n)) return -1;
        name += len + (name[len] == ' ');
        if (i + 1 < count && *s++ != 'x') {
            snprintf(why, n, "expected %d numbers joined by x (%s)", count, names);
            return -1;
        }
    }
    if (*s) {
        snprintf(why, n, "'%s' after the %d numbers (%s)", s, count, names);
        return -1;
    }
    return 0;
}

int text_pair(const char *word, const char *name, long low, long out[2], char *why, size_t n)
{
    const char *s = word;

    if (number(&s, name, (int)strlen(name), low, &out[0], why, n)) return -1;
    out[1] = out[0];
    if (*s == 'x') {
        s++;
        if (number(&s, name, (int)strlen(name), low, &out[1], why, n)) return -1;
    }
    if (*s) {
        snprintf(why, n, "%s: '%s' is not a number or two joined by x", name, word);
        return -1;
    }
    return 0;
}

int text_real(const char *word, const char *name, double *out, char *why, size_t n)
{
    char *end;

    if (*word && !isspace((unsigned char)*word) && !strpbrk(word, "xXpPnN")) {
        *out = strtod(word, &end);
        if (!*end && isfinite(*out)) return 0;
    }
    snprintf(why, n, "%s: '%s' is not a finite number", name, word);
    return -1;
}

void text_from_real(double v, char *to, size_t n)
{
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(to, n, "%.*g", digits, v);
        if (strtod(to, NULL) == v) return;
    }
}
