/* test_samples.c: samples.csv written, read back and used: every time of results.csv must follow
 * from it. */
#include "scratch.h"
#include <signal.h>
#include <sys/resource.h>
#include "check.h"
#include "measure/stats.h"
#include "report/stored.h"
#include "store/samples.h"

static struct sample_line line(double row, double round, double t_us)
{
    struct sample_line s;

    samples_clear(&s);
    s.row = row, s.repeat = 1, s.round = round, s.pos = 1, s.calls = 100, s.t_us = t_us;
    return s;
}

static void round_trip(void)
{
    struct durable d;
    struct samples s;
    struct sample_line lines[3] = {line(1, 1, 12.3456789), line(1, 2, 1234567.89), line(4, 1, 0.5)};
    size_t length;

    CHECK_LOSS("the samples behind the times");
    lines[1].sm_mhz = 1755, lines[1].power_w = 642.25, lines[1].temp_c = 58;
    strcpy(lines[1].throttle, "power_cap;thermal");
    CHECK_OK(samples_create(&d, scratch_dir));
    CHECK_OK(samples_append(&d, lines, 2));
    CHECK_OK(samples_append(&d, lines, 0));
    CHECK_OK(samples_append(&d, lines + 2, 1));
    CHECK(d.lines == 3);
    CHECK_OK(durable_close(&d));
    char *text = scratch_read(scratch_path(SAMPLES_NAME), &length);
    CHECK_STR(text, "row,repeat,round,pos,calls,t_us,sm_mhz,power_w,temp_c,throttle\n"
                    "1,1,1,1,100,12.34568,,,,\n"
                    "1,1,2,1,100,1234568,1755,642.25,58,power_cap;thermal\n"
                    "4,1,1,1,100,0.5,,,,\n");
    free(text);
    CHECK_OK(samples_read(scratch_path(SAMPLES_NAME), 0, 4, &s));
    if (CHECK(s.count == 3 && !s.torn)) {
        CHECK(s.lines[0].row == 1 && s.lines[2].row == 4 && s.lines[1].round == 2);
        CHECK_NEAR(s.lines[0].t_us, 12.34568, 0);
        CHECK(isnan(s.lines[0].sm_mhz) && s.lines[1].power_w == 642.25);
        CHECK_STR(s.lines[1].throttle, "power_cap;thermal");
    }
    samples_free(&s);
    CHECK_FAILS(samples_create(&d, scratch_dir), "File exists");
    CHECK_OK(durable_close(&d));
}

static void full_disk(void)
{
    const char *dir = scratch_path("full");
    struct sample_line lines[20];
    struct durable d;
    struct samples s;
    struct rlimit old, limit;

    CHECK_LOSS("a full disk destroys samples that were good");
    for (int i = 0; i < 20; i++) lines[i] = line(1 + i / 10, 1 + i % 10, 5);
    signal(SIGXFSZ, SIG_IGN);
    CHECK(!mkdir(dir, 0777) && !getrlimit(RLIMIT_FSIZE, &old));
    CHECK_OK(samples_create(&d, dir));
    CHECK_OK(samples_append(&d, lines, 10));
    limit = old;
    limit.rlim_cur = (rlim_t)d.length + 50;
    CHECK(!setrlimit(RLIMIT_FSIZE, &limit));
    CHECK_FAILS(samples_append(&d, lines + 10, 10),
                "samples.csv: File too large. 10 lines are kept");
    CHECK(!setrlimit(RLIMIT_FSIZE, &old));
    CHECK_OK(samples_append(&d, lines + 10, 10));
    CHECK(d.lines == 20);
    CHECK_LOSS("samples of rows that were never written, taken for those of later rows");
    CHECK_OK(durable_undo(&d));
    CHECK_OK(samples_append(&d, lines + 15, 5));
    CHECK_OK(durable_close(&d));
    CHECK_OK(samples_read(scratch_path("full/samples.csv"), 0, 2, &s));
    CHECK(s.count == 15 && s.lines[10].round == 6);
    samples_free(&s);
}

#define HEAD "row,repeat,round,pos,calls,t_us\n"
#define GOOD "1,1,1,1,5,2.5\n"

static void reader_refuses(void)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "the file is empty"},
        {"row,repeat", "bad.csv:1: the header line has no end"},
        {"row,repeat,round,pos,calls\n", "bad.csv:1: there is no column t_us"},
        {"row,row,repeat,round,pos,calls,t_us\n", "bad.csv:1: two columns are called 'row'"},
        {HEAD "1,1,1,1,5\n", "bad.csv:2: 5 fields; the header has 6"},
        {HEAD "1,1,1,1,5,2.5,7\n", "bad.csv:2: 7 fields"},
        {HEAD "1,1,1,1,5,\n", "column t_us is empty"},
        {HEAD "1,1,1,1,5,0\n", "column t_us is 0"},
        {HEAD "1,1,1,1,5,-1\n", "column t_us is -1"},
        {HEAD "1,1,1,1,5,nan\n", "column t_us: 'nan' is not a number"},
        {HEAD "1,1,1.5,1,5,2\n", "column round: '1.5' is not a whole number"},
        {HEAD "0,1,1,1,5,2\n", "column row is 0"},
        {HEAD GOOD "1,1,1,1,5,2\n", "bad.csv:3: round 1 of row 1 behind round 1"},
        {HEAD "1,1,7,1,5,2\n1,2,1,1,5,2\n1,1,7,1,5,2\n",
         "bad.csv:4: round 7 of row 1 behind round 7"},
        {HEAD "1,33,1,1,5,2\n", "repeat 33; there are 32 at most"},
        {HEAD "2,1,1,1,5,2\n" GOOD, "bad.csv:3: row 1 behind row 2"},
        {HEAD GOOD "9,1,1,1,5,2\n", "bad.csv:3: row 9; results.csv has 2"},
        {HEAD GOOD "1,1,2,1,5,2", "bad.csv:3: the last line is torn"},
        {HEAD "\"1,1,1,1,5,2\n", "never closed"},
    };
    struct samples s;

    CHECK_LOSS("a ratio made from samples that were misread");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *path = scratch_write("bad.csv", bad[i].text, strlen(bad[i].text));
        CHECK_FAILS(samples_read(path, 0, 2, &s), bad[i].says);
        samples_free(&s);
    }
    CHECK_FAILS(samples_read("/nonexistent", 0, 1, &s), "No such file");
    samples_free(&s);

    CHECK_LOSS("the samples of a run that was cut off");
    const char torn[] = HEAD GOOD "1,1,2,1,5,3\n2,1,1,1,5,2";
    CHECK_OK(samples_read(scratch_write("bad.csv", torn, strlen(torn)), 1, 2, &s));
    CHECK(s.count == 2 && s.torn);
    samples_free(&s);
    const char early[] = HEAD GOOD "2,1,1,1,5,3\n"; /* the rows of line 3 never came */
    CHECK_OK(samples_read(scratch_write("bad.csv", early, strlen(early)), 1, 1, &s));
    CHECK(s.count == 1);
    samples_free(&s);
    const char guest[] = HEAD GOOD "1,2,1,1,5,3\n1,1,7,1,5,4\n1,2,7,1,5,4\n2,1,1,1,5,3\n";
    CHECK_OK(samples_read(scratch_write("bad.csv", guest, strlen(guest)), 0, 2, &s));
    CHECK(s.count == 5 && s.lines[2].repeat == 1 && s.lines[2].round == 7);
    samples_free(&s);
    const char other[] = "new,t_us,calls,pos,round,repeat,row\n7,2.5,5,1,1,1,1\n";
    CHECK_OK(samples_read(scratch_write("bad.csv", other, strlen(other)), 0, 1, &s));
    CHECK(s.count == 1 && s.lines[0].t_us == 2.5 && s.lines[0].row == 1);
    samples_free(&s);
}

static struct row timed(const char *impl, double t, const struct sample_line *s, int n)
{
    struct row r;

    row_clear(&r);
    strcpy(r.status, "ok");
    snprintf(r.impl, sizeof r.impl, "%s", impl);
    r.t_med_us = t, r.sample = s, r.sample_count = n;
    return r;
}

/* The clock falls by half on the way: medians mislead, pairs do not. */
static void paired_ratio(void)
{
    struct sample_line a[12], b[10];
    struct row x, y;

    CHECK_LOSS("ratios that hold although the clock moved");
    for (int i = 0; i < 10; i++) b[i] = line(2, 11 + i, i < 5 ? 100 : 200);
    for (int i = 0; i < 10; i++) a[i] = line(1, 11 + i, b[i].t_us * (1.2 + 0.01 * i));
    x = timed("x", 190, a, 10), y = timed("y", 150, b, 10);
    struct ratio r = derive_ratio(&x, &y);
    CHECK(r.rounds == 10);
    CHECK_NEAR(r.factor, sqrt(1.24 * 1.25), 1e-12);
    CHECK_NEAR(r.lo, 1.21, 1e-12);
    CHECK_NEAR(r.hi, 1.28, 1e-12);
    CHECK_NEAR(derive_percent(&x, &y), 100 / r.factor, 1e-9);

    CHECK_LOSS("a ratio of blocks that never met");
    for (int i = 0; i < 12; i++) a[i] = line(1, 1 + i, 60); /* 11 and 12 are common */
    x.sample_count = 12;
    r = derive_ratio(&x, &y);
    CHECK(r.rounds == 2 && isnan(r.lo));
    CHECK_NEAR(r.factor, 0.6, 1e-12);
    x.sample_count = 10; /* none is */
    r = derive_ratio(&x, &y);
    CHECK(r.rounds == 0 && isnan(r.hi));
    CHECK_NEAR(r.factor, 190.0 / 150, 1e-12);
    for (int i = 0; i < 10; i++) a[i].round += 10, a[i].repeat = 2; /* another process */
    CHECK(derive_ratio(&x, &y).rounds == 0);
    CHECK(derive_ratio(&x, &x).factor == 1 && isnan(derive_ratio(&x, NULL).factor));
    strcpy(y.status, "wrong");
    CHECK(isnan(derive_ratio(&x, &y).factor));
}

/* A run of the program itself: its directory, "" when there is none. */
static void run_program(const char *arguments, char *dir, size_t n)
{
    const char *program = getenv("WHEELBENCH");
    char command[2048], said[4096];

    *dir = '\0';
    snprintf(command, sizeof command, "'%s' run -q -o '%s/out' --place host %s",
             program ? program : "", scratch_dir, arguments);
    FILE *pipe = popen(command, "r");
    while (pipe && fgets(said, sizeof said, pipe)) snprintf(dir, n, "%s", said);
    dir[strcspn(dir, "\n")] = '\0';
    if (pipe) pclose(pipe);
}

/* The statistics of a row, as results/README.md says that they are made. */
static struct stats made_anew(const struct row *r, int repeats)
{
    double x[STATS_MAX], medians[REPEATS_MAX], drifts[REPEATS_MAX], deviations[REPEATS_MAX];
    struct stats s = {.min = INFINITY};
    int from = 0, n = 0;

    for (int q = 1; q <= repeats; q++, from += n) {
        for (n = 0; from + n < (int)r->samples && r->sample[from + n].repeat == q; n++)
            x[n] = r->sample[from + n].t_us;
        if (!CHECK(n > 0)) return s;
        const struct stats one = stats_of(x, n);
        if (repeats == 1) return one;
        medians[q - 1] = one.median, drifts[q - 1] = one.drift_pct, deviations[q - 1] = one.mad;
        s.min = fmin(s.min, one.min);
    }
    CHECK(from == (int)r->samples);
    s.n = repeats; /* what an interval is made of */
    s.drift_pct = stats_median(drifts, repeats);
    s.mad = stats_median(deviations, repeats);
    s.median = stats_median(medians, repeats); /* sorts them */
    s.ci_lo = medians[0], s.ci_hi = medians[repeats - 1];
    s.ci_pct = repeats == 6 ? 50 * (s.ci_hi - s.ci_lo) / s.median : NAN;
    return s;
}

static void check_row(const struct row *r, int repeats)
{
    if (!CHECK(r->samples > 0 && r->samples <= STATS_MAX && r->sample_count >= (int)r->samples))
        return;
    const struct stats s = made_anew(r, repeats);
    const int interval = s.n >= 6;
    CHECK_NEAR(r->t_med_us / s.median, 1, 1.5e-6); /* both have 7 digits */
    CHECK_NEAR(r->t_min_us / s.min, 1, 1e-9);
    CHECK(isnan(r->t_ci_lo_us) == !interval && isnan(r->t_ci_hi_us) == !interval);
    if (interval) CHECK_NEAR(r->t_ci_hi_us / s.ci_hi, 1, 1.5e-6);
    if (interval) CHECK_NEAR(r->t_ci_lo_us / s.ci_lo, 1, 1.5e-6);
    CHECK_NEAR(r->mad_us, s.mad, 2e-6 * s.median);
    CHECK_NEAR(r->drift_pct, s.drift_pct, 0.01 + 1e-4 * fabs(s.drift_pct));
    CHECK((strstr(r->flags, "FEW") != NULL) == !interval);
    CHECK((strstr(r->flags, "CI_WIDE") != NULL) == (interval && s.ci_pct > STATS_CI_GOAL_PCT));
}

static void rows_follow_from_samples(int repeats, int rounds)
{
    struct stored_run run;
    char dir[4096], arguments[512];

    CHECK_LOSS("the proof of every number in results.csv");
    snprintf(arguments, sizeof arguments,
             "--repeats %d --rounds %d --cache cold,hot -p 'gemm f32 nn 96x96x96' "
             "-p 'pool2d f32 nhwc max 1x8x8x8 2x2'",
             repeats, rounds);
    run_program(arguments, dir, sizeof dir);
    CHECK_OK(stored_open(&run, dir));
    CHECK(run.ok >= 4 && run.samples.count >= rounds * repeats * run.ok);
    for (size_t i = 0; i < run.count; i++) {
        const struct row *r = &run.rows[i], *rival = derive_rival(run.rows, run.count, r);
        if (!derive_usable(r)) {
            CHECK(!r->sample_count);
            continue;
        }
        check_row(r, repeats);
        if (!rival || rival == r) continue;
        const struct ratio q = derive_ratio(r, rival);
        CHECK(q.rounds == rounds * repeats && q.repeats == repeats);
        CHECK(isnan(q.lo) == (repeats == 1 ? rounds < 6 : repeats < 6));
    }
    stored_close(&run);
}

int main(void)
{
    scratch_begin();
    round_trip();
    full_disk();
    reader_refuses();
    paired_ratio();
    rows_follow_from_samples(1, 6);
    rows_follow_from_samples(2, 4); /* too few repeats for an interval, however many samples */
    rows_follow_from_samples(6, 2);
    return check_done();
}
