/* test_plot: figures from stored runs: real-looking ones, hostile ones, extreme ones, and no
 * gnuplot. */
#include "plots.h"
#include "report/gnuplot.h"
#include "report/plotdata.h"

static void test_stored(const char *name)
{
    static const char *const figures[] = {"ladder", "sweep"};
    static const char *const formats[] = {"svg", "png", "txt"};
    char dir[600], from[600], path[700];

    CHECK_LOSS("a stored run has no pictures");
    snprintf(from, sizeof from, "tests/data/%s", name);
    snprintf(dir, sizeof dir, "%s/%s", scratch_dir, name);
    CHECK(run(cmd_plot, "plot", from, "-o", dir, "--format", "svg,png,txt", NULL) == EXIT_DONE);
    CHECK(!strstr(said, "no ladder") && !strstr(said, "no sweep"));
    CHECK(strstr(said, "no energy: the run has not an energy") != NULL);
    for (int f = 0; f < 2; f++) {
        for (int k = 0; k < 3; k++) {
            snprintf(path, sizeof path, "%s/%s.%s", dir, figures[f], formats[k]);
            CHECK(is_filled(path));
        }
        snprintf(path, sizeof path, "%s/%s.svg", dir, figures[f]);
        CHECK(is_xml(path));
        CHECK_LOSS("made-up data are taken for measured ones");
        CHECK(holds(path, "SYNTHETIC DATA"));
        snprintf(path, sizeof path, "%s/%s.dat", dir, figures[f]);
        CHECK(holds(path, "SYNTHETIC DATA"));
    }
}

static char *plot(const char *dir) { return plot_figure(dir, "ladder"); }

/* Naive and tuned rungs, and a library that did not run, all with this text wherever one can be. */
static void test_hostile(void)
{
    char name[32];

    CHECK_LOSS("a name in a shared result runs a command or breaks the picture");
    for (size_t i = 0; i < HOSTILE; i++) {
        const char *text = hostile(i);
        struct row rows[3] = {row_of(text, "naive", 90, 9), row_of("gemm_x", "tuned", 9, 20),
                              row_of("gemm_lib", "library", NAN, 9)};
        snprintf(rows[1].algo, sizeof rows[1].algo, "%.100s", text);
        snprintf(rows[1].flags, sizeof rows[1].flags, "%.100s", text);
        snprintf(rows[2].reason, sizeof rows[2].reason, "%.900s", text);
        strcpy(rows[2].status, "skipped");
        snprintf(name, sizeof name, "hostile-%zu", i);
        plot(make_run(name, text, rows, 3));
    }
    CHECK(access("broke-out", F_OK) != 0);
}

static void test_clean(void)
{
    char to[64], five[5];

    CHECK_LOSS("a text is read by gnuplot or XML as something else");
    plotdata_clean("", to, sizeof to);
    CHECK_STR(to, "-");
    plotdata_clean("a\tb\nc\x1b", to, sizeof to);
    CHECK_STR(to, "a b c ");
    plotdata_clean("\"\\#]]>", to, sizeof to);
    CHECK_STR(to, "'/♯]]");
    plotdata_clean("]]>>]]]>", to, sizeof to);
    CHECK_STR(to, "]]]]]");
    plotdata_clean("4096³ \xc3", to, sizeof to);
    CHECK_STR(to, "4096³ ?");
    plotdata_clean("abc³³", five, sizeof five);
    CHECK_STR(five, "abc"); /* never half a letter */
}

static void test_extremes(void)
{
    struct row rows[40];
    char name[48];

    CHECK_LOSS("an unusual run has no picture");
    rows[0] = row_of("gemm_one", "naive", 1, 1);
    plot(make_run("one", "one row", rows, 1));
    rows[0] = row_of("gemm_lib", "library", 1, 1);
    plot(make_run("library", "only a library", rows, 1));
    rows[1] = row_of("gemm_slow", "naive", 1e8, 100000);
    plot(make_run("far", "a factor of 1e8", rows, 2));
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "gemm_rung_number_%d", i);
        rows[i] = row_of(name, "tuned", 100 + i * 0.01, 50 + i % 7);
    }
    plot(make_run("crowd", "forty rungs in one place", rows, 40));

    CHECK_LOSS("a run without results is a riddle");
    strcpy(rows[0].status, "skipped"), strcpy(rows[0].reason, "no"), rows[0].t_med_us = NAN;
    char *dir = make_run("none", "nothing ran", rows, 1);
    CHECK(run(cmd_plot, "plot", dir, "-o", scratch_path("none/out"), NULL) == EXIT_ENVIRONMENT);
    CHECK(strstr(said, "no ladder") && strstr(said, "1 skipped"));
    rows[0] = row_of("gemm_one", "naive", 1, NAN);
    CHECK(run(cmd_plot, "plot", make_run("lineless", "no line counts", rows, 1), "-o",
              scratch_path("lineless/out"), NULL) == EXIT_ENVIRONMENT);
}

static void test_usage(void)
{
    CHECK_LOSS("a typing error is not explained");
    CHECK(run(cmd_plot, "plot", NULL) == EXIT_USAGE);
    CHECK(run(cmd_plot, "plot", "--figure", "lader", "x", NULL) == EXIT_USAGE);
    CHECK(strstr(said, "ladder sweep roofline") != NULL);
    CHECK(run(cmd_plot, "plot", "--format", "gif", "x", NULL) == EXIT_USAGE);
    CHECK(strstr(said, "svg png txt") != NULL);
    CHECK(run(cmd_plot, "plot", "--nonsense", "x", NULL) == EXIT_USAGE);
    CHECK(run(cmd_plot, "plot", "tests/data/run-cpu-synthetic", "--figure", "compare", NULL) ==
          EXIT_USAGE);
    CHECK(strstr(said, "wheelbench plot A B --figure compare") != NULL);
    CHECK(run(cmd_plot, "plot", "no/such/run", NULL) == EXIT_ENVIRONMENT);
    CHECK(strstr(said, "no/such/run") != NULL);
    CHECK(run(cmd_plot, "plot", "tests/data/run-cpu-synthetic", "-o", "/proc/no", NULL) ==
          EXIT_ENVIRONMENT);
}

static void test_without_gnuplot(void)
{
    char *path = strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");

    CHECK_LOSS("a machine without gnuplot loses the data, or does not learn what to install");
    setenv("PATH", "/no/such/directory", 1);
    CHECK(run(cmd_plot, "plot", "tests/data/run-cpu-synthetic", "-o", scratch_path("bare"), NULL) ==
          EXIT_ENVIRONMENT);
    setenv("PATH", path, 1);
    free(path);
    CHECK(strstr(said, "apt-get install gnuplot-nox") != NULL);
    CHECK(is_filled(scratch_path("bare/ladder.dat")) && is_filled(scratch_path("bare/sweep.dat")));
    CHECK(!is_filled(scratch_path("bare/ladder.svg")));
}

static void test_bad_data(void)
{
    int missing;

    CHECK_LOSS("a picture that could not be drawn is reported as drawn");
    CHECK_FAILS(gnuplot_draw("ladder", "/no/such/data", scratch_path("bad.svg"), "svg", &missing),
                "status 1");
    CHECK(!missing && !is_filled(scratch_path("bad.svg")));
}

int main(void)
{
    scratch_begin();
    test_clean();
    test_usage();
    test_without_gnuplot();
    if (system("gnuplot -V >/dev/null 2>&1")) {
        printf("no gnuplot: nothing can be drawn here\n");
        return check_done() ? 1 : 77;
    }
    test_stored("run-gpu-synthetic");
    test_stored("run-cpu-synthetic");
    test_hostile();
    test_extremes();
    test_bad_data();
    return check_done();
}
