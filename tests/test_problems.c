/* test_problems.c: problem texts and files, friendly and hostile. */
#include "scratch.h"
#include "check.h"
#include "ops/problem.h"
#include "problems/problems.h"

static void round_trip(void)
{
    /* text, canonical text */
    static const char *const good[][2] = {
        {"gemm f32 nn 3x4x5", "gemm f32 nn 3x4x5"},
        {"  gemm   bf16 tt  3x4x5 beta=0.50 alpha=1 ", "gemm bf16 tt 3x4x5 beta=0.5"},
        {"gemm f32 nt 3x4x5 lda=5 ldb=7 ldc=4", "gemm f32 nt 3x4x5 ldb=7"},
        {"gemm f64 tn 1x2147483647x1 alpha=-0.3", "gemm f64 tn 1x2147483647x1 alpha=-0.3"},
        {"conv2d f16 nhwc 2x4x8x9 k6 3x2 groups2 pad1x0 stride1",
         "conv2d f16 nhwc 2x4x8x9 k6 3x2 pad1x0 groups2"},
        {"pool2d f32 nchw max 1x2x8x8 2x2 stride2x2", "pool2d f32 nchw max 1x2x8x8 2x2 stride2"},
    };
    struct problem p, again;

    CHECK_LOSS("the key under which a number is stored and found again");
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (CHECK(problem_parse(&p, good[i][0]) == NULL)) CHECK_STR(p.text, good[i][1]);
        CHECK(problem_parse(&again, p.text) == NULL);
        CHECK_STR(again.text, p.text);
    }
}

static void refused(void)
{
    static const char *const bad[][2] = {
        {"", "ops:"},
        {"gem f32 nn 1x1x1", "Did you mean 'gemm'?"},
        {"zzzzzz f32", "unknown op 'zzzzzz'"},
        {"gemm", "unknown precision"},
        {"gemm fp16 nn 1x1x1", "unknown precision 'fp16'; precisions: f64 f32 tf32 f16 bf16"},
        {"gemm f32 nx 1x1x1", "layouts: nn nt tn tt"},
        {"gemm f32 nn", "shape is missing"},
        {"gemm f32 nn 4096x0x64", "n is 0; every extent is 1 to 2147483647"},
        {"gemm f32 nn 1x1", "expected 3 numbers"},
        {"gemm f32 nn 1x1x1x1", "after the 3 numbers"},
        {"gemm f32 nn -1x1x1", "m is missing or not a number"},
        {"gemm f32 nn 1x99999999999999999999x1", "n is too large"},
        {"gemm f32 nn 1x2147483648x1", "n is too large"},
        {"gemm f32 nn 0x10x10", "m is 0"},
        {"gemm f32 nn 8x8x8 lda=7", "lda is 7, less than the 8 columns"},
        {"gemm f32 nn 8x8x8 alpha=nan", "alpha"},
        {"gemm f32 nn 8x8x8 alpha=1e999", "alpha"},
        {"gemm f32 nn 8x8x8 gamma=2", "unknown option 'gamma=2'"},
        {"gemm f32 nn 8x8x8 alpha", "unknown option 'alpha'"},
        {"conv2d f32 nchw 1x3x8x8 k4", "conv2d"},
        {"conv2d f32 nchw 1x3x8x8 k4 9x9", "conv2d"},
        {"conv2d f32 nchw 1x3x8x8 k4 3x3 groups2", "conv2d"},
        {"conv2d f32 nn 1x3x8x8 k4 3x3", "conv2d"},
        {"pool2d f32 nchw mid 1x3x8x8 2x2", "pool2d"},
        {"pool2d f32 nchw max 1x3x8x8 2x2 pad2", "pool2d"},
    };
    struct problem p;

    CHECK_LOSS("a clear answer to a mistyped problem");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_FAILS(problem_parse(&p, bad[i][0]), bad[i][1]);

    /* every prefix and every single wrong byte of a good text: an answer, never a crash */
    const char *good = "conv2d f16 nhwc 2x4x8x9 k6 3x2 stride2 pad1x0 dil1 groups2";
    for (size_t n = 0; n <= strlen(good); n++)
        for (int byte = 1; byte < 256; byte += 5) {
            char text[128];
            snprintf(text, sizeof text, "%s", good);
            text[n] = (char)byte;
            (void)problem_parse(&p, text);
            text[n] = '\0';
            (void)problem_parse(&p, text);
        }
    char endless[5000];
    memset(endless, '9', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    CHECK(problem_parse(&p, endless) != NULL);
    memcpy(endless, "gemm f32 nn ", 12);
    CHECK(problem_parse(&p, endless) != NULL);
}

static void files(void)
{
    struct problems l = {0};
    const char *text = "# comment\n@a gemm {f32,f64} nn {8,16}^3 # square\n\n@b\ngemm f32 nt "
                       "1x2x3\r\ngemm f32 nn 8x8x8\n";

    CHECK_LOSS("problem files");
    CHECK_OK(problems_add_file(&l, scratch_write("list.txt", text, strlen(text))));
    CHECK(l.count == 5); /* 8x8x8 in f32 stands twice and runs once */
    CHECK_STR(l.at[0].text, "gemm f32 nn 8x8x8");
    CHECK_STR(l.at[0].label, "square");
    CHECK_STR(l.at[1].text, "gemm f32 nn 16x16x16");
    problems_free(&l);
    char path[1100];
    snprintf(path, sizeof path, "%s@b", scratch_path("list.txt"));
    CHECK_OK(problems_add_file(&l, path));
    CHECK(l.count == 2);
    problems_free(&l);
    snprintf(path, sizeof path, "%s@c", scratch_path("list.txt"));
    CHECK_FAILS(problems_add_file(&l, path), "no group @c");
    problems_free(&l);

    CHECK_FAILS(problems_add_file(&l, scratch_path("absent.txt")), "No such file");
    CHECK_FAILS(problems_add_file(&l, scratch_dir), "not a file");
    const char *wrong = "gemm f32 nn 1x1x1\ngemm fp16 nn 1x1x1\n";
    CHECK_FAILS(problems_add_file(&l, scratch_write("w.txt", wrong, strlen(wrong))),
                "w.txt:2: unknown precision 'fp16'");
    CHECK_FAILS(problems_add_file(&l, scratch_write("n.txt", "gemm\0f32", 8)), "not a text file");
    CHECK_FAILS(problems_add_file(&l, scratch_write("o.txt", "gemm {f32 nn 1x1x1", 18)),
                "'{' without");
    char line[3000];
    memset(line, 'a', sizeof line);
    CHECK_FAILS(problems_add_file(&l, scratch_write("l.txt", line, sizeof line)), "longer than");
    const char *bomb = "{1,2,3,4,5,6,7,8}{1,2,3,4,5,6,7,8}{1,2,3,4,5,6,7,8}{1,2,3,4,5,6,7,8}\n";
    CHECK(problems_add_file(&l, scratch_write("b.txt", bomb, strlen(bomb))) != NULL);
    problems_free(&l);
}

static void built_in(void)
{
    CHECK_LOSS("`make bench`: a built-in list that does not parse");
    for (const struct problem_list *p = problem_lists; p->name; p++) {
        struct problems l = {0};
        CHECK_OK(problems_add_list(&l, p->name));
        if (!strcmp(p->name, "publish")) CHECK(l.count >= 1 && l.count <= 4); /* six times each */
        else CHECK(l.count > 10);
        problems_free(&l);
    }
}

static int count_of(const char *name)
{
    struct problems l = {0};

    CHECK_OK(problems_add_file(&l, name));
    const int count = l.count;
    problems_free(&l);
    return count;
}

static void groups_of_gemm(void)
{
    static const char *const groups[] = {"quick",  "standard", "squares", "skinny",
                                         "smallm", "llm",      "awkward", "mixed"};
    int sum = 0;

    CHECK_LOSS("the shapes by which two runs of gemm are compared");
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        char name[40], file[40];
        snprintf(name, sizeof name, "gemm@%s", groups[i]);
        snprintf(file, sizeof file, "gemm.txt@%s", groups[i]);
        const int count = count_of(name);
        CHECK(count >= 6 && count == count_of(file));
        sum += count;
    }
    CHECK(count_of("gemm@mixed") == 20);
    CHECK(count_of("gemm") < sum && count_of("gemm") > 200); /* each shape once */
    struct problems l = {0};
    CHECK_FAILS(problems_add_file(&l, "gemm@none"), "gemm has no group @none");
    CHECK_FAILS(problems_add_file(&l, "gemm.tx@mixed"), "No such file");
    problems_free(&l);
}

int main(void)
{
    scratch_begin();
    round_trip();
    refused();
    files();
    built_in();
    groups_of_gemm();
    return check_done();
}
