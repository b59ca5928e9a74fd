/* plain.h: texts and numbers as they stand in our files: valid UTF-8 without control characters,
 * and the decimal point of the C locale, whatever setlocale says. */
#ifndef WHEELBENCH_PLAIN_H
#define WHEELBENCH_PLAIN_H
#include <stddef.h>

/* Bytes of the UTF-8 character at s (1 to 4), 0 if the bytes up to end are none: overlong forms,
 * surrogates and values over 10FFFF are none. */
int plain_utf8(const char *s, const char *end);

/* The code point of the character of `len` bytes at s, a len that plain_utf8 gave. */
unsigned plain_code(const char *s, int len);

/* Not to be seen, but it changes what is: marks that turn the direction of writing, line and
 * paragraph separators, and what XML does not allow. */
int plain_unseen(unsigned code);

/* Copies `length` bytes into to[n], n at least 1, and ends them with NUL: control characters become
 * blanks, bytes that are no UTF-8 '?'. Cuts between characters. `to` may be `from`. Returns the
 * bytes written. */
size_t plain_clean(char *to, size_t n, const char *from, size_t length);

/* printf of one double by a constant format such as "%.7g". */
void plain_from_real(char *to, size_t n, const char *format, double v);

/* A whole text of the form 12, -0.5, 1.25e-3 and nothing else: no blanks, hex, inf, nan, comma. 1:
 * read; 0: not a number, or beyond the range of double. */
int plain_to_real(const char *text, double *v);

/* A whole text of digits alone. */
int plain_to_count(const char *text, double *v);

/* Text that grows. Starts as {0}; ends with free(data). When memory is short, failed is set and
 * stays set, so that only the last step needs to ask. */
struct plain_buffer {
    char *data;
    size_t length, size;
    int failed;
};
void plain_append(struct plain_buffer *b, const char *data, size_t length);
void plain_append_text(struct plain_buffer *b, const char *text);
#endif
