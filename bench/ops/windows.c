/* windows.c: see windows.h. */
#include "ops/windows.h"

/* Windows a whose tap at offset `at` of window 0 lies inside: at + a * stride in [0, extent). */
static long inside(const struct windows *w, long at)
{
    const long first = at < 0 ? (-at + w->stride - 1) / w->stride : 0;
    const long end = at < w->extent ? (w->extent - 1 - at) / w->stride + 1 : 0;
    const long last = end < w->outputs ? end : w->outputs;

    return last > first ? last - first : 0;
}

double windows_taps(const struct windows *w, long *used)
{
    double sum = 0;

    *used = 0;
    for (long tap = 0; tap < w->window; tap++) {
        const long n = inside(w, tap * w->dilation - w->pad);
        sum += (double)n;
        *used += n > 0;
    }
    return sum;
}

double windows_touched(const struct windows *w)
{
    long used, most = 0;

    /* Windows apart from each other touch a place once. */
    if (w->dilation == 1 && w->window <= w->stride) return windows_taps(w, &used);
    if (w->dilation == 1) {
        const long end = (w->outputs - 1) * w->stride - w->pad + w->window;
        return (double)(end < w->extent ? end : w->extent);
    }
    /* With holes: as many as the tap that meets the most, which is fewer than all together. */
    for (long tap = 0; tap < w->window; tap++) {
        const long n = inside(w, tap * w->dilation - w->pad);
        if (n > most) most = n;
    }
    return (double)most;
}
