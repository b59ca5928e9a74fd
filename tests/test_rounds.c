/* test_rounds.c: order, length and company of the rounds, with a timer that drifts, jitters, fails
 * and takes notes. */
#include "check.h"
#include "data/generate.h"
#include "measure/rounds.h"

enum { MOST = 24 };
static const struct impl library = {.name = "library", .tier = LIBRARY},
                         hand = {.name = "hand", .tier = TUNED};

static double clock_now, true_us[MOST];
static double drift, noise; /* slow-down over 3 s of blocks; standard deviation, both relative */
static char sequence[4096];
static double span_us;        /* of a block; 0: it is nothing but its calls */
static int fail_who, fail_at; /* block number of which entry fails; 0: none */
static int blocks_of[MOST];
static uint64_t dice;

/* Sum of 12 uniform numbers: near enough to normal, with variance 1. */
static double normal(void)
{
    double sum = -6;

    for (int i = 0; i < 12; i++) sum += (double)(generate_bits(7, 0, 0, dice++) >> 11) * 0x1p-53;
    return sum;
}

static double fake_now(void) { return clock_now; }

static const char *fake_block(struct timed *t, double warm_us, double block_us, struct block *b)
{
    const int who = (int)(long)t->state;
    const size_t len = strlen(sequence);

    if (len + 1 < sizeof sequence) sequence[len] = (char)('A' + who), sequence[len + 1] = '\0';
    if (++blocks_of[who] == fail_at && who == fail_who) return "fake: out of order";
    *b = (struct block){.calls = (long)ceil(block_us / true_us[who]),
                        .span_us = span_us,
                        .sm_mhz = who == 2 ? NAN : 1500 + 10 * (blocks_of[who] % 2)};
    clock_now += warm_us + (double)b->calls * true_us[who];
    b->us = true_us[who] * (1 + drift * (1 - exp(-clock_now / 3e6))) * (1 + noise * normal());
    b->ticks = 10, b->stolen = who == 1;
    return NULL;
}

static const struct timer fake = {.name = "fake", .now_us = fake_now, .block = fake_block};
static struct entry entries[MOST];

/* n entries whose calls take us[i], or 100 us each; number `library_at` is a library call. */
static void start(int n, const double *us, int library_at)
{
    for (int i = 0; i < MOST; i++) rounds_free(&entries[i]);
    memset(entries, 0, sizeof entries);
    memset(blocks_of, 0, sizeof blocks_of);
    sequence[0] = '\0';
    clock_now = drift = noise = span_us = 0;
    fail_at = 0;
    for (int i = 0; i < n; i++) {
        entries[i].timed.state = (void *)(long)i;
        entries[i].timed.impl = i == library_at ? &library : &hand;
        entries[i].timed.call_us = true_us[i] = us ? us[i] : 100;
    }
}

static struct rounds_plan plan_of(int rounds, int most)
{
    return (struct rounds_plan){.warm_us = 10e3,
                                .block_us = 10e3,
                                .rounds = rounds,
                                .most_rounds = most,
                                .slow_us = 250e3,
                                .slow_total_us = 2e6,
                                .seed = 5};
}

/* A device that slows down by 15 % over 3 s of blocks: two equal kernels must come out equal. */
static void equal_stay_equal(void)
{
    struct rounds_plan plan = plan_of(20, 0);

    CHECK_LOSS("fairness: whoever is timed later meets a slower clock");
    plan.block_us = 40e3;
    start(2, NULL, 0);
    drift = 0.15;
    rounds_run(&fake, entries, 2, &plan);
    CHECK(entries[0].done == 20 && entries[1].done == 20 && entries[0].own == 20);
    CHECK_NEAR(rounds_stats(&entries[0]).median / rounds_stats(&entries[1]).median, 1, 0.003);
    for (int i = 0; i < 40; i += 4) /* each order is followed by its reverse */
        CHECK(sequence[i] == sequence[i + 3] && sequence[i + 1] == sequence[i + 2] &&
              sequence[i] != sequence[i + 1]);
    CHECK_LOSS("the sums that the flag BUSY is made from");
    CHECK(entries[0].ticks == 200 && entries[0].stolen == 0 && entries[1].stolen == 20);
}

/* Every round has each place once, the next one has them reversed, and they are not always the
 * same. */
static void order_is_random_then_reversed(void)
{
    const struct rounds_plan plan = plan_of(8, 8);
    int changes = 0;

    CHECK_LOSS("the balance of neighbours: who follows whom");
    start(5, NULL, -1);
    rounds_run(&fake, entries, 5, &plan);
    for (int round = 0; round < 8; round++) {
        int places = 0;
        for (int i = 0; i < 5; i++) {
            const struct sample *s = &entries[i].sample[round];
            CHECK(s->round == round + 1 && s->calls == 100 && s->us == 100);
            places |= 1 << s->pos;
            if (round % 2) CHECK(s->pos == 6 - s[-1].pos);
            if (round >= 2) changes += s->pos != s[-2].pos;
        }
        CHECK(places == 0x3e);
    }
    CHECK(changes > 10);
}

static void failures_stay_alone(void)
{
    const struct rounds_plan plan = plan_of(6, 30);

    CHECK_LOSS("all other impls of a problem when one fails");
    start(3, NULL, 0);
    fail_who = 1, fail_at = 3;
    rounds_run(&fake, entries, 3, &plan);
    CHECK(entries[0].done == 6 && entries[2].done == 6 && !entries[0].dead);
    CHECK(entries[1].dead && entries[1].done == 2);
    CHECK_STR(entries[1].why, "fake: out of order");

    start(3, (double[]){100, 900, 5000}, 0); /* the base dies as a guest */
    fail_who = 0, fail_at = 8;
    rounds_run(&fake, entries, 3, &plan);
    CHECK(entries[0].dead && entries[0].done == 7 && entries[1].done == 6 && entries[2].done == 6);
    start(2, NULL, 0);
    entries[0].dead = entries[1].dead = 1;
    rounds_run(&fake, entries, 2, &plan);
    CHECK(!*sequence);
}

static void slow_calls_get_few(void)
{
    struct rounds_plan plan = plan_of(10, 30);

    CHECK_LOSS("the time budget");
    plan.block_us = plan.warm_us = 20e3;
    CHECK(rounds_wanted(&plan, 100) == 10);
    CHECK(rounds_wanted(&plan, 300e3) == 6);
    CHECK(rounds_wanted(&plan, 5e6) == 3);
    CHECK_NEAR(rounds_price_us(&plan, 100), 400e3, 1);
    CHECK_NEAR(rounds_price_us(&plan, 1e6), 3e6, 1);

    start(3, (double[]){100, 300e3, 900e3}, 0);
    noise = 0.05; /* slow cells stay at their few rounds however wide they are, and so does the base
                     that only stays for them */
    rounds_run(&fake, entries, 3, &plan);
    CHECK(entries[0].own == 30 && entries[0].done == 36 && entries[1].done == 6 &&
          entries[2].done == 3);
    start(2, (double[]){300e3, 900e3}, 0);
    rounds_run(&fake, entries, 2, &plan);
    CHECK(entries[0].done == 6 && entries[1].done == 3);
}

/* Rounds go on while an interval is wide, two at a time, and not beyond the most. */
static void stop_on_width(void)
{
    static const struct {
        double noise;
        int least, most;
    } cases[] = {{0, 10, 10}, {0.002, 10, 12}, {0.007, 12, 30}, {0.05, 30, 30}};
    const struct rounds_plan plan = plan_of(10, 30), fixed = plan_of(7, 7);

    CHECK_LOSS("intervals as narrow as the preset promises, for a price that is known");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start(3, NULL, 0);
        noise = cases[i].noise;
        rounds_run(&fake, entries, 3, &plan);
        const int n = entries[0].done;
        CHECK(n >= cases[i].least && n <= cases[i].most && n % 2 == 0);
        for (int k = 0; k < 3; k++) {
            CHECK(entries[k].done == n); /* whole rounds: ratios stay paired */
            CHECK(n == 30 || rounds_stats(&entries[k]).ci_pct <= STATS_CI_GOAL_PCT);
        }
    }
    start(2, NULL, 0);
    noise = 0.05;
    rounds_run(&fake, entries, 2, &fixed); /* as asked for by --rounds */
    CHECK(entries[0].done == 7);
}

/* Looking every second round and stopping on width must not make the interval a lie. */
static void coverage_under_the_rule(void)
{
    static const double noises[] = {0.003, 0.005, 0.007, 0.01};
    const struct rounds_plan plan = plan_of(10, 30);

    CHECK_LOSS("the 95 % of the 95 % interval");
    for (size_t i = 0; i < sizeof noises / sizeof noises[0]; i++) {
        int inside = 0, trials = 1500;
        for (int t = 0; t < trials; t++) {
            start(1, NULL, 0);
            noise = noises[i];
            rounds_run(&fake, entries, 1, &plan);
            const struct stats s = rounds_stats(&entries[0]);
            inside += s.ci_lo <= 100 && 100 <= s.ci_hi;
        }
        CHECK(inside > 0.93 * trials);
        if (inside <= 0.93 * trials) printf("    %d of %d\n", inside, trials);
    }
}

static void budget(void)
{
    struct rounds_plan plan = plan_of(10, 30); /* a round of two: 40 ms */

    CHECK_LOSS("the time budget of a run");
    start(2, NULL, 0);
    noise = 0.05;
    plan.deadline_us = 1; /* long over: what every cell gets is not touched */
    rounds_run(&fake, entries, 2, &plan);
    CHECK(entries[0].done == 10);
    start(2, NULL, 0);
    noise = 0.05;
    plan.deadline_us = 630e3; /* 15 rounds and a half: two more than 14 would not end in time */
    rounds_run(&fake, entries, 2, &plan);
    CHECK(entries[0].done == 14 && clock_now <= plan.deadline_us);
}

/* The ratio to the base is made from rounds that both were in, also for the slow ones. */
static void slow_ones_meet_the_base(void)
{
    const struct rounds_plan plan = plan_of(10, 10);
    int common = 0;

    CHECK_LOSS("the paired ratio of slow kernels");
    start(3, (double[]){100, 130, 2000}, 0);
    rounds_run(&fake, entries, 3, &plan);
    CHECK(entries[0].own == 10 && entries[0].done == 20 && entries[1].done == 10);
    CHECK(rounds_stats(&entries[0]).n == 10); /* its time comes from where it is at home */
    for (int i = 0; i < 20; i++)
        for (int k = 0; k < entries[2].done; k++)
            common += entries[0].sample[i].round == entries[2].sample[k].round;
    CHECK(common == 10 && entries[2].own == 10 && entries[2].sample[0].round == 11);
    for (int i = 1; i < 20; i++)
        CHECK(entries[0].sample[i].round == entries[0].sample[i - 1].round + 1);
}

/* Each sample knows when it was and at which clock, and the cell their mean. */
static void samples_know_their_clock(void)
{
    const struct rounds_plan plan = plan_of(6, 6);

    CHECK_LOSS("the clock behind a time: whether two times were made under equal conditions");
    start(3, (double[]){100, 900, 120}, 0);
    rounds_run(&fake, entries, 3, &plan);
    const struct sample *s = entries[0].sample;
    CHECK(s[0].sm_mhz == 1510 && s[1].sm_mhz == 1500 && isnan(entries[2].sample[0].sm_mhz));
    CHECK_NEAR(s[0].end_us - s[0].start_us, 10e3, 1e-6); /* 100 calls of 100 us */
    CHECK(entries[0].own == 6 && entries[0].done == 12);
    entries[0].sample[11].sm_mhz = 9999; /* as a guest of others */
    struct rounds_clock c = rounds_clock(&entries[0]);
    CHECK_NEAR(c.mean_mhz, 1505, 1e-9);
    CHECK_NEAR(c.spread_pct, 100 * 10 / 1505.0, 1e-9);
    entries[0].sample[0].sm_mhz = NAN; /* one that does not know is not counted */
    c = rounds_clock(&entries[0]);
    CHECK_NEAR(c.mean_mhz, 1504, 1e-9);
    c = rounds_clock(&entries[2]);
    CHECK(isnan(c.mean_mhz) && isnan(c.spread_pct));
    start(1, NULL, 0);
    span_us = 14e3; /* with gates between the calls */
    rounds_run(&fake, entries, 1, &plan);
    CHECK_NEAR(entries[0].sample[0].end_us - entries[0].sample[0].start_us, 14e3, 1e-6);
}

int main(void)
{
    equal_stay_equal();
    order_is_random_then_reversed();
    failures_stay_alone();
    slow_calls_get_few();
    stop_on_width();
    coverage_under_the_rule();
    budget();
    slow_ones_meet_the_base();
    samples_know_their_clock();
    start(0, NULL, 0);
    return check_done();
}
