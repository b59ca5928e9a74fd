/* words.h: numbers and names as people read them, the same in figures, README and tables. Each
 * writes into to[n] and returns to. */
#ifndef WHEELBENCH_WORDS_H
#define WHEELBENCH_WORDS_H
#include <stddef.h>
#include "store/row.h"

/* What an hour of the rival's work takes with a wheel factor of w: "64 minutes" below 100 minutes,
 * "34 hours" below 36 hours, else "3.1 days". Two significant figures. */
char *words_hour(double w, char *to, size_t n);
char *words_hour_short(double w, char *to, size_t n); /* 64 min, 34 h, 3.1 days */

char *words_time(double us, char *to, size_t n);                     /* 2.69 ms */
char *words_rate(double giga, const char *unit, char *to, size_t n); /* 51.2 TFLOP/s */
char *words_row_rate(const struct row *r, char *to, size_t n); /* GFLOP/s, or GB/s without FLOPs */
char *words_percent(double percent, char *to, size_t n);       /* 0.92 %, 48 %, 104 % */

/* 4096x4096x4096 -> 4096³, 32x64x56x56 k64 3x3 pad1 -> 32×64×56×56 k64 3×3 pad1 */
char *words_shape(const char *shape, char *to, size_t n);

/* The impl without what the panel's title says already: gemm_cpu_blocked -> blocked. */
char *words_impl(const struct row *r, char *to, size_t n);

/* A flag that makes the number doubtful, in contrast to one that explains it. */
int words_doubtful(const struct row *r);

/* Width in pixels at a font size, for DejaVu Sans, by classes of letters: within 10 % or so. */
double words_width(const char *text, double font);

/* Copies text, cut with … where it would be wider than width. */
char *words_fit(const char *text, double width, double font, char *to, size_t n);
#endif
