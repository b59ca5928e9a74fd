/* selftest.c: wheelbench selftest: is the harness right, here and now? One line a proof; the last
 * says how many hold. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "cmd/commands.h"
#include "cmd/lock.h"
#include "cmd/options.h"
#include "cmd/record_roof.h"
#include "cmd/run.h"
#include "cmd/select.h"
#include "fail.h"
#include "measure/recorder.h"
#include "ops/problem.h"
#include "selftest/proof.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}
static int is_interrupted(void) { return interrupted; }

/* Where the time goes, part by part. */
struct clock {
    double start_us, last_us;
    char parts[256];
};

static void part(struct clock *c, const char *name)
{
    const double now = timer_now_us();
    const size_t used = strlen(c->parts);

    snprintf(c->parts + used, sizeof c->parts - used, "%s%s %.1f", used ? ", " : "", name,
             (now - c->last_us) * 1e-6);
    c->last_us = now;
}

/* NULL, or why no further proof is to be made. What one proof lacks is its own failure. */
static const char *prove_all(const struct options *o, enum place place, struct worker *w,
                             struct tally *t, struct clock *c)
{
    const struct floor_spec spec = record_roof_spec(worker_machine(w));
    const double used_ms = 1e-3 * preset_find("publish")->device.warm_us;
    const int quick = o->quick;

    TRY(tally_failure(t, "judges", prove_judges(t, w, place, quick)));
    part(c, "judges");
    TRY(tally_failure(t, "times", prove_times(t, w, place, quick)));
    part(c, "times");
    if (place == DEVICE) {
        TRY(tally_failure(t, "physics", prove_physics(t, w, &spec, quick)));
        part(c, "physics");
    }
    if (place == DEVICE && !quick) {
        TRY(tally_failure(t, "settle", prove_settle(t, w, used_ms)));
        part(c, "settle");
    }
    if (!quick) {
        TRY(tally_failure(t, "influence", prove_influence(t, w, place)));
        part(c, "influence");
    }
    TRY(tally_failure(t, "liars", prove_liars(t, w, place, quick)));
    part(c, "liars");
    return NULL;
}

/* Clocks and limits for the proofs, and the lock, whose name the driver knows. */
static const char *start_device(const struct options *o, const struct machine *m)
{
    recorder_start(m->bus_id, 1); /* 1: the worker's context */
    if (recorder_note()) fprintf(stderr, "wheelbench: %s\n", recorder_note());
    return lock_place(DEVICE, recorder_facts()->uuid_hash, o->wait);
}

/* All proofs of a place, in a worker of its own. An impl that hangs is given this long. */
static const char *prove(const struct options *o, enum place place, struct tally *t)
{
    const struct worker_plan plan = {.device = place == DEVICE ? o->device : -1,
                                     .threads = o->threads,
                                     .timeout_s = place == DEVICE ? 10 : 4,
                                     .cancelled = is_interrupted};
    struct clock clock = {.start_us = timer_now_us(), .last_us = timer_now_us()};
    struct worker *w;

    if (place == HOST) TRY(lock_place(HOST, 0, o->wait));
    TRY(worker_open(&w, &plan));
    const struct machine *m = worker_machine(w);
    const char *why = NULL;
    if (place == DEVICE && !m->device.present) {
        printf("device: %s\n", m->no_device);
        if (o->device_given) why = fail_text("--device %d: %s", o->device, m->no_device);
    } else {
        printf("%s: %s\n", place == DEVICE ? "device" : "host", place == DEVICE ? m->gpu : m->cpu);
        if (place == DEVICE) why = start_device(o, m);
        part(&clock, "start");
        if (!why) why = prove_all(o, place, w, t, &clock);
        if (!why)
            printf("%s: %.1f s: %s\n", place_name(place), (timer_now_us() - clock.start_us) * 1e-6,
                   clock.parts);
        recorder_stop();
    }
    worker_close(w);
    return why;
}

int cmd_selftest(int argc, char **argv)
{
    const double start_us = timer_now_us();
    struct tally t;
    struct options o;
    int status = options_read(&o, FOR_SELFTEST, argc, argv);

    if (status) return status - 1;
    run_settle_environment(argv - 1); /* as a run does: its name comes first */
    const char *why = select_check_words(&o);
    if (why) return run_complain(EXIT_USAGE, why);
    why = proofs_prepare();
    tally_start(&t);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    if (!why && options_holds(o.place, "host")) why = prove(&o, HOST, &t);
    if (!why && options_holds(o.place, "device")) why = prove(&o, DEVICE, &t);
    if (interrupted) return EXIT_INTERRUPTED;
    if (why) return run_complain(EXIT_ENVIRONMENT, why);
    t.facts.value[FACT_HELD] = t.held;
    why = o.facts ? facts_write(o.facts, &t.facts) : NULL;
    if (why) return run_complain(EXIT_ENVIRONMENT, why);
    for (int i = FACT_AA_HOST; i <= FACT_AA_DEVICE; i++)
        if (!isnan(t.facts.value[i])) printf("%s %.2f\n", fact_key((enum fact)i), t.facts.value[i]);
    printf("selftest: %d of %d proofs hold", t.held, t.held + t.failed + t.noisy);
    if (t.noisy) printf(", %d noisy", t.noisy);
    printf(" in %.1f s\n", (timer_now_us() - start_us) * 1e-6);
    return t.failed ? EXIT_ENVIRONMENT : EXIT_DONE;
}
