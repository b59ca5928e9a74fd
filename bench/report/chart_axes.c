/* chart_axes.c: axes of charts, see chart.h: where ticks stand and what they say. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/chart.h"
#include "report/words.h"

enum { TICK = 4, X_ROOM = 52, Y_ROOM = 22 }; /* px: of a tick, and between two at least */
enum { TICKS_MAX = 64 };

/* ---- words ---- */

char *chart_plain(double v, char *to, size_t n)
{
    snprintf(to, n, "%g", v);
    return to;
}

char *chart_percent(double v, char *to, size_t n)
{
    snprintf(to, n, "%g %%", v);
    return to;
}

char *chart_factor(double v, char *to, size_t n)
{
    if (v < 0.0995) snprintf(to, n, "1/%.0f×", 1 / v);
    else snprintf(to, n, v < 9.995 ? "%.3g×" : v < 99.5 ? "%.1f×" : "%.0f×", v);
    return to;
}

static char *scaled(double v, const char *const units[], int count, char *to, size_t n)
{
    int u = 0;

    for (; v >= 999.5 && u + 1 < count; u++) v /= 1000;
    if (v > 0) snprintf(to, n, "%.3g %s", v, units[u]);
    else snprintf(to, n, "0");
    return to;
}

char *chart_time(double us, char *to, size_t n)
{
    static const char *const units[] = {"ns", "µs", "ms", "s"};

    return scaled(us * 1000, units, 4, to, n);
}

char *chart_energy(double mj, char *to, size_t n)
{
    static const char *const units[] = {"nJ", "µJ", "mJ", "J", "kJ"};

    return scaled(mj * 1e6, units, 5, to, n);
}

char *chart_bytes(double giga, char *to, size_t n)
{
    static const char *const units[] = {"kB/s", "MB/s", "GB/s", "TB/s"};

    return scaled(giga * 1e6, units, 4, to, n);
}

char *chart_flops(double giga, char *to, size_t n)
{
    static const char *const units[] = {"k", "M", "G", "T", "P"};

    return scaled(giga * 1e6, units, 5, to, n);
}

/* ---- ticks ---- */

/* 1 3 10 30 ... on an axis of some decades, powers of ten or of a thousand on longer ones, 1 2 5
 * 10 ... on a short one. Returns how many ticks there are. */
static int log_ticks(const struct axis *a, double room, double at[TICKS_MAX])
{
    static const double steps[3][3] = {{1, 0, 0}, {1, 3, 0}, {1, 2, 5}};
    const double decades = log10(a->high / a->low), each = fabs(a->to - a->from) / decades;
    const double *step = steps[each < 2.2 * room ? 0 : each < 3.4 * room ? 1 : 2];
    const int stride = (int)fmax(1, ceil(room / each)), first = (int)floor(log10(a->low)) - 1;
    int n = 0;

    for (int e = first; e <= first + decades + 3; e++)
        for (int i = 0; i < 3 && step[i] > 0 && n < TICKS_MAX; i++) {
            const double v = step[i] * pow(10, e);
            if (e % stride == 0 && v >= a->low * 0.9999 && v <= a->high * 1.0001) at[n++] = v;
        }
    return n;
}

/* The least of 1, 2 and 5 times a power of ten that leaves the room. */
static int linear_ticks(const struct axis *a, double room, double at[TICKS_MAX])
{
    const double least = room * (a->high - a->low) / fabs(a->to - a->from);
    const double power = pow(10, floor(log10(least))), digit = least / power;
    const double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    int n = 0;

    for (double v = ceil(a->low / step - 1e-9) * step; v <= a->high + 1e-9 * step; v += step)
        if (n < TICKS_MAX) at[n++] = v;
    return n;
}

void chart_x_tick(struct chart *c, const struct box *box, double p, const char *text)
{
    chart_line(c, CHART_GRID, p, box->bottom, p, box->top, INK_GREY);
    chart_line(c, CHART_AXIS, p, box->bottom, p, box->bottom - TICK, INK_GREY);
    chart_text(c, CHART_CENTER, p, box->bottom - 15, INK_BLACK, 0, text);
}

void chart_x_axis(struct chart *c, const struct box *box, struct axis *x, chart_words *say,
                  const char *name)
{
    double at[TICKS_MAX];
    char text[40];

    x->from = box->left, x->to = box->right;
    const double wide = words_width(say(x->high * 0.99, text, sizeof text), FONT_NOTE) + 14;
    const int n = x->log ? log_ticks(x, X_ROOM, at) : linear_ticks(x, wide, at);
    for (int i = 0; i < n; i++)
        chart_x_tick(c, box, axis_pixel(x, at[i]), say(at[i], text, sizeof text));
    if (*name)
        chart_text(c, CHART_CENTER, (box->left + box->right) / 2, box->bottom - 36, INK_BLACK, 0,
                   name);
}

void chart_y_axis(struct chart *c, const struct box *box, struct axis *y, chart_words *say,
                  const char *name)
{
    double at[TICKS_MAX];
    char text[40];

    y->from = box->bottom, y->to = box->top;
    const int n = y->log ? log_ticks(y, Y_ROOM, at) : linear_ticks(y, Y_ROOM, at);
    for (int i = 0; i < n; i++) {
        const double p = axis_pixel(y, at[i]);
        chart_line(c, CHART_GRID, box->left, p, box->right, p, INK_GREY);
        chart_line(c, CHART_AXIS, box->left, p, box->left - TICK, p, INK_GREY);
        chart_text(c, CHART_RIGHT, box->left - 8, p, INK_BLACK, 0, say(at[i], text, sizeof text));
    }
    if (*name)
        chart_text(c, CHART_UPRIGHT, box->left - 66, (box->bottom + box->top) / 2, INK_BLACK, 0,
                   name);
}

void chart_stretch(struct axis *a, double v)
{
    if (!isfinite(v) || (a->log && v <= 0)) return;
    if (!(a->low <= v)) a->low = v;
    if (!(a->high >= v)) a->high = v;
}

void chart_pad(struct axis *a, double size, double below, double above)
{
    if (a->high < 4 * a->low) {
        const double middle = sqrt(a->low * a->high);
        a->low = middle / 2, a->high = middle * 2;
    }
    const double each = log(a->high / a->low) / (size - below - above); /* of a px */
    a->low *= exp(-below * each);
    a->high *= exp(above * each);
}
