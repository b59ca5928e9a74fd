/* test_results.c: results.csv read back; what a crash, a newer version or a stranger may have done
 * to it. */
#include "scratch.h"
#include <sys/wait.h>
#include "check.h"
#include "report/stored.h"
#include "store/results.h"

/* A header and one row that each test edits. */
static const char *const head = "schema,run,device,op,precision,layout,shape,impl,tier,place,cache,"
                                "timing,status,reason,samples,t_med_us,flop\n";
static const char *const body = "1,r,d,gemm,f32,nn,8x8x8,x,naive,host,cold,host,ok,,5,1.5,1024\n";

static const char *read_text(const char *text, int open_run, struct results *r)
{
    return results_read(scratch_write("read.csv", text, strlen(text)), open_run, r);
}

/* head and body with `from` replaced by `to` in both; the reason why it cannot be read. */
static const char *read_edited(const char *from, const char *to, struct results *r)
{
    char text[4096];

    snprintf(text, sizeof text, "%s%s", head, body);
    char *at = strstr(text, from);
    if (!at) return "the test's own text is not there";
    char rest[4096];
    strcpy(rest, at + strlen(from));
    snprintf(at, sizeof text - (size_t)(at - text), "%s%s", to, rest);
    return read_text(text, 0, r);
}

static void refuses(const char *from, const char *to, const char *words)
{
    struct results r;

    CHECK_FAILS(read_edited(from, to, &r), words);
    results_free(&r);
}

static void takes(const char *from, const char *to)
{
    struct results r;

    CHECK_OK(read_edited(from, to, &r));
    CHECK(r.count == 1 && r.rows[0].t_med_us == 1.5 && !strcmp(r.rows[0].impl, "x"));
    results_free(&r);
}

static void test_columns(void)
{
    struct results r;

    CHECK_LOSS("a run of another version cannot be read, or is read wrongly");
    takes("", "");
    takes("", "\xef\xbb\xbf");
    takes("ok,,5,1.5,1024\n", "ok,,5,1.5,1024\r\n");
    takes("samples", "unknown_later");
    CHECK_OK(read_text("t_med_us,status,timing,cache,place,impl,shape,layout,precision,op,device,"
                       "run,schema\n2.5,ok,host,cold,host,x,8x8x8,nn,f32,gemm,d,r,1\n",
                       0, &r));
    CHECK(r.count == 1 && r.rows[0].t_med_us == 2.5 && isnan(r.rows[0].flop) && !*r.rows[0].tier);
    results_free(&r);
    CHECK_OK(read_text(head, 0, &r));
    CHECK(r.count == 0);
    results_free(&r);
    refuses("t_med_us", "t_median", "read.csv:1: there is no column t_med_us");
    refuses("status", "state", "there is no column status");
    refuses("impl", "imp", "there is no column impl");
    refuses("samples", "op", "two columns are called 'op'");
    refuses("schema", "", "there is no column schema");
    CHECK_FAILS(read_text("", 1, &r), "the file is empty");
    results_free(&r);
    CHECK_FAILS(read_text("schema,run", 1, &r), "the header line has no end");
    results_free(&r);
    refuses("\n1,r", "\n0,r", "read.csv:2: schema 0 is not known");
    refuses("\n1,r", "\n2,r", "schema 2 is not known; this program reads schema 1");
    refuses("\n1,r", "\n99,r", "schema 99");
    refuses("\n1,r", "\nx,r", "column schema: 'x' is not a whole number");
    refuses("\n1,r", "\n,r", "schema is empty");
}

static void test_fields(void)
{
    static const char *const bad[] = {"NaN", "inf", "1e999", "0x10", " 1", "1 ", "+1", "1.", "x"};
    struct results r;

    CHECK_LOSS("a number that was misread ends in a figure");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char to[32];
        snprintf(to, sizeof to, "%s,1024", bad[i]);
        refuses("1.5,1024", to, "read.csv:2: column t_med_us: '");
    }
    refuses("1.5,1024", "\"1,5\",1024", "'1,5' is not a number");
    refuses("1.5,1024", "1,5,1024", "18 fields; the header has 17");
    refuses("1.5,1024", "-1.5,1024", "t_med_us is negative");
    refuses("1.5,1024", "0,1024", "t_med_us is 0");
    refuses("1.5,1024", ",1024", "t_med_us is empty");
    refuses("1.5,1024", "1.5,-8", "column flop: '-8' is not a whole number");
    refuses(",1024\n", "\n", "16 fields; the header has 17");
    refuses(",1024\n", ",1024\n\n", "read.csv:3: 1 fields");
    refuses(",1024\n", ",\"1024\n", "never closed");
    refuses("ok,", "fine,", "unknown status 'fine'; known: ok skipped wrong failed");
    refuses("ok,,", "wrong,off by one,", "status is wrong, but t_med_us has a value");
    refuses("ok,,5,1.5", "wrong,,5,", "the reason is empty");
    refuses("ok,,", "ok,why,", "status is ok, but there is a reason");
    refuses("gemm,f32", ",f32", "column op is empty");
    refuses(",naive,host", ",naive,moon", "unknown place 'moon'");
    refuses("8x8x8",
            "8x8x88888888888888888888888888888888888888888888888888888888888888888888888"
            "888888888888888888888888888888888888888888888888888888888888888888888888888"
            "8888888888888888",
            "column shape: ");
    CHECK_OK(read_edited("gemm,f32", "\033[2J\xff,f32", &r));
    CHECK(r.count == 1);
    if (r.count) CHECK_STR(r.rows[0].op, " [2J?");
    results_free(&r);
}

static void test_torn(void)
{
    struct results r;
    char text[4096];

    CHECK_LOSS("a run that was killed cannot be read, or half a row is taken for a whole one");
    snprintf(text, sizeof text, "%s%s%.20s", head, body, body);
    CHECK_OK(read_text(text, 1, &r));
    CHECK(r.count == 1 && r.torn == 1);
    results_free(&r);
    CHECK_FAILS(read_text(text, 0, &r), "read.csv:3: the last row is torn");
    results_free(&r);

    CHECK_LOSS("a cell counts twice in every sum");
    snprintf(text, sizeof text, "%s%s%s", head, body, body);
    CHECK_FAILS(read_text(text, 0, &r), "read.csv:3: the same cell as line 2");
    results_free(&r);
}

/* A file that a test need not fit into memory: `rows` different rows. */
static const char *write_many(long rows)
{
    const char *path = scratch_path("many.csv");
    FILE *f = fopen(path, "wb");

    if (f) fputs(head, f);
    for (long i = 0; f && i < rows; i++)
        fprintf(f, "1,r,d,gemm,f32,nn,%ldx8x8,x,naive,host,cold,host,ok,,5,1.5,1024\n", i + 1);
    CHECK(f && !fclose(f));
    return path;
}

/* MANY_ROWS=10000000: as many as a file that somebody sends may have (700 MB of disk). */
static void test_large(void)
{
    const char *many = getenv("MANY_ROWS"), *path;
    const long rows = many ? atol(many) : 2L * RESULTS_ROWS_MAX;
    static struct results_reader from;
    struct results r;
    struct row row;
    long n = 0;

    CHECK_LOSS("a large file takes all memory, and the machine with it");
    path = write_many(rows);
    CHECK_OK(results_begin(&from, path, 0));
    for (int got = 1; got; n += got)
        if (results_next(&from, &row, &got)) break;
    CHECK(n == rows && from.csv.size <= 4 * (size_t)CSV_LINE_MAX);
    results_end(&from);
    CHECK_FAILS(results_read(path, 0, &r), "many.csv:131073: more than 131072 rows");
    results_free(&r);
    CHECK(!truncate(path, 1L << 30)); /* zeros behind the last line: 1 GB without a line end */
    char words[80];
    snprintf(words, sizeof words, "many.csv:%ld: the line is longer than 1048576 bytes", rows + 2);
    CHECK_OK(results_begin(&from, path, 1));
    const char *why = NULL;
    for (int got = 1; got && !why;) why = results_next(&from, &row, &got);
    CHECK_FAILS(why, words);
    CHECK(from.csv.size <= 4 * (size_t)CSV_LINE_MAX);
    results_end(&from);
    unlink(path);
}

static void test_paths(void)
{
    struct results r;
    char text[1024];

    CHECK_LOSS("a mistyped path hangs or says nothing");
    CHECK_FAILS(results_read(scratch_path("nowhere.csv"), 0, &r), "nowhere.csv: No such file");
    results_free(&r);
    CHECK_FAILS(results_read(scratch_dir, 0, &r), "is a directory");
    results_free(&r);
    CHECK(!mkfifo(scratch_path("fifo"), 0600));
    CHECK_FAILS(results_read(scratch_path("fifo"), 0, &r), "no regular file");
    results_free(&r);
    CHECK_LOSS("half a file after a power cut is taken for a whole one");
    const size_t n = (size_t)snprintf(text, sizeof text, "%s%s", head, body);
    memset(text + n - 9, 0, 4);
    CHECK_FAILS(results_read(scratch_write("nul.csv", text, n), 0, &r), "nul.csv:2: a NUL byte");
    results_free(&r);
}

/* A run directory whose manifest says this. */
static void refuses_run(const char *manifest, const char *words)
{
    static struct stored_run run;
    char dir[600];

    snprintf(dir, sizeof dir, "%s/run", scratch_dir);
    mkdir(dir, 0777);
    scratch_write("run/results.csv", head, strlen(head));
    scratch_write("run/manifest.json", manifest, strlen(manifest));
    CHECK_FAILS(stored_open(&run, dir), words);
    stored_close(&run);
}

static void test_manifest_schema(void)
{
    CHECK_LOSS("a manifest of another version is taken for one of this");
    refuses_run("{\"schema\":0}", "manifest.json: schema 0 is not known");
    refuses_run("{\"schema\":1.5}", "schema 1.5 is not known");
    refuses_run("{\"schema\":2}", "schema 2 is not known; this program reads schema 1, a newer");
    refuses_run("{\"schema\":\"1\"}", "manifest.json: schema is empty");
    refuses_run("{\"schema\":null}", "manifest.json: schema is empty");
    refuses_run("{\"schema\":[1,2]}", "manifest.json: schema is empty");
}

/* As a user who may not: root may read all, so a child gives that up first. */
static void test_no_permission(void)
{
    struct results r;
    const char *path = scratch_write("secret.csv", "x", 1);

    CHECK_LOSS("a file that may not be read looks empty");
    CHECK(!chmod(path, 0) && !chmod(scratch_dir, 0755));
    fflush(stdout);
    const pid_t child = fork();
    if (!child) {
        if (!geteuid() && setuid(65534)) _exit(2);
        const char *why = results_read(path, 0, &r);
        _exit(why && strstr(why, "Permission denied") ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    scratch_begin();
    test_columns();
    test_fields();
    test_torn();
    test_large();
    test_paths();
    test_manifest_schema();
    test_no_permission();
    return check_done();
}
