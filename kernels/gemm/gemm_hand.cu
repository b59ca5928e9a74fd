/* gemm_hand: what a user would call: every precision, layout, shape and leading dimension, each by
 * the one of our kernels that kernels/gemm_choose.h counts the fewest clocks for. No copies, no
 * launch and no test are added: it is the rung that it names in `algo`.
 *
 *   few rows of C      gemm_gemv, gemm_skinny: W is read once
 *   few tiles, long k  gemm_splitk, or what deals k out over all multiprocessors
 *   f16, bf16, tf32    by wgmma on sm_90, by mma.sync from sm_80 on
 *   f32                as three bf16 parts where the passes that split pay, gemm_ffma else; so an
 *                      infinity in A or B may make nan of a sum
 *   f64                by the f64 tensor cores, where there are any
 *   others             gemm_warptile, gemm_regtile, gemm_smem: any device; tf32 needs sm_80
 *
 * Bound: that of the rung. */
#include <stdio.h>
#include <stdlib.h>
#include "fail.h"
#include "kernels/gemm_choose.h"

extern "C" {
extern const struct impl gemm_smem, gemm_regtile, gemm_warptile, gemm_ffma, gemm_mma, gemm_mma_tf32,
    gemm_mma_f64, gemm_wgmma, gemm_wgmma_persistent, gemm_wgmma_tf32, gemm_splitk, gemm_gemv,
    gemm_skinny, gemm_bf16x3, gemm_bf16x6;
}

static const struct impl *const rungs[] = {
#define WAY(name) &name,
    GEMM_WAYS(WAY)
#undef WAY
};

/* The rung, and its own plan. */
struct hand {
    const struct impl *rung;
    struct plan plan;
};

/* The first of the order that takes it; NULL, and why the last one does not. */
static const struct impl *choose(const struct problem *p, const struct device *d, const char **why)
{
    enum gemm_way order[GEMM_WAY_COUNT];
    const int count = gemm_choose(p, d, order);

    *why = p->precision == TF32 ? "no kernel of ours does tf32 before sm_80: run it as f32"
                                : "no kernel of ours takes this shape on this device";
    for (int i = 0; i < count; i++) {
        const struct impl *const rung = rungs[order[i]];
        const char *declines = rung->why_not ? rung->why_not(p, d) : NULL;
        if (!declines) return rung;
        *why = declines;
    }
    return NULL;
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    const char *why;

    return choose(p, d, &why) ? NULL : why;
}

static const char *prepare(struct plan *plan)
{
    struct hand *h = (struct hand *)calloc(1, sizeof *h);
    const char *why;

    if (!h) return "oom: host memory for the plan";
    plan->state = h;
    h->plan.problem = plan->problem, h->plan.device = plan->device;
    h->rung = choose(plan->problem, plan->device, &why);
    if (!h->rung) return why;
    TRY(h->rung->prepare(&h->plan));
    plan->workspace_bytes = h->plan.workspace_bytes, plan->slack = h->plan.slack;
    snprintf(plan->algo, sizeof plan->algo, "%.40s: %.110s", h->rung->name, h->plan.algo);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct hand *h = (const struct hand *)plan->state;

    return h->rung->run(&h->plan, o, stream);
}

static void cleanup(struct plan *plan)
{
    struct hand *h = (struct hand *)plan->state;

    if (h && h->rung && h->rung->cleanup) h->rung->cleanup(&h->plan);
    free(h);
}

extern "C" const struct impl gemm_hand = {
    .name = "gemm_hand",
    .summary = "the best of our kernels, by counting; f32 may be bf16 parts: inf gives nan",
    .file = __FILE__,
    .tier = TUNED,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = cleanup,
};
