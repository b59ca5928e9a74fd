/* html_figures.c: the figures of a run inside the page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "report/figure_words.h"
#include "report/figures.h"
#include "report/html_page.h"
#include "report/svg.h"
#include "store/file.h"

enum { FIGURE_BYTES_MAX = 4 << 20 };

/* One sentence under a figure. A figure without one here has the words of its data. */
static const struct {
    const char *figure, *text;
} captions[] = {
    {"ladder",
     "Each mark is one way to compute the same problem: further right costs more source lines, "
     "higher up is faster, and the stepped line joins the kernels that were worth their lines."},
    {"sweep",
     "Each curve is one kernel from small matrices to large; the top of the axis is what the "
     "machine was measured to reach, so the height of a curve is its share of the machine."},
    {"roofline",
     "A stem reaches from each kernel up to what the machine was measured to allow for its work: "
     "the longer it is, the more the kernel leaves."},
    {"bandwidth",
     "Kernels whose time is spent on moving bytes, against the speed of a plain copy on the same "
     "machine in the same run."},
    {"layers",
     "Each bar is a layer, its length the time of all calls that the network makes of it: the "
     "library's call against the best kernel written by hand."},
    {"energy",
     "Further down is faster, further left is thriftier; along a line the board draws the same "
     "power."},
    {"accuracy", "Further right is faster, further down keeps more digits."},
    {"compare",
     "Right of the middle the second run is faster; a hollow mark is within the noise between two "
     "processes."},
    {"generations",
     "Each curve is one kernel from processor to processor, as a share of the fastest library call "
     "there."},
};

static const char *caption_of(const char *figure, const char *words)
{
    for (size_t i = 0; i < sizeof captions / sizeof captions[0]; i++)
        if (!strcmp(captions[i].figure, figure)) return captions[i].text;
    return words;
}

/* ---- drawing ---- */

struct drawing {
    const struct figure *figure;
    char name[64]; /* of the figure on this page */
    char dir[600];
};

static const char *put_drawn(struct plain_buffer *b, const struct drawing *d)
{
    char path[700], *svg = NULL, *data = NULL;
    size_t length;
    struct plain_buffer words = {0}, picture = {0};
    const char *why;

    snprintf(path, sizeof path, "%s/%s.svg", d->dir, d->figure->name);
    why = file_read(path, FIGURE_BYTES_MAX, &svg, &length);
    snprintf(path, sizeof path, "%s/%s.dat", d->dir, d->figure->name);
    if (!why) why = file_read(path, FIGURE_BYTES_MAX, &data, &length);
    if (!why) {
        figure_words(&words, data);
        if (words.failed) why = fail_text("out of memory");
    }
    if (!why) {
        const struct svg_names names = {d->name, d->figure->question, words.data};
        why = svg_inline(&picture, svg, &names);
    }
    if (!why) {
        html_put(b,
                 "<figure id=\"%a\">\n<h3 class=\"vh\">%t</h3>\n<div class=\"scroll\" "
                 "tabindex=\"0\" role=\"region\" aria-label=\"%a\">\n",
                 d->name, d->figure->question, d->figure->question);
        plain_append(b, picture.data, picture.length);
        b->failed |= picture.failed;
        html_put(b,
                 "\n</div>\n<figcaption>%t <a href=\"#%a\" aria-label=\"Link to this figure\">"
                 "#</a></figcaption>\n</figure>\n",
                 caption_of(d->figure->name, words.data), d->name);
    }
    free(svg);
    free(data);
    free(words.data);
    free(picture.data);
    return why;
}

/* Removes what figures_draw wrote. */
static void clear(const struct drawing *d)
{
    static const char *const endings[] = {"svg", "dat"};
    char path[700];

    for (int k = 0; k < 2; k++) {
        snprintf(path, sizeof path, "%s/%s.%s", d->dir, d->figure->name, endings[k]);
        unlink(path);
    }
}

static void keep_trouble(struct html_page *page, const char *why)
{
    if (page->trouble) return;
    snprintf(page->trouble_text, sizeof page->trouble_text, "%s", why);
    page->trouble = page->trouble_text;
}

/* Draws one figure; 0: there is no gnuplot, so that the others need not be tried. */
static int put_figure(struct html_page *page, const struct stored_run *runs, size_t count,
                      const struct drawing *d)
{
    static const char *const formats[] = {"svg", NULL};
    struct plain_buffer *b = &page->out;
    const char *why = NULL;
    const enum figure_result got = figures_draw(runs, count, d->figure, d->dir, formats, &why);

    if (got == FIGURE_DRAWN && !(why = put_drawn(b, d))) return 1;
    if (got == FIGURE_EMPTY) {
        if (d->figure->write_several)
            html_put(b, "<p class=\"note\">%t Not drawn: %t.</p>\n", d->figure->question, why);
        else
            html_put(b, "<p class=\"note\">%t Not drawn: the run has not %t.</p>\n",
                     d->figure->question, d->figure->needs);
        return 1;
    }
    html_put(b, "<p class=\"note\">%r%t</p>\n",
             got == FIGURE_NO_GNUPLOT ? "There are no figures: " : "This figure is missing: ", why);
    if (got != FIGURE_NO_GNUPLOT) keep_trouble(page, why);
    return got != FIGURE_NO_GNUPLOT;
}

/* Those of `count` runs together, or of one; suffix: as of html_run_suffix. */
static void put_section(struct html_page *page, const struct stored_run *runs, size_t count,
                        const char *suffix)
{
    const char *root = getenv("TMPDIR");
    struct drawing d;
    int go_on = 1;

    snprintf(d.dir, sizeof d.dir, "%.500s/wheelbench-report-XXXXXX", root && *root ? root : "/tmp");
    if (!mkdtemp(d.dir)) {
        keep_trouble(page, fail_text("cannot make a directory for figures in %s", d.dir));
        html_put(&page->out, "<p class=\"note\">%t</p>\n", page->trouble);
        go_on = 0;
    }
    for (d.figure = figures; go_on && d.figure->name; d.figure++) {
        if (!d.figure->write_several != (count == 1)) continue;
        if (d.figure->most && count > d.figure->most) continue;
        snprintf(d.name, sizeof d.name, "%.40s%s", d.figure->name, suffix);
        go_on = put_figure(page, runs, count, &d);
        clear(&d);
    }
    rmdir(d.dir);
    html_put(&page->out, "</section>\n");
}

void html_figures(struct html_page *page, int i)
{
    char suffix[16];

    html_put(&page->out, "<section id=\"figures%r\">\n<h2>Figures</h2>\n",
             html_run_suffix(page, i, suffix));
    put_section(page, &page->runs[i], 1, suffix);
}

void html_figures_together(struct html_page *page)
{
    if (page->count < 2) return;
    html_put(&page->out, "<section id=\"figures-together\">\n<h2>Side by side</h2>\n");
    put_section(page, page->runs, (size_t)page->count, "-together");
}
