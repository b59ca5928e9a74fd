/* test_spec: the processors of devices.csv, which figures of several runs rest on. */
#include "plots.h"
#include "report/spec.h"

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
    test_spec();
    return check_done();
}
