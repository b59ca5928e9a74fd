/* test_record_roof.c: roofs on their way from the probes to the figure, and a row that is too fast
 * to be true on its way to the file. A user would lose "% of roof", or believe a kernel that did
 * nothing. */
#include "scratch.h"
#include "check.h"
#include "cmd/keep.h"
#include "cmd/record_roof.h"
#include "ops/problem.h"
#include "report/sweep.h"
#include "report/figures.h"

static struct machine machine = {.device = {.present = 1,
                                            .cc = 90,
                                            .sms = 132,
                                            .l2_bytes = 50 << 20,
                                            .threads = 2,
                                            .llc_bytes = 32 << 20},
                                 .gpu_clock_mhz = 1886, /* times 1.05: 1980 */
                                 .memory_clock_mhz = 2619,
                                 .memory_bus_bits = 5120};
static struct problems problems;
static struct options options = {.seed = 1};
static struct run_facts facts = {.machine = &machine,
                                 .problems = &problems,
                                 .options = &options,
                                 .floors = {32, {2, 4}},
                                 .id = "made",
                                 .gpu_slug = "gpu",
                                 .cpu_slug = "cpu"};

static const struct impl fast = {
    .name = "gemm_fast", .file = "kernels/gemm/none.cu", .tier = TUNED, .place = DEVICE};

static struct outcome outcome_of(double cold_us, double hot_us)
{
    const double us[] = {[COLD] = cold_us, [HOT] = hot_us};
    struct outcome o = {.impl = &fast, .exact_ok = -1, .first_call_ms = -1};

    for (int c = 0; c < CACHES; c++) {
        double x[10];
        for (int i = 0; i < 10; i++) x[i] = us[c] * (1 + 1e-4 * (i % 3));
        o.cell[c] = (struct cell){.planned = 1, .status = STATUS_OK, .stolen_pct = NAN};
        o.cell[c].stats = stats_of(x, 10);
        o.cell[c].clock = (struct rounds_clock){1980, 0};
    }
    return o;
}

static struct problem problem_of(const char *text)
{
    struct problem p;

    CHECK_OK(problem_parse(&p, text));
    return p;
}

static void test_impossible(void)
{
    const struct problem p = problem_of("gemm bf16 nt 8192x8192x8192"); /* 1026.9 us at least */
    struct outcome out[] = {outcome_of(1500, 900), outcome_of(965, 965)};
    struct sample_log log = {0};
    struct keep keep;
    struct kept kept;

    CHECK_LOSS("the difference between a fast kernel and one that does nothing");
    record_roof_clear(&facts);
    CHECK_OK(keep_open(&keep, scratch_dir));
    CHECK_OK(keep_problem(&keep, &facts, &p, out, 2, &log, &kept));
    CHECK(kept.count == 4);
    CHECK_STR(kept.rows[0].status, "ok");
    CHECK_STR(kept.rows[0].flags, "CACHE"); /* hot is faster, and yet too large */
    CHECK(kept.rows[0].t_med_us > 0);
    CHECK_STR(kept.rows[1].status, "wrong");
    CHECK_STR(kept.rows[1].flags, "IMPOSSIBLE");
    CHECK_STR(kept.rows[1].reason, "impossible: 900.1 us, floor 1026.9 us");
    CHECK(isnan(kept.rows[1].t_med_us) && isnan(kept.rows[1].gflops));
    CHECK_STR(kept.rows[2].status, "ok"); /* within 7 % */
    CHECK(facts.rows[STATUS_OK] == 3 && facts.rows[STATUS_WRONG] == 1);
    keep_free(&kept);
    CHECK_OK(keep_close(&keep));
}

static void test_flags(void)
{
    const struct problem p = problem_of("gemm f32 nn 4096x4096x4096"),
                         small = problem_of("pool2d f32 nchw max 1x1x1024x1024 2x2 stride2");
    struct roof_values *r = &facts.roof[DEVICE];
    struct outcome o = outcome_of(2200, 2200);
    struct row row;

    CHECK_LOSS("the remark on a time below the roof");
    record_roof_clear(&facts);
    r->value[ROOF_FFMA] = 60000; /* 2290.6 us */
    r->value[ROOF_DRAM_COPY] = 2900, r->value[ROOF_DRAM_READ] = 3100,
    r->value[ROOF_CACHE_READ] = 6e3;
    CHECK(record_row(&facts, &p, &o, COLD, &row) == STATUS_OK);
    CHECK_STR(row.flags, "");
    o = outcome_of(2000, 2000);
    record_row(&facts, &p, &o, COLD, &row);
    CHECK_STR(row.flags, "ABOVE_ROOF");
    /* 5.24 MB: 1.69 us from DRAM, 0.87 us out of the cache; 2 us to launch */
    facts.floors.launch_us[BATCH] = NAN;
    o = outcome_of(1.65, 1.65);
    record_row(&facts, &small, &o, COLD, &row);
    CHECK_STR(row.flags, "");
    o = outcome_of(1.55, 0.81);
    record_row(&facts, &small, &o, COLD, &row);
    CHECK_STR(row.flags, "WARM");
    record_row(&facts, &small, &o, HOT, &row);
    CHECK_STR(row.flags, "ABOVE_ROOF");
    facts.floors.launch_us[BATCH] = 2;
    facts.floors.launch_us[ISOLATED] = 5;
}

/* Figures read back what the probes gave. */
static void test_round_trip(void)
{
    static struct stored_run run;
    static struct durable w;
    static struct row rows[2];
    struct manifest_writer m;
    const struct roof_probe *probe;
    const int count = roof_probes(DEVICE, &probe);
    char *text, path[600];
    size_t length;
    double back;
    int panels;

    CHECK_LOSS("the roof of a figure");
    record_roof_clear(&facts);
    for (int i = 0; i < count; i++) CHECK_OK(roof_set(&facts.roof[DEVICE], i, 1000 + i));
    CHECK_OK(roof_set(&facts.roof[HOST], ROOF_FMA_F32, 233.5));
    facts.roof[DEVICE].value[ROOF_FFMA] = NAN;
    snprintf(path, sizeof path, "%s/run", scratch_dir);
    mkdir(path, 0777);
    manifest_begin(&m);
    manifest_put_text(&m, "state", "complete");
    manifest_group(&m, "device");
    manifest_put_number(&m, "l2_bytes", 50 << 20);
    record_roof_put(&m, &facts);
    CHECK_OK(manifest_save(&m, path));
    for (int i = 0; i < 2; i++) {
        const struct problem p =
            problem_of(i ? "gemm bf16 nn 512x512x512" : "gemm bf16 nn 256x256x256");
        struct outcome o = outcome_of(900 * (1 + i), 900);
        record_row(&facts, &p, &o, COLD, &rows[i]);
    }
    CHECK_OK(results_create(&w, path));
    CHECK_OK(results_append(&w, rows, 2));
    CHECK_OK(durable_close(&w));
    CHECK_OK(stored_open(&run, path));
    for (int i = 0; i < count; i++) {
        const int there = manifest_number(&run.manifest, "roof_device", probe[i].key, &back);
        CHECK(i == ROOF_FFMA ? !there : there && back == 1000 + i);
    }
    CHECK(manifest_number(&run.manifest, "roof_host", "gflops_f32", &back) && back == 233.5);
    struct row r = rows[0];
    CHECK_NEAR(stored_roof(&run, &r).gflops, 1000 + ROOF_WGMMA_BF16, 0);
    CHECK_NEAR(stored_roof(&run, &r).gbs, 1000 + ROOF_DRAM_COPY, 0);
    CHECK_NEAR(stored_roof(&run, &r).launch_us, 2, 0);
    strcpy(r.timing, "isolated"); /* another way of timing has another floor */
    CHECK_NEAR(stored_roof(&run, &r).launch_us, 5, 0);
    strcpy(r.cache, "hot");
    CHECK_NEAR(stored_roof(&run, &r).gbs, 1000 + ROOF_CACHE_READ, 0);
    r.bytes = 51 << 20;
    CHECK_NEAR(stored_roof(&run, &r).gbs, 1000 + ROOF_DRAM_COPY, 0);
    strcpy(r.precision, "f32");
    CHECK(isnan(stored_roof(&run, &r).gflops)); /* ffma gave nothing */
    CHECK_OK(sweep_write(&run, path, &panels));
    CHECK(panels == 1);
    strcat(path, "/sweep.dat");
    text = scratch_read(path, &length);
    CHECK(text && strstr(text, "top of the axis: measured roof, 1.01 TFLOP/s; dashed"));
    CHECK(text && !strstr(text, "no roof was measured"));
    free(text);
    stored_close(&run);
}

/* The same probe at the start and at the end of a run. */
static void test_end(void)
{
    struct manifest_writer m;
    static struct manifest back;
    double gbs;

    CHECK_LOSS("word that the machine changed while it was measured");
    record_roof_clear(&facts);
    facts.roof[HOST].value[ROOF_DRAM_COPY] = 20;
    facts.roof[DEVICE].value[ROOF_DRAM_COPY] = 3000;
    record_roof_end(&facts, HOST, 18.1);
    record_roof_end(&facts, DEVICE, 3089);
    CHECK_STR(facts.copy_note[HOST], "");
    CHECK_STR(facts.copy_note[DEVICE], "");
    record_roof_end(&facts, HOST, 17.9);
    record_roof_end(&facts, DEVICE, 2900);
    CHECK_STR(facts.copy_note[HOST],
              "the host was not the same at the end: DRAM copy 17.9 GB/s, at "
              "the start 20 (-10.5 %)");
    CHECK(strstr(facts.copy_note[DEVICE], "(-3.3 %)"));
    manifest_begin(&m);
    manifest_put_text(&m, "state", "complete");
    record_roof_put(&m, &facts);
    CHECK_OK(manifest_save(&m, scratch_dir));
    CHECK_OK(manifest_read(scratch_path("manifest.json"), &back));
    CHECK(manifest_number(&back, "roof_device", "gbs_end", &gbs) && gbs == 2900);
    CHECK(manifest_text(&back, "roof_host", "gbs_end_note"));
    manifest_free(&back);
    record_roof_clear(&facts);
    CHECK(isnan(facts.copy_end[HOST]) && !*facts.copy_note[DEVICE]);
}

int main(void)
{
    scratch_begin();
    test_impossible();
    test_flags();
    test_round_trip();
    test_end();
    return check_done();
}
