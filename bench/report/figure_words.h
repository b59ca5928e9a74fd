/* figure_words.h: what a figure says in words, for those who cannot see it, from the data that it
 * is drawn from. */
#ifndef WHEELBENCH_FIGURE_WORDS_H
#define WHEELBENCH_FIGURE_WORDS_H
#include "store/plain.h"

/* Appends "the subtitle: panel (its notes); panel (its notes)" and NUL. `data`: a whole file of
 * plotdata.h; its lines are cut apart. A file without panels gives its subtitle alone. */
void figure_words(struct plain_buffer *b, char *data);
#endif
