/* test_figures: roofline, bandwidth, layers, energy and accuracy: what stands in their data, that
 * rows which are not ok stand nowhere, extreme runs, hostile names, and what they say of a run that
 * has not what they need. */
#include "plots.h"
#include "report/figures.h"

static const char *const names[] = {"roofline", "bandwidth", "layers", "energy", "accuracy"};
enum { NAMES = sizeof names / sizeof names[0] };

static const char *label = "layer"; /* of the problems that put_all writes */

static void put_all(struct manifest_writer *m)
{
    manifest_group(m, "problems");
    manifest_put_problem(m, "conv2d f32 nchw 1x8x8x8 k8 3x3 pad1", 3, label);
    manifest_put_problem(m, "conv2d f32 nchw 2x8x8x8 k8 3x3 pad1", 1, label);
    manifest_group(m, "roof_host");
    manifest_put_number(m, "gbs", 100);
    manifest_put_number(m, "gflops_f32", 1000);
}

static void put_layers(struct manifest_writer *m)
{
    char text[64];

    manifest_group(m, "problems");
    for (int i = 0; i < 35; i++) {
        snprintf(text, sizeof text, "conv2d f32 nchw %dx1", i);
        manifest_put_problem(m, text, 1, "layer");
    }
}

/* Two layers of conv2d, each naive, tuned and by a library, and a pooling. Times in us, with
 * samples around them; energies; errors. */
static int rows_of_all(struct row rows[], const char *impl)
{
    static const char *const shapes[] = {"1x8x8x8 k8 3x3 pad1", "2x8x8x8 k8 3x3 pad1"};
    static const double times[2][3] = {{400, 80, 40}, {90, 30, 60}};
    static const char *const tiers[] = {"naive", "tuned", "library"};
    int n = 0;

    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 3; k++) {
            struct row *r = &rows[n++];
            *r = row_of(k == 1 ? impl
                        : k    ? "conv2d_lib"
                               : "conv2d_naive",
                        tiers[k], times[i][k], 10 + 10 * k);
            strcpy(r->op, "conv2d"), strcpy(r->layout, "nchw"), strcpy(r->shape, shapes[i]);
            r->flop = 1e6, r->bytes = 1e4;
            r->t_ci_lo_us = 0.9 * r->t_med_us, r->t_ci_hi_us = 1.1 * r->t_med_us;
            r->energy_mj = 0.1 * r->t_med_us, r->err_bound_frac = k ? 0.25 : 0;
        }
    rows[n] = row_of("pool2d_naive", "naive", 50, 9);
    strcpy(rows[n].op, "pool2d"), strcpy(rows[n].layout, "nchw"), strcpy(rows[n].shape, "max 1x1");
    rows[n].flop = 0, rows[n].bytes = 1e6;
    return n + 1;
}

static char *all_run(const char *name, const char *cpu, const char *impl)
{
    static char dir[600];
    struct row rows[8];
    const int n = rows_of_all(rows, impl);

    snprintf(dir, sizeof dir, "%s/%s", scratch_dir, name);
    make_run_in(dir, cpu, put_all, rows, n);
    return dir;
}

static const char *data_of(const char *dir, const char *figure)
{
    static char path[900];

    snprintf(path, sizeof path, "%s/out/%s.dat", dir, figure);
    return path;
}

static void test_numbers(void)
{
    const char *dir = all_run("all", "made up", "conv2d_mine");

    for (int i = 0; i < NAMES; i++) {
        CHECK_LOSS("made-up data are taken for measured ones");
        plot_figure(dir, names[i]);
        CHECK(holds(data_of(dir, names[i]), "made up"));
    }
    CHECK_LOSS("a roofline blames the machine for what the kernel does not do");
    /* 1e6 FLOPs at 1000 GFLOP/s take 1 us, 1e4 bytes at 100 GB/s less */
    CHECK(holds(data_of(dir, "roofline"), "roof 1.00 TFLOP/s and 100 GB/s"));
    CHECK(holds(data_of(dir, "roofline"), "\tlib 1.7 %\n")); /* 1 of 60 us: the longest */
    CHECK(holds(data_of(dir, "roofline"), "\tnaive 1.1 %\n"));
    CHECK_LOSS("a bandwidth is not that of the row");
    CHECK(holds(data_of(dir, "bandwidth"), "\tnaive 20.0 GB/s\n")); /* 1e6 bytes in 50 us */
    CHECK(holds(data_of(dir, "bandwidth"), "measured copy: 100 GB/s"));
    CHECK(!holds(data_of(dir, "bandwidth"), "conv2d f32")); /* compute binds those */
    CHECK_LOSS("a sum over layers forgets how often a network has them");
    /* 3 x 40 + 60 by the library, 3 x 80 + 30 by hand */
    CHECK(
        holds(data_of(dir, "layers"),
              "2 of 2 layers have both: library 180 µs, best by hand 270 µs: 1 h becomes 90 min"));
    CHECK(holds(data_of(dir, "layers"), "layer, 3 times"));
    CHECK_LOSS("an energy figure says nothing of power");
    CHECK(holds(data_of(dir, "energy"), "\t100 W\n")); /* 0.1 mJ per us */
    CHECK_LOSS("an exact result has no place");
    CHECK(holds(data_of(dir, "accuracy"), "\texact\n"));
}

/* Every name that occurs in the picture must be one of a usable row. */
static void test_only_ok(void)
{
    static const char *const bad[] = {"skipped", "wrong", "failed"};
    struct row rows[11];
    char dir[600];
    int n = rows_of_all(rows, "conv2d_mine");

    CHECK_LOSS("a kernel that is wrong stands in a picture");
    for (int i = 0; i < 3; i++) {
        rows[n] = rows[1];
        snprintf(rows[n].impl, sizeof rows[n].impl, "conv2d_bad_%s", bad[i]);
        strcpy(rows[n].status, bad[i]), strcpy(rows[n].reason, "because");
        rows[n].t_med_us = rows[n].t_ci_lo_us = rows[n].t_ci_hi_us = NAN;
        rows[n].err_bound_frac = i == 1 ? 7 : NAN;
        n++;
    }
    snprintf(dir, sizeof dir, "%s/bad", scratch_dir);
    make_run_in(dir, "made up", put_all, rows, n);
    for (int i = 0; i < NAMES; i++) {
        plot_figure(dir, names[i]);
        CHECK(!holds(data_of(dir, names[i]), "bad_"));
        CHECK(holds(data_of(dir, names[i]), "7 ok, 1 skipped, 1 wrong, 1 failed"));
    }
}

static void test_doubtful(void)
{
    struct row rows[8];
    char dir[600];
    const int n = rows_of_all(rows, "conv2d_mine");

    CHECK_LOSS("a doubtful number looks like a sure one");
    for (int i = 0; i < n; i++) strcpy(rows[i].flags, "DRIFT");
    snprintf(dir, sizeof dir, "%s/doubtful", scratch_dir);
    make_run_in(dir, "made up", put_all, rows, n);
    for (int i = 0; i < NAMES; i++) {
        plot_figure(dir, names[i]);
        CHECK(holds(data_of(dir, names[i]), "hollow with *: has a warning flag"));
    }
    CHECK(
        holds(data_of(dir, "layers"), "# bar\n# left right bottom top ink\nNaN")); /* no full bar */
    CHECK(holds(data_of(dir, "roofline"), "\tlib* 1.7 %\n"));
}

static void test_hostile(void)
{
    char name[32];

    for (size_t i = 0; i < HOSTILE; i++) {
        CHECK_LOSS("a name in a shared result runs a command or breaks the picture");
        label = hostile(i);
        snprintf(name, sizeof name, "hostile-%zu", i);
        char *dir = all_run(name, hostile(i), hostile(i));
        for (int k = 0; k < NAMES; k++) plot_svg(dir, names[k]);
    }
    label = "layer";
    CHECK(access("broke-out", F_OK) != 0);
}

/* One row, factors of 1e5 and 1e10, many rungs in one place, more cells than there is room for. */
static void test_extremes(void)
{
    struct row rows[80];
    char dir[600], text[48];

    CHECK_LOSS("an unusual run has no picture");
    snprintf(dir, sizeof dir, "%s/one", scratch_dir);
    rows[0] = row_of("gemm_one", "naive", 1, 1);
    rows[0].energy_mj = 1, rows[0].err_bound_frac = 0;
    make_run_in(dir, "one row", put_all, rows, 1);
    plot_figure(dir, "roofline"), plot_figure(dir, "energy"), plot_figure(dir, "accuracy");

    snprintf(dir, sizeof dir, "%s/far", scratch_dir);
    for (int i = 0; i < 3; i++) {
        rows[i] = row_of(i ? "gemm_lib" : "gemm_naive", i ? "library" : "naive", i ? 1e-2 : 1e8, 9);
        rows[i].energy_mj = i ? 1e-9 : 1e9, rows[i].err_bound_frac = i ? 1 : 1e-9;
    }
    rows[2].flop = 0, strcpy(rows[2].op, "pool2d");
    make_run_in(dir, "far apart", put_all, rows, 3);
    for (int i = 0; i < NAMES; i++)
        if (strcmp(names[i], "layers")) plot_figure(dir, names[i]);

    snprintf(dir, sizeof dir, "%s/crowd", scratch_dir);
    for (int i = 0; i < 70; i++) {
        snprintf(text, sizeof text, "gemm_rung_number_%d", i);
        rows[i] = row_of(text, "tuned", 100 + i * 0.01, 50 + i % 7);
        rows[i].energy_mj = 1, rows[i].err_bound_frac = 0.5;
    }
    make_run_in(dir, "seventy rungs in one place", put_all, rows, 70);
    plot_figure(dir, "roofline"), plot_figure(dir, "energy"), plot_figure(dir, "accuracy");
    CHECK(holds(data_of(dir, "energy"), "6 not drawn"));
    CHECK_LOSS("names cover each other, or are missing and nothing says so");
    CHECK(holds(data_of(dir, "energy"), " points without room for a name"));
    CHECK_LOSS("an unusual run has no picture");

    snprintf(dir, sizeof dir, "%s/layers", scratch_dir);
    for (int i = 0; i < 70; i++) { /* 35 layers, 100 us by hand and 200 by the library */
        rows[i] = row_of(i % 2 ? "conv2d_lib" : "conv2d_mine", i % 2 ? "library" : "tuned",
                         i % 2 ? 200 : 100, 50);
        strcpy(rows[i].op, "conv2d"), strcpy(rows[i].layout, "nchw");
        snprintf(rows[i].shape, sizeof rows[i].shape, "%dx1", i / 2);
    }
    make_run_in(dir, "a long network", put_layers, rows, 70);
    plot_figure(dir, "layers");
    CHECK_LOSS("a sum leaves out the layers that found no place");
    CHECK(holds(data_of(dir, "layers"), "3 of the layers are not drawn"));
    CHECK(holds(data_of(dir, "layers"), "35 of 35 layers have both: library 7.00 ms"));

    snprintf(dir, sizeof dir, "%s/cells", scratch_dir);
    for (int i = 0; i < 70; i++) {
        rows[i] = row_of("pool2d_naive", "naive", 100, 50);
        strcpy(rows[i].op, "pool2d"), snprintf(rows[i].shape, sizeof rows[i].shape, "max %d", i);
        rows[i].flop = 0;
    }
    strcpy(rows[0].impl, "pool2d_im2col_openblas_on_threads"), strcpy(rows[0].tier, "library");
    make_run_in(dir, "seventy poolings", NULL, rows, 70);
    plot_figure(dir, "bandwidth");
    CHECK(holds(data_of(dir, "bandwidth"), "54 more in results.csv"));
    CHECK(holds(data_of(dir, "bandwidth"), "no roof was measured"));
    CHECK_LOSS("the rate behind a long name falls off the page");
    CHECK(holds(data_of(dir, "bandwidth"), "\tim2col_openblas_on_threads 492 MB/s\n"));
}

static void test_missing(void)
{
    const struct row row = row_of("gemm_one", "naive", 1, NAN);
    char out[700], want[100];
    const char *dir = make_run("bare", "nothing to draw", &row, 1);

    CHECK_LOSS("a figure that is missing is a riddle");
    snprintf(out, sizeof out, "%s/out", dir);
    for (int i = 0; i < NAMES; i++) {
        CHECK(run(cmd_plot, "plot", dir, "--figure", names[i], "-o", out, NULL) ==
              EXIT_ENVIRONMENT);
        snprintf(want, sizeof want, "no %s: the run has not ", names[i]);
        CHECK(strstr(said, want) && strstr(said, "1 ok"));
        CHECK(!is_filled(data_of(dir, names[i])));
    }
}

int main(void)
{
    scratch_begin();
    test_missing();
    if (system("gnuplot -V >/dev/null 2>&1")) {
        printf("no gnuplot: nothing can be drawn here\n");
        return check_done() ? 1 : 77;
    }
    test_numbers();
    test_only_ok();
    test_doubtful();
    test_hostile();
    test_extremes();
    return check_done();
}
