/* test_plot: figures and the README block from stored runs: real-looking ones, hostile ones,
 * extreme ones, and no gnuplot. */
#include "scratch.h"
#include <fcntl.h>
#include <stdarg.h>
#include "check.h"
#include "cmd/commands.h"
#include "report/gnuplot.h"
#include "report/plotdata.h"
#include "report/readme.h"
#include "store/manifest.h"
#include "store/results.h"

/* Runs a command as main would, with its stderr in said[]. */
static char said[8192];
static int run(int (*command)(int, char **), ...)
{
    char *argv[16];
    int argc = 0;
    size_t length;
    va_list more;

    va_start(more, command);
    while ((argv[argc] = va_arg(more, char *))) argc++;
    va_end(more);
    fflush(NULL);
    const int out = dup(1), err = dup(2);
    const int quiet = open("/dev/null", O_WRONLY);
    const int file = open(scratch_path("stderr"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2(quiet, 1), dup2(file, 2);
    const int status = command(argc, argv);
    fflush(NULL);
    dup2(out, 1), dup2(err, 2);
    close(out), close(err), close(quiet), close(file);
    char *text = scratch_read(scratch_path("stderr"), &length);
    snprintf(said, sizeof said, "%s", text ? text : "");
    free(text);
    return status;
}

static int holds(const char *path, const char *words)
{
    size_t length;
    char *text = scratch_read(path, &length);
    const int found = text && length && strstr(text, words);

    free(text);
    return found;
}

static int is_filled(const char *path)
{
    struct stat s;

    return !stat(path, &s) && s.st_size > 0;
}

/* What XML forbids in an SVG of ours: control characters and a CDATA that ends early; and, where
 * xmllint is there, all else. */
static int is_xml(const char *path)
{
    char line[2048];
    size_t length;
    char *text = scratch_read(path, &length);
    int ok = text && strlen(text) == length && strstr(text, "</svg>");

    for (size_t i = 0; ok && i < length; i++)
        ok = (unsigned char)text[i] >= ' ' || strchr("\n\t\r", text[i]);
    free(text);
    snprintf(line, sizeof line, "command -v xmllint >/dev/null || exit 0; xmllint --noout '%s' >&2",
             path);
    return ok && !system(line);
}

static void test_stored(const char *name)
{
    static const char *const figures[] = {"ladder", "sweep"};
    static const char *const formats[] = {"svg", "png", "txt"};
    char dir[600], from[600], path[700];

    CHECK_LOSS("a stored run has no pictures");
    snprintf(from, sizeof from, "tests/data/%s", name);
    snprintf(dir, sizeof dir, "%s/%s", scratch_dir, name);
    CHECK(run(cmd_plot, "plot", from, "-o", dir, "--format", "svg,png,txt", NULL) == EXIT_DONE);
    CHECK_STR(said, "");
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

/* ---- runs made here ---- */

static struct row row_of(const char *impl, const char *tier, double t, double lines)
{
    struct row r;

    row_clear(&r);
    strcpy(r.run, "made"), strcpy(r.device, "d"), strcpy(r.op, "gemm"), strcpy(r.layout, "nn");
    strcpy(r.precision, "f32"), strcpy(r.shape, "64x64x64"), strcpy(r.place, "host");
    strcpy(r.cache, "cold"), strcpy(r.timing, "host"), strcpy(r.status, "ok");
    snprintf(r.impl, sizeof r.impl, "%s", impl);
    snprintf(r.tier, sizeof r.tier, "%s", tier);
    r.t_med_us = t, r.sloc = lines, r.flop = 2. * 64 * 64 * 64, r.bytes = 49152;
    return r;
}

/* Writes a run of these rows; returns its directory. */
static char *make_run(const char *name, const char *cpu, const struct row *rows, int count)
{
    static char dir[600];
    struct manifest_writer m;
    static struct durable w;
    const char *tags[] = {cpu};

    snprintf(dir, sizeof dir, "%s/%s", scratch_dir, name);
    mkdir(dir, 0777);
    manifest_begin(&m);
    manifest_put_text(&m, "state", "complete");
    manifest_put_texts(&m, "tags", tags, 1);
    manifest_group(&m, "host");
    manifest_put_text(&m, "cpu", cpu);
    CHECK_OK(manifest_save(&m, dir));
    CHECK_OK(results_create(&w, dir));
    CHECK_OK(results_append(&w, rows, count));
    CHECK_OK(durable_close(&w));
    return dir;
}

static char *plot(char *dir)
{
    static char out[700];

    snprintf(out, sizeof out, "%s/out", dir);
    CHECK(run(cmd_plot, "plot", dir, "--figure", "ladder", "-o", out, "--format", "svg,png,txt",
              NULL) == EXIT_DONE);
    CHECK_STR(said, "");
    strcat(out, "/ladder.svg");
    CHECK(is_xml(out));
    return out;
}

static void test_hostile(void)
{
    static const char *const texts[] = {
        "a\"b\\101 `touch broke-out` $(touch broke-out) \1",
        "]]> ]]>]]> <script>alert(1)</script> <img onerror=x> </pre> &amp; & %n%s %d",
        "{/=90 x} ^a_b @c ~d{e} # cut | end -->",
        "\x1b[31m red \xff\xfe\xc3( \xed\xa0\x80 \xe2\x80\xae turned",
        "\"; system('touch broke-out'); \"",
        "=HYPERLINK(1)",
        "'.system(\"touch broke-out\").'"};
    char name[32], longer[4096], readme[64];

    CHECK_LOSS("a name in a shared result runs a command or breaks the picture");
    memset(longer, 'w', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    for (size_t i = 0; i <= sizeof texts / sizeof texts[0]; i++) {
        const char *text = i < sizeof texts / sizeof texts[0] ? texts[i] : longer;
        struct row rows[3] = {row_of(text, "naive", 90, 9), row_of("gemm_x", "tuned", 9, 20),
                              row_of("gemm_lib", "library", NAN, 9)};
        snprintf(rows[1].algo, sizeof rows[1].algo, "%.100s", text);
        snprintf(rows[1].flags, sizeof rows[1].flags, "%.100s", text);
        snprintf(rows[2].reason, sizeof rows[2].reason, "%.900s", text);
        strcpy(rows[2].status, "skipped");
        snprintf(name, sizeof name, "hostile-%zu", i);
        char *dir = make_run(name, text, rows, 3);
        plot(dir);
        struct stored_run stored;
        struct plain_buffer block = {0};
        CHECK_OK(stored_open(&stored, dir));
        readme_run(&block, &stored, "p.png", NULL);
        plain_append(&block, "", 1);
        CHECK(!strstr(block.data, "<script") && !strstr(block.data, "<img"));
        CHECK(!strstr(block.data, README_END) && !strstr(block.data, "\x1b"));
        free(block.data);
        stored_close(&stored);
    }
    snprintf(readme, sizeof readme, "broke-out");
    CHECK(access(readme, F_OK) != 0);
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
    CHECK(strstr(said, "ladder sweep") != NULL);
    CHECK(run(cmd_plot, "plot", "--format", "gif", "x", NULL) == EXIT_USAGE);
    CHECK(strstr(said, "svg png txt") != NULL);
    CHECK(run(cmd_plot, "plot", "--nonsense", "x", NULL) == EXIT_USAGE);
    CHECK(run(cmd_plot, "plot", "no/such/run", NULL) == EXIT_ENVIRONMENT);
    CHECK(strstr(said, "no/such/run") != NULL);
    CHECK(run(cmd_plot, "plot", "tests/data/run-cpu-synthetic", "-o", "/proc/no", NULL) ==
          EXIT_ENVIRONMENT);
    CHECK(run(cmd_readme, "readme", NULL) == EXIT_USAGE);
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

/* In the scratch directory, as if it were the root of the project. */
static void test_readme(void)
{
    static const char text[] = "# T\n" README_BEGIN "\nold\n" README_END "\nrest\n";
    char root[4096], cpu[4200], gpu[4200], plots[4200];
    size_t length;

    if (!getcwd(root, sizeof root) || chdir(scratch_dir)) exit(1);
    snprintf(cpu, sizeof cpu, "%s/tests/data/run-cpu-synthetic", root);
    snprintf(gpu, sizeof gpu, "%s/tests/data/run-gpu-synthetic", root);
    snprintf(plots, sizeof plots, "%s/plots", root);
    if (symlink(plots, "plots")) exit(1);
    CHECK_LOSS("README shows numbers that no stored run has");
    CHECK(run(cmd_readme, "readme", gpu, cpu, NULL) == EXIT_ENVIRONMENT); /* no README.md */
    scratch_write("README.md", "# no markers\n", 13);
    CHECK(run(cmd_readme, "readme", gpu, cpu, NULL) == EXIT_ENVIRONMENT);
    CHECK(strstr(said, README_BEGIN) != NULL);
    scratch_write("README.md", text, sizeof text - 1);
    CHECK(run(cmd_readme, "readme", gpu, cpu, "--check", NULL) == 1);
    CHECK(holds("README.md", "\nold\n") && access("docs", F_OK) != 0); /* it only looked */
    CHECK(run(cmd_readme, "readme", gpu, cpu, NULL) == EXIT_DONE);
    CHECK_STR(said, "");
    CHECK(run(cmd_readme, "readme", gpu, cpu, "--check", NULL) == EXIT_DONE);
    CHECK(run(cmd_readme, "readme", cpu, "--check", NULL) == 1);
    CHECK(is_filled("docs/figures/ladder-gpu.png") && is_filled("docs/figures/sweep-cpu.png"));
    CHECK(holds("README.md", "On NVIDIA H100 80GB HBM3, an hour of `gemm_cublas` takes"));
    CHECK(holds("README.md", "# T\n" README_BEGIN) && holds("README.md", README_END "\nrest\n"));
    char *block = scratch_read("README.md", &length);
    int rows = 0;
    for (const char *s = strstr(block, "\n|---"); s && (s = strchr(s + 1, '\n')) && s[1] == '|';)
        rows++;
    CHECK(rows > 0 && rows <= 8);
    free(block);
    if (chdir(root)) exit(1);
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
    test_readme();
    return check_done();
}
