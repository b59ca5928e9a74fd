/* test_schedule.c: the price of a run, and until when its problems may make extra rounds. */
#include "check.h"
#include "cmd/schedule.h"

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
    problems_free(&problems);
    return check_done();
}
