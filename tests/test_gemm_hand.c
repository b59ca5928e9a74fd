/* test_gemm_hand.c: which kernel gemm_hand takes, on devices made up here: no GPU is needed. What
 * can run must agree with the why_not of each kernel, in builds that have the kernels. */
#include "check.h"
#include "kernels/gemm_choose.h"
#include "ops/problem.h"
#include "problems/problems.h"

static const struct device h100 = {.present = 1, .cc = 90, .sms = 132, .shared_max = 232448},
                           a100 = {.present = 1, .cc = 80, .sms = 108, .shared_max = 166912},
                           rtx3090 = {.present = 1, .cc = 86, .sms = 82, .shared_max = 101376},
                           t4 = {.present = 1, .cc = 75, .sms = 40, .shared_max = 65536},
                           cut_h100 = {.present = 1, .cc = 90, .sms = 7, .shared_max = 232448};
static const struct device *const devices[] = {&h100, &a100, &rtx3090, &t4, &cut_h100};

static void takes(const struct device *d, const char *text, const char *want)
{
    enum gemm_way order[GEMM_WAY_COUNT];
    struct problem p;

    if (!CHECK(!problem_parse(&p, text))) return;
    const int count = gemm_choose(&p, d, order);
    if (!CHECK(count > 0 && !strcmp(gemm_way_name(order[0]), want)))
        printf("    %s: takes %s, not %s\n", text, count ? gemm_way_name(order[0]) : "none", want);
}

static void named_shapes(void)
{
    CHECK_LOSS("the right kernel for a shape of which it is plain which one that is");
    takes(&h100, "gemm bf16 nt 4096x4096x4096", "gemm_wgmma_persistent");
    takes(&h100, "gemm f16 tn 8192x8192x8192", "gemm_wgmma_persistent");
    takes(&h100, "gemm bf16 nt 4097x4097x4097", "gemm_wgmma_persistent"); /* packed first */
    takes(&h100, "gemm bf16 nt 8192x8192x64", "gemm_wgmma_persistent");
    takes(&h100, "gemm bf16 nt 16x4096x14336", "gemm_skinny");
    takes(&h100, "gemm bf16 nn 64x28672x4096", "gemm_skinny");
    takes(&h100, "gemm f16 nt 28672x16x4096", "gemm_skinny"); /* few columns */
    takes(&h100, "gemm bf16 nt 1x4096x14336", "gemm_gemv");
    takes(&h100, "gemm f32 nt 1x4096x14336", "gemm_gemv");
    takes(&h100, "gemm f64 nn 4096x1x4096", "gemm_gemv");
    takes(&h100, "gemm bf16 nt 256x256x65536", "gemm_splitk");
    takes(&h100, "gemm f32 nt 128x128x65536", "gemm_splitk");
    takes(&h100, "gemm f32 nn 4096x4096x4096", "gemm_bf16x6");
    takes(&h100, "gemm f32 tn 1024x1024x1024", "gemm_bf16x6");
    takes(&h100, "gemm f32 nn 33x32x32", "gemm_smem");
    takes(&h100, "gemm tf32 nt 4096x4096x4096", "gemm_wgmma_tf32");
    takes(&h100, "gemm tf32 nn 8192x8192x8192", "gemm_wgmma_tf32"); /* B is turned first */
    takes(&h100, "gemm f64 nn 4096x4096x4096", "gemm_mma_f64");

    CHECK_LOSS("any kernel at all on a device before Hopper");
    takes(&a100, "gemm bf16 nt 4096x4096x4096", "gemm_mma");
    takes(&a100, "gemm bf16 nt 1x4096x14336", "gemm_gemv");
    takes(&a100, "gemm f32 nn 4096x4096x4096", "gemm_warptile");
    takes(&a100, "gemm f32 nt 128x128x65536", "gemm_splitk");
    takes(&a100, "gemm tf32 tt 1000x1000x1000", "gemm_mma_tf32");
    takes(&a100, "gemm f64 nn 4096x4096x4096", "gemm_mma_f64");
    takes(&t4, "gemm f16 nn 4096x4096x4096", "gemm_regtile");
    takes(&t4, "gemm f32 nt 4096x4096x4096", "gemm_warptile");
    takes(&t4, "gemm f64 nt 4096x4096x4096", "gemm_warptile");
    takes(&t4, "gemm tf32 nn 4x4096x4096", "gemm_gemv");
}

/* All that the count takes for able are. */
static void able(const struct problem *p, const struct device *d)
{
    const int none = p->precision == TF32 && d->cc < 80; /* gemm_gemv alone, up to 8 rows */
    enum gemm_way order[GEMM_WAY_COUNT];
    const int count = gemm_choose(p, d, order);
    double before = 0;

    CHECK_LOSS("a problem of our lists that nothing of ours computes");
    if (!CHECK(count > 0 || none)) printf("    %s on sm_%d\n", p->text, d->cc);
    for (int i = 0; i < count; i++) {
        const struct impl *const impl = impl_find(gemm_way_name(order[i]), &(const struct op *){0});
        const double clocks = gemm_way_clocks(order[i], p, d);
        CHECK_LOSS("the kernel with the fewest clocks");
        CHECK(clocks >= before);
        before = clocks;
        CHECK_LOSS("a kernel that is chosen and then declines");
        if (!CHECK(impl != NULL) || !impl->run) continue; /* not in this build */
        const char *why = impl->why_not ? impl->why_not(p, d) : NULL;
        if (!CHECK(!why)) printf("    %s, %s on sm_%d: %s\n", p->text, impl->name, d->cc, why);
    }
}

static void all_lists(void)
{
    struct problems all = {0};
    int seen = 0;

    for (int i = 0; problem_lists[i].name; i++)
        CHECK_OK(problems_add_list(&all, problem_lists[i].name));
    for (int i = 0; i < all.count; i++) {
        if (strcmp(all.at[i].op->name, "gemm")) continue;
        seen++;
        for (size_t d = 0; d < sizeof devices / sizeof *devices; d++) able(&all.at[i], devices[d]);
    }
    CHECK(seen > 100);
    problems_free(&all);
}

/* gemm_hand itself, where it is built: it says why, or takes what the count says. */
static void hand(void)
{
    const struct impl *const impl = impl_find("gemm_hand", &(const struct op *){0});
    struct problem p;

    CHECK_LOSS("the one impl that a user would call");
    if (!CHECK(impl != NULL) || !impl->run) return;
    CHECK(!problem_parse(&p, "gemm tf32 nn 64x64x64"));
    CHECK_FAILS(impl->why_not(&p, &t4), "run it as f32");
    CHECK_OK(impl->why_not(&p, &a100));
    CHECK(!problem_parse(&p, "gemm f64 nn 2000000000x2000000000x1"));
    CHECK(impl->why_not(&p, &h100) != NULL);
}

int main(void)
{
    named_shapes();
    all_lists();
    hand();
    return check_done();
}
