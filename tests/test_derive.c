/* test_derive: the derived numbers, each against a value worked out by hand. */
#include <stdlib.h>
#include "check.h"
#include "report/derive.h"
#include "report/label.h"
#include "report/words.h"
#include "store/samples.h"
#include "wheelbench.h"

enum { MOST = 16 };
static struct row rows[MOST];
static size_t count;

/* A usable row of one gemm cell. */
static struct row *add(const char *impl, const char *tier, double t, double lines)
{
    struct row *r = &rows[count++];

    row_clear(r);
    strcpy(r->run, "r"), strcpy(r->device, "d"), strcpy(r->op, "gemm"), strcpy(r->layout, "nn");
    strcpy(r->precision, "f32"), strcpy(r->shape, "8x8x8"), strcpy(r->place, "device");
    strcpy(r->cache, "cold"), strcpy(r->timing, "batch"), strcpy(r->status, "ok");
    snprintf(r->impl, sizeof r->impl, "%s", impl);
    snprintf(r->tier, sizeof r->tier, "%s", tier);
    r->t_med_us = t, r->sloc = lines, r->flop = 1024;
    return r;
}

static void test_rival(void)
{
    CHECK_LOSS("a hand kernel is compared with the wrong library call");
    count = 0;
    const struct row *naive = add("gemm_naive", "naive", 100, 9);
    CHECK(!derive_rival(rows, count, naive));
    CHECK(isnan(derive_wheel_factor(naive, NULL)));
    struct row *slow = add("gemm_zz_lib", "library", 4, 20);
    struct row *wrong = add("gemm_wrong_lib", "library", 1, 20);
    strcpy(wrong->status, "wrong"), wrong->t_med_us = NAN;
    struct row *other = add("gemm_other", "library", 1, 20);
    strcpy(other->shape, "9x9x9");
    strcpy(add("gemm_host_lib", "library", 1, 20)->place, "host");
    strcpy(add("gemm_hot_lib", "library", 1, 20)->cache, "hot");
    CHECK(derive_rival(rows, count, naive) == slow);
    CHECK_NEAR(derive_wheel_factor(naive, slow), 25, 1e-12);
    CHECK_NEAR(derive_percent(naive, slow), 4, 1e-12);
    struct row *tie = add("gemm_cublas", "library", 4, 20); /* known: earlier in the ladder */
    CHECK(derive_rival(rows, count, naive) == tie);
    tie->t_med_us = 5;
    CHECK(derive_rival(rows, count, naive) == slow);
    wrong->t_med_us = 1; /* even if it had a time */
    CHECK(derive_rival(rows, count, naive) == slow);
    add("gemm_framework", "framework", 1, 1);
    CHECK(derive_rival(rows, count, naive) == slow);
}

/* Rounds 1 and 2 of every repeat, in which a takes 1, 1.1, 1.2 ... times as long as b, by repeat.
 * The lines of a are mixed as those of a guest are. */
static void test_repeats(void)
{
    struct sample_line a[14], b[14];

    CHECK_LOSS("an interval that other processes keep");
    for (int i = 0; i < 14; i++) {
        samples_clear(&a[i]), samples_clear(&b[i]);
        b[i].repeat = 1 + i / 2, b[i].round = 1 + i % 2, b[i].t_us = 100 + i;
        a[i].repeat = 1 + i % 7, a[i].round = 1 + i / 7;
        a[i].t_us = (1 + 0.1 * (i % 7)) * (100 + 2 * (i % 7) + i / 7);
    }
    count = 0;
    struct row *x = add("x", "tuned", 150, 9), *y = add("y", "library", 100, 9);
    x->sample = a, x->sample_count = 14, y->sample = b, y->sample_count = 14;
    struct ratio q = derive_ratio(x, y);
    CHECK(q.repeats == 7 && q.rounds == 14);
    CHECK_NEAR(q.factor, 1.3, 1e-12);
    CHECK_NEAR(q.lo, 1, 1e-12);
    CHECK_NEAR(q.hi, 1.6, 1e-12);
    y->sample_count = 10; /* five repeats: no interval, however many rounds */
    q = derive_ratio(x, y);
    CHECK(q.repeats == 5 && q.rounds == 10 && isnan(q.lo) && isnan(q.hi));
    CHECK_NEAR(q.factor, 1.2, 1e-12);
    for (int i = 0; i < 10; i++) b[i].repeat = 7, b[i].round = i; /* two common rounds of one */
    q = derive_ratio(x, y);
    CHECK(q.repeats == 1 && q.rounds == 2);
    CHECK_NEAR(q.factor, sqrt(160 * 1.12 / 101 * 160 * 1.13 / 102), 1e-12);
}

static void test_front(void)
{
    struct rung rungs[RUNGS_MAX];
    size_t left_out;

    CHECK_LOSS("a dead end is sold as progress");
    count = 0;
    add("gemm_c", "tuned", 30, 40);    /* slower with more lines: dead end */
    add("gemm_b", "tuned", 20, 30);    /* front */
    add("gemm_naive", "naive", 90, 9); /* front */
    add("gemm_d", "tuned", 10, 30);    /* equal lines, faster: front, and b is none */
    add("gemm_e", "tuned", 10, 50);    /* not faster: dead end */
    add("gemm_nolines", "tuned", 1, NAN);
    add("gemm_cublas", "library", 5, 20);
    struct headline h = derive_headline(rows, count, "gemm", "device");
    CHECK(h.of && h.rival == &rows[6] && h.base == h.rival && h.rungs == 6);
    CHECK(derive_rungs(rows, count, &h, rungs, &left_out) == 6);
    CHECK(left_out == 1);
    const char *order[] = {"gemm_naive", "gemm_cublas", "gemm_d", "gemm_b", "gemm_c", "gemm_e"};
    const enum rung_kind kinds[] = {RUNG_FRONT,    RUNG_LIBRARY,  RUNG_FRONT,
                                    RUNG_DEAD_END, RUNG_DEAD_END, RUNG_DEAD_END};
    for (int i = 0; i < 6; i++) {
        CHECK_STR(rungs[i].row->impl, order[i]);
        CHECK(rungs[i].kind == kinds[i]);
    }
    CHECK_NEAR(rungs[2].percent, 50, 1e-9);

    CHECK_LOSS("an op without a library has no picture");
    rows[6].t_med_us = NAN, strcpy(rows[6].status, "skipped");
    h = derive_headline(rows, count, "gemm", "device");
    CHECK(h.of && !h.rival && h.base == &rows[5]);
    CHECK(derive_rungs(rows, count, &h, rungs, &left_out) == 5);

    count = 0; /* one rung and nothing else */
    add("gemm_naive", "naive", 90, 9);
    h = derive_headline(rows, count, "gemm", "device");
    CHECK(derive_rungs(rows, count, &h, rungs, &left_out) == 1 && rungs[0].kind == RUNG_FRONT);
    CHECK_NEAR(rungs[0].percent, 100, 1e-12);
    h = derive_headline(rows, count, "conv2d", "device");
    CHECK(!h.of && derive_rungs(rows, count, &h, rungs, &left_out) == 0);
    h = derive_headline(rows, 0, "gemm", "device");
    CHECK(!h.of);
}

static void test_headline(void)
{
    CHECK_LOSS("the figure shows a problem that nobody else shows");
    count = 0;
    strcpy(add("gemm_naive", "naive", 9, 9)->shape, "1x1x1");
    strcpy(add("gemm_naive", "naive", 90, 9)->shape, "2x2x2");
    strcpy(add("gemm_smem", "tuned", 90, 9)->shape, "2x2x2");
    strcpy(add("gemm_naive", "naive", 900, 9)->shape, "3x3x3");
    CHECK_STR(derive_headline(rows, count, "gemm", "device").of->shape, "2x2x2"); /* more rungs */
    strcpy(add("gemm_smem", "tuned", 900, 9)->shape, "3x3x3");
    strcpy(add("gemm_cublas", "library", 90, 9)->shape, "3x3x3");
    CHECK_STR(derive_headline(rows, count, "gemm", "device").of->shape,
              "3x3x3"); /* longest rival */
    for (size_t i = 3; i < 6; i++) strcpy(rows[i].precision, "f64");
    CHECK_STR(derive_headline(rows, count, "gemm", "device").of->shape, "2x2x2"); /* f32 first */
    for (size_t i = 0; i < count; i++) strcpy(rows[i].cache, "hot");
    CHECK_STR(derive_headline(rows, count, "gemm", "device").of->cache, "hot");
    CHECK_LOSS(
        "ratios and figures of one way of timing: isolated and batch times are not compared");
    for (size_t i = 0; i < count; i++) strcpy(rows[i].timing, "isolated");
    struct row *fast = add("gemm_cublas", "library", 1, 9); /* batch again */
    strcpy(fast->shape, "3x3x3"), strcpy(fast->cache, "hot"), strcpy(fast->precision, "f64");
    CHECK(derive_rival(rows, count, &rows[5])->t_med_us == 90);
    CHECK(derive_rival(rows, count, fast) == fast && !derive_same_cell(fast, &rows[5]));
    count--;
    CHECK(!derive_headline(rows, count, "gemm", "device").of);
}

static void test_numbers(void)
{
    const struct roof roof = {.gflops = 1000, .gbs = 100, .launch_us = 2};

    CHECK_LOSS("the price of a rung is wrong");
    CHECK_NEAR(derive_lines_per_doubling(9, 72.1, 11, 11), 0.737, 0.01);
    CHECK_NEAR(derive_lines_per_doubling(10, 80, 40, 10), 10, 1e-12);
    CHECK(isnan(derive_lines_per_doubling(10, 10, 40, 10)));
    CHECK(isnan(derive_lines_per_doubling(10, 10, 40, 20)));
    CHECK_NEAR(derive_lines_per_doubling(40, 80, 40, 10), 0, 1e-12);
    CHECK_NEAR(derive_lines_per_doubling(40, 80, 10, 10), -10, 1e-12); /* faster with fewer */

    CHECK_LOSS("the roof of a figure is wrong");
    CHECK_NEAR(derive_roof_us(1e9, 1e6, &roof), 1000, 1e-9); /* compute */
    CHECK_NEAR(derive_roof_us(1e6, 1e6, &roof), 10, 1e-9);   /* memory */
    CHECK_NEAR(derive_roof_us(1e3, 1e3, &roof), 2, 1e-9);    /* launch */
    CHECK_NEAR(derive_roof_us(0, 1e6, &roof), 10, 1e-9);     /* pool2d has no FLOPs */
    CHECK(isnan(derive_roof_us(1e6, 1e6, &(struct roof){NAN, 100, 2})));
}

/* The last rung of the ladder of gemm on the device, whatever it is now. */
static const char *last_rung(void)
{
    const char *name = NULL;

    for (const struct op *const *op = wheelbench_ops; *op; op++)
        for (const struct impl *const *i = (*op)->impls; *i && !strcmp((*op)->name, "gemm"); i++)
            if ((*i)->tier == TUNED && (*i)->place == DEVICE) name = (*i)->name;
    return name;
}

static void test_slots(void)
{
    CHECK_LOSS("a colour means another rung in another figure");
    count = 0;
    CHECK(derive_slot(rows, 1, add("gemm_naive", "naive", 1, 1)) == 1);
    CHECK(derive_slot(rows, 2, add("gemm_cublas", "library", 1, 1)) == 5);
    CHECK(derive_slot(rows, 3, add("gemm_coalesced", "tuned", 1, 1)) == 2);
    const int before = derive_slot(rows, 4, add(last_rung(), "tuned", 1, 1));
    CHECK(before >= 3 && before <= 4);
    const struct row *unknown = add("gemm_from_the_future", "tuned", 1, 1);
    CHECK(derive_slot(rows, count, unknown) == 4);
    CHECK(derive_order(rows, count, unknown) > derive_order(rows, count, &rows[1]));
    strcpy(add("fft_x", "tuned", 1, 1)->op, "fft"); /* an op that this program does not know */
    CHECK(derive_slot(rows, count, &rows[count - 1]) == 2);
}

static void test_words(void)
{
    char t[64];

    CHECK_LOSS("a sentence in README says something else than the number");
    CHECK_STR(words_hour(64 / 60.0, t, sizeof t), "64 minutes");
    CHECK_STR(words_hour(0.0521, t, sizeof t), "3.1 minutes");
    CHECK_STR(words_hour(99.6 / 60, t, sizeof t), "1.7 hours");
    CHECK_STR(words_hour(35.6, t, sizeof t), "36 hours");
    CHECK_STR(words_hour(74.4, t, sizeof t), "3.1 days");
    CHECK_STR(words_hour(1e5, t, sizeof t), "4200 days");
    CHECK_STR(words_hour(NAN, t, sizeof t), "an unknown time");
    CHECK_STR(words_hour_short(9.96, t, sizeof t), "10 h");
    CHECK_STR(words_time(2690, t, sizeof t), "2.69 ms");
    CHECK_STR(words_time(0.9996, t, sizeof t), "1.00 µs");
    CHECK_STR(words_rate(51200, "FLOP/s", t, sizeof t), "51.2 TFLOP/s");
    CHECK_STR(words_rate(0.5, "FLOP/s", t, sizeof t), "500 MFLOP/s");
    CHECK_STR(words_percent(0.917, t, sizeof t), "0.92 %");
    CHECK_STR(words_percent(103.7, t, sizeof t), "104 %");
    CHECK_STR(words_percent(NAN, t, sizeof t), "-");
    CHECK_STR(words_shape("4096x4096x4096", t, sizeof t), "4096³");
    CHECK_STR(words_shape("8x8x8 lda=9", t, sizeof t), "8×8×8 lda=9");
    CHECK_STR(words_shape("max 1x2x3x4 3x3", t, sizeof t), "max 1×2×3×4 3×3");
    CHECK_STR(words_fit("abcdef", 1000, 10, t, sizeof t), "abcdef");
    CHECK(words_width(words_fit("ééééééééééé", 40, 10, t, sizeof t), 10) <= 40);
    CHECK(strstr(t, "…") != NULL);
}

static void test_labels(void)
{
    struct label l[6];
    const struct box frame = {0, 400, 0, 300};
    double y[] = {10, 10, 11, 200}, low[] = {0, 1, 2};

    CHECK_LOSS("names in a figure lie on each other");
    for (int i = 0; i < 6; i++)
        l[i] = (struct label){.x = 200 + i, .y = 150 + i, .width = 80, .height = 13};
    label_place(l, 6, &frame, NULL, 0);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < i; j++)
            CHECK(fabs(l[i].at_x - l[j].at_x) >= 80 || fabs(l[i].at_y - l[j].at_y) >= 13);
    label_spread(y, 4, 15, 0, 300);
    CHECK(y[1] - y[0] > 14.9 && y[2] - y[1] > 14.9 && y[3] == 200 && y[0] >= 0);
    label_spread(low, 3, 15, 0, 300);
    CHECK(low[0] == 0 && low[1] == 15 && low[2] == 30);
}

int main(void)
{
    test_rival();
    test_repeats();
    test_front();
    test_headline();
    test_numbers();
    test_slots();
    test_words();
    test_labels();
    return check_done();
}
