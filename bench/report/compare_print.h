/* compare_print.h: a comparison in words: for the terminal, Markdown, or as CSV with every number.
 * Numbers are made elsewhere; here they are only worded. */
#ifndef WHEELBENCH_COMPARE_PRINT_H
#define WHEELBENCH_COMPARE_PRINT_H
#include "report/compare.h"
#include "report/compare_impl.h"
#include "report/table.h"

enum compare_format { COMPARE_TEXT, COMPARE_MD, COMPARE_CSV };

struct compare_view {
    enum compare_format format;
    int all;      /* cells that are the same, and those of one side, too */
    int by_order; /* of the file; else by size of effect */
};

void compare_print(const struct comparison *c, const struct compare_view *v,
                   struct plain_buffer *to);
void compare_impl_print(const struct compare_ladder *l, const struct compare_view *v,
                        struct plain_buffer *to);

/* ---- its parts ---- */

/* Who A and B are, in what their manifests differ, what the roofs are. */
void compare_print_head(const struct comparison *c, int markdown, struct plain_buffer *to);
/* A line a run, with the processors of these places. */
void compare_print_runs(const struct side *s, char letter, int device, int host, int markdown,
                        struct plain_buffer *to);
/* Counts, and the sentences that follow from the data. */
void compare_print_end(const struct comparison *c, const struct compare_view *v,
                       struct plain_buffer *to);
void compare_csv(const struct comparison *c, struct plain_buffer *to);
void compare_impl_csv(const struct compare_ladder *l, struct plain_buffer *to);

/* "gemm f32 nn 8x8x8" and "cold batch" of a row. */
const char *compare_problem(const struct row *r, char *to, size_t n);
const char *compare_mode_of(const struct row *r, char *to, size_t n);
/* 1.31x; 0.98..1.02; - for NaN. */
const char *compare_factor(double v, char *to, size_t n);
const char *compare_interval(double lo, double hi, char *to, size_t n);

/* Fields of a CSV line: empty for NaN. */
void compare_csv_texts(struct plain_buffer *to, const struct row *r);
void compare_csv_real(struct plain_buffer *to, double v);
#endif
