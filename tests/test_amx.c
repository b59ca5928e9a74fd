/* test_amx.c: gemm_cpu_amx, its source with the tile registers emulated (amx_emulated.h), so that
 * it is checked where no CPU has them; where one has, also that both give the same bits. */
#include "check.h"
#define AMX_EMULATED
#define gemm_cpu_amx emulated /* not the program's own */
#include "kernels/gemm/gemm_cpu_amx.c"
#undef gemm_cpu_amx
#include "data/judge.h"
#include "ops/problem.h"

static double worst; /* error / bound */

/* One run, its output in set 0. */
static void multiply_by(const struct impl *impl, struct sets *s, int threads)
{
    const struct device d = {.threads = threads, .llc_bytes = 32 << 20};
    struct plan plan = {.problem = s->problem, .device = &d};
    struct operands o = s->set[0];

    CHECK_OK(impl->why_not(s->problem, &d));
    CHECK_OK(impl->prepare(&plan));
    CHECK(plan.slack == 0);
    CHECK(!posix_memalign(&o.workspace, 256, plan.workspace_bytes));
    memset(o.workspace, 0xFF, plan.workspace_bytes);
    CHECK_OK(sets_reset_out(s, 0));
    CHECK_OK(impl->run(&plan, &o, NULL));
    free(o.workspace);
}

/* Right by the definition: exact integers bit for bit, others within the bound of f32. */
static void right(const char *text, enum data_kind kind)
{
    struct problem p;
    struct judge j;
    struct sets s;
    struct agreement a;
    const char *flag;

    if (!CHECK(!problem_parse(&p, text))) return;
    CHECK_OK(sets_open(&s, &place_host, &p, 1, kind, 5));
    CHECK_OK(judge_open(&j, &s, 0, HUGE_VAL));
    for (int threads = 1; threads <= 3; threads += 2) {
        multiply_by(&emulated, &s, threads);
        CHECK_OK(sets_untouched(&s, 0));
        const char *wrong = judge_check(&j, 0, &a, &flag);
        if (!CHECK(!wrong)) printf("    %s, %d threads: %s\n", text, threads, wrong);
        worst = fmax(worst, a.max_frac);
    }
    judge_close(&j);
    sets_close(&s);
}

static void products(void)
{
    static const char *const layouts[] = {"nn", "nt", "tn", "tt"};
    static const char *const shapes[] = {"1x1x1",
                                         "16x16x32",
                                         "32x32x32",
                                         "33x17x31 alpha=2 beta=-1",
                                         "5x130x70",
                                         "130x3x70 beta=1",
                                         "61x67x71 lda=80 ldb=90 ldc=70",
                                         "96x64x300",
                                         "17x800x40 beta=1",
                                         "40x45x600 alpha=0.5 beta=2"};

    for (int l = 0; l < 4; l++)
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
            char text[200];
            snprintf(text, sizeof text, "gemm f32 %s %s", layouts[l], shapes[i]);
            right(text, DATA_EXACT);
            right(text, DATA_UNIFORM);
        }
}

/* The emulated instruction against sums done by hand: C[3][5] from row 3 of A and column 5 of B. */
static float dot_of(const float (*pair)[2][2], int pairs, float before)
{
    static uint16_t a[16][32], b[16][32];
    static float c[16][16];

    memset(a, 0, sizeof a);
    memset(b, 0, sizeof b);
    for (int p = 0; p < pairs; p++)
        for (int e = 0; e < 2; e++) {
            a[3][2 * p + e] = bf16_from_float(pair[p][e][0]);
            b[p][2 * 5 + e] = bf16_from_float(pair[p][e][1]);
        }
    c[3][5] = before;
    AMX_CONFIGURE(&amx_whole);
    AMX_LOAD(2, c);
    AMX_LOAD(0, a);
    AMX_LOAD(1, b);
    AMX_DOT(2, 0, 1);
    AMX_STORE(2, c);
    AMX_RELEASE();
    for (int i = 0; i < 256; i++)
        if (i != 3 * 16 + 5) CHECK(c[i / 16][i % 16] == 0);
    return c[3][5];
}

static void instruction(void)
{
    static const float plain[][2][2] = {{{2, 3}, {5, 7}}, {{-1, 4}, {0.5f, 8}}};
    CHECK(dot_of(plain, 2, 100) == 100 + 6 + 35 - 4 + 4);
    /* two chains: 1 + 2^-24 rounds to 1 in the first, the second holds 2^-23; in one chain all is
     * lost
     */
    static const float chains[][2][2] = {{{1, 1}, {0x1p-24f, 1}}, {{0x1p-24f, 1}, {0x1p-24f, 1}}};
    CHECK(dot_of(chains, 2, 0) == 1 + 0x1p-23f);
    /* C comes last: its 2^24 would swallow each of the two ones, but not their sum */
    static const float last[][2][2] = {{{1, 1}, {1, 1}}};
    CHECK(dot_of(last, 1, 0x1p24f) == 0x1p24f + 2);
    static const float in[][2][2] = {{{0x1p-130f, 0x1p20f}, {0, 0}}};
    CHECK(dot_of(in, 1, 0) == 0);
    static const float out[][2][2] = {{{0x1p-100f, 0x1p-30f}, {0, 0}}};
    CHECK(dot_of(out, 1, 0) == 0);
    CHECK(dot_of(out, 1, 0x1p-130f) == 0);
}

/* One operand of 20 x 20 ones changed at one place: C there, and next to its row. */
static void special(float x, float *in_row, float *beside)
{
    struct problem p;
    struct sets s;

    CHECK(!problem_parse(&p, "gemm f32 nn 20x20x20"));
    CHECK_OK(sets_open(&s, &place_host, &p, 1, DATA_UNIFORM, 1));
    float *a = (float *)s.set[0].in[0], *b = (float *)s.set[0].in[1];
    for (int i = 0; i < 400; i++) a[i] = i % 20 == 7 ? 1 : 0, b[i] = 0.5f;
    a[3 * 20 + 7] = x;
    multiply_by(&emulated, &s, 1);
    *in_row = ((const float *)s.set[0].out)[3 * 20 + 4];
    *beside = ((const float *)s.set[0].out)[4 * 20 + 4];
    sets_close(&s);
}

/* Where the CPU has tiles: bit for bit what the emulated ones give. */
static void compare(void)
{
    const struct impl *real = impl_find("gemm_cpu_amx", &(const struct op *){NULL});
    struct problem p;
    struct sets s;

    CHECK(real && !problem_parse(&p, "gemm f32 nt 75x90x555"));
    const char *why = real->why_not(&p, NULL);
    if (why) {
        CHECK(strstr(why, "AMX"));
        printf("not compared with a CPU: %s\n", why);
        return;
    }
    CHECK_OK(sets_open(&s, &place_host, &p, 1, DATA_UNIFORM, 3));
    const size_t bytes = tensor_bytes(&s.out);
    void *want = malloc(bytes);
    multiply_by(&emulated, &s, 1);
    memcpy(want, s.set[0].out, bytes);
    multiply_by(real, &s, 1);
    CHECK(!memcmp(want, s.set[0].out, bytes));
    free(want);
    sets_close(&s);
}

int main(void)
{
    float in_row, beside;

    CHECK_LOSS("a test of the kernel above: what it runs on is not what a CPU does");
    instruction();
    CHECK_LOSS("right results on a CPU with AMX");
    products();
    printf("largest error: %.2f of the bound of f32\n", worst);
    CHECK_LOSS("numbers next to the largest float, and NaN: what nobody wrote would read as zero");
    special(0x1.fffffep127f, &in_row, &beside);
    CHECK(in_row == 0x1.fffffep126f && beside == 0.5f);
    special(float_from_bits(0xffffffffu), &in_row, &beside);
    CHECK(isnan(in_row) && beside == 0.5f);
    special(INFINITY, &in_row, &beside);
    CHECK(isnan(in_row) && beside == 0.5f);
    CHECK_LOSS("the test's word about the CPU");
    compare();
    CHECK_LOSS("a level asked for: AMX runs beside it");
    setenv("WHEELBENCH_CPU", "avx2", 1);
    CHECK_FAILS(emulated.why_not(&(const struct problem){.precision = F32}, NULL),
                "AMX is not in WHEELBENCH_CPU=avx2");
    return check_done();
}
