/* test_cudnn_plan.c: from a conv2d problem to cuDNN's execution plans, without a GPU: cuDNN plans
 * for the H100 that tests/data/cudnn_device_h100.json describes, up to the built plan. Which
 * engines it proposes changes between versions and is not tested. */
#include <ctype.h>
#include <stdlib.h>
#include "scratch.h"
#include "check.h"
#include "ops/problem.h"
#include "reference/cudnn_plan.h"

static struct cudnn_target target;

/* NULL, or why not: then *c is empty. The caller frees what it gets. */
static const char *choose(struct cudnn_choice **c, const char *text, int64_t cap, int build)
{
    struct problem p;
    const char *failed = problem_parse(&p, text);

    *c = calloc(1, sizeof **c);
    if (!*c) exit(1);
    if (!failed) failed = cudnn_choice_make(*c, &target, &p, cap);
    for (int i = 0; !failed && build && i < (*c)->count; i++)
        if ((*c)->item[i].permitted) cudnn_choice_build(*c, i, cap); /* may refuse */
    return failed;
}

static void give_back(struct cudnn_choice *c)
{
    cudnn_choice_free(c);
    free(c);
}

/* eng<number>, then _k<number>=<number> any number of times */
static int tag_parses(const char *tag)
{
    char *end;

    if (strncmp(tag, "eng", 3) || !isdigit((unsigned char)tag[3])) return 0;
    for (strtol(tag + 3, &end, 10); *end;) {
        if (strncmp(end, "_k", 2) || !isdigit((unsigned char)end[2])) return 0;
        strtol(end + 2, &end, 10);
        if (*end != '=' || end[1] == 0) return 0;
        const char *value = end + 1;
        strtol(value, &end, 10);
        if (end == value) return 0;
    }
    return 1;
}

/* How many plans of this choice were built. */
static int look_at(const struct cudnn_choice *c, enum precision precision)
{
    int built = 0, permitted = 0, unfit = 0, over = 0, unread = 0, twice = 0;

    for (int i = 0; i < c->count; i++) {
        const struct cudnn_candidate *item = &c->item[i];
        unread += !tag_parses(item->tag);
        for (int j = 0; j < i; j++) twice += !strcmp(item->tag, c->item[j].tag);
        if (!item->permitted) continue;
        permitted++;
        built += item->plan != NULL;
        over += item->plan && item->workspace > CUDNN_WORKSPACE_CAP;
        unfit += item->notes >> CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS & 1;
        unfit += item->notes >> CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION & 1;
        unfit += precision == F32 && item->notes >> CUDNN_NUMERICAL_NOTE_TENSOR_CORE & 1;
    }
    CHECK_LOSS("an f32 rival that computes in TF32, or a f16 one that sums in f16");
    CHECK(unfit == 0);
    CHECK_LOSS("two plans with one tag: a remembered plan may be rebuilt as another");
    CHECK(unread == 0);
    CHECK(twice == 0);
    CHECK_LOSS("a plan whose workspace does not fit the memory");
    CHECK(over == 0);
    CHECK_LOSS("counts in the column algo that do not say what was tried");
    CHECK(permitted == c->permitted && permitted <= c->count);
    return built;
}

static void test_quick_problems(void)
{
    static const char *const shapes[] = {"32x3x224x224 k64 7x7 stride2 pad3",
                                         "32x64x56x56 k64 3x3 pad1",
                                         "32x64x56x56 k256 1x1",
                                         "32x256x14x14 k256 3x3 pad1",
                                         "32x512x7x7 k512 3x3 pad1",
                                         "16x128x112x112 k128 3x3 pad1",
                                         "128x128x16x16 k128 7x7",
                                         "32x128x56x56 k128 3x3 pad1 groups128"};
    static const char *const contracts[] = {"f32 nchw", "f32 nhwc", "tf32 nhwc", "f16 nhwc",
                                            "bf16 nhwc"};
    enum { SHAPES = sizeof shapes / sizeof *shapes, DEPTHWISE = SHAPES - 1 };

    for (int j = 0; j < (int)(sizeof contracts / sizeof *contracts); j++)
        for (int i = 0; i < SHAPES; i++) {
            struct cudnn_choice *c;
            struct problem p;
            char text[200];

            snprintf(text, sizeof text, "conv2d %s %s", contracts[j], shapes[i]);
            CHECK_LOSS("a quick problem has no library row");
            CHECK_OK(problem_parse(&p, text));
            CHECK_OK(choose(&c, text, CUDNN_WORKSPACE_CAP, 1));
            const int built = look_at(c, p.precision);
            CHECK_LOSS("a quick problem has no library row");
            /* the engines of depthwise convolutions are compiled at run time, which takes a driver
             */
            if (!CHECK(c->permitted > 0 && (built > 0 || i == DEPTHWISE)))
                printf("    %s: %d candidates, %d permitted, %d built; %s\n", text, c->count,
                       c->permitted, built, c->refusal);
            give_back(c);
        }
}

static void test_other_shapes(void)
{
    static const char *const texts[] = {
        "conv2d f64 nchw 2x8x9x9 k8 3x3 pad1", "conv2d f16 nchw 32x64x56x56 k64 3x3 pad1",
        "conv2d f32 nchw 3x6x11x13 k4 3x2 stride2x1 pad1x0 dil1x2 groups2",
        "conv2d f32 nchw 32x128x56x56 k128 3x3 pad2 dil2", "conv2d bf16 nhwc 1x1x1x1 k1 1x1"};

    CHECK_LOSS("strides, dilation, groups or f64 have no library row");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct cudnn_choice *c;
        struct problem p;
        CHECK_OK(problem_parse(&p, texts[i]));
        CHECK_OK(choose(&c, texts[i], CUDNN_WORKSPACE_CAP, 1));
        look_at(c, p.precision);
        give_back(c);
    }
}

static void test_cap(void)
{
    static const char problem[] = "conv2d f32 nchw 32x256x14x14 k256 3x3 pad1";
    struct cudnn_choice *wide, *narrow;
    int over = 0;

    CHECK_LOSS("a workspace larger than was allowed");
    CHECK_OK(choose(&wide, problem, CUDNN_WORKSPACE_CAP, 0));
    const char *failed = choose(&narrow, problem, 0, 1); /* plans without any workspace */
    for (int i = 0; i < narrow->count; i++)
        over += narrow->item[i].plan && narrow->item[i].workspace > 0;
    CHECK(over == 0);
    CHECK(narrow->count == wide->count && narrow->permitted < wide->permitted);
    if (failed) CHECK_FAILS(failed, "workspace");
    give_back(narrow);
    give_back(wide);
}

static void test_texts(void)
{
    static struct cudnn_choice c = {.count = 41, .permitted = 9, .untried = 3};
    struct cudnn_candidate item = {.notes = 1u << CUDNN_NUMERICAL_NOTE_TENSOR_CORE};
    struct plan plan;

    CHECK_LOSS("algo does not say what ran and out of how many");
    strcpy(item.tag, "eng62_k2=5");
    cudnn_algo_text(&c, &item, plan.algo, sizeof plan.algo);
    CHECK_STR(plan.algo, "eng62_k2=5 tc 9/41 untried 3");
    memset(item.tag, '5', sizeof item.tag - 1);
    item.tag[sizeof item.tag - 1] = 0;
    cudnn_algo_text(&c, &item, plan.algo, sizeof plan.algo);
    CHECK(strlen(plan.algo) == sizeof plan.algo - 1);
    CHECK(strstr(plan.algo, "5.. tc 9/41 untried 3") != NULL);
    c.untried = 0, item.notes = 1u << CUDNN_NUMERICAL_NOTE_FFT;
    cudnn_algo_text(&c, &item, plan.algo, sizeof plan.algo);
    CHECK(strstr(plan.algo, "5.. fft 9/41") != NULL && !strstr(plan.algo, "untried"));

    CHECK_LOSS("a right FFT or Winograd result is called wrong, a wrong direct one right");
    CHECK_NEAR(cudnn_slack(1u << CUDNN_NUMERICAL_NOTE_FFT), 8, 0);
    CHECK_NEAR(cudnn_slack(1u << CUDNN_NUMERICAL_NOTE_WINOGRAD), 8, 0);
    CHECK_NEAR(cudnn_slack(1u << CUDNN_NUMERICAL_NOTE_TENSOR_CORE), 1, 0);
}

int main(void)
{
    size_t length;
    char *json = scratch_read("tests/data/cudnn_device_h100.json", &length);

    if (!json) {
        printf("tests/data/cudnn_device_h100.json is not there: start the test in the root\n");
        return 1;
    }
    test_texts();
    while (length && isspace((unsigned char)json[length - 1])) length--;
    const char *failed = cudnn_target_described(&target, json, length);
    free(json);
    if (failed) {
        printf("skipped: this cuDNN (%zu) cannot plan for a described device: %s\n",
               cudnnGetVersion(), failed);
        return check_failed ? 1 : 77;
    }
    test_quick_problems();
    test_other_shapes();
    test_cap();
    cudnn_drop(&target.device);
    return check_done();
}
