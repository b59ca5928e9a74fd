/* gemm_wgmma_tf32: the kernel of gemm_wgmma_persistent with f32 in memory: 32 k where 64 of bf16
 * were, since what counts is the 128 bytes of a line, and half the products a clock. The tensor
 * cores read f32 as tf32 by dropping the last 13 bits, so nothing is converted on the way; they
 * take 32-bit operands only with k contiguous, as in nt. An operand that is stored the other way,
 * or with rows that are not on 16 bytes, is turned into that form first, inside the call: 134 MB
 * at 4096^3, by count 46 us each beside 340. C leaves as f32, in slabs of 32 columns.
 * Bound: the same shared memory port for half the rate, then power; in layouts other than nt the
 * turning pass, too, which gemm_bf16x3 has in any layout.
 * arch: sm_90a
 */
#include "kernels/gemm/wgmma_persistent.cuh"

typedef tile<float, 256, 2, 1> wide;

static const char *why_not(const struct problem *p, const struct device *d)
{
    if (p->precision != TF32) return "tf32 only";
    return wgmma_why_not(&p->gemm, d, 1); /* any layout and ld: what does not fit is packed */
}

static const char *prepare(struct plan *plan) { return persistent_prepare<wide, 0, 0>(plan); }

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    return persistent_run<wide, 0, 0>(plan, o, stream);
}

static void cleanup(struct plan *plan) { free(plan->state); }

extern "C" const struct impl gemm_wgmma_tf32 = {
    .name = "gemm_wgmma_tf32",
    .summary = "128x256 tiles by wgmma, f32 truncated to tf32; blocks stay, pairs share B",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = cleanup,
};
