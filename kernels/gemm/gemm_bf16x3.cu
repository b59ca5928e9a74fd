/* gemm_bf16x3: two bf16 parts and three of their four products: 16 to 18 bits of each product. More
 * than tf32 multiplies with, 11, at a third of the bf16 rate, which is two thirds of that of tf32,
 * and for any layout, where wgmma takes tf32 operands only with k contiguous. As f32 it is not good
 * for every product: the error of one is up to 512 roundings of f32, of random sign, so that the
 * bound of f32, which grows as k does under its root, is met on zero-mean data from k = 512 on.
 * Bound: a third of the bf16 rate, and watts.
 * arch: sm_90a
 */
#include "kernels/split_gemm.cuh"

/* Parts: 0 hi, 1 mid. Products from the last hex digit on, digits of A and B name the parts: mid
 * hi, hi mid, hi hi. ORDER: which part comes when. */
struct bf16x3 {
    enum { PARTS = 2, PRODUCTS = 3, ORDER = 0x01, A = 0x001, B = 0x010 };
};

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision != TF32 && p->precision != F32) return "tf32 and f32 only";
    if (p->precision == F32 && p->gemm.k < 1024)
        return "as f32 needs k >= 1024: its products have 16 to 18 bits";
    return split_why_not(&p->gemm, d);
}

static const char *prepare(struct plan *plan) { return split_prepare<bf16x3>(plan); }

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    return split_run<bf16x3>(plan, o, stream);
}

extern "C" const struct impl gemm_bf16x3 = {
    .name = "gemm_bf16x3",
    .summary = "two bf16 parts, 3 products by wgmma: 16 to 18 bit products; inf gives nan",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = NULL,
};
