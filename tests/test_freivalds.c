/* test_freivalds.c: Freivalds' check. A user would lose, on every problem too large to be judged
 * whole, each wrong output that the sample does not happen to hit. */
#include "check.h"
#include <stdlib.h>
#include "data/judge.h"
#include "ops/problem.h"

/* One problem whose output is the truth, under a judge that sees a sample, which is known. */
struct bench {
    struct problem p;
    struct sets s;
    struct judge j;
    double *y;           /* all of the truth */
    unsigned char *seen; /* by the sample */
};

static void put(struct bench *b, long i, double v)
{
    number_store(b->s.out.storage, b->s.set[0].out, tensor_at(&b->s.out, i), v);
}
static double got(const struct bench *b, long i)
{
    return number_load(b->s.out.storage, b->s.set[0].out, tensor_at(&b->s.out, i));
}

/* The n-th output that the sample does not hold. */
static long unseen(const struct bench *b, long n)
{
    for (long i = 0; i < b->j.outputs; i++)
        if (!b->seen[i] && n-- == 0) return i;
    return -1;
}

static const char *verdict(struct bench *b)
{
    static struct agreement a;
    const char *flag = "", *why = judge_check(&b->j, 1, &a, &flag);

    if (why) CHECK_STR(flag, "WRONG");
    if (!why) CHECK(a.checked == b->j.checked && a.bad == 0);
    return why;
}

static void judge_half(struct bench *b)
{
    struct judge full;

    CHECK_OK(judge_open(&full, &b->s, 0, 1e18));
    CHECK(full.checked == full.outputs && !full.all.y && !full.all.left_out[0]);
    b->y = malloc((size_t)full.outputs * sizeof *b->y);
    memcpy(b->y, full.y, (size_t)full.outputs * sizeof *b->y);
    judge_close(&full);
    CHECK_OK(judge_open(&b->j, &b->s, 0, (double)full.outputs * b->p.op->work(&b->p) / 2));
    b->seen = calloc((size_t)b->j.outputs, 1);
    for (long i = 0; i < b->j.checked; i++) b->seen[b->j.index[i]] = 1;
    for (long i = 0; i < b->j.outputs; i++) put(b, i, b->y[i]);
}

static void open_bench(struct bench *b, const char *text)
{
    CHECK_OK(problem_parse(&b->p, text));
    CHECK_OK(sets_open(&b->s, &place_host, &b->p, 1, DATA_EXACT, 7));
    judge_half(b);
}

static void close_bench(struct bench *b)
{
    judge_close(&b->j);
    sets_close(&b->s);
    free(b->y);
    free(b->seen);
}

/* Output i as v; whether that is seen, and output i named. */
static void planted(struct bench *b, long i, double v, const char *words)
{
    const double truth = got(b, i);
    char place[64];

    put(b, i, v);
    const char *why = verdict(b);
    CHECK_FAILS(why, words);
    snprintf(place, sizeof place, "first (%ld,%ld)", i / b->s.out.cols, i % b->s.out.cols);
    CHECK_FAILS(why, place);
    put(b, i, truth);
}

static void swap(struct bench *b, long i, long k)
{
    const double v = got(b, i);

    put(b, i, got(b, k));
    put(b, k, v);
}

/* What is wrong only where the sample does not look. */
static void finds(const char *text)
{
    struct bench b;
    long count = 0, last = 0;

    open_bench(&b, text);
    CHECK_LOSS(text);
    if (!CHECK(b.j.all.y != NULL)) printf("    left out: %s\n", b.j.all.left_out);
    CHECK_OK(verdict(&b));
    for (long i = 0; i < b.j.outputs; i++)
        if (!b.seen[i]) count++, last = i;
    CHECK(count > b.j.outputs / 4);
    for (long n = 0; n < 5; n++) {
        const long i = unseen(&b, n * (count / 5));
        planted(&b, i, got(&b, i) + 1, "exact: outside of the sample 1 of ");
    }
    planted(&b, last, -got(&b, last) - 0.5, "exact: outside of the sample 1 of ");
    planted(&b, last, NAN, "nan: outside of the sample 1 of ");
    planted(&b, last, INFINITY, "nan: outside of the sample 1 of ");
    /* less than the sum of a line can show */
    if (b.p.precision == F64)
        planted(&b, last, nextafter(got(&b, last), 1e9), "exact: outside of the sample 1 of ");

    /* two lines change places, but not where the sample would see it */
    const struct fold_axis *x = &b.j.all.out;
    long moved = 0;
    for (long j = 0; j < x->length; j++) {
        const long at = fold_start(x, 3) + j * x->step_j, to = fold_start(x, 5) + j * x->step_j;
        const long i = at / b.s.out.ld * b.s.out.cols + at % b.s.out.ld,
                   k = to / b.s.out.ld * b.s.out.cols + to % b.s.out.ld;
        if (b.seen[i] || b.seen[k] || got(&b, i) == got(&b, k)) continue;
        swap(&b, i, k);
        moved++;
    }
    if (moved) CHECK_FAILS(verdict(&b), "exact: outside of the sample ");
    CHECK(moved || b.s.out.rows == 1); /* the first images of y are seen whole */
    for (long i = 0; i < b.j.outputs; i++) put(&b, i, b.y[i]);

    /* two outputs change places: within a line their sum stays */
    long other = last - 1;
    while (other > 0 && (b.seen[other] || got(&b, other) == got(&b, last))) other--;
    swap(&b, other, last);
    CHECK_FAILS(verdict(&b), "exact: outside of the sample ");
    swap(&b, other, last);
    CHECK_OK(verdict(&b));
    /* an algorithm that is exact only to rounding is not asked for bits */
    struct agreement a;
    const char *flag;
    put(&b, last, got(&b, last) + 1);
    CHECK_OK(judge_check(&b.j, 8, &a, &flag));
    close_bench(&b);
}

/* bf16 holds no odd integer above 256. An impl that rounds it must not be called wrong, and one
 * that is wrong behind it must be. */
static void rounds_on_store(void)
{
    struct bench b;
    struct tensor *a = NULL;
    long rounded = 0;

    CHECK_LOSS("the row of an honest impl whose result had to be rounded");
    CHECK_OK(problem_parse(&b.p, "gemm bf16 nn 90x100x40"));
    CHECK_OK(sets_open(&b.s, &place_host, &b.p, 1, DATA_EXACT, 7));
    a = &b.s.in[0];
    for (long i = 40; i < 44; i++)
        for (long k = 0; k < 3; k++)
            number_store(a->storage, (void *)(size_t)b.s.set[0].in[0], i * a->ld + k,
                         0x1p20 * (double)(200 + k));
    judge_half(&b);
    for (long i = 0; i < b.j.outputs; i++) rounded += got(&b, i) != b.y[i];
    CHECK(rounded > 10 && b.j.all.y);
    CHECK_OK(verdict(&b));
    CHECK_LOSS("a wrong output behind one that was rounded");
    for (long row = 41; row < 80; row += 20)
        for (long i = row * 100 + 1;; i++)
            if (!b.seen[i]) {
                planted(&b, i, got(&b, i) == 0 ? 64 : 0, "exact: outside of the sample 1 of 100");
                break;
            }
    close_bench(&b);
}

static void left_out(const char *text, const char *words)
{
    struct bench b;

    CHECK_LOSS("a check that cannot be made, and nobody who says so");
    open_bench(&b, text);
    CHECK(!b.j.all.y);
    CHECK_FAILS(b.j.all.left_out, words);
    CHECK_OK(verdict(&b));
    close_bench(&b);
}

int main(void)
{
    static const char *const texts[] = {
        "gemm f32 nn 70x90x33",
        "gemm f32 nt 70x90x33 lda=37 ldb=41 ldc=97",
        "gemm f32 tn 70x90x33 lda=77 ldb=101 ldc=97 alpha=-1.5 beta=2.5",
        "gemm f32 tt 70x90x33 beta=-1 ldc=91",
        "gemm f64 nn 90x70x33 lda=35 ldb=75 ldc=71 beta=0.5", /* m is folded: n is less */
        "gemm f64 tt 90x70x33 lda=92 ldc=71 beta=1",
        "gemm tf32 tn 64x65x300",
        "gemm tf32 nt 90x70x5 beta=3",
        "gemm f16 nn 70x90x300 beta=-2",
        "gemm f16 tt 91x66x500 ldc=80",
        "gemm bf16 nt 66x700x300 beta=1 ldc=701", /* sums beyond what one bf16 holds */
        "gemm bf16 tn 700x66x200 alpha=0.5",
        "conv2d f32 nchw 2x6x20x21 k66 3x3 pad1",
        "conv2d f32 nhwc 2x6x20x21 k66 3x2 pad1 stride1x2",
        "conv2d f64 nchw 3x4x22x20 k96 3x3 groups2 dil2 pad2",
        "conv2d f16 nhwc 2x4x23x20 k192 3x3 groups2 dil2x1 pad1",
        "conv2d bf16 nchw 1x17x40x41 k64 3x3 stride2x1",
        "conv2d tf32 nhwc 2x6x20x21 k64 1x1",
        "conv2d f32 nchw 40x6x12x12 k6 3x3 groups6 pad1", /* the images are folded */
        "conv2d bf16 nhwc 70x3x24x12 k9 3x3 stride2 pad2",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) finds(texts[i]);
    rounds_on_store();
    left_out("pool2d f32 nchw max 2x6x60x60 3x3", "pool2d is not linear in one operand");
    left_out("gemm f16 nn 63x60x9", "the longest axis is 63, only 64 to ");
    left_out("conv2d f32 nchw 2x40x30x30 k40 3x3 groups40", "the longest axis is 2");
    return check_done();
}
