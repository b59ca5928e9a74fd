/* svg.h: a picture that gnuplot wrote, made a part of a page: it takes the page's colours, has a
 * name for those who cannot see it, and shares no id with another picture. */
#ifndef WHEELBENCH_SVG_H
#define WHEELBENCH_SVG_H
#include "store/plain.h"

struct svg_names {
    const char *prefix;      /* of all ids: letters, digits, - */
    const char *title;       /* what a screen reader says first */
    const char *description; /* what the picture shows, in words */
};

/* Appends <svg ...>...</svg>. What stands before the first <svg, comments, nested titles and
 * descriptions are left out. Black becomes currentColor, white var(--bg), grey text var(--grey),
 * the hues of the rungs var(--rung-1) to var(--rung-5), their inks var(--ink-1) to var(--ink-5);
 * color="black" vanishes, since it would pin currentColor. NULL, or why not: not XML as gnuplot
 * writes it, an element or attribute that no picture of ours has (script, foreignObject, on...),
 * or a link to anything outside. */
const char *svg_inline(struct plain_buffer *b, const char *svg, const struct svg_names *names);

/* What stands for this value of fill, stroke or color: `text` itself, or the page's name for it. */
const char *svg_own_colour(const char *text);
#endif
