/* row.h: one row of results.csv, schema 1. The table in row.c ties each field to its column: name,
 * type, unit and meaning; writer, reader and results/README.md go through that table alone.
 * Reals that were not measured are NaN and become empty fields (so do infinities), texts that are
 * absent are "". */
#ifndef WHEELBENCH_ROW_H
#define WHEELBENCH_ROW_H
#include <stddef.h>
#include <stdio.h>

enum { ROW_COLUMNS = 46, ROW_SCHEMA = 1 };

struct sample_line;

struct row {
    double schema;
    char run[64];    /* name of the run directory */
    char device[96]; /* slug of the processor that computed this row */
    char op[24], precision[8], layout[8], shape[160], impl[48];
    char tier[12], place[8], cache[8], timing[12];
    char status[8];
    char reason[1024], flags[128];
    double samples;
    double t_med_us, t_min_us, t_p05_us, t_p95_us, t_ci_lo_us, t_ci_hi_us, mad_us, drift_pct;
    double flop, bytes, gflops, gbs;
    double err_bound_frac, err_max_abs, err_rel_l2, exact_ok, n_checked;
    double sm_mhz, mem_mhz, power_w, temp_c, energy_mj;
    char algo[160];
    double workspace_bytes, sloc, regs, smem_bytes, first_call_ms, prepare_ms, seed;

    /* No column: the lines of samples.csv behind the times, once somebody has read them. */
    const struct sample_line *sample;
    int sample_count;
};

enum column_type { COLUMN_TEXT, COLUMN_COUNT, COLUMN_TIME, COLUMN_REAL, COLUMN_ERROR };

struct column {
    const char *name, *unit, *meaning; /* meaning holds the formula where there is one */
    const char *words;                 /* the words a text column knows; NULL: any text */
    enum column_type type;
    size_t offset, size; /* where the field lies in struct row; size of the text buffer */
    int needed;          /* without this column a file cannot be read */
    int key;             /* two rows of a file differ in one of these */
};
extern const struct column row_columns[ROW_COLUMNS]; /* in the order of the file */

void row_clear(struct row *r); /* schema 1, every text "", every real NaN */

/* gflops and gbs from flop, bytes and t_med_us, by the formulas of the table. */
void row_rates(struct row *r);

/* NULL, or why rows (and the manifest) of this schema cannot be read: NaN, unknown, or newer. */
const char *row_schema(double schema);

/* NULL, or why the row contradicts itself: a wrong row with a time, an unknown word, ... Writer and
 * reader both ask, so that nothing is written that could not be read back. */
const char *row_check(const struct row *r);

/* The fields of one column: texts and reals. */
const char *row_text(const struct row *r, const struct column *c);
double row_real(const struct row *r, const struct column *c);

/* Orders rows by their key columns; 0: the same cell. */
int row_compare(const struct row *a, const struct row *b);

/* The column table of results/README.md in Markdown. 0, or -1 when writing failed. */
int row_readme(FILE *to);
#endif
