/* agree.c: the constants of the agreement policy and its verdicts; see agree.h. */
#include "data/agree.h"
#include "fail.h"

/* Unit roundoffs and the cap of the relative L2 error. u_in of tf32 is 2^-10 because a matrix unit
 * that is fed raw f32 bits cuts them; the caps lie between an honest result of each precision and
 * the next worse one (f32 against tf32 inputs, f16 against an f16 accumulator). */
static const struct {
    double u_acc, u_in, u_out, l2_cap, tiny;
} contract[PRECISIONS] = {
    [F64] = {0x1p-53, 0, 0x1p-53, 1e-12, 0x1p-1022},
    [F32] = {0x1p-24, 0, 0x1p-24, 1.2e-4, 0x1p-126},
    [TF32] = {0x1p-24, 0x1p-10, 0x1p-24, 1.2e-3, 0x1p-126},
    [F16] = {0x1p-24, 0, 0x1p-11, 0.9 * 0x1p-11, 0x1p-14},
    [BF16] = {0x1p-24, 0, 0x1p-8, 0.9 * 0x1p-8, 0x1p-126},
};
/* Below this many outputs one rounding decides the norm, and the bound has said all there is. */
enum { L2_OUTPUTS = 256 };

struct agree_rule agree_rule(enum precision p, double reduction, double slack, int bitwise)
{
    const double w = slack > 1 ? slack : 1;

    return (struct agree_rule){
        .storage = storage_of(p),
        .factor = w * (2 * sqrt(reduction) * contract[p].u_acc + 2 * contract[p].u_in) +
                  contract[p].u_out,
        .tiny = contract[p].tiny,
        .bitwise = bitwise};
}

double agree_rel_l2(const struct agreement *a)
{
    return a->sum_err2 == 0 ? 0 : sqrt(a->sum_err2 / a->sum_y2);
}

const char *agree_verdict(const struct agreement *a, const struct agree_rule *r, enum precision p,
                          long cols, const char **flag)
{
    const double l2 = agree_rel_l2(a);

    *flag = "WRONG";
    if (!a->checked) return "nothing was checked";
    if (a->bad && a->nans)
        return fail_text("nan: %ld of %ld are NaN or Inf, first wrong (%ld,%ld): %.9g not %.9g",
                         a->nans, a->checked, a->first_bad / cols, a->first_bad % cols,
                         a->first_got, a->first_want);
    if (a->bad)
        return fail_text("%s: %ld of %ld differ, first (%ld,%ld): %.9g not %.9g",
                         r->bitwise ? "exact" : "bound", a->bad, a->checked, a->first_bad / cols,
                         a->first_bad % cols, a->first_got, a->first_want);
    if (r->bitwise) return NULL;
    if (a->checked >= L2_OUTPUTS && a->zeros * 2 > a->checked &&
        a->zeros_wanted * 20 < a->checked) {
        *flag = "MISTRUSTED";
        return fail_text("zeros: %ld of %ld outputs are 0", a->zeros, a->checked);
    }
    if (a->checked >= L2_OUTPUTS && !(l2 <= contract[p].l2_cap)) {
        *flag = "DOWNGRADED";
        return fail_text("precision: relative L2 error %.2e, the contract allows %.2e", l2,
                         contract[p].l2_cap);
    }
    return NULL;
}
