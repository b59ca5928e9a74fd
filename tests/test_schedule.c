/* test_schedule.c: the price of a run, and until when its problems may make extra rounds. */
#include "check.h"
#include "cmd/schedule.h"
#include "ops/problem.h"

static const struct options options = {.place = "host", .cache = "cold", .seed = 3};
static struct machine machine;
static struct problems problems;

static void parts_of_the_budget(const struct run_facts *f)
{
    struct schedule s = schedule_start(f, 100);
    double total = 0, last = s.start_us;

    CHECK_LOSS("the last problems of a list, when the first ones use up the time");
    for (int i = 0; i < problems.count; i++) total += schedule_price_us(f, &problems.at[i], HOST);
    CHECK(total > 0);
    CHECK_NEAR(s.price_us, total, 1e-6 * total);
    for (int i = 0; i < problems.count; i++) {
        const double part = schedule_price_us(f, &problems.at[i], HOST) / total,
                     end = schedule_next(&s, f, &problems.at[i], HOST);
        CHECK_NEAR(end - last, 100e6 * part, 1);
        last = end;
        CHECK(schedule_next(&s, f, &problems.at[i], DEVICE) == end); /* nothing planned there */
    }
    CHECK_NEAR(last, s.start_us + 100e6, 1);
    s = schedule_start(f, 0);
    CHECK(schedule_next(&s, f, &problems.at[0], HOST) == 0);
}

static void presets_and_options(struct run_facts *f)
{
    struct options given = options;
    int wanted[CELLS];

    CHECK_LOSS("the rounds that a preset promises, or that somebody asked for");
    struct rounds_plan plan = schedule_rounds(f, HOST);
    CHECK(plan.rounds == 10 && plan.most_rounds == 30 && plan.seed == 3);
    plan = schedule_rounds(f, DEVICE);
    CHECK(plan.rounds == 10 && plan.most_rounds == 30 && plan.warm_us > 0);
    const double price = schedule_price_us(f, &problems.at[0], HOST);
    given.repeats = 3;
    f->options = &given;
    CHECK_NEAR(schedule_price_us(f, &problems.at[0], HOST), 3 * price, 1e-6 * price);
    given.repeats = 0;
    given.preset = "publish";
    CHECK(select_repeats(&given) == 6 && select_repeats(&options) == 1);
    f->preset = preset_find("quick");
    plan = schedule_rounds(f, DEVICE);
    CHECK(plan.rounds == 6 && plan.most_rounds == 6);
    given.rounds = 7;
    given.cache = "hot";
    f->options = &given;
    plan = schedule_rounds(f, HOST);
    CHECK(plan.rounds == 7 && plan.most_rounds == 7);
    schedule_wanted(f, &problems.at[0], HOST, wanted);
    CHECK(!wanted[COLD] && wanted[HOT]);
}

/* Which ways of timing a problem gets; 50 MB of L2 make cold batches of tiny problems impossible.
 */
static void timings(struct run_facts *f)
{
    struct options given = {.cache = "cold"};
    struct machine gpu = {.device = {.present = 1, .l2_bytes = (size_t)50 << 20}};
    struct problem tiny, large;
    int wanted[CELLS];

    CHECK_LOSS("the timings that were asked for, and a cold time of tiny problems");
    CHECK_OK(problem_parse(&tiny, "gemm f32 nn 64x64x64"));
    CHECK_OK(problem_parse(&large, "gemm f32 nn 1024x1024x1024"));
    f->options = &given;
    f->machine = &gpu;
    f->preset = preset_find("standard");
#define WANTED(problem, place, batch_cold, batch_hot, isolated_cold, isolated_hot)                 \
    do {                                                                                           \
        schedule_wanted(f, problem, place, wanted);                                                \
        CHECK(wanted[cell_of(BATCH, COLD)] == batch_cold);                                         \
        CHECK(wanted[cell_of(BATCH, HOT)] == batch_hot);                                           \
        CHECK(wanted[cell_of(ISOLATED, COLD)] == isolated_cold);                                   \
        CHECK(wanted[cell_of(ISOLATED, HOT)] == isolated_hot);                                     \
    } while (0)
    WANTED(&tiny, DEVICE, 1, 0, 1, 0); /* the batch row stays, and says why it is empty */
    WANTED(&large, DEVICE, 1, 0, 0, 0);
    WANTED(&tiny, HOST, 1, 0, 0, 0);
    f->preset = preset_find("quick");
    WANTED(&tiny, DEVICE, 1, 0, 0, 0);
    given.timing = "batch";
    f->preset = preset_find("standard");
    WANTED(&tiny, DEVICE, 1, 0, 0, 0);
    given.timing = "isolated";
    WANTED(&tiny, DEVICE, 0, 0, 1, 0);
    WANTED(&large, HOST, 1, 0, 0, 0); /* the host has one way only */
    given.timing = "batch,isolated";
    given.cache = "cold,hot";
    WANTED(&large, DEVICE, 1, 1, 1, 1);
    given.timing = NULL;
    given.cache = "hot";
    WANTED(&tiny, DEVICE, 0, 1, 0, 0);
}

int main(void)
{
    struct run_facts facts = {.options = &options,
                              .machine = &machine,
                              .problems = &problems,
                              .preset = preset_find("standard")};

    machine_look_host(&machine);
    CHECK_OK(problems_add(&problems, "gemm f32 nn 64x64x64", ""));
    CHECK_OK(problems_add(&problems, "pool2d f32 nchw max 1x4x8x8 2x2", ""));
    CHECK_OK(problems_add(&problems, "gemm f64 nt 96x64x64", ""));
    parts_of_the_budget(&facts);
    presets_and_options(&facts);
    timings(&facts);
    problems_free(&problems);
    return check_done();
}
