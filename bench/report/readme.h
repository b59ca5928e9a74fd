/* readme.h: the block of README.md that is made from stored runs: for each run a sentence, the
 * ladder picture and a table. Nobody edits it by hand, so no number in it can grow stale unseen. */
#ifndef WHEELBENCH_README_H
#define WHEELBENCH_README_H
#include "report/stored.h"
#include "store/plain.h"

#define README_BEGIN "<!-- wheelbench:begin -->"
#define README_END "<!-- wheelbench:end -->"

/* Appends text from a run inside Markdown: nothing in it can end a table cell, open a tag or a
 * link. */
void readme_escaped(struct plain_buffer *b, const char *text);

/* Appends one run: at most eight rows of its headline cells. `picture` and `sweep` are the paths
 * that README.md shows; sweep may be NULL. */
void readme_run(struct plain_buffer *b, const struct stored_run *run, const char *picture,
                const char *sweep);

/* Puts the block between the two marker lines of the text. NULL, or why not: a marker is missing or
 * stands twice; `name` is used in messages. */
const char *readme_splice(const char *name, const char *text, const char *block,
                          struct plain_buffer *out);
#endif
