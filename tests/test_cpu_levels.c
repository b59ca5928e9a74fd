/* test_cpu_levels.c: the host kernels that choose their instruction set at run time: every level
 * that this CPU has, on one thread and on three. Exact integers: whatever the order of the sums,
 * the bits are those of the definition, and so equal over all levels and threads.
 *
 *   test_cpu_levels [MOST [LEVEL]]     MOST: leaves out problems of more products, for an emulator.
 *                                      LEVEL: the one that this CPU must choose by itself */
#include "check.h"
#include <stdlib.h>
#include "data/judge.h"
#include "kernels/cpu_micro.h"
#include "ops/problem.h"

static const char *const levels[] = {"avx512", "avx2", "sse2", "neon", "generic"};
static int tried; /* runs that were compared */
static double most = HUGE_VAL;

/* Outputs of `impl`, gaps included, into `to`, and *slack of it; 0 when it does not take the
 * problem. */
static int outputs_of(const struct impl *impl, const struct judge *j, int threads, void *to,
                      double *slack)
{
    struct sets *s = j->sets;
    struct agreement a;
    const char *flag;
    const struct device d = {.threads = threads, .llc_bytes = 32 << 20};
    struct plan plan = {.problem = s->problem, .device = &d};
    struct operands o = s->set[0];

    if (impl->why_not && impl->why_not(s->problem, &d)) return 0;
    if (impl->prepare) CHECK_OK(impl->prepare(&plan));
    if (plan.workspace_bytes) {
        CHECK(!posix_memalign(&o.workspace, 256, plan.workspace_bytes));
        memset(o.workspace, 0xFF, plan.workspace_bytes);
    }
    CHECK_OK(sets_reset_out(s, 0));
    CHECK_OK(impl->run(&plan, &o, NULL));
    CHECK_OK(sets_untouched(s, 0));
    const char *wrong = judge_check(j, plan.slack, &a, &flag);
    if (!CHECK(!wrong)) printf("    %s %s: %s\n", impl->name, s->problem->text, wrong);
    memcpy(to, o.out, tensor_bytes(&s->out));
    free(o.workspace);
    if (impl->cleanup) impl->cleanup(&plan);
    *slack = plan.slack;
    return 1;
}

static void compare(const struct impl *impl, const struct judge *j, const char *level,
                    const void *want, void *got)
{
    const struct sets *s = j->sets;
    double slack;

    for (int threads = 1; threads <= 3; threads += 2) {
        if (!outputs_of(impl, j, threads, got, &slack)) return;
        tried++;
        if (!j->bitwise || slack > 1) continue; /* right to rounding */
        if (!CHECK(!memcmp(want, got, tensor_bytes(&s->out))))
            printf("    %s %s, level '%s', %d threads\n", impl->name, s->problem->text, level,
                   threads);
    }
}

/* Those that the loader chooses clones for: no environment variable reaches them, once is enough.
 */
static int plain(const struct impl *i)
{
    return !strncmp(i->name, "pool2d", 6) || !strcmp(i->name, "gemm_cpu_reordered") ||
           !strcmp(i->name, "gemm_cpu_blocked");
}

/* All hand kernels of the op of this problem, on all levels. */
static void all_levels(const char *text)
{
    const struct cpu_micro *u;
    struct problem p;
    struct judge judge;
    struct sets s;
    int levels_seen = 0;
    double slack;

    if (!CHECK(!problem_parse(&p, text))) return;
    CHECK_OK(sets_open(&s, &place_host, &p, 1, DATA_EXACT, 7));
    if ((double)(s.out.rows * s.out.cols) * p.op->work(&p) > most) {
        sets_close(&s);
        return;
    }
    CHECK_OK(judge_open(&judge, &s, 0, HUGE_VAL));
    const size_t bytes = tensor_bytes(&s.out);
    void *want = malloc(bytes), *got = malloc(bytes);
    CHECK(outputs_of(p.op->impls[0], &judge, 1, want, &slack));
    for (size_t l = 0; l < sizeof levels / sizeof *levels; l++) {
        setenv("WHEELBENCH_CPU", levels[l], 1);
        if (cpu_micro_pick(4, &u)) continue; /* another kind of CPU, or an older one */
        for (const struct impl *const *i = p.op->impls; *i; i++)
            if ((*i)->place == HOST && (*i)->tier == TUNED && (*i)->run &&
                (!levels_seen || !plain(*i)))
                compare(*i, &judge, levels[l], want, got);
        levels_seen++;
    }
    setenv("WHEELBENCH_CPU", "", 1);
    judge_close(&judge);
    sets_close(&s);
    free(want);
    free(got);
}

static void gemms(void)
{
    static const char *const layouts[] = {"nn", "nt", "tn", "tt"};
    static const char *const shapes[] = {"1x1x1",
                                         "1x700x33",
                                         "5x130x70",
                                         "130x3x70 beta=1",
                                         "700x11x40",
                                         "13x33x17 alpha=2 beta=-1",
                                         "24x64x50",
                                         "64x32x64 beta=1",
                                         "61x67x71 lda=80 ldb=90 ldc=70",
                                         "61x170x400 beta=2",
                                         "125x259x400 beta=2",
                                         "64x1100x90",
                                         "300x200x420"};

    for (int f = 0; f < 2; f++)
        for (int l = 0; l < 4; l++)
            for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
                char text[200];
                snprintf(text, sizeof text, "gemm %s %s %s", f ? "f64" : "f32", layouts[l],
                         shapes[i]);
                all_levels(text);
            }
}

static void convolutions(void)
{
    static const char *const shapes[] = {
        "1x1x1x1 k1 1x1",
        "2x7x13x11 k65 3x3 stride2 pad1",
        "1x8x19x14 k16 5x3 stride2x1 pad2x1",
        "2x16x12x9 k24 3x3 pad2 dil2",
        "2x12x9x9 k8 3x3 pad1 groups4",
        "2x33x15x13 k33 3x3 pad1 groups33",
        "3x40x7x7 k50 3x3 pad1",
        "2x64x9x10 k70 1x1",
    };

    for (int l = 0; l < 2; l++)
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
            char text[200];
            snprintf(text, sizeof text, "conv2d f32 %s %s", l ? "nhwc" : "nchw", shapes[i]);
            all_levels(text);
        }
}

static void pools(void)
{
    static const char *const shapes[] = {
        "max 1x1x1x1 1x1",
        "max 2x20x13x11 3x3 stride2 pad1",
        "max 1x65x12x9 2x2 stride2",
        "avg_incl 2x17x9x10 3x3 pad1",
        "avg_excl 2x3x28x28 3x3 pad1",
        "max 1x2x9x14 5x4 pad2x1",
        "avg_excl 1x33x19x14 5x3 stride2x1 pad2x1",
        "avg_incl 3x40x8x8 8x8",
    };

    for (int f = 0; f < 2; f++)
        for (int l = 0; l < 2; l++)
            for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
                char text[200];
                snprintf(text, sizeof text, "pool2d %s %s %s", f ? "f64" : "f32",
                         l ? "nhwc" : "nchw", shapes[i]);
                all_levels(text);
            }
}

int main(int argc, char **argv)
{
    const struct cpu_micro *u;

    if (argc > 1) most = atof(argv[1]);
    CHECK_LOSS("right results on a CPU with other vectors, or with other threads, than ours");
    gemms();
    convolutions();
    pools();
    CHECK(tried > 0);
    printf("%d runs compared\n", tried);

    CHECK_LOSS("a wrong level is taken for another one, and the figure is of something else");
    setenv("WHEELBENCH_CPU", "avx3", 1);
    CHECK_FAILS(cpu_micro_pick(4, &u), "WHEELBENCH_CPU=avx3: leave it unset, or take ");
    setenv("WHEELBENCH_CPU", "", 1);
    CHECK_OK(cpu_micro_pick(8, &u));
    CHECK(u->size == 8);
    if (argc > 2) CHECK_STR(u->isa, argv[2]);
    return check_done();
}
