/* test_rules.c: one run in scratch that keeps every rule for stored runs, and for each rule runs
 * that break just that one. A user would lose the table of published results to one that anybody
 * can fill with anything. */
#include "rules_run.h"
#include "report/result_table.h"

static void good(void)
{
    reset();
    CHECK_LOSS("a good run, to a rule that it keeps");
    judge_again(write_run());
    CHECK(fix.count >= 10 && ruling.found[RULE_ERROR] == 0 && ruling.found[RULE_WARN] == 0);
    CHECK(ruling.tier == TIER_CHECKED); /* scratch is no checkout: the commit is not looked up */
    fix.samples = 0;                    /* as runs of before there was samples.csv */
    fix.device = "\"cc\": \"9.0\"";
    fix.roofs = "";
    judge_again(write_run());
    CHECK(ruling.found[RULE_ERROR] == 0 && ruling.tier == TIER_CHECKED);
}

static void rule_1(void)
{
    char path[1300];

    CHECK_LOSS("runs whose files, names and state can be trusted");
    reset(), fix.unpacked = 1;
    BREAKS(1, RULE_ERROR, "make pack");
    reset();
    const char *dir = write_run();
    snprintf(path, sizeof path, "%s/results.csv", dir);
    FILE *f = fopen(path, "r+");
    if (!f || fseek(f, -2, SEEK_END) || fputc('7', f) == EOF || fclose(f)) exit(1); /* the seed */
    judge_again(dir);
    CHECK(found_only(1, RULE_ERROR, "results.csv has not the sum"));
    dir = write_run();
    snprintf(path, sizeof path, "%s/samples.csv", dir);
    unlink(path);
    judge_again(dir);
    CHECK(found_only(1, RULE_ERROR, "samples.csv"));
    dir = write_run();
    snprintf(path, sizeof path, "%s/evil.sh", dir);
    fclose(fopen(path, "w"));
    judge_again(dir);
    CHECK(found_only(1, RULE_ERROR, "'evil.sh' is no file of a run"));
    dir = write_run();
    snprintf(path, sizeof path, "%s/\033[31m", dir);
    fclose(fopen(path, "w"));
    judge_again(dir);
    CHECK(found_only(1, RULE_ERROR, "' [31m' is no file")); /* the terminal gets no ESC */
    dir = write_run();
    snprintf(path, sizeof path, "%s/NOTES.md", dir);
    if (symlink("/etc/passwd", path)) exit(1);
    judge_again(dir);
    CHECK(found_only(1, RULE_ERROR, "NOTES.md is no regular file"));
    dir = write_run();
    snprintf(path, sizeof path, "%s/run.log", dir);
    if (mkfifo(path, 0600)) exit(1);
    judge_again(dir); /* it ends */
    CHECK(found_only(1, RULE_ERROR, "run.log is no regular file"));
    dir = write_run();
    char *search = strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
    setenv("PATH", "/no/such/directory", 1);
    judge_again(dir);
    CHECK(found_only(1, RULE_ERROR, "cannot start sha256sum"));
    setenv("PATH", search, 1);
    free(search);
    reset(), fix.state = "interrupted";
    BREAKS(1, RULE_ERROR, "not complete");
    reset(), fix.id = "20260301T101503Z-0000000";
    BREAKS(1, RULE_ERROR, "the manifest says run");
    reset(), fix.sha = "1234567";
    BREAKS(1, RULE_ERROR, "is not <time>-<commit>");
    reset(), fix.dirty = "true"; /* but the directory does not say so */
    BREAKS(1, RULE_ERROR, "-dirty");
    reset(), snprintf(library()->device, sizeof library()->device, "nvidia-h200");
    BREAKS(1, RULE_ERROR, "device is 'nvidia-h200'");
    reset(), fix.slug = "nvidia-b999";
    for (int i = 0; i < fix.count; i++)
        snprintf(fix.rows[i].device, sizeof fix.rows[i].device, "nvidia-b999");
    BREAKS(1, RULE_ERROR, "devices.csv has no line for nvidia-b999");
    scratch_remove(scratch_path("results/nvidia-b999"));
}

static void rule_2(void)
{
    CHECK_LOSS("a run of which nothing was left out");
    reset();
    fix.rows[fix.count - 2] = fix.rows[fix.count - 1], fix.count--;
    BREAKS(2, RULE_ERROR, "impls in");
    reset();
    fix.problems = "\"gemm f32 nn 1024x1024x1024\": [1, \"\"], \"gemm f32 nn 9x9x9\": [1, \"\"]";
    BREAKS(2, RULE_ERROR, "without a row: gemm f32 nn 9x9x9");
    reset();
    const char *dir = write_run();
    char *text, path[1300];
    size_t length;
    snprintf(path, sizeof path, "%s/results.csv", dir);
    text = scratch_read(path, &length);
    memcpy(strstr(text, ",ok,"), ",OK,", 4); /* a word that is none */
    FILE *f = fopen(path, "w");
    fwrite(text, 1, length, f);
    fclose(f);
    free(text);
    CHECK_OK(sums_write(dir));
    judge_again(dir);
    CHECK(found_only(2, RULE_ERROR, "unknown status 'OK'") && ruling.tier == TIER_UNVERIFIED);
    write_run();
    snprintf(path, sizeof path, "%s/manifest.json", dir);
    text = scratch_read(path, &length);
    memcpy(strstr(text, "rows_wrong\": 0"), "rows_wrong\": 3", 14);
    f = fopen(path, "w");
    fwrite(text, 1, length, f);
    fclose(f);
    free(text);
    CHECK_OK(sums_write(dir));
    judge_again(dir);
    CHECK(found_only(2, RULE_ERROR, "rows_wrong 3, there are 0"));
}

static void rule_3(void)
{
    CHECK_LOSS("numbers that follow from each other");
    reset(), library()->t_ci_lo_us = 1.1 * library()->t_med_us;
    BREAKS(3, RULE_ERROR, "t_ci_lo");
    reset(), library()->t_p05_us = 1.1 * library()->t_med_us;
    BREAKS(3, RULE_ERROR, "t_p05");
    reset(), library()->gflops *= 1.02;
    BREAKS(3, RULE_ERROR, "gflops");
    reset(), library()->gbs *= 0.98;
    BREAKS(3, RULE_ERROR, "gbs");
    reset(), library()->flop *= 2, row_rates(library());
    BREAKS(3, RULE_ERROR, "by the definition");
    reset(), fix.stretch = 1.02;
    BREAKS(3, RULE_ERROR, "its samples give");
    reset(), fix.stretch = 1.005;
    judge_again(write_run());
    CHECK(ruling.found[RULE_ERROR] == 0);
}

static void rule_4(void)
{
    CHECK_LOSS("the alarm at a time that cannot be");
    /* 2048^3: 17.2 GFLOP at 1070530 / 3 GFLOP/s are 48.1 us, less 7 % */
    reset(), fix.roofs = "", set_time(library(), 44);
    BREAKS(4, RULE_ERROR, "impossible: 44 us, floor 48.1");
    set_time(library(), 46);
    judge_again(write_run());
    CHECK(ruling.found[RULE_ERROR] == 0);
    /* a manifest cannot lower the floor: 5 GHz count as 1.3 * 1980 MHz */
    reset(), fix.roofs = "", set_time(library(), 34);
    fix.device = "\"cc\": 90, \"sms\": 132, \"clock_max_mhz\": 5000, \"l2_bytes\": 52428800";
    BREAKS(4, RULE_ERROR, "impossible: 34 us, floor 37.0");
    reset(), fix.device = "\"cc\": 90, \"sms\": 300, \"clock_max_mhz\": 1980";
    BREAKS(4, RULE_ERROR, "300 SMs; the vendor's f32 peak is that of 132");
    reset(), fix.device = "\"cc\": 100, \"sms\": 132, \"clock_max_mhz\": 1980";
    BREAKS(4, RULE_ERROR, "cc is 100; devices.csv has 90");
    /* Winograd may need fewer products, and says so */
    reset(), fix.roofs = "", set_time(library(), 44);
    snprintf(library()->algo, sizeof library()->algo, "winograd F(2x2)");
    judge_again(write_run());
    CHECK(ruling.found[RULE_ERROR] == 0);
}

static void rules_5_6(void)
{
    CHECK_LOSS("a hint that somebody should look");
    reset(), set_time(library(), 260); /* 17.2 GFLOP at 61000 GFLOP/s: 282 us */
    BREAKS(5, RULE_WARN, "108 % of the measured roof");
    CHECK(ruling.tier == TIER_CHECKED);
    reset(), fix.roofs = "\"gbs\": 1900";
    BREAKS(6, RULE_WARN, "roof_device gbs is 1900, 57 % of the vendor's 3352");
    reset(), fix.roofs = "\"gflops_bf16\": 1000000";
    BREAKS(6, RULE_WARN, "gflops_bf16 is 1e+06, 101 %");
    reset(), fix.roofs = "\"gbs\": 2900, \"gbs_end\": 2800";
    BREAKS(6, RULE_WARN, "roof_device gbs is 2800 at the end, -3.4 % from the start");
}

static void rule_8(void)
{
    CHECK_LOSS("results that are right");
    reset(), library()->err_bound_frac = 1.01;
    BREAKS(8, RULE_ERROR, "its error is 1.01 of the bound");
    reset();
    struct row *r = library();
    snprintf(r->status, sizeof r->status, "wrong");
    snprintf(r->reason, sizeof r->reason, "because");
    r->t_med_us = r->t_min_us = r->t_p05_us = r->t_p95_us = r->t_ci_lo_us = r->t_ci_hi_us = NAN;
    r->mad_us = r->gflops = r->gbs = NAN;
    BREAKS(8, RULE_ERROR, "a library's result is wrong: because");
}

static void rule_9(void)
{
    CHECK_LOSS("the tier, which says how far a run can be trusted");
    reset(), fix.dirty = "true", fix.dir_id = fix.id = ID "-dirty";
    judge_again(write_run());
    CHECK(found_only(9, RULE_NOTE, "changed tree") && ruling.tier == TIER_UNVERIFIED);
    scratch_remove(scratch_path("results/" SLUG "/" ID "-dirty"));
}

/* By a run that is 20 % off in one row, and by one that agrees. */
static void verified(void)
{
    static const char other[] = "20260302T101502Z-0000000";
    char line[200];

    CHECK_LOSS("the word of a maintainer");
    const char *list = "results/verified.csv";
    snprintf(line, sizeof line, "run,by_run\n%s,%s\n", ID, other);
    scratch_write(list, line, strlen(line));
    reset(), fix.dir_id = fix.id = other, set_time(library(), 1.2 * library()->t_med_us),
             write_run();
    reset(), judge_again(write_run());
    CHECK(ruling.tier == TIER_CHECKED && found_only(7, RULE_WARN, other));
    fix.dir_id = fix.id = other, set_time(library(), 1.04 * library()->t_med_us), write_run();
    reset(), judge_again(write_run());
    CHECK(ruling.tier == TIER_VERIFIED);
    CHECK_STR(rules_tier_name(ruling.tier), "verified");

    struct plain_buffer table = {0};
    CHECK_OK(result_table(&table, &shelf));
    plain_append(&table, "", 1);
    CHECK(strstr(table.data, "[0000000](" SLUG "/" ID ") | verified | ") != NULL);
    free(table.data);

    scratch_remove(scratch_path("results/" SLUG "/20260302T101502Z-0000000"));
    judge_again(write_run());
    CHECK(ruling.tier == TIER_CHECKED && found_only(9, RULE_NOTE, "not stored here"));
    static const char *const bad[] = {"run\n",
                                      "run,by_run\na\n",
                                      "run,by_run\na,b,c\n",
                                      "run,by_run\na,a\n",
                                      "run,by_run\na,b\na,c\n",
                                      "run,by_run\na,b",
                                      "run,by_run\n,b\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct verified v;
        CHECK(verified_read(scratch_write(list, bad[i], strlen(bad[i])), &v) != NULL);
        verified_free(&v);
    }
    unlink(scratch_path(list));
}

int main(void)
{
    struct results all;

    rules_begin(&all);
    good();
    rule_1();
    rule_2();
    rule_3();
    rule_4();
    rules_5_6();
    rule_8();
    rule_9();
    verified();
    return rules_end(&all);
}
