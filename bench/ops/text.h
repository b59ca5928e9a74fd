/* text.h: the small words of a problem's text form, read without trust: 4096x4096x64, stride2x1,
 * alpha=0.5. Every reader returns 0, or -1 with one line in why that says what is wrong and what
 * was expected. */
#ifndef WHEELBENCH_TEXT_H
#define WHEELBENCH_TEXT_H
#include <stddef.h>

/* The next word of *at (words are separated by blanks) into word[n]; moves *at behind it. 1: got
 * one; 0: none left; -1: too long. */
int text_word(const char **at, char *word, size_t n);

/* Extents, 1 to 2147483647 each: "32x64x56x56" with count 4 and names "n c h w" (used in messages).
 * The whole word must fit. */
int text_extents(const char *word, int count, const char *names, long out[], char *why, size_t n);

/* One or two numbers, low to 2147483647: "2" sets both, "2x1" the first and the second. name is
 * used in messages. */
int text_pair(const char *word, const char *name, long low, long out[2], char *why, size_t n);

/* A finite number such as 0.5, -1, 2e-3. */
int text_real(const char *word, const char *name, double *out, char *why, size_t n);

/* Writes v as short as it reads back: 1, 0.5, 0.3. */
void text_from_real(double v, char *to, size_t n);
#endif
