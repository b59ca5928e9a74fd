/* test_results_write.c: results.csv written, and what a full disk, a second writer or a row that
 * contradicts itself does to it. */
#include "scratch.h"
#include <locale.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include "check.h"
#include "store/results.h"

static struct row sample_row(const char *impl)
{
    struct row r;

    row_clear(&r);
    strcpy(r.run, "20260301T101502Z-a1b2c3d");
    strcpy(r.device, "nvidia-h100-80gb-hbm3");
    strcpy(r.op, "gemm");
    strcpy(r.precision, "bf16");
    strcpy(r.layout, "nt");
    strcpy(r.shape, "8192x8192x8192");
    snprintf(r.impl, sizeof r.impl, "%s", impl);
    strcpy(r.tier, "tuned");
    strcpy(r.place, "device");
    strcpy(r.cache, "cold");
    strcpy(r.timing, "batch");
    strcpy(r.status, "ok");
    strcpy(r.algo, "tile 128x128, \"wgmma\"");
    r.t_med_us = 1432.57;
    r.t_min_us = 1429.9;
    r.flop = 1099511627776.0;
    r.bytes = 402653184;
    r.err_bound_frac = 0.031;
    r.err_max_abs = 0.0041;
    r.seed = 1;
    row_rates(&r);
    return r;
}

static void test_table(void)
{
    char *text, want[64];
    size_t length, lines = 0;
    const char *path = scratch_path("table.md");
    FILE *file = fopen(path, "w");

    CHECK_LOSS("results/README.md describes other columns than the file has");
    CHECK(file && row_readme(file) == 0 && !fclose(file));
    text = scratch_read(path, &length);
    for (size_t i = 0; i < length; i++) lines += text[i] == '\n';
    CHECK(lines == ROW_COLUMNS + 2);
    for (int i = 0; i < ROW_COLUMNS; i++) {
        snprintf(want, sizeof want, "| %d | `%s` |", i + 1, row_columns[i].name);
        CHECK(text && strstr(text, want));
        for (int k = 0; k < i; k++) CHECK(strcmp(row_columns[i].name, row_columns[k].name));
    }
    free(text);
    CHECK_STR(row_columns[0].name, "schema");
    CHECK_STR(row_columns[16].name, "t_med_us");
    CHECK_STR(row_columns[45].name, "seed");
}

static void test_round_trip(void)
{
    struct durable w;
    struct results r;
    struct row rows[3] = {sample_row("gemm_a"), sample_row("gemm_b"), sample_row("gemm_c")};

    CHECK_LOSS("what was measured is not what is read back");
    memset(rows[1].reason, 'y', sizeof rows[1].reason - 1);
    memcpy(rows[1].reason, "=cmd,\"x\"\r\n\xf0\x9f\x98\x80\xff", 15);
    strcpy(rows[1].status, "wrong");
    rows[1].t_med_us = rows[1].t_min_us = rows[1].gflops = rows[1].gbs = NAN;
    rows[1].err_max_abs = INFINITY;
    strcpy(rows[2].status, "skipped");
    strcpy(rows[2].reason, "needs sm_90");
    strcpy(rows[2].device, "");
    rows[2].t_med_us = rows[2].t_min_us = rows[2].gflops = rows[2].gbs = NAN;
    rows[2].drift_pct = -0.25;
    rows[2].sloc = -0.0;
    CHECK_OK(results_create(&w, scratch_dir));
    CHECK_OK(results_append(&w, rows, 2));
    CHECK_OK(results_append(&w, rows, 0));
    CHECK_OK(results_append(&w, rows + 2, 1));
    CHECK(w.lines == 3);
    CHECK_OK(durable_close(&w));

    CHECK_OK(results_read(scratch_path("results.csv"), 0, &r));
    if (CHECK(r.count == 3 && !r.torn)) {
        CHECK_STR(r.rows[0].algo, "tile 128x128, \"wgmma\"");
        CHECK_NEAR(r.rows[0].t_med_us, 1432.57, 0);
        CHECK_NEAR(r.rows[0].flop, 1099511627776.0, 0);
        CHECK_NEAR(r.rows[0].gflops, 767510, 0.5);
        CHECK_NEAR(r.rows[0].err_bound_frac, 0.031, 1e-12);
        CHECK(isnan(r.rows[0].power_w) && isnan(r.rows[1].t_med_us));
        CHECK(isnan(r.rows[1].err_max_abs) && r.rows[2].sloc == 0 && r.rows[2].drift_pct == -0.25);
        CHECK(!strncmp(r.rows[1].reason, "_cmd,\"x\"  \xf0\x9f\x98\x80?yyy", 18));
        CHECK(strlen(r.rows[1].reason) == sizeof r.rows[1].reason - 1);
        CHECK_STR(r.rows[2].reason, "needs sm_90");
    }
    results_free(&r);

    CHECK_LOSS("a second run writes into the first one's file");
    CHECK_FAILS(results_create(&w, scratch_dir), "File exists");
    CHECK_OK(durable_close(&w));
    CHECK_FAILS(results_create(&w, "/nonexistent"), "/nonexistent/results.csv: No such file");
    CHECK_OK(durable_close(&w));
}

static void test_format(void)
{
    struct durable w;
    struct row r = sample_row("gemm_a");
    const char *dir = scratch_path("format");
    size_t length;

    CHECK_LOSS("numbers lose digits, or a German locale writes 1,5");
    r.t_med_us = 0.00001234567891;
    r.t_min_us = 12345678.9;
    r.gflops = 767510.4567;
    r.gbs = 1e-7;
    r.power_w = 642.5;
    r.bytes = 9007199254740991.0;
    CHECK(!mkdir(dir, 0777));
    CHECK_OK(results_create(&w, dir));
    CHECK_OK(results_append(&w, &r, 1));
    CHECK_OK(durable_close(&w));
    char *text = scratch_read(scratch_path("format/results.csv"), &length);
    CHECK_FAILS(text,
                "seed\n1,20260301T101502Z-a1b2c3d,nvidia-h100-80gb-hbm3,gemm,bf16,nt,8192x8192"
                "x8192,gemm_a,tuned,device,cold,batch,ok,,,,1.234568e-05,1.234568e+07,,,,,,,"
                "1099511627776,9007199254740991,767510,1e-07,3.100e-02,4.100e-03,,,,,,642.5,,"
                ",\"tile 128x128, \"\"wgmma\"\"\",,,,,,,1\n");
    free(text);
    scratch_remove(dir);
}

static void test_writer_refuses(void)
{
    struct durable w;
    struct row r = sample_row("gemm_a");
    const char *dir = scratch_path("refuse");

    CHECK_LOSS("a run ends in a file that can no longer be read");
    CHECK(!mkdir(dir, 0777));
    CHECK_OK(results_create(&w, dir));
    CHECK_OK(results_append(&w, &r, 1));
    strcpy(r.status, "wrong");
    strcpy(r.reason, "differs");
    CHECK_FAILS(results_append(&w, &r, 1), "row of gemm_a: status is wrong, but t_med_us has a");
    r = sample_row("gemm_b");
    r.t_med_us = 0;
    CHECK_FAILS(results_append(&w, &r, 1), "t_med_us is 0. 1 row is kept");
    r.t_med_us = NAN;
    CHECK_FAILS(results_append(&w, &r, 1), "t_med_us is empty");
    r = sample_row("gemm_b");
    strcpy(r.tier, "fast");
    CHECK_FAILS(results_append(&w, &r, 1), "unknown tier 'fast'; known: naive tuned");
    CHECK(w.lines == 1);
    CHECK_OK(durable_close(&w));
    scratch_remove(dir);
}

static void test_full_disk(void)
{
    struct durable w;
    struct results r;
    struct row rows[2] = {sample_row("gemm_a"), sample_row("gemm_b")};
    const char *dir = scratch_path("full");
    struct rlimit old = {0}, limit;

    CHECK_LOSS("a full disk destroys the rows measured before");
    signal(SIGXFSZ, SIG_IGN);
    CHECK(!mkdir(dir, 0777) && !getrlimit(RLIMIT_FSIZE, &old));
    CHECK_OK(results_create(&w, dir));
    CHECK_OK(results_append(&w, rows, 1));
    limit = old;
    limit.rlim_cur = (rlim_t)w.length + 300; /* the second of the next two rows does not fit */
    CHECK(!setrlimit(RLIMIT_FSIZE, &limit));
    rows[0] = sample_row("gemm_c");
    CHECK_FAILS(results_append(&w, rows, 2), "full/results.csv: File too large. 1 row is kept");
    CHECK(!setrlimit(RLIMIT_FSIZE, &old));
    CHECK_OK(results_read(scratch_path("full/results.csv"), 0, &r));
    CHECK(r.count == 1 && !r.torn);
    results_free(&r);
    CHECK_OK(results_append(&w, rows, 2)); /* space was freed */
    CHECK_OK(durable_close(&w));
    CHECK_OK(results_read(scratch_path("full/results.csv"), 0, &r));
    CHECK(r.count == 3);
    results_free(&r);
    scratch_remove(dir);

    CHECK_LOSS("a full disk at the start is not noticed");
    CHECK(!mkdir(dir, 0777));
    limit.rlim_cur = 100; /* less than the header */
    CHECK(!setrlimit(RLIMIT_FSIZE, &limit));
    CHECK_FAILS(results_create(&w, dir), "File too large. 0 rows are kept");
    CHECK(!setrlimit(RLIMIT_FSIZE, &old));
    CHECK_OK(durable_close(&w));
    scratch_remove(dir);
}

static void test_two_writers(void)
{
    struct durable w;
    const char *dir = scratch_path("lock");

    CHECK_LOSS("two programs mix their rows in one file");
    CHECK(!mkdir(dir, 0777));
    CHECK_OK(results_create(&w, dir));
    FILE *other = fopen(w.path, "a");
    CHECK(other && flock(fileno(other), LOCK_EX | LOCK_NB));
    if (other) fclose(other);
    CHECK_OK(durable_close(&w));
    scratch_remove(dir);
}

int main(void)
{
    static const char *const locales[] = {"C", "de_DE.UTF-8", "de_DE.utf8"};

    scratch_begin();
    test_table();
    test_round_trip();
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++)
        if (setlocale(LC_ALL, locales[i])) test_format();
    setlocale(LC_ALL, "C");
    test_writer_refuses();
    test_full_disk();
    test_two_writers();
    return check_done();
}
