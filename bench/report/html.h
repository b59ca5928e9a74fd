/* html.h: text that becomes part of a page. Every text that comes from a run goes through one of
 * the two escapes here, so that it can be read but never does anything. */
#ifndef WHEELBENCH_HTML_H
#define WHEELBENCH_HTML_H
#include "store/plain.h"

/* Between tags; inside a quoted attribute. Invalid UTF-8 becomes ?, control characters but line
 * ends a blank, and marks that turn the direction of writing vanish. */
void html_text(struct plain_buffer *b, const char *text);
void html_attribute(struct plain_buffer *b, const char *text);

/* Appends markup: %t a text, %a a text inside a quoted attribute, %d an int, %g a double to six
 * digits (nothing for NaN and infinities), %r markup as it is: only for texts of this program.
 * %% and any other % are a %. */
void html_put(struct plain_buffer *b, const char *format, ...);

/* Base64 of the bytes that stand in hex. Needs 4 characters of room for each 3 bytes, and one. 0:
 * done; -1: not hex, or no room. */
int html_base64(const char *hex, char *to, size_t n);
#endif
