/* test_repeats.c: outcomes of several processes become one. A user would lose an interval that
 * means something between runs, or a failure that happened in one of the processes only. */
#include "check.h"
#include "measure/repeats.h"

enum { REPEATS = 6, IMPLS = 2, ROUNDS = 9, LOG = REPEATS * IMPLS * (ROUNDS + 1) };
static struct outcome of[REPEATS * IMPLS], out[IMPLS];
static struct logged logged[LOG];
static struct sample_log log_of = {logged, 0, LOG};
static const int cell = HOT; /* any */

/* What impl 0 takes in a round of a repeat: 100, 104, 101, 105, 102, 106 in the middle of 9 rounds
 * that are 1 % apart. Impl 1 takes twice that. */
static double time_of(int repeat, int impl, int round)
{
    static const double level[REPEATS] = {100, 104, 101, 105, 102, 106};

    return (1 + impl) * level[repeat] * (1 + 0.01 * (round - ROUNDS / 2));
}

static void play(void)
{
    log_of.count = 0;
    for (int q = 0; q < REPEATS; q++)
        for (int i = 0; i < IMPLS; i++) {
            double x[ROUNDS];
            for (int k = 0; k <= ROUNDS; k++) { /* the last one as a guest */
                const double us = k < ROUNDS ? time_of(q, i, k) : 1;
                logged[log_of.count++] = (struct logged){
                    .impl = i,
                    .cell = cell,
                    .repeat = q + 1,
                    .own = k < ROUNDS,
                    .sample = {.round = k + 1, .us = us, .sm_mhz = i ? NAN : 1700 + q}};
                if (k < ROUNDS) x[k] = us;
            }
            struct outcome *o = &of[q * IMPLS + i];
            *o = (struct outcome){.exact_ok = 1,
                                  .checked = 1,
                                  .agreement = {.max_frac = 0.1},
                                  .first_call_ms = 7 + q};
            o->cell[cell] = (struct cell){.planned = 1,
                                          .stats = stats_of(x, ROUNDS),
                                          .stolen_pct = q ? NAN : 4,
                                          .energy = {{.call_us = q ? 0 : 5}},
                                          .restless = 1,
                                          .exposed = q};
        }
}

static void end(int repeat, int impl, enum status status, const char *reason)
{
    struct outcome *o = &of[repeat * IMPLS + impl];

    o->status = o->cell[cell].status = status;
    snprintf(o->reason, sizeof o->reason, "%s", reason);
    snprintf(o->cell[cell].reason, sizeof o->reason, "%s", reason);
}

static void golden_values(void)
{
    CHECK_LOSS("the time of an impl, and how sure it is from one process to the next");
    play();
    of[4 * IMPLS].agreement.max_frac = 0.5;
    repeats_merge(of, REPEATS, IMPLS, &log_of, out);
    const struct stats *s = &out[0].cell[cell].stats;
    CHECK(s->n == 54);
    CHECK_NEAR(s->median, 103, 1e-9); /* of 100 101 102 104 105 106 */
    CHECK_NEAR(s->ci_lo, 100, 1e-9);
    CHECK_NEAR(s->ci_hi, 106, 1e-9);
    CHECK_NEAR(s->ci_pct, 300 / 103.0, 1e-9);
    CHECK_NEAR(s->min, 96, 1e-9);
    CHECK_NEAR(s->mad, 0.02 * 103, 1e-9);
    CHECK_NEAR(s->drift_pct, 8, 1e-9);
    CHECK_NEAR(s->iqr_pct, 4, 1e-9);
    CHECK(s->p05 > 96 && s->p05 < 99 && s->p95 > 107 && s->p95 < 110.24);
    CHECK_NEAR(out[1].cell[cell].stats.median, 206, 1e-9);
    CHECK(out[0].status == STATUS_OK && out[0].cell[cell].status == STATUS_OK);
    CHECK(out[0].cell[cell].stolen_pct == 4 && out[0].cell[cell].restless == 6);
    CHECK(out[0].cell[cell].exposed == 15 && out[0].cell[cell].energy[0].call_us == 5);
    CHECK_NEAR(out[0].cell[cell].clock.mean_mhz, 1702.5, 1e-9);
    CHECK_NEAR(out[0].cell[cell].clock.spread_pct, 500 / 1702.5, 1e-9);
    CHECK(isnan(out[1].cell[cell].clock.mean_mhz));
    CHECK(out[0].first_call_ms == 7 && out[0].agreement.max_frac == 0.5);

    CHECK_LOSS("the interval, claimed of processes too few to have one");
    repeats_merge(of, 5, IMPLS, &log_of, out);
    CHECK(isnan(out[0].cell[cell].stats.ci_lo) && isnan(out[0].cell[cell].stats.ci_pct));
    CHECK_NEAR(out[0].cell[cell].stats.median, 102, 1e-9);
    repeats_merge(of, 1, IMPLS, &log_of, out);
    CHECK(out[0].cell[cell].stats.n == ROUNDS && !isnan(out[0].cell[cell].stats.ci_lo));
}

static void failures(void)
{
    CHECK_LOSS("the failure of an impl in one process of six");
    play();
    end(3, 0, STATUS_WRONG, "first");
    of[3 * IMPLS].cell[cell].stats.median = NAN;
    end(4, 0, STATUS_FAILED, "second");
    repeats_merge(of, REPEATS, IMPLS, &log_of, out);
    CHECK(out[0].status == STATUS_WRONG && out[0].cell[cell].status == STATUS_WRONG);
    CHECK_STR(out[0].reason, "first");
    CHECK_STR(out[0].cell[cell].reason, "first");
    CHECK(out[1].status == STATUS_OK && out[1].cell[cell].stats.n == 54);

    CHECK_LOSS("the reason why one cell of an impl that is well has no time");
    play();
    of[2 * IMPLS].cell[cell].status = STATUS_SKIPPED;
    strcpy(of[2 * IMPLS].cell[cell].reason, "too long");
    repeats_merge(of, REPEATS, IMPLS, &log_of, out);
    CHECK(out[0].status == STATUS_OK && out[0].cell[cell].status == STATUS_SKIPPED);
    CHECK_STR(out[0].cell[cell].reason, "too long");
}

int main(void)
{
    golden_values();
    failures();
    return check_done();
}
