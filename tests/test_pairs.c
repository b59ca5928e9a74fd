/* test_pairs: what figures of several runs rest on: rows of two runs that measured the same, and
 * the processors of devices.csv. */
#include "plots.h"
#include "report/pairs.h"
#include "report/spec.h"

static void test_pairs(void)
{
    struct row rows[4];
    struct stored_run a, b;
    struct pair *pairs;

    gbs = 100;
    gpu_rows(rows, "x", 100, 50);
    CHECK_OK(stored_open(&a, gpu_run("pairs", "x", "a", rows, 2)));
    gpu_rows(rows, "y", 50, 51); /* naive twice as fast, the library 2 % slower */
    CHECK_OK(stored_open(&b, gpu_run("pairs", "y", "b", rows, 2)));
    CHECK_LOSS("two runs are compared the wrong way round, or noise is called a difference");
    CHECK(pairs_find(&a, &b, &pairs) == 2);
    CHECK_NEAR(pairs_band(&a, &b), 1.04, 1e-9);
    CHECK_NEAR(pairs[0].ratio, 2, 1e-9);
    CHECK_NEAR(pairs[0].lo, 2 * 0.995 / 1.005, 1e-6);
    CHECK_NEAR(pairs[0].hi, 2 * 1.005 / 0.995, 1e-6);
    CHECK(pairs[0].decided && !pairs[1].decided);
    free(pairs);
    stored_close(&b);

    CHECK_LOSS("rows of different cells are compared");
    gpu_rows(rows, "y", 50, 50);
    strcpy(rows[0].cache, "hot"), strcpy(rows[1].status, "skipped");
    strcpy(rows[1].reason, "no"), rows[1].t_med_us = NAN;
    rows[1].t_ci_lo_us = rows[1].t_ci_hi_us = NAN;
    CHECK_OK(stored_open(&b, gpu_run("pairs", "y", "c", rows, 2)));
    CHECK(pairs_find(&a, &b, &pairs) == 0);
    free(pairs);
    stored_close(&b);

    CHECK_LOSS("a difference is claimed of numbers without an interval");
    gpu_rows(rows, "y", 50, 50);
    rows[0].t_ci_lo_us = rows[0].t_ci_hi_us = NAN;
    CHECK_OK(stored_open(&b, gpu_run("pairs", "y", "d", rows, 2)));
    CHECK(pairs_find(&a, &b, &pairs) == 2 && !pairs[0].decided && isnan(pairs[0].lo));
    free(pairs);
    stored_close(&b);
    stored_close(&a);
}

static void test_spec(void)
{
    char dir[700];

    snprintf(dir, sizeof dir, "%s/spec", scratch_dir);
    mkdir(dir, 0777);
    snprintf(dir, sizeof dir, "%s/spec/x", scratch_dir);
    mkdir(dir, 0777);
    snprintf(dir, sizeof dir, "%s/spec/x/a", scratch_dir);
    mkdir(dir, 0777);
    struct stored_run run = {.rows = NULL};
    snprintf(run.dir, sizeof run.dir, "%s", dir);
    CHECK_LOSS("a figure needs a file that not everybody has");
    CHECK(!spec_find(&run, "x", "f32").known);
    CHECK_LOSS("a maker's figure belongs to another processor or precision");
    static const char good[] = "slug,released,spec_f64,spec_gbs,spec_f32,name\n"
                               "y,2020-01,1,2,3,Y\n\"x\",2022-10,5,6,7,\"X, 80 GB\"\n";
    scratch_write("spec/devices.csv", good, sizeof good - 1);
    struct spec s = spec_find(&run, "x", "f32");
    CHECK(s.known && s.gbs == 6 && s.gflops == 7);
    CHECK_STR(s.released, "2022-10");
    CHECK_STR(s.name, "X, 80 GB");
    CHECK(isnan(spec_find(&run, "x", "f16").gflops) && !spec_find(&run, "z", "f32").known);
    CHECK_LOSS("a damaged file is read as numbers, or ends the program");
    static const char *const bad[] = {"",
                                      "slug",
                                      "slug,spec_gbs\nx",
                                      "slug,spec_gbs\nx,-1\n",
                                      "slug,spec_gbs\nx,1e999\n",
                                      "slug,spec_gbs\nx,nan\n",
                                      "slug,spec_gbs\n\"x,5\n",
                                      "spec_gbs\n5\n",
                                      "slug,spec_gbs\nx,5 GB\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        scratch_write("spec/devices.csv", bad[i], strlen(bad[i]));
        CHECK(!(spec_find(&run, "x", "f32").gbs > 0));
    }
}

int main(void)
{
    scratch_begin();
    test_pairs();
    test_spec();
    return check_done();
}
