/* gemm_bf16x6: an f32 product without f32 multiplications. A float is three bf16 parts, and of
 * their nine products the six largest are formed on the tensor cores: what is left out is below
 * 2^-24 of a product, less than f32 loses by rounding it. gemm_ffma ends at the rate of FFMA, 67
 * TFLOP/s on an H100; a sixth of the bf16 rate is 165. Bound: power, as of all that keeps the
 * tensor cores busy, and the pass that splits. With f32 inputs an infinity, and with it any sum,
 * becomes NaN; below 2^-110 the smallest part is lost. gemm_bf16x9 forms the rest of the products.
 * arch: sm_90a
 */
#include "kernels/split_gemm.cuh"

/* Parts: 0 hi, 1 mid, 2 lo. Products from the last hex digit on, digits of A and B name the parts:
 * lo hi, hi lo, mid mid, mid hi, hi mid, hi hi; small ones first. ORDER: which part comes when. */
struct bf16x6 {
    enum { PARTS = 3, PRODUCTS = 6, ORDER = 0x102, A = 0x001102, B = 0x010120 };
};

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision != F32) return "f32 only";
    return split_why_not(&p->gemm, d);
}

static const char *prepare(struct plan *plan) { return split_prepare<bf16x6>(plan); }

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    return split_run<bf16x6>(plan, o, stream);
}

extern "C" const struct impl gemm_bf16x6 = {
    .name = "gemm_bf16x6",
    .summary = "f32 as three bf16 parts, the 6 largest products by wgmma; inf gives nan",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
