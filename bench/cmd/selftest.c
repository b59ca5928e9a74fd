/* selftest.c: wheelbench selftest: is the harness right, here and now? One line a proof; the last
 * says how many hold. */
#include <signal.h>
#include <stdio.h>
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/select.h"
#include "fail.h"
#include "selftest/proof.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}
static int is_interrupted(void) { return interrupted; }

static int complain(int status, const char *why)
{
    fprintf(stderr, "wheelbench: %s\n", why);
    return status;
}

/* All proofs of a place, in a worker of its own. An impl that hangs is given this long. */
static const char *prove(const struct options *o, enum place place, struct tally *t)
{
    const struct worker_plan plan = {.device = place == DEVICE ? o->device : -1,
                                     .threads = o->threads,
                                     .timeout_s = place == DEVICE ? 10 : 4,
                                     .cancelled = is_interrupted};
    struct worker *w;

    TRY(worker_open(&w, &plan));
    const struct machine *m = worker_machine(w);
    const char *why = NULL;
    if (place == DEVICE && !m->device.present) {
        printf("device: %s\n", m->no_device);
        if (o->device_given) why = fail_text("--device %d: %s", o->device, m->no_device);
    } else {
        printf("%s: %s\n", place == DEVICE ? "device" : "host", place == DEVICE ? m->gpu : m->cpu);
        why = prove_judges(t, w, place, o->quick);
        if (!why) why = prove_times(t, w, place, o->quick);
        if (!why) why = prove_liars(t, w, place, o->quick);
    }
    worker_close(w);
    return why;
}

int cmd_selftest(int argc, char **argv)
{
    const double start_us = timer_now_us();
    struct tally t = {0};
    struct options o;
    int status = options_read(&o, FOR_SELFTEST, argc, argv);

    if (status) return status - 1;
    const char *why = select_check_words(&o);
    if (why) return complain(EXIT_USAGE, why);
    why = proofs_prepare();
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    if (!why && options_holds(o.place, "host")) why = prove(&o, HOST, &t);
    if (!why && options_holds(o.place, "device")) why = prove(&o, DEVICE, &t);
    if (interrupted) return EXIT_INTERRUPTED;
    if (why) return complain(EXIT_ENVIRONMENT, why);
    printf("selftest: %d of %d proofs hold", t.held, t.held + t.failed + t.noisy);
    if (t.noisy) printf(", %d noisy", t.noisy);
    printf(" in %.1f s\n", (timer_now_us() - start_us) * 1e-6);
    return t.failed ? EXIT_ENVIRONMENT : EXIT_DONE;
}
