/* svg_colours.c: the page's names for the colours of plots/style.gp, so that a figure follows light
 * and dark. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/svg.h"

/* As plots/style.gp has them. */
static const struct {
    unsigned rgb;
    const char *put;
} colours[] = {
    {0x000000, "currentColor"},  {0xffffff, "var(--bg)"},     {0x666666, "var(--grey)"},
    {0x56b4e9, "var(--rung-1)"}, {0x0072b2, "var(--rung-2)"}, {0x009e73, "var(--rung-3)"},
    {0xcc79a7, "var(--rung-4)"}, {0xd55e00, "var(--rung-5)"}, {0x2a7aa8, "var(--ink-1)"},
    {0x005f99, "var(--ink-2)"},  {0x00785a, "var(--ink-3)"},  {0xa24c7e, "var(--ink-4)"},
    {0xb34700, "var(--ink-5)"},
};

/* black, white, #rrggbb or rgb(r,g,b), with or without blanks. */
static int read_colour(const char *text, unsigned *rgb)
{
    unsigned r, g, b;
    int end = 0;

    if (!strcmp(text, "black")) *rgb = 0;
    else if (!strcmp(text, "white")) *rgb = 0xffffff;
    else if (text[0] == '#' && strlen(text) == 7 && strspn(text + 1, "0123456789abcdefABCDEF") == 6)
        *rgb = (unsigned)strtoul(text + 1, NULL, 16);
    else if (sscanf(text, "rgb(%3u ,%3u ,%3u )%n", &r, &g, &b, &end) == 3 && end && !text[end])
        *rgb = r << 16 | g << 8 | b;
    else return 0;
    return 1;
}

const char *svg_own_colour(const char *text)
{
    unsigned rgb;

    if (read_colour(text, &rgb))
        for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++)
            if (colours[i].rgb == rgb) return colours[i].put;
    return text;
}
