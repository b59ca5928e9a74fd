/* test_evidence.c: what two measurements allow to say: the rank-sum test against tables, ratios and
 * sums against values worked out by hand. The command itself: test_compare.sh. */
#include <stdlib.h>
#include "check.h"
#include "measure/ranks.h"
#include "report/derive.h"
#include "report/filter.h"
#include "report/table.h"
#include "store/samples.h"

static void test_ranks(void)
{
    const double low[8] = {1, 2, 3, 4, 5, 6, 7, 8}, high[8] = {11, 12, 13, 14, 15, 16, 17, 18};
    const double x[6] = {1, 2, 3, 4, 5, 12}, y[6] = {6, 7, 8, 9, 10, 11}; /* U: 6 + 0 */
    const double z[6] = {1, 2, 3, 4, 5, 10.5}; /* 12 pairs less: 5 of y below the last */
    double lo, hi;

    CHECK_LOSS("a regression that is luck, or one that is not seen");
    CHECK_NEAR(ranks_p(low, 3, high, 3), 2.0 / 20, 1e-12);
    CHECK_NEAR(ranks_p(low, 4, high, 4), 2.0 / 70, 1e-12);
    CHECK_NEAR(ranks_p(high, 4, low, 4), 2.0 / 70, 1e-12);
    CHECK_NEAR(ranks_p(low, 4, high, 5), 2.0 / 126, 1e-12);
    CHECK_NEAR(ranks_p(low, 8, high, 8), 2.0 / 12870, 1e-12);
    /* Tables of Mann and Whitney, 6 + 6: P(U <= 5) = 0.021, P(U <= 6) = 0.033, one-sided. */
    CHECK_NEAR(ranks_p(z, 6, y, 6), 2 * 0.0206, 2e-4);
    CHECK_NEAR(ranks_p(x, 6, y, 6), 2 * 0.0325, 2e-4);
    CHECK_NEAR(ranks_p(low, 6, low, 6), 1, 1e-12); /* all ties */
    double many[RANKS_MAX], more[RANKS_MAX];
    for (int i = 0; i < RANKS_MAX; i++) many[i] = i, more[i] = i + 0.5;
    CHECK(ranks_p(many, RANKS_MAX, more, RANKS_MAX) > 0.8);
    for (int i = 0; i < RANKS_MAX; i++) more[i] = i + 100;
    CHECK(ranks_p(many, RANKS_MAX, more, RANKS_MAX) < 1e-30);
    CHECK_LOSS("an interval that says something else than the test");
    CHECK(!ranks_shift(low, 3, high, 3, &lo, &hi));
    CHECK(ranks_shift(low, 4, high, 4, &lo, &hi)); /* least and highest difference */
    CHECK_NEAR(lo, -13, 0);
    CHECK_NEAR(hi, -7, 0);
    CHECK(ranks_shift(x, 6, y, 6, &lo, &hi) && lo < 0 && hi > 0); /* p is 0.065 */
    CHECK(ranks_shift(z, 6, y, 6, &lo, &hi) && hi < 0);           /* p is 0.041 */
}

static struct row timed(double t, double lo, double hi)
{
    struct row r;

    row_clear(&r);
    strcpy(r.status, "ok");
    r.t_med_us = t, r.t_ci_lo_us = lo, r.t_ci_hi_us = hi;
    return r;
}

static void test_evidence(void)
{
    struct sample_line lines[2][14];
    struct evidence a = {0}, b = {0}, c = {0};
    struct row r = timed(100, 99, 101), s = timed(110, 108, 111);

    CHECK_LOSS("two processes are taken for proof");
    CHECK(derive_add_evidence(&a, &r) && derive_add_evidence(&b, &s));
    struct between q = derive_between(&a, &b);
    CHECK_NEAR(q.ratio, 100.0 / 110, 1e-12);
    CHECK_NEAR(q.lo, 99.0 / 111, 1e-12);
    CHECK_NEAR(q.hi, 101.0 / 108, 1e-12);
    CHECK(isnan(q.p));
    r = timed(104, 100, 106); /* a second run widens it */
    CHECK(derive_add_evidence(&a, &r) && a.repeats == 2);
    CHECK_NEAR(a.t, 102, 1e-12);
    CHECK(a.lo == 99 && a.hi == 106);
    r = timed(101, NAN, NAN); /* one of which nothing is known */
    CHECK(derive_add_evidence(&a, &r) && a.t == 101 && isnan(a.lo) && isnan(a.hi));
    strcpy(r.status, "wrong");
    CHECK(derive_add_evidence(&a, &r) && a.repeats == 3);
    CHECK(isnan(derive_between(&c, &b).ratio));

    CHECK_LOSS("rounds of one process pass for processes, or those of a guest for its own");
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < 14; i++) {
            samples_clear(&lines[k][i]);
            lines[k][i].repeat = 1 + i / 2, lines[k][i].round = 1 + i % 2;
            lines[k][i].t_us = i < 12 ? 100 + i / 2 + 3 * k : 1; /* 100..105, 103..108 */
        }
    memset(&a, 0, sizeof a), memset(&b, 0, sizeof b);
    r = timed(102.5, NAN, NAN), r.sample = lines[0], r.sample_count = 14, r.samples = 12;
    s = timed(105.5, NAN, NAN), s.sample = lines[1], s.sample_count = 14, s.samples = 12;
    CHECK(derive_add_evidence(&a, &r) && derive_add_evidence(&b, &s));
    CHECK(a.repeats == 6 && a.repeat[5] == 105 && b.repeat[0] == 103);
    q = derive_between(&a, &b);
    CHECK_NEAR(q.ratio, 102.5 / 105.5, 1e-12);
    /* 3 pairs the wrong way round and 3 ties, which count as such: P(U <= 6) */
    CHECK_NEAR(q.p, 2 * 0.0325, 2e-4);
    CHECK(q.lo < q.ratio && q.ratio < q.hi && q.hi == 1);
    for (int i = 0; i < 20; i++) derive_add_evidence(&a, &r);
    CHECK(a.repeats == EVIDENCE_MAX && !derive_add_evidence(&a, &r));
    r.samples = NAN; /* a file may lack the column */
    memset(&a, 0, sizeof a);
    CHECK(derive_add_evidence(&a, &r) && a.repeats == 7);
}

static void test_roof(void)
{
    const struct roof roof = {.gflops = 1000, .gbs = 100, .launch_us = 2};
    struct row r = timed(2000, NAN, NAN);

    CHECK_LOSS("a kernel is said to be bound by what does not bind it");
    CHECK(derive_bound(1e9, 1e6, &roof) == BOUND_COMPUTE);
    CHECK(derive_bound(1e6, 1e6, &roof) == BOUND_MEMORY);
    CHECK(derive_bound(0, 1e6, &roof) == BOUND_MEMORY);
    CHECK(derive_bound(1e3, 1e3, &roof) == BOUND_LAUNCH);
    CHECK(derive_bound(1e3, 1e3, &(struct roof){NAN, 100, 2}) == BOUND_UNKNOWN);
    CHECK(derive_bound(0, 1e3, &(struct roof){NAN, NAN, NAN}) == BOUND_UNKNOWN);
    CHECK_STR(derive_bound_name(BOUND_UNKNOWN), "-");
    CHECK_STR(derive_bound_name(BOUND_LAUNCH), "launch");
    r.flop = 1e9, r.bytes = 1e6;
    CHECK_NEAR(derive_percent_of_roof(&r, &roof), 50, 1e-9);
    r.t_med_us = 500; /* never clipped */
    CHECK_NEAR(derive_percent_of_roof(&r, &roof), 200, 1e-9);
    strcpy(r.status, "wrong");
    CHECK(isnan(derive_percent_of_roof(&r, &roof)));
}

static void test_sums(void)
{
    const double t[4] = {10, 30, NAN, 5}, rival[4] = {5, 10, 7, NAN}, n[4] = {3, 1, 1, 1};
    struct row rows[5];

    CHECK_LOSS("what a network takes with a kernel is wrong");
    struct total s = derive_sum(t, rival, n, 4);
    CHECK_NEAR(s.factor, (3 * 10 + 30) / (3 * 5 + 10.0), 1e-12);
    CHECK(s.problems == 2 && s.of == 4);
    CHECK_NEAR(derive_sum(t, rival, NULL, 4).factor, 40 / 15.0, 1e-12);
    s = derive_sum(t + 2, rival + 2, NULL, 2);
    CHECK(isnan(s.factor) && s.problems == 0 && s.of == 2);
    CHECK(isnan(derive_sum(NULL, NULL, NULL, 0).factor));
    for (int i = 0; i < 5; i++) { /* three problems of k, libraries for the first two */
        rows[i] = timed(i < 3 ? 10 * (i + 1) : 4, NAN, NAN);
        strcpy(rows[i].impl, i < 3 ? "k" : "lib");
        strcpy(rows[i].tier, i < 3 ? "tuned" : "library");
        snprintf(rows[i].shape, sizeof rows[i].shape, "%d", i % 3);
    }
    s = derive_total(rows, 5, (double[]){1, 2, 1, 1, 1}, &rows[0]);
    CHECK_NEAR(s.factor, (10 + 2 * 20) / (4 + 2 * 4.0), 1e-12);
    CHECK(s.problems == 2 && s.of == 3);
    strcpy(rows[1].status, "wrong");
    s = derive_total(rows, 5, NULL, &rows[0]);
    CHECK(s.factor == 2.5 && s.problems == 1 && s.of == 3);

    CHECK_LOSS("a kernel that fails on a device is called portable");
    const double best[3] = {1, 2, 3}, fine[3] = {2, 2, 4}, lacks[3] = {2, NAN, 4};
    struct portability p = derive_portability(fine, best, 3);
    CHECK_NEAR(p.value, 3 / (2 + 1 + 4 / 3.0), 1e-12);
    CHECK_NEAR(p.least, 0.5, 1e-12);
    p = derive_portability(lacks, best, 3);
    CHECK(p.value == 0 && p.runs == 2 && p.devices == 3);
    CHECK_NEAR(p.where_it_runs, 2 / (2 + 4 / 3.0), 1e-12);
    p = derive_portability(lacks + 1, best + 1, 1);
    CHECK(p.value == 0 && isnan(p.where_it_runs) && isnan(p.least));
}

static void test_energy(void)
{
    struct row k = timed(10, NAN, NAN), rival = timed(5, NAN, NAN);

    CHECK_LOSS("which of two kernels is the thrifty one");
    k.energy_mj = 60, rival.energy_mj = 40, k.flop = 2e9;
    CHECK_NEAR(derive_energy_ratio(&k, &rival), 1.5, 1e-12);
    CHECK_NEAR(derive_joules_per_gflop(&k), 0.03, 1e-12); /* 0.06 J for 2 GFLOP */
    k.flop = 0;
    CHECK(isnan(derive_joules_per_gflop(&k)));
    rival.energy_mj = NAN;
    CHECK(isnan(derive_energy_ratio(&k, &rival)) && isnan(derive_energy_ratio(&k, NULL)));
    k.flop = 2e9, k.energy_mj = NAN;
    CHECK(isnan(derive_joules_per_gflop(&k)));
}

static void test_filter(void)
{
    struct filter f = {{NULL}};
    struct row r = timed(1, NAN, NAN);
    const struct row *const rows[] = {&r};

    CHECK_LOSS("an option shows other rows than it names");
    CHECK(filter_passes(NULL, "x") && filter_passes("a,x", "x") && !filter_passes("a", "x"));
    CHECK(filter_passes("!a", "x") && !filter_passes("*,!x", "x") && filter_passes("!*,x", "x"));
    strcpy(r.op, "gemm"), strcpy(r.impl, "gemm_smem");
    CHECK(filter_row(&f, &r));
    f.list[0] = "gemm", f.list[1] = "gemm_*,!gemm_naive";
    CHECK(filter_row(&f, &r));
    CHECK_FAILS(filter_check(&f, rows, 1),
                "--impl '!gemm_naive' matches no row; there are: gemm_s");
    f.list[1] = "gemm_s?em", f.list[0] = "";
    CHECK_FAILS(filter_check(&f, rows, 1), "--op '' matches no row; there are: gemm");
    f.list[0] = "gemm";
    CHECK_OK(filter_check(&f, rows, 1));
}

static const char *table_text(int markdown, const char *cell)
{
    static char out[2048];
    struct plain_buffer b = {0};
    struct table t;

    table_begin(&t, markdown, "name|>n");
    table_cell(&t, "%s", cell);
    table_cell(&t, "%d", 7);
    table_end(&t, &b);
    snprintf(out, sizeof out, "%.*s", (int)b.length, b.data);
    free(b.data);
    return out;
}

static void test_table(void)
{
    CHECK_LOSS("a device name commands the terminal, or becomes markup on a page");
    CHECK_STR(table_text(0, "a\033[31m\x9b\xc2\x9b"
                            "\xe2\x80\xae\xe2\x81\xa6z"),
              "name       n\na [31m? z  7\n\n");
    CHECK_STR(table_text(0, "µ"), "name  n\nµ     7\n\n");
    CHECK_STR(
        table_text(1, "<script>|`&a_b*[x](y)\\"),
        "\n| name | n |\n|---|--:|\n| &lt;script&gt;\\|\\`&amp;a_b\\*\\[x\\](y)\\\\ | 7 |\n\n");
    struct plain_buffer b = {0};
    struct table t;
    table_begin(&t, 0, "nothing");
    table_end(&t, &b);
    CHECK(b.length == 0);
    table_say(&b, 1, "%s", "<b>\nx");
    plain_append(&b, "", 1);
    CHECK_STR(b.data, "- &lt;b&gt; x\n");
    free(b.data);
}

int main(void)
{
    test_ranks();
    test_evidence();
    test_roof();
    test_sums();
    test_energy();
    test_filter();
    test_table();
    return check_done();
}
