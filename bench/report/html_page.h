/* html_page.h: one or more runs as one self-contained page: no file beside it, nothing from the
 * network. html_page.c is the order of the page; each part is a file html_*.c. */
#ifndef WHEELBENCH_HTML_PAGE_H
#define WHEELBENCH_HTML_PAGE_H
#include "report/html.h"
#include "report/stored.h"

enum { PAGE_RUNS_MAX = 16, PAGE_BYTES_MAX = 2000000 };

struct html_page {
    const struct stored_run *runs;
    int count;
    struct plain_buffer out;
    const char *trouble; /* out: why a figure is missing, other than for want of gnuplot */
    char trouble_text[1024];
};

/* Writes the page into page->out, which the caller frees, whatever it returns. Figures are drawn
 * anew in a directory of their own that is gone afterwards. A page that would be larger than
 * PAGE_BYTES_MAX has a shorter CSV; if that does not help, it is an error. */
const char *html_page_write(struct html_page *page);

/* ---- the parts ---- */

/* The name of a run on the page: "" of a single one, else "-2" for the second. For ids. */
const char *html_run_suffix(const struct html_page *page, int run, char to[16]);

void html_facts(struct html_page *page, int run);    /* device, run, date, how it came about */
void html_headline(struct html_page *page, int run); /* the question, answered in words */
void html_care(struct html_page *page, int run);     /* flags, wrong and failed rows */
void html_figures(struct html_page *page, int run);
void html_figures_together(struct html_page *page); /* of two runs and more, side by side */
void html_table(struct html_page *page);            /* all rows of all runs */
void html_manifests(struct html_page *page);
void html_skipped(struct html_page *page);
void html_method(struct html_page *page);
/* The runs' results.csv in at most `room` bytes of page. */
const char *html_csv(struct html_page *page, size_t room);
void html_take_part(struct html_page *page, struct plain_buffer *b);
#endif
