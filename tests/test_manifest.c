/* test_manifest.c: manifest.json written and read back, and what a stranger may send instead. */
#include "scratch.h"
#include <locale.h>
#include <signal.h>
#include <sys/resource.h>
#include "check.h"
#include "store/manifest.h"

static const char *parse(const char *text, struct manifest *m)
{
    return manifest_parse("m.json", text, strlen(text), m);
}

static void refuses(const char *text, const char *words)
{
    struct manifest m;

    CHECK_FAILS(parse(text, &m), words);
    manifest_free(&m);
}

static const char *save(const char *state)
{
    static const char *const argv[] = {"wheelbench", "run", "-p", "gemm \"x\"\\"};
    struct manifest_writer w;

    manifest_begin(&w);
    manifest_put_integer(&w, "schema", 1);
    manifest_put_text(&w, "state", state);
    manifest_put_texts(&w, "argv", argv, 4);
    manifest_put_texts(&w, "tags", NULL, 0);
    manifest_put_bool(&w, "dirty", 1);
    manifest_group(&w, "problems");
    manifest_put_problem(&w, "gemm f32 nn 8x8x8", 3, "small \xf0\x9f\x98\x80");
    manifest_put_problem(&w, "gemm f32 nn 9x9x9", 1, NULL);
    manifest_group(&w, "device");
    manifest_put_text(&w, "name", "GPU\033[31m\xff \"quoted\" </script>\n");
    manifest_put_integer(&w, "mem_bytes", 85899345920LL);
    manifest_put_number(&w, "power_limit_w", 700.5);
    manifest_put_number(&w, "third", 1.0 / 3);
    manifest_put_number(&w, "temp", NAN);
    manifest_put_text(&w, "vbios", NULL);
    manifest_group(&w, "health");
    return manifest_save(&w, scratch_dir);
}

static void test_round_trip(void)
{
    struct manifest m;
    const struct manifest_value *list;
    const struct manifest_entry *entries;
    const char *label, *path = scratch_path(MANIFEST_NAME);
    double v;

    CHECK_LOSS("what the run was is not what is read back");
    CHECK_OK(save("running"));
    CHECK_OK(save("complete"));
    CHECK_OK(manifest_read(path, &m));
    CHECK_STR(manifest_text(&m, NULL, "state"), "complete");
    CHECK(manifest_number(&m, "", "schema", &v) && v == 1);
    CHECK(manifest_number(&m, "", "dirty", &v) && v == 1);
    if (CHECK(manifest_list(&m, "", "argv", &list) == 4)) CHECK_STR(list[3].text, "gemm \"x\"\\");
    CHECK(manifest_list(&m, "", "tags", &list) == 0);
    CHECK(manifest_list(&m, "", "problems", &list) == -1);
    CHECK(manifest_problem(&m, "gemm f32 nn 8x8x8", &v, &label) && v == 3);
    CHECK_STR(label, "small \xf0\x9f\x98\x80");
    CHECK(manifest_problem(&m, "gemm f32 nn 9x9x9", &v, &label) && v == 1 && !*label);
    struct manifest odd;
    CHECK_OK(parse("{\"problems\":{\"p\":[-3,\"x\"]}}", &odd));
    CHECK(!manifest_problem(&odd, "p", &v, &label) && v == 1 && !*label);
    manifest_free(&odd);
    CHECK(!manifest_problem(&m, "gemm f32 nn 1x1x1", &v, &label) && v == 1 && !*label);
    CHECK_STR(manifest_text(&m, "device", "name"), "GPU [31m? \"quoted\" </script> ");
    CHECK(manifest_number(&m, "device", "mem_bytes", &v) && v == 85899345920.0);
    CHECK(manifest_number(&m, "device", "power_limit_w", &v) && v == 700.5);
    CHECK(manifest_number(&m, "device", "third", &v) && v == 1.0 / 3);
    CHECK(!manifest_number(&m, "device", "temp", &v));
    CHECK(!manifest_text(&m, "device", "vbios") && !manifest_text(&m, "device", "state"));
    CHECK(manifest_entries(&m, "device", &entries) == 6);
    CHECK_STR(entries[1].key, "mem_bytes");
    CHECK(manifest_entries(&m, NULL, &entries) == 8);
    CHECK(entries[7].form == MANIFEST_GROUP && !strcmp(entries[7].key, "health"));
    CHECK(manifest_entries(&m, "health", &entries) == 0);
    manifest_free(&m);
}

static void test_writer(void)
{
    struct manifest_writer w;
    const char *dir = scratch_path("full");
    struct rlimit old, limit;
    size_t length;

    CHECK_LOSS("a run ends with a manifest that cannot be read");
    manifest_begin(&w);
    manifest_group(&w, "problems");
    manifest_put_problem(&w, "gemm f32 nn 8x8x8", 1, "");
    manifest_put_problem(&w, "gemm f32 nn 8x8x8", 1, "");
    CHECK_FAILS(manifest_save(&w, scratch_dir), "'gemm f32 nn 8x8x8' is there twice in 'problems'");
    manifest_begin(&w);
    CHECK_FAILS(manifest_save(&w, "/nonexistent"), "/nonexistent/manifest.json: No such file");
    manifest_begin(&w);
    manifest_put_text(&w, "a", "dropped");
    manifest_drop(&w);

    CHECK_LOSS("a full disk at the end of a run destroys the manifest of its beginning");
    signal(SIGXFSZ, SIG_IGN);
    CHECK(!getrlimit(RLIMIT_FSIZE, &old));
    limit = old;
    limit.rlim_cur = 100;
    CHECK(!setrlimit(RLIMIT_FSIZE, &limit));
    char *before = scratch_read(scratch_path(MANIFEST_NAME), &length);
    CHECK_FAILS(save("interrupted"), "manifest.json: File too large");
    CHECK(!setrlimit(RLIMIT_FSIZE, &old));
    char *after = scratch_read(scratch_path(MANIFEST_NAME), &length);
    CHECK_STR(after, before);
    free(before);
    free(after);

    CHECK_LOSS("temporary files are left in a run directory");
    CHECK(!mkdir(dir, 0777));
    CHECK(!symlink("/dev/full", scratch_path("full/other")));
    manifest_begin(&w);
    CHECK_OK(manifest_save(&w, dir));
    DIR *open_dir = opendir(dir);
    int files = 0;
    while (open_dir && readdir(open_dir)) files++;
    if (open_dir) closedir(open_dir);
    CHECK(files == 4); /* . .. other manifest.json */
}

static void test_json(void)
{
    struct manifest m;
    const struct manifest_value *list;
    const struct manifest_entry *entries;
    double v;

    CHECK_LOSS("a manifest that another program formatted cannot be read");
    CHECK_OK(parse(" {\t\"g\" : { \"k\":[ ] , \"n\": -1.5e3}\r\n,\"a\":\"\\u00e9\\ud83d\\ude00\\n"
                   "\\\"\\\\\\/\",\"l\":[1,null,true,false,\"t\"],\"e\":{}} \n",
                   &m));
    CHECK_STR(manifest_text(&m, "", "a"), "\xc3\xa9\xf0\x9f\x98\x80 \"\\/");
    CHECK(manifest_number(&m, "g", "n", &v) && v == -1500);
    CHECK(manifest_list(&m, "", "l", &list) == 5 && list[1].kind == MANIFEST_NULL);
    CHECK(list[2].kind == MANIFEST_BOOL && list[2].number == 1 && list[3].number == 0);
    CHECK_STR(list[4].text, "t");
    CHECK(manifest_entries(&m, "", &entries) == 4); /* g a l e, though g's own stand between */
    manifest_free(&m);
    CHECK_OK(parse("{}", &m));
    CHECK(m.count == 0 && manifest_entries(&m, "", &entries) == 0);
    manifest_free(&m);
    CHECK_OK(parse("{\"tags\":[]}", &m));
    CHECK(manifest_list(&m, "", "tags", &list) == 0 && !manifest_text(&m, "", "tags"));
    manifest_free(&m);
    CHECK_FAILS(parse("{\"a\":1,", &m), "expected a text");
    CHECK(!manifest_number(&m, "", "a", &v) && manifest_entries(&m, "", &entries) == 0);
    manifest_free(&m);

    CHECK_LOSS("a manifest from a stranger brings the program down or hides a value");
    refuses("", "m.json:1: expected {");
    refuses("[]", "expected {");
    refuses("{", "expected a text");
    refuses("{\"a\"", "expected :");
    refuses("{\"a\":", "expected a text, number");
    refuses("{\"a\":1", "expected , or }");
    refuses("{\"a\":1,}", "expected a text");
    refuses("{\"a\":[1,]}", "expected a text, number");
    refuses("{\"a\":[1", "expected , or ]");
    refuses("{\n\n\"a\":\"x", "m.json:3: the file ends inside a text");
    refuses("{\"a\":\"x\\", "the file ends inside a text");
    refuses("{\"a\":\"\\q\"}", "unknown escape");
    refuses("{\"a\":\"\\u12g4\"}", "\\u escape");
    refuses("{\"a\":\"\\ud800\"}", "\\u escape");
    refuses("{\"a\":\"\\ud800\\u0041\"}", "\\u escape");
    refuses("{\"a\":\"\\udc00\"}", "\\u escape");
    refuses("{\"a\":\"\\u00", "\\u escape");
    refuses("{\"a\":\"\xff\"}", "not valid UTF-8");
    refuses("{\"a\":\"\x01\"}", "control character");
    refuses("{\"a\":01}", "expected a text, number");
    refuses("{\"a\":1e999}", "expected a text, number");
    refuses("{\"a\":0x10}", "expected , or }");
    refuses("{\"a\":NaN}", "expected a text, number");
    refuses("{\"a\":nullx}", "expected , or }");
    refuses("{\"a\":1} x", "text behind the end");
    refuses("{\"\":1}", "an empty key");
    refuses("{\"a\":1,\"a\":2}", "the key 'a' is there twice");
    refuses("{\"a\":{},\"a\":{}}", "the key 'a' is there twice");
    refuses("{\"a\":{\"b\":1,\"c\":2,\"\\u0062\":3}}", "the key 'b' is there twice in 'a'");
    refuses("{\"a\":{\"b\":{\"c\":1}}}", "nested deeper");
    refuses("{\"a\":[[1]]}", "nested deeper");
    CHECK_FAILS(manifest_parse("m.json", "{\"a\0\":1}", 8, &m), "control character");
    manifest_free(&m);
}

static void test_large(void)
{
    const size_t room = MANIFEST_MAX + 2;
    char *text = malloc(room);
    struct manifest m;
    size_t n = 1;

    CHECK_LOSS("a hostile manifest takes all memory or all time");
    for (int nest = 0; nest < 2; nest++) {
        memset(text, nest ? '[' : '{', 20000);
        memcpy(text, "{\"a\":", 5);
        CHECK_FAILS(manifest_parse("m", text, 20000, &m), nest ? "nested deeper" : "expected a");
        manifest_free(&m);
    }
    memset(text, ' ', room);
    memcpy(text, "{}", 2);
    CHECK_OK(manifest_read(scratch_write("limit", text, MANIFEST_MAX), &m));
    manifest_free(&m);
    CHECK_FAILS(manifest_read(scratch_write("over", text, MANIFEST_MAX + 1), &m), "1048576 bytes");
    manifest_free(&m);
    const char *sparse = scratch_write("huge", "{", 1);
    CHECK(!truncate(sparse, 100L << 20));
    CHECK_FAILS(manifest_read(sparse, &m), "1048576 bytes");
    manifest_free(&m);

    text[0] = '{'; /* as many keys as fit */
    for (int i = 0; n < MANIFEST_MAX - 20; i++)
        n += (size_t)snprintf(text + n, room - n, "%s\"%x\":1", i ? "," : "", i);
    text[n++] = '}';
    CHECK_OK(manifest_parse("m", text, n, &m));
    CHECK(m.count > 90000);
    manifest_free(&m);
    free(text);
}

static void test_paths(void)
{
    struct manifest m;

    CHECK_LOSS("a mistyped path hangs or says nothing");
    CHECK_FAILS(manifest_read(scratch_path("nowhere"), &m), "No such file");
    CHECK_FAILS(manifest_read(scratch_dir, &m), "is a directory");
    CHECK(!mkfifo(scratch_path("fifo"), 0600));
    CHECK_FAILS(manifest_read(scratch_path("fifo"), &m), "no regular file");
    manifest_free(&m);
}

int main(void)
{
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "C"};

    scratch_begin();
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++)
        if (setlocale(LC_ALL, locales[i])) test_round_trip();
    setlocale(LC_ALL, "C");
    test_writer();
    test_json();
    test_large();
    test_paths();
    return check_done();
}
