/* test_readme_block: the README block from stored runs: the numbers of the runs, at most eight
 * rows, no markup from names, and --check that only looks. */
#include "plots.h"
#include "report/plotdata.h"
#include "report/readme.h"

static void test_hostile(void)
{
    char name[32];

    CHECK_LOSS("a name in a shared result becomes markup of the README");
    for (size_t i = 0; i < HOSTILE; i++) {
        const char *text = hostile(i);
        struct row rows[2] = {row_of(text, "naive", 90, 9), row_of("gemm_lib", "library", NAN, 9)};
        struct stored_run stored;
        struct plain_buffer block = {0};
        snprintf(rows[1].reason, sizeof rows[1].reason, "%.900s", text);
        strcpy(rows[1].status, "skipped");
        snprintf(name, sizeof name, "hostile-%zu", i);
        CHECK_OK(stored_open(&stored, make_run(name, text, rows, 2)));
        readme_run(&block, &stored, "p.png", NULL);
        plain_append(&block, "", 1);
        CHECK(!strstr(block.data, "<script") && !strstr(block.data, "<img"));
        CHECK(!strstr(block.data, README_END) && !strstr(block.data, "\x1b"));
        free(block.data);
        stored_close(&stored);
    }
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
    CHECK_LOSS("the README's folder fills with figures that it does not show");
    CHECK(access("docs/figures/accuracy-cpu.png", F_OK) != 0);
    CHECK_LOSS("README shows numbers that no stored run has");
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
    CHECK_LOSS("a typing error is not explained");
    CHECK(run(cmd_readme, "readme", NULL) == EXIT_USAGE);
    test_hostile();
    if (system("gnuplot -V >/dev/null 2>&1")) {
        printf("no gnuplot: nothing can be drawn here\n");
        return check_done() ? 1 : 77;
    }
    test_readme();
    return check_done();
}
