/* compare_csv.c: a comparison with all its numbers, a line a cell, for other programs. Factors are
 * t_A / t_B; what is not known is empty. */
#include <math.h>
#include <stdio.h>
#include "report/compare_print.h"
#include "store/csv.h"

static const char key[] = "op,precision,layout,shape,impl,tier,place,cache,timing";

void compare_csv_texts(struct plain_buffer *to, const struct row *r)
{
    const char *const fields[] = {r->op,   r->precision, r->layout, r->shape, r->impl,
                                  r->tier, r->place,     r->cache,  r->timing};

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (i) plain_append(to, ",", 1);
        csv_append(to, fields[i]);
    }
}

void compare_csv_real(struct plain_buffer *to, double v)
{
    char text[64] = "";

    if (isfinite(v)) plain_from_real(text, sizeof text, "%.7g", v);
    plain_append(to, ",", 1);
    plain_append_text(to, text);
}

static void csv_text(struct plain_buffer *to, const char *text)
{
    plain_append(to, ",", 1);
    csv_append(to, text);
}

void compare_csv(const struct comparison *c, struct plain_buffer *to)
{
    plain_append_text(to, key);
    plain_append_text(
        to, ",run_a,run_b,t_a_us,t_b_us,repeats_a,repeats_b,ratio,ratio_lo,ratio_hi,p,band,cycles,"
            "sm_mhz_a,sm_mhz_b,roof_ratio,bound_a,bound_b,of_roof_a_pct,of_roof_b_pct,verdict,"
            "reason_a,reason_b\n");
    for (size_t i = 0; i < c->count; i++) {
        const struct cell *cell = &c->cells[i];
        const struct row *const *r = cell->row;
        compare_csv_texts(to, r[0] ? r[0] : r[1]);
        for (int s = 0; s < 2; s++) csv_text(to, r[s] ? r[s]->run : "");
        for (int s = 0; s < 2; s++)
            compare_csv_real(to, cell->evidence[s].repeats ? cell->evidence[s].t : NAN);
        for (int s = 0; s < 2; s++) compare_csv_real(to, cell->evidence[s].repeats);
        const double reals[] = {cell->q.ratio, cell->q.lo,   cell->q.hi,
                                cell->q.p,     cell->band,   cell->cycles,
                                cell->mhz[0],  cell->mhz[1], cell->roof_ratio};
        for (size_t k = 0; k < sizeof reals / sizeof reals[0]; k++) compare_csv_real(to, reals[k]);
        for (int s = 0; s < 2; s++)
            csv_text(to, cell->bound[s] ? derive_bound_name(cell->bound[s]) : "");
        for (int s = 0; s < 2; s++) compare_csv_real(to, cell->of_roof[s]);
        csv_text(to, cell->verdict == NEITHER ? "" : verdict_names[cell->verdict]);
        for (int s = 0; s < 2; s++) csv_text(to, r[s] ? r[s]->reason : "");
        plain_append_text(to, "\n");
    }
}

void compare_impl_csv(const struct compare_ladder *l, struct plain_buffer *to)
{
    plain_append_text(to, key);
    plain_append_text(to, ",run,status,reason,t_us,rival,w,w_lo,w_hi,bound,of_roof_pct,lines,front,"
                          "lines_per_doubling,energy_ratio,j_per_gflop,verdict\n");
    for (size_t i = 0; i < l->count; i++) {
        const struct ladder_cell *c = &l->cells[i];
        compare_csv_texts(to, c->row);
        csv_text(to, c->row->run);
        csv_text(to, c->row->status);
        csv_text(to, c->row->reason);
        compare_csv_real(to, c->row->t_med_us);
        csv_text(to, c->rival ? c->rival->impl : "");
        const double w[] = {c->w.factor, c->w.lo, c->w.hi};
        for (size_t k = 0; k < 3; k++) compare_csv_real(to, w[k]);
        csv_text(to, c->bound ? derive_bound_name(c->bound) : "");
        compare_csv_real(to, c->of_roof);
        compare_csv_real(to, c->row->sloc);
        csv_text(to, c->kind == RUNG_FRONT ? "1" : "0");
        const double rest[] = {c->per_doubling, c->energy_ratio, c->joules_per_gflop};
        for (size_t k = 0; k < 3; k++) compare_csv_real(to, rest[k]);
        csv_text(to, c->verdict == NEITHER ? "" : verdict_names[c->verdict]);
        plain_append_text(to, "\n");
    }
}
