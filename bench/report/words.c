/* words.c: see words.h. */
#include "report/words.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Without an exponent: 0.052 0.52 5.2 52 520 for two figures. */
static void significant(double v, int figures, char *to, size_t n)
{
    int decimals = figures - 1 - (int)floor(log10(v));
    const double step = pow(10, -decimals), rounded = round(v / step) * step;

    if (rounded >= pow(10, figures - decimals)) decimals--; /* 9.96 became 10.0 */
    snprintf(to, n, "%.*f", decimals > 0 ? decimals : 0, rounded);
}

static char *hour(double w, const char *const units[3], char *to, size_t n)
{
    const double minutes = 60 * w;
    const int unit = minutes < 99.5 ? 0 : w < 36 ? 1 : 2;
    char v[40];

    if (!(w > 0) || isinf(w)) {
        snprintf(to, n, "an unknown time");
        return to;
    }
    significant(unit == 0 ? minutes : unit == 1 ? w : w / 24, 2, v, sizeof v);
    snprintf(to, n, "%s %s", v, units[unit]);
    return to;
}

char *words_hour(double w, char *to, size_t n)
{
    static const char *const units[] = {"minutes", "hours", "days"};

    return hour(w, units, to, n);
}

char *words_hour_short(double w, char *to, size_t n)
{
    static const char *const units[] = {"min", "h", "days"};

    return hour(w, units, to, n);
}

static char *scaled(double v, const char *const units[], size_t count, char *to, size_t n)
{
    size_t u = 0;
    char digits[40];

    if (!(v > 0) || isinf(v)) {
        snprintf(to, n, "-");
        return to;
    }
    for (; v >= 999.5 && u + 1 < count; u++) v /= 1000;
    significant(v, 3, digits, sizeof digits);
    snprintf(to, n, "%s %s", digits, units[u]);
    return to;
}

char *words_time(double us, char *to, size_t n)
{
    static const char *const units[] = {"ns", "µs", "ms", "s"};

    return scaled(us * 1000, units, 4, to, n);
}

char *words_rate(double giga, const char *unit, char *to, size_t n)
{
    static const char prefixes[] = "MGTP";
    char names[4][16];
    const char *units[4];

    for (size_t i = 0; i < 4; i++) {
        snprintf(names[i], sizeof names[i], "%c%s", prefixes[i], unit);
        units[i] = names[i];
    }
    return scaled(giga * 1000, units, 4, to, n);
}

char *words_row_rate(const struct row *r, char *to, size_t n)
{
    const double t = r->t_med_us * 1e3;

    return r->flop > 0 ? words_rate(r->flop / t, "FLOP/s", to, n)
                       : words_rate(r->bytes / t, "B/s", to, n);
}

char *words_percent(double percent, char *to, size_t n)
{
    char v[40];

    if (!(percent > 0) || isinf(percent)) {
        snprintf(to, n, "-");
        return to;
    }
    significant(percent, percent >= 99.5 ? 3 : 2, v, sizeof v);
    snprintf(to, n, "%s %%", v);
    return to;
}

/* Three equal extents and nothing else. */
static int cube(const char *shape, long *side)
{
    long a, b, c;
    int end = 0;

    if (sscanf(shape, "%9ldx%9ldx%9ld%n", &a, &b, &c, &end) != 3 || a != b || b != c) return 0;
    *side = a;
    return !shape[end];
}

char *words_shape(const char *shape, char *to, size_t n)
{
    size_t used = 0;
    long side;

    if (cube(shape, &side)) {
        snprintf(to, n, "%ld³", side);
        return to;
    }
    if (n) *to = 0;
    for (const char *s = shape; *s && used + 3 < n; s++) {
        const int times =
            *s == 'x' && s > shape && isdigit((unsigned char)s[-1]) && isdigit((unsigned char)s[1]);
        used += (size_t)snprintf(to + used, n - used, times ? "×" : "%c", *s);
    }
    return to;
}

char *words_impl(const struct row *r, char *to, size_t n)
{
    const size_t op = strlen(r->op);
    const char *s = r->impl;

    if (!strncmp(s, r->op, op) && s[op] == '_' && s[op + 1]) s += op + 1;
    if (!strcmp(r->place, "host") && !strncmp(s, "cpu_", 4) && s[4]) s += 4;
    snprintf(to, n, "%s", s);
    return to;
}

int words_doubtful(const struct row *r)
{
    static const char *const explains[] = {"CAP",    "SHORT",  "CLOCK_MIX",
                                           "STREAM", "NONDET", "HOSTDATA"};

    for (const char *flag = r->flags; *flag; flag += *flag == ';') {
        const size_t length = strcspn(flag, ";");
        int known = !length;
        for (size_t i = 0; i < sizeof explains / sizeof explains[0]; i++)
            known |= strlen(explains[i]) == length && !strncmp(flag, explains[i], length);
        if (!known) return 1;
        flag += length;
    }
    return 0;
}

/* em of one character; bytes that continue a UTF-8 sequence have none */
static double em(unsigned char c)
{
    if (c >= 0x80 && c < 0xc0) return 0;
    if (c >= 0x80) return 0.7;
    if (strchr("ijl.,:;'|!()[] I", c)) return 0.34;
    if (strchr("frt-/", c)) return 0.4;
    if (strchr("mMwW%@", c)) return 0.95;
    return isupper(c) ? 0.7 : 0.61;
}

double words_width(const char *text, double font)
{
    double w = 0;

    for (; *text; text++) w += em((unsigned char)*text);
    return w * font;
}

char *words_fit(const char *text, double width, double font, char *to, size_t n)
{
    const char ellipsis[] = "…";
    const int whole = words_width(text, font) <= width && strlen(text) < n;
    double w = whole ? 0 : 0.9;
    size_t len = 0;

    if (whole) {
        snprintf(to, n, "%s", text);
        return to;
    }
    while (text[len]) {
        size_t next = len + 1;
        while (((unsigned char)text[next] & 0xc0) == 0x80) next++;
        w += em((unsigned char)text[len]);
        if (w * font > width || next + sizeof ellipsis > n) break;
        len = next;
    }
    snprintf(to, n, "%.*s%s", (int)len, text, ellipsis);
    return to;
}
