/* rules_run.h: a run in scratch that keeps every rule for stored runs, for test_rules*.c to break
 * one at a time: `fix` is what is written, reset() makes it good again, BREAKS says what must be
 * found. */
#ifndef WHEELBENCH_RULES_RUN_H
#define WHEELBENCH_RULES_RUN_H
#include "scratch.h"
#include <sys/stat.h>
#include "check.h"
#include "report/rules.h"
#include "store/results.h"
#include "store/sums.h"

#define SLUG "nvidia-h100-80gb-hbm3"
#define ID "20260301T101502Z-0000000"
enum { ROWS_MAX = 64, BLOCKS = 20 };

/* What a fixture changes. */
static struct {
    const char *slug, *dir_id, *id, *state, *sha, *dirty, *device, *roofs, *problems;
    struct row rows[ROWS_MAX];
    int count, samples, unpacked, threads;
    double stretch; /* of the samples, against the median of their row */
} fix;

static const struct row *synthetic;
static int synthetic_count;

/* gemm f32 and bf16 on the device, from the synthetic run: two problems, all impls. */
static void reset(void)
{
    memset(&fix, 0, sizeof fix);
    fix.slug = SLUG, fix.dir_id = fix.id = ID, fix.state = "complete", fix.sha = "0000000";
    fix.dirty = "false", fix.samples = 1, fix.stretch = 1, fix.threads = 2;
    fix.device = "\"cc\": 90, \"sms\": 132, \"clock_max_mhz\": 1980, \"mem_clock_max_mhz\": 2619, "
                 "\"mem_bus_bits\": 5120, \"l2_bytes\": 52428800";
    fix.roofs = "\"gbs\": 2800, \"gbs_read\": 3100, \"gflops_f32\": 61000, \"gflops_bf16\": 830000";
    fix.problems = "\"gemm f32 nn 1024x1024x1024\": [1, \"\"], "
                   "\"gemm f32 nn 2048x2048x2048\": [1, \"\"]";
    for (int i = 0; i < synthetic_count && fix.count < ROWS_MAX; i++) {
        const struct row *r = &synthetic[i];
        if (strcmp(r->op, "gemm") || strcmp(r->place, "device") || strcmp(r->precision, "f32") ||
            strcmp(r->layout, "nn") || strcmp(r->cache, "cold") ||
            (strcmp(r->shape, "1024x1024x1024") && strcmp(r->shape, "2048x2048x2048")))
            continue;
        fix.rows[fix.count++] = *r;
    }
}

/* The last library row that is ok; its rates follow when its time is changed. */
static struct row *library(void)
{
    for (int i = fix.count - 1; i >= 0; i--)
        if (!strcmp(fix.rows[i].tier, "library") && !strcmp(fix.rows[i].status, "ok"))
            return &fix.rows[i];
    printf("no library row in the fixture\n");
    exit(1);
}

static void set_time(struct row *r, double us)
{
    const double by = us / r->t_med_us;

    r->t_med_us = us;
    r->t_min_us *= by, r->t_p05_us *= by, r->t_p95_us *= by;
    r->t_ci_lo_us *= by, r->t_ci_hi_us *= by, r->mad_us *= by;
    row_rates(r);
}

static void write_manifest(const char *dir)
{
    int counts[4] = {0};
    char path[1200];
    static const char *const names[] = {"ok", "skipped", "wrong", "failed"};

    for (int i = 0; i < fix.count; i++)
        for (int s = 0; s < 4; s++) counts[s] += !strcmp(fix.rows[i].status, names[s]);
    snprintf(path, sizeof path, "%s/manifest.json", dir);
    FILE *f = fopen(path, "w");
    if (!f) exit(1);
    fprintf(f,
            "{\"schema\": 1, \"run\": \"%s\", \"state\": \"%s\", \"started_utc\": "
            "\"2026-03-01T10:15:02Z\", \"rows_ok\": %d, \"rows_skipped\": %d, \"rows_wrong\": %d, "
            "\"rows_failed\": %d,\n\"problems\": {%s},\n\"suite\": {\"sha\": \"%s\", \"dirty\": "
            "%s},\n\"device\": {\"slug\": \"%s\", \"name\": \"NVIDIA H100 80GB HBM3\", %s},\n"
            "\"host\": {\"slug\": \"some-cpu\", \"threads\": %d},\n\"roof_device\": {%s}}\n",
            fix.id, fix.state, counts[0], counts[1], counts[2], counts[3], fix.problems, fix.sha,
            fix.dirty, fix.slug, fix.device, fix.threads, fix.roofs);
    fclose(f);
}

static void write_samples(const char *dir)
{
    struct durable d;

    CHECK_OK(samples_create(&d, dir));
    for (int i = 0; i < fix.count; i++) {
        struct sample_line lines[BLOCKS];
        if (strcmp(fix.rows[i].status, "ok")) continue;
        for (int k = 0; k < BLOCKS; k++) {
            samples_clear(&lines[k]);
            lines[k].row = i + 1, lines[k].repeat = 1, lines[k].round = k + 1, lines[k].pos = 1;
            lines[k].calls = 10, lines[k].t_us = fix.stretch * fix.rows[i].t_med_us;
        }
        CHECK_OK(samples_append(&d, lines, BLOCKS));
    }
    CHECK_OK(durable_close(&d));
}

/* Writes the fixture as results/<slug>/<id> below scratch, returns its path. */
static const char *write_run(void)
{
    static char dir[1100];
    struct durable d;

    snprintf(dir, sizeof dir, "%s/results/%s", scratch_dir, fix.slug);
    mkdir(dir, 0777);
    snprintf(dir, sizeof dir, "%s/results/%s/%s", scratch_dir, fix.slug, fix.dir_id);
    scratch_remove(dir);
    if (mkdir(dir, 0777)) exit(1);
    for (int i = 0; i < fix.count; i++) {
        snprintf(fix.rows[i].run, sizeof fix.rows[i].run, "%s", fix.id);
        fix.rows[i].samples = BLOCKS;
        if (strcmp(fix.rows[i].status, "ok")) fix.rows[i].samples = NAN;
    }
    if (fix.samples) write_samples(dir);
    CHECK_OK(results_create(&d, dir));
    CHECK_OK(results_append(&d, fix.rows, fix.count));
    CHECK_OK(durable_close(&d));
    write_manifest(dir);
    if (!fix.unpacked) CHECK_OK(sums_write(dir));
    return dir;
}
static struct shelf shelf;
static struct ruling ruling;

static void judge_again(const char *dir)
{
    rules_free(&ruling);
    shelf_close(&shelf);
    CHECK_OK(shelf_open(&shelf, scratch_path("results")));
    const struct shelf_run *run = shelf_add(&shelf, dir);
    if (!run) exit(1);
    CHECK_OK(rules_check(&ruling, &shelf, run, 0));
}

/* All that is found, but for notes, is of this rule and severity, and one of it says these words.
 */
static int found_only(int rule, enum severity severity, const char *words)
{
    int said = 0, other = 0;

    for (int i = 0; i < ruling.count; i++) {
        const struct finding *f = &ruling.findings[i];
        if (f->rule == rule && f->severity == severity && strstr(f->text, words)) said = 1;
        else if (f->severity != RULE_NOTE && (f->rule != rule || f->severity != severity))
            other = 1;
    }
    for (int i = 0; i < ruling.count && (!said || other); i++)
        printf("    %d %d: %s\n", ruling.findings[i].rule, ruling.findings[i].severity,
               ruling.findings[i].text);
    return said && !other;
}

#define BREAKS(rule, severity, words)                                                              \
    (judge_again(write_run()), CHECK(found_only(rule, severity, words)))

/* The scratch with devices.csv, and the synthetic run that fixtures are made of. */
static void rules_begin(struct results *all)
{
    size_t length;

    scratch_begin();
    mkdir(scratch_path("results"), 0777);
    char *devices = scratch_read("results/devices.csv", &length);
    scratch_write("results/devices.csv", devices, length);
    free(devices);
    CHECK_OK(results_read("tests/data/run-gpu-synthetic/results.csv", 0, all));
    synthetic = all->rows, synthetic_count = all->count;
}

/* What main returns. */
static int rules_end(struct results *all)
{
    rules_free(&ruling);
    shelf_close(&shelf);
    results_free(all);
    return check_done();
}
#endif
