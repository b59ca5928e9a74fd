/* test_several: the figures of several runs, compare and generations. */
#include "plots.h"

static char *draw_two(const char *a, const char *b, const char *figure)
{
    static char path[900];
    char out[700];

    snprintf(out, sizeof out, "%s/two", scratch_dir);
    CHECK(run(cmd_plot, "plot", a, b, "--figure", figure, "-o", out, "--format", "svg,png,txt",
              NULL) == EXIT_DONE);
    CHECK_STR(said, "");
    snprintf(path, sizeof path, "%s/%s.txt", out, figure);
    CHECK(is_filled(path));
    snprintf(path, sizeof path, "%s/%s.svg", out, figure);
    CHECK(is_xml(path));
    snprintf(path, sizeof path, "%s/%s.dat", out, figure);
    return path;
}

static void test_compare(void)
{
    struct row rows[2];

    gbs = 100;
    gpu_rows(rows, "old", 100, 50);
    const char *a = gpu_run("compare", "old", "1-a", rows, 2);
    gbs = 150;
    gpu_rows(rows, "new", 50, 51);
    const char *b = gpu_run("compare", "new", "2-b", rows, 2);
    const char *data = draw_two(a, b, "compare");
    CHECK_LOSS("a comparison does not say which run is which, or what the machines promise");
    CHECK(holds(data, "A: old.  B: new.") && holds(data, "2 of 2 common cells"));
    CHECK(holds(data, "memory roof 1.50×") && holds(data, "f32 roof 1.00×"));
    CHECK(holds(data, "A 1-a: 2 ok, B 2-b: 2 ok") && holds(data, "made up"));
    CHECK(holds(data, "\t2.00×\n") && holds(data, "\t0.98×\n"));
    CHECK_LOSS("noise looks like a difference");
    CHECK(holds(data, "\t1\t0\n") && holds(data, "\t5\t1\n")); /* slot, hollow */

    CHECK_LOSS("CPUs with other numbers of threads are not compared, or nobody is told");
    for (int i = 0; i < 2; i++) strcpy(rows[i].place, "host"), strcpy(rows[i].timing, "host");
    const char *hosts[2];
    for (int s = 0; s < 2; s++) {
        threads = s ? 16 : 2;
        hosts[s] = gpu_run("compare", s ? "new" : "old", s ? "7-g" : "6-f", rows, 2);
    }
    data = draw_two(hosts[0], hosts[1], "compare");
    CHECK(holds(data, "A: made up, 2 threads.  B: made up, 16 threads\n"));
    CHECK(holds(data, "A: made up (host of old).  B: made up (host of new)."));

    CHECK_LOSS("a factor of 1e5, or one row, has no picture");
    gpu_rows(rows, "far", 1e-3, 5e6);
    draw_two(a, gpu_run("compare", "far", "3-c", rows, 2), "compare");
    draw_two(a, gpu_run("compare", "one", "4-d", rows, 1), "compare");

    CHECK_LOSS("runs that have nothing in common are compared, or it is not said");
    strcpy(rows[0].shape, "9x9x9"), strcpy(rows[1].shape, "9x9x9");
    const char *other = gpu_run("compare", "other", "5-e", rows, 2);
    CHECK(run(cmd_plot, "plot", a, other, "--figure", "compare", "-o", scratch_path("none"),
              NULL) == EXIT_ENVIRONMENT);
    CHECK(strstr(said, "no compare: nothing matches; shape: A has 64x64x64, B has 9x9x9") != NULL);
    CHECK_LOSS("a third run is silently ignored");
    CHECK(run(cmd_plot, "plot", a, b, other, "--figure", "compare", NULL) == EXIT_USAGE);
    CHECK(strstr(said, "compare needs two runs") != NULL);
}

static const char *place_of(const char *text, const char *word)
{
    const char *found = strstr(text, word);

    return found ? found : text + strlen(text);
}

static void test_generations(void)
{
    static const char csv[] = "slug,name,released\nnew,NVIDIA New 80GB,2022-10\nold,Old,2016-04\n";
    struct row rows[2];
    size_t length;

    gbs = 100;
    gpu_rows(rows, "new", 100, 50);
    const char *a = gpu_run("generations", "new", "1-a", rows, 2);
    gpu_rows(rows, "old", 100, 25);
    const char *b = gpu_run("generations", "old", "2-b", rows, 2);
    CHECK_LOSS("an order is claimed that nobody knows");
    CHECK(holds(draw_two(a, b, "generations"), "in the order given"));
    CHECK(holds(draw_two(a, b, "generations"), "# curve\n# x y dx dy ink\nNaN")); /* not joined */
    scratch_write("generations/devices.csv", csv, sizeof csv - 1);
    char *data = scratch_read(draw_two(a, b, "generations"), &length);
    CHECK_LOSS("processors stand in the wrong order, so that a kernel seems to age backwards");
    CHECK(strstr(data, "in order of release") != NULL);
    CHECK(!strstr(data, "# curve\n# x y dx dy ink\nNaN"));
    CHECK(strstr(data, "\tOld\n") && strstr(data, "\tNew 80GB\n"));
    CHECK(place_of(data, "\tOld\n") < place_of(data, "\tNew 80GB\n"));
    CHECK_LOSS("a share of the library is taken of another processor's");
    CHECK(strstr(data, "\tnaive 50 %\n") != NULL); /* at the last one, the newer */
    free(data);

    CHECK_LOSS("one processor is drawn as a development");
    gpu_rows(rows, "new", 100, 50);
    const char *again = gpu_run("generations", "new", "3-c", rows, 2);
    CHECK(run(cmd_plot, "plot", a, again, "--figure", "generations", "-o", scratch_path("none"),
              NULL) == EXIT_ENVIRONMENT);
    CHECK(strstr(said, "no generations: the runs have not ") != NULL);
}

/* Nine panels, twelve processors, and gaps. */
static void test_many(void)
{
    static const char *const ops[] = {"gemm", "conv2d", "pool2d"};
    struct row rows[18];
    char *argv[20] = {"plot"}, dirs[12][700], name[16];
    int argc = 1;

    CHECK_LOSS("a figure of many panels or processors is not drawn");
    for (int d = 0; d < 12; d++) {
        snprintf(name, sizeof name, "gpu%d", d);
        for (int k = 0; k < 9; k++) {
            gpu_rows(&rows[2 * k], name, 100 + d, 50);
            for (int i = 0; i < 2; i++) {
                struct row *r = &rows[2 * k + i];
                strcpy(r->op, ops[k % 3]);
                if (k / 3 == 1) strcpy(r->precision, "bf16");
                if (k / 3 == 2) strcpy(r->place, "host"), strcpy(r->timing, "host");
                if (k / 3 == 2) snprintf(r->device, sizeof r->device, "cpu%d", d);
                if (d % 4 || i || k != 4) continue; /* the naive one does not run everywhere */
                strcpy(r->status, "skipped"), strcpy(r->reason, "no");
                r->t_med_us = r->t_ci_lo_us = r->t_ci_hi_us = NAN;
            }
        }
        snprintf(dirs[d], sizeof dirs[d], "%s", gpu_run("many", name, name, rows, 18));
        argv[argc++] = dirs[d];
    }
    char *const more[] = {"--figure", "generations", "-o", (char *)scratch_path("many/out"),
                          "--format", "svg,png,txt"};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) argv[argc++] = more[i];
    CHECK(cmd_plot(argc, argv) == EXIT_DONE);
    CHECK(is_xml(scratch_path("many/out/generations.svg")));
    CHECK(holds(scratch_path("many/out/generations.dat"), "panels\t9\n"));
}

static void test_hostile(void)
{
    char csv[9000], name[16];
    struct row rows[2];

    CHECK_LOSS("a name in a shared result runs a command or breaks the picture");
    for (size_t i = 0; i < HOSTILE; i++) {
        snprintf(name, sizeof name, "h%zu", i);
        snprintf(csv, sizeof csv, "slug,name,released\nnew,%s,%s\nold,Old,2016-04\n", hostile(i),
                 hostile(i));
        gpu_rows(rows, "new", 100, 50);
        snprintf(rows[0].impl, sizeof rows[0].impl, "%.47s", hostile(i));
        const char *a = gpu_run(name, "new", "a", rows, 2);
        gpu_rows(rows, "old", 100, 25);
        snprintf(rows[0].impl, sizeof rows[0].impl, "%.47s", hostile(i));
        const char *b = gpu_run(name, "old", "b", rows, 2);
        snprintf(name, sizeof name, "h%zu/devices.csv", i);
        scratch_write(name, csv, strlen(csv));
        draw_two(a, b, "compare");
        draw_two(a, b, "generations");
    }
    CHECK(access("broke-out", F_OK) != 0);
}

int main(void)
{
    scratch_begin();
    if (system("gnuplot -V >/dev/null 2>&1")) {
        printf("no gnuplot: nothing can be drawn here\n");
        return check_done() ? 1 : 77;
    }
    test_compare();
    test_generations();
    test_many();
    test_hostile();
    return check_done();
}
