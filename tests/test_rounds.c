/* test_rounds.c: the order of the rounds, with a timer that drifts, fails and takes notes. */
#include "check.h"
#include "measure/rounds.h"

static double clock_now, true_us[4];
static char sequence[4096];
static int fail_at; /* block number of entry 1 that fails; 0: none */
static int blocks_of[4];

/* A device that slows down by 15 % over 3 s of blocks: two equal kernels must come out equal. */
static const char *fake_block(struct timed *t, double warm_us, double block_us, double *us)
{
    const int who = (int)(long)t->state;
    const size_t len = strlen(sequence);

    if (len + 1 < sizeof sequence) sequence[len] = (char)('A' + who), sequence[len + 1] = '\0';
    if (who == 1 && fail_at && ++blocks_of[1] == fail_at) return "fake: out of order";
    clock_now += warm_us + block_us;
    *us = true_us[who] * (1 + 0.15 * (1 - exp(-clock_now / 3e6)));
    return NULL;
}

static const struct timer fake = {.name = "fake", .block = fake_block};
static struct entry entries[4];

static void start(int n)
{
    memset(entries, 0, sizeof entries);
    memset(blocks_of, 0, sizeof blocks_of);
    sequence[0] = '\0';
    clock_now = 0;
    for (int i = 0; i < n; i++)
        entries[i].timed.state = (void *)(long)i, entries[i].timed.call_us = true_us[i] = 100;
}

static void equal_stay_equal(void)
{
    const struct rounds_plan plan = {.warm_us = 10e3,
                                     .block_us = 40e3,
                                     .rounds = 20,
                                     .slow_us = 250e3,
                                     .slow_total_us = 2e6,
                                     .seed = 5};

    CHECK_LOSS("fairness: whoever is timed later meets a slower clock");
    start(2);
    rounds_run(&fake, entries, 2, &plan);
    CHECK(entries[0].done == 20 && entries[1].done == 20);
    const double ratio =
        stats_of(entries[0].sample, 20).median / stats_of(entries[1].sample, 20).median;
    CHECK_NEAR(ratio, 1, 0.003);
    for (int i = 0; i < 40; i += 4) /* each order is followed by its reverse */
        CHECK(sequence[i] == sequence[i + 3] && sequence[i + 1] == sequence[i + 2] &&
              sequence[i] != sequence[i + 1]);
}

static void failures_stay_alone(void)
{
    const struct rounds_plan plan = {.block_us = 1e3, .rounds = 6, .slow_us = 250e3, .seed = 1};

    CHECK_LOSS("all other impls of a problem when one fails");
    start(3);
    fail_at = 3;
    rounds_run(&fake, entries, 3, &plan);
    fail_at = 0;
    CHECK(entries[0].done == 6 && entries[2].done == 6 && !entries[0].dead);
    CHECK(entries[1].dead && entries[1].done == 2);
    CHECK_STR(entries[1].why, "fake: out of order");
}

static void slow_calls_get_few(void)
{
    const struct rounds_plan plan = {
        .block_us = 20e3, .warm_us = 20e3, .rounds = 10, .slow_us = 250e3, .slow_total_us = 2e6};

    CHECK_LOSS("the time budget");
    CHECK(rounds_wanted(&plan, 100) == 10);
    CHECK(rounds_wanted(&plan, 300e3) == 6);
    CHECK(rounds_wanted(&plan, 5e6) == 3);
    CHECK_NEAR(rounds_price_us(&plan, 100), 400e3, 1);
    CHECK_NEAR(rounds_price_us(&plan, 1e6), 3e6, 1);
}

int main(void)
{
    equal_stay_equal();
    failures_stay_alone();
    slow_calls_get_few();
    return check_done();
}
