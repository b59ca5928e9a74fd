/* plotdata.h: the files between the program and gnuplot. One file per figure: a first line that
 * names version and figure, then blocks of tab-separated rows, each with two blank lines before it,
 * `# name` and `# columns`. gnuplot finds a block by its name, by prefix, so no name may begin
 * another. Numbers are %.6g in the C locale, NaN is a gap; text is cleaned here and nowhere else,
 * and is data: it never becomes part of a gnuplot command. */
#ifndef WHEELBENCH_PLOTDATA_H
#define WHEELBENCH_PLOTDATA_H
#include <stddef.h>
#include "store/plain.h"

struct plotdata {
    struct plain_buffer text;
    int fields; /* written in the current row */
};

void plotdata_begin(struct plotdata *p, const char *figure); /* opens the block `meta` */

/* Writes dir/name, whole or not at all, and frees. NULL, or one line that says why. */
const char *plotdata_save(struct plotdata *p, const char *dir, const char *name);

void plotdata_block(struct plotdata *p, const char *name, const char *columns);
void plotdata_number(struct plotdata *p, double v);
void plotdata_numbers(struct plotdata *p, size_t count, const double *v);
void plotdata_text(struct plotdata *p, const char *text);
void plotdata_row(struct plotdata *p); /* ends the row */

/* Rows of the block `meta`: a key, and a text or a number. */
void plotdata_meta_text(struct plotdata *p, const char *key, const char *text);
void plotdata_meta(struct plotdata *p, const char *key, double v);

/* Printable UTF-8 of one line: control characters become spaces, invalid bytes ?, marks that turn
 * the direction of writing vanish, " becomes ' and \ becomes / (gnuplot would interpret them), # a
 * sharp (it would start a comment), ]]> loses its > (it would end the SVG's CDATA), and an empty
 * text becomes - (gnuplot repeats the row before for an empty field). */
void plotdata_clean(const char *text, char *to, size_t n);
#endif
