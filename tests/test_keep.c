/* test_keep.c: from the cells of a device impl to rows and samples on disk. A user would lose the
 * samples behind a row to the row beside it, or the clock that its blocks measured. */
#include "scratch.h"
#include "check.h"
#include "cmd/keep.h"
#include "ops/problem.h"

static const struct impl impl = {.name = "gemm_some", .file = "", .tier = TUNED, .place = DEVICE};

static struct cell cell_at(double us, double mhz)
{
    const double x[] = {us, us, us, us, us, us};

    return (struct cell){
        .planned = 1,
        .status = STATUS_OK,
        .stats = stats_of(x, 6),
        .stolen_pct = NAN,
        .recorded = {.sm_mhz = NAN, .mem_mhz = NAN, .power_w = NAN, .temp_c = NAN, .cap_pct = NAN},
        .clock = {mhz, 0}};
}

/* Two repeats of an impl that was also a guest: the first `samples` lines of its row are its own.
 */
static void own_before_guest(struct run_facts *f, const struct problem *p, struct outcome *out)
{
    static struct logged logged[4];
    const struct sample_log log = {logged, 4, 4};
    const int repeat[] = {1, 2, 1, 2}, round[] = {1, 1, 7, 7};
    struct keep keep;
    struct kept kept;
    struct samples samples;
    const char *dir = scratch_path("repeats");

    CHECK_LOSS("a time made anew from the blocks of others");
    out->cell[cell_of(BATCH, COLD)].planned = out->cell[cell_of(ISOLATED, COLD)].planned = 0;
    for (int i = 0; i < 4; i++)
        logged[i] = (struct logged){
            .cell = cell_of(BATCH, HOT),
            .repeat = 1 + i / 2,
            .own = !(i % 2),
            .sample = {.round = 1 + 6 * (i % 2), .pos = 1, .calls = 5, .us = 1 + i}};
    CHECK(!mkdir(dir, 0777));
    CHECK_OK(keep_open(&keep, dir));
    CHECK_OK(keep_problem(&keep, f, p, out, 1, &log, &kept));
    CHECK(kept.count == 1 && kept.rows[0].sample_count == 4);
    keep_free(&kept);
    CHECK_OK(keep_close(&keep));
    CHECK_OK(samples_read(scratch_path("repeats/samples.csv"), 0, 1, &samples));
    CHECK(samples.count == 4);
    for (int i = 0; i < samples.count; i++)
        CHECK(samples.lines[i].repeat == repeat[i] && samples.lines[i].round == round[i]);
    samples_free(&samples);
}

/* Columns of the device in a row of the host. */
static void host_row(struct run_facts *f, const struct problem *p)
{
    static const struct impl on_host = {.name = "h", .file = "", .tier = TUNED, .place = HOST};
    static struct outcome out = {.impl = &on_host, .exact_ok = -1, .first_call_ms = -1};
    const struct sample_log log = {0};
    const double x[] = {5, 5, 5, 5, 5, 5};
    struct keep keep;
    struct kept kept;
    const char *dir = scratch_path("host");

    CHECK_LOSS("that 0 MHz and 0 W were never measured");
    out.cell[cell_of(BATCH, HOT)] =
        (struct cell){.planned = 1, .status = STATUS_OK, .stats = stats_of(x, 6)};
    CHECK(!mkdir(dir, 0777));
    CHECK_OK(keep_open(&keep, dir));
    CHECK_OK(keep_problem(&keep, f, p, &out, 1, &log, &kept));
    CHECK(kept.count == 1 && isnan(kept.rows[0].sm_mhz) && isnan(kept.rows[0].mem_mhz) &&
          isnan(kept.rows[0].power_w) && isnan(kept.rows[0].temp_c));
    keep_free(&kept);
    CHECK_OK(keep_close(&keep));
}

int main(void)
{
    static struct machine m = {.device = {.present = 1, .l2_bytes = (size_t)50 << 20}};
    static struct outcome out = {.impl = &impl, .exact_ok = -1, .first_call_ms = -1};
    static struct logged logged[4];
    struct options options = {.seed = 1};
    struct run_facts f = {.id = "r",
                          .gpu_slug = "gpu",
                          .cpu_slug = "cpu",
                          .options = &options,
                          .preset = preset_find("standard"),
                          .machine = &m,
                          .floors = {32, {1, 4}}};
    const struct sample_log log = {logged, 4, 4};
    struct problem p;
    struct keep keep;
    struct kept kept;
    struct results results;
    struct samples samples;
    char dir[512];

    scratch_begin();
    snprintf(dir, sizeof dir, "%s", scratch_dir);
    CHECK_LOSS("the samples behind a time, or the clock they were made at");
    CHECK_OK(problem_parse(&p, "gemm f32 nn 64x64x64"));
    out.cell[cell_of(BATCH, COLD)] =
        (struct cell){.planned = 1, .status = STATUS_SKIPPED, .reason = "too small"};
    out.cell[cell_of(BATCH, HOT)] = cell_at(20, 1700);
    out.cell[cell_of(ISOLATED, COLD)] = cell_at(20, NAN); /* below 10 floors of its own kind */
    for (int i = 0; i < 4; i++)                           /* in any order, as contests log them */
        logged[i] = (struct logged){.impl = 0,
                                    .cell = i % 2 ? cell_of(ISOLATED, COLD) : cell_of(BATCH, HOT),
                                    .repeat = 1,
                                    .own = 1,
                                    .sample = {.round = 1 + i / 2,
                                               .pos = 1,
                                               .calls = 50,
                                               .us = 20 + i,
                                               .sm_mhz = i % 2 ? NAN : 1690 + 10 * i}};
    CHECK_OK(keep_open(&keep, dir));
    CHECK_OK(keep_problem(&keep, &f, &p, &out, 1, &log, &kept));
    CHECK(kept.count == 3 && f.rows[STATUS_OK] == 2 && f.rows[STATUS_SKIPPED] == 1);
    keep_free(&kept);
    CHECK_OK(keep_close(&keep));

    CHECK_OK(results_read(scratch_path("results.csv"), 0, &results));
    CHECK_OK(samples_read(scratch_path("samples.csv"), 0, 3, &samples));
    CHECK(results.count == 3 && samples.count == 4);
    if (results.count == 3 && samples.count == 4) {
        const struct row *r = results.rows;
        CHECK_STR(r[0].status, "skipped");
        CHECK_STR(r[1].timing, "batch");
        CHECK_STR(r[1].cache, "hot");
        CHECK_STR(r[2].timing, "isolated");
        CHECK_STR(r[2].cache, "cold");
        CHECK(r[1].sm_mhz == 1700 && isnan(r[2].sm_mhz));
        CHECK_STR(r[1].flags, "");
        CHECK_STR(r[2].flags, "NOCLOCK;SHORT");
        const double row[] = {2, 2, 3, 3}, us[] = {20, 22, 21, 23};
        for (int i = 0; i < 4; i++)
            CHECK(samples.lines[i].row == row[i] && samples.lines[i].t_us == us[i]);
        CHECK(samples.lines[0].sm_mhz == 1690 && samples.lines[1].sm_mhz == 1710);
        CHECK(isnan(samples.lines[2].sm_mhz));
    }
    results_free(&results);
    samples_free(&samples);
    own_before_guest(&f, &p, &out);
    host_row(&f, &p);
    return check_done();
}
