/* price.c: see price.h. */
#include "cmd/price.h"
#include <math.h>
#include "measure/energy.h"
#include "measure/speed_class.h"

/* Estimates, read off runs on two cores of an EPYC 9004 and on an H100. Work a second of one thread
 * or one multiprocessor: FLOP, and bytes of an op that has none. */
static const double FLOP_RATE[][3] = {
    [HOST] = {[NAIVE] = 0.9e9, [TUNED] = 60e9, [LIBRARY] = 80e9},
    [DEVICE] = {[NAIVE] = 4e9, [TUNED] = 200e9, [LIBRARY] = 350e9}};
static const double BYTE_RATE[][3] = {[HOST] = {[NAIVE] = 1.5e9, [TUNED] = 8e9, [LIBRARY] = 8e9},
                                      [DEVICE] = {[NAIVE] = 5e9, [TUNED] = 15e9, [LIBRARY] = 15e9}};

/* Per place, for one thread or one multiprocessor where marked so. */
static const struct rates {
    double start_us;    /* a process, with its context and libraries */
    double open_us;     /* of each impl: plans, modules, the first call */
    double element_us;  /* an input element is drawn, and hashed now and then; one of them */
    double touch_us;    /* a byte is allocated and made 0xFF */
    double product_us;  /* of the float64 oracle; one of them */
    double output_us;   /* an output is compared; one of them */
    double block_us;    /* around a block: quiet is waited for, graphs are launched */
    double isolated_us; /* around an isolated call: its gate */
} RATES[] = {[HOST] = {.start_us = 0.15e6,
                       .open_us = 1e3,
                       .element_us = 0.02,
                       .touch_us = 1.2e-3,
                       .product_us = 1.6e-3,
                       .output_us = 0.02,
                       .block_us = 3e3},
             [DEVICE] = {.start_us = 1.5e6,
                         .open_us = 80e3,
                         .element_us = 1e-3,
                         .touch_us = 1e-6,
                         .product_us = 5e-6,
                         .output_us = 1e-3,
                         .block_us = 2e3,
                         .isolated_us = 150}};

static double units_of(enum place place, const struct device *d)
{
    const int n = place == HOST ? d->threads : d->sms;

    return n > 0 ? n : 1;
}

double price_call_us(const struct problem *p, const struct impl *i, const struct device *d)
{
    const double flops = p->op->flops(p), units = units_of(i->place, d),
                 half = p->precision == F64 && i->tier != NAIVE ? 2 : 1;

    return flops > 0 ? 1e6 * half * flops / (units * FLOP_RATE[i->place][i->tier])
                     : 1e6 * p->op->bytes(p) / (units * BYTE_RATE[i->place][i->tier]);
}

/* ---- operands and judges ---- */

struct work {
    double elements, outputs, bytes; /* of one set */
    double judged, products;         /* outputs that are judged; what the oracle does for them */
    double judged_again, products_again; /* the same after a cell was timed */
    double sets;
};

/* Outputs that a judge of this budget looks at: all, or about those of judge.c. */
static double judged(const struct tensor *out, double work, double budget)
{
    const double rows = (double)out->rows, cols = (double)out->cols, all = rows * cols;

    if (all * work <= budget) return all;
    return fmin(all, out->rows == 1 ? all / 1024 + 16384 : all / 1024 + 2 * (rows + cols) + 1024);
}

static int sets_of(int cell, double cold)
{
    return cell_cache(cell) == HOT ? 1 : cell_timing(cell) == BATCH ? (int)fmin(cold, 1e6) : 2;
}

static int can_be(int cell, double cold) { return sets_of(cell, cold) <= MAX_SETS; }

static struct work work_of(const struct price_plan *plan, const struct problem *p, double cold)
{
    struct tensor in[MAX_INPUTS], out;
    const int inputs = p->op->tensors(p, in, &out);
    const double each = p->op->work(p);
    struct work w = {
        .outputs = (double)out.rows * (double)out.cols, .bytes = sets_bytes(p), .sets = 1};

    for (int i = 0; i < inputs; i++) w.elements += (double)in[i].rows * (double)in[i].cols;
    if (p->op->reads_out && p->op->reads_out(p)) w.elements += w.outputs;
    w.judged = judged(&out, each, plan->judge_budget);
    w.judged_again = judged(&out, each, plan->judge_budget / 8);
    w.products = w.judged * each;
    w.products_again = w.judged_again * each;
    for (int k = 0; k < CELLS; k++)
        if (plan->wanted[k] && can_be(k, cold)) w.sets = fmax(w.sets, sets_of(k, cold));
    return w;
}

/* ---- rounds ---- */

/* The rounds of one cell of one impl, with what opens and closes it. */
static double rounds_us(const struct price_plan *plan, int cell, double call_us)
{
    const struct rates *r = &RATES[plan->place];
    struct rounds_plan rounds = plan->rounds;

    if (plan->extra && call_us <= rounds.slow_us && rounds.most_rounds > rounds.rounds)
        rounds.rounds = rounds.most_rounds;
    const int blocks = rounds_wanted(&rounds, call_us);
    double us = rounds_price_us(&rounds, call_us) + blocks * r->block_us;
    if (cell_timing(cell) == ISOLATED) us += 50 * blocks * (call_us + r->isolated_us);
    return us + 3 * call_us; /* trials, and the check after timing */
}

/* Turns of the base as a guest: one in every group beyond the first (speed_class.h). */
static int guest_turns(const double *call_us, const struct impl *const *impls, int n)
{
    int base = 0, fast = 0, slow = 0;

    for (int i = 1; i < n; i++) {
        const int better = impls[i]->tier == LIBRARY && impls[base]->tier != LIBRARY,
                  worse = impls[i]->tier != LIBRARY && impls[base]->tier == LIBRARY;
        if (better || (!worse && call_us[i] < call_us[base])) base = i;
    }
    for (int i = 0; i < n; i++)
        if (i != base) *(call_us[i] > CLASS_FACTOR * call_us[base] ? &slow : &fast) += 1;
    const int groups =
        (fast + CLASS_MAX - 2) / (CLASS_MAX - 1) + (slow + CLASS_MAX - 2) / (CLASS_MAX - 1);
    return groups > 1 ? groups - 1 : 0;
}

double price_contest_us(const struct price_plan *plan, const struct problem *p,
                        const struct impl *const *impls, int n)
{
    const struct rates *r = &RATES[plan->place];
    const double units = units_of(plan->place, plan->device),
                 cold = contest_cold_sets(p, plan->place, plan->device);
    const struct work w = work_of(plan, p, cold);
    double call_us[ENTRIES_MAX], fastest = INFINITY, us = 0;

    if (n > ENTRIES_MAX) n = ENTRIES_MAX;
    if (!n) return 0;
    for (int i = 0; i < n; i++) {
        call_us[i] = price_call_us(p, impls[i], plan->device);
        fastest = fmin(fastest, call_us[i]);
    }
    us += (w.sets + 1) * (w.bytes * r->touch_us + w.elements * r->element_us / units);
    us += 2 * w.products * r->product_us / units; /* exact and real */
    for (int i = 0; i < n; i++)
        us += r->open_us + 2 * (call_us[i] + w.judged * r->output_us / units);
    for (int k = 0; k < CELLS; k++) {
        if (!plan->wanted[k] || !can_be(k, cold)) continue;
        us += w.products_again * r->product_us / units;
        us += guest_turns(call_us, impls, n) * rounds_us(plan, k, fastest);
        for (int i = 0; i < n; i++)
            us += rounds_us(plan, k, call_us[i]) + w.judged_again * r->output_us / units;
    }
    if (plan->repeats > 1) us = plan->repeats * (us + r->start_us);
    if (plan->energy_s > 0 && plan->wanted[cell_of(BATCH, COLD)] &&
        can_be(cell_of(BATCH, COLD), cold))
        us += n * energy_price_us(plan->energy_s);
    return us;
}
