/* test_schedule.c: the price of a run, and until when its problems may make extra rounds. */
#include "check.h"
#include "cmd/price.h"
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
    const double thrice = schedule_price_us(f, &problems.at[0], HOST); /* and three processes */
    CHECK(thrice > 3 * price && thrice < 3 * price + 3e6);
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

/* Where the time of a run goes besides the rounds: in calls that are long, in judges, in energy. */
static void honest_price(void)
{
    const struct device two = {.threads = 2, .llc_bytes = 32 << 20},
                        gpu = {.present = 1, .sms = 132, .l2_bytes = 50 << 20};
    struct price_plan plan = {.place = HOST,
                              .device = &two,
                              .wanted = {1},
                              .rounds = preset_find("publish")->host,
                              .repeats = 6,
                              .judge_budget = 1e6};
    struct impl naive = {.tier = NAIVE, .place = HOST}, library = {.tier = LIBRARY, .place = HOST};
    const struct impl *const impls[] = {&library, &naive};
    struct problem p;

    CHECK_LOSS("the minutes in which a naive loop runs, announced as seconds");
    CHECK_OK(problem_parse(&p, "gemm f32 nn 2048x2048x2048"));
    plan.rounds.slow_us = 1e6; /* the library is quick */
    const double call = price_call_us(&p, &naive, &two);
    CHECK(call > 4e6 && call < 20e6);
    CHECK(price_contest_us(&plan, &p, impls, 0) == 0);
    const double quick = price_contest_us(&plan, &p, impls, 1),
                 both = price_contest_us(&plan, &p, impls, 2);
    CHECK_NEAR(both - quick, 6 * 8 * call, 0.1 * (both - quick)); /* 2 checks, 3 rounds, 3 more */
    plan.judge_budget = 1e12;
    const double judged = price_contest_us(&plan, &p, impls, 1);
    CHECK(judged - quick > 6 * 2 * 8.6e9 / 2 / 5e3); /* at most 5 products a ns and core */
    plan.rounds.most_rounds = 4 * plan.rounds.rounds;
    plan.extra = 1;
    CHECK(price_contest_us(&plan, &p, impls, 1) - judged >
          6 * 3 * plan.rounds.rounds * plan.rounds.block_us);
    naive.place = library.place = plan.place = DEVICE;
    plan.device = &gpu;
    plan.extra = 0;
    const double without = price_contest_us(&plan, &p, impls, 2);
    plan.energy_s = 6;
    CHECK_NEAR(price_contest_us(&plan, &p, impls, 2) - without, 2 * 8e6, 1);
}

/* All impls of a place, also those that this build lacks. */
static double list_price_s(const char *name, const struct device *d, enum place place)
{
    const struct preset *preset = preset_find(name);
    static const struct options all;
    struct machine m = {.device = *d};
    struct problems list = {0};
    struct run_facts f = {.options = &all, .machine = &m, .preset = preset, .problems = &list};
    const double limit_s = preset->limit_s;
    double us = 0;

    CHECK_OK(problems_add_list(&list, name));
    for (int i = 0; i < list.count; i++) {
        struct price_plan plan = {.place = place,
                                  .device = d,
                                  .rounds = schedule_rounds(&f, place),
                                  .repeats = preset->repeats,
                                  .energy_s = schedule_energy_s(&f, place),
                                  .judge_budget = schedule_judge_budget(&f, place)};
        const struct impl *impls[MOST_IMPLS];
        int n = 0;
        for (const struct impl *const *impl = list.at[i].op->impls; *impl; impl++) {
            if ((*impl)->place != place) continue;
            if ((*impl)->run && contest_cannot_run(&list.at[i], &m, limit_s, *impl)) continue;
            impls[n++] = *impl;
        }
        schedule_wanted(&f, &list.at[i], place, plan.wanted);
        us += price_contest_us(&plan, &list.at[i], impls, n);
    }
    problems_free(&list);
    return 1e-6 * us + (place == HOST ? preset->roof_host_s : preset->roof_device_s);
}

static int any_built(enum place place)
{
    for (const struct op *const *op = wheelbench_ops; *op; op++)
        for (const struct impl *const *impl = (*op)->impls; *impl; impl++)
            if ((*impl)->place == place && (*impl)->tier != LIBRARY && (*impl)->run) return 1;
    return 0;
}

static void budgets(void)
{
    const struct device two = {.threads = 2, .llc_bytes = 32 << 20},
                        h100 = {.present = 1,
                                .cc = 90,
                                .sms = 132,
                                .shared_max = 227 << 10,
                                .l2_bytes = 50 << 20,
                                .threads = 16,
                                .llc_bytes = 32 << 20};

    CHECK_LOSS("a `make bench` that is over when it was said to be");
    CHECK(list_price_s("quick", &two, HOST) < preset_find("quick")->budget_host_s);
    /* all of it; the budget ends it after 90 s and leaves out the tail */
    CHECK(list_price_s("standard", &two, HOST) < 150);
    CHECK(list_price_s("publish", &two, HOST) < 20 * 60);
    if (!any_built(DEVICE)) return; /* nobody knows which problems they would refuse */
    CHECK(list_price_s("quick", &h100, DEVICE) < preset_find("quick")->budget_device_s);
    const double host_s = list_price_s("standard", &h100, HOST),
                 device_s = list_price_s("standard", &h100, DEVICE);
    CHECK(host_s + device_s < 600);
    printf("standard on an H100: %.0f s on its host, %.0f s on the device\n", host_s, device_s);
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
    honest_price();
    budgets();
    problems_free(&problems);
    return check_done();
}
