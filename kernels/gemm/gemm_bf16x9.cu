/* gemm_bf16x9: gemm_bf16x6 with two products more, mid lo and lo mid. Of the nine only lo lo is
 * left out, at most 2^-34 of a product, so this is the class that libraries call x9: every bit that
 * f32 has of a product is there before the sum. It costs a third more than x6, and shows what these
 * bits are worth: next to nothing against the rounding of the sum.
 * Bound: an eighth of the bf16 rate, and watts.
 * arch: sm_90a
 */
#include "kernels/split_gemm.cuh"

/* Parts: 0 hi, 1 mid, 2 lo. Products from the last hex digit on, digits of A and B name the parts:
 * lo mid, mid lo, lo hi, hi lo, mid mid, mid hi, hi mid, hi hi. ORDER: which part comes when. */
struct bf16x9 {
    enum { PARTS = 3, PRODUCTS = 8, ORDER = 0x012, A = 0x00110212, B = 0x01012021 };
};

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision != F32) return "f32 only";
    return split_why_not(&p->gemm, d);
}

static const char *prepare(struct plan *plan) { return split_prepare<bf16x9>(plan); }

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    return split_run<bf16x9>(plan, o, stream);
}

extern "C" const struct impl gemm_bf16x9 = {
    .name = "gemm_bf16x9",
    .summary = "f32 as three bf16 parts, 8 of 9 products by wgmma (no lo lo); inf gives nan",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
