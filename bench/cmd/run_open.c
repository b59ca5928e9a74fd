/* run_open.c: see run.h. */
#include "cmd/run.h"
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd/lock.h"
#include "cmd/record_nvml.h"
#include "cmd/record_roof.h"
#include "device/build.h"
#include "fail.h"
#include "measure/recorder.h"
#include "ops/problem.h"
#include "store/run_dir.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

int run_interrupted(void) { return interrupted; }

int run_complain(int status, const char *why)
{
    fprintf(stderr, "wheelbench: %s\n", why);
    return status;
}

/* Idle library threads spin on the cores that the next contestant needs, unless told otherwise
 * before they are loaded; and a switch for TF32 or emulation in the environment would change what a
 * row means. So the program sets its environment and starts itself again, once. */
void run_settle_environment(char **argv)
{
    static const char *const unset[] = {"NVIDIA_TF32_OVERRIDE", "CUBLAS_EMULATION_STRATEGY",
                                        "CUBLAS_WORKSPACE_CONFIG"};

    if (getenv("WHEELBENCH_SETTLED")) return;
    setenv("WHEELBENCH_SETTLED", "1", 1);
    setenv("OPENBLAS_THREAD_TIMEOUT", "20", 0); /* 2^20 cycles */
    setenv("GOMP_SPINCOUNT", "10000", 0);
    for (size_t i = 0; i < sizeof unset / sizeof unset[0]; i++)
        if (getenv(unset[i])) {
            fprintf(stderr, "wheelbench: %s is unset for this run: it changes what the rows mean\n",
                    unset[i]);
            unsetenv(unset[i]);
        }
    execv("/proc/self/exe", argv); /* where that is not possible, go on as it is */
}

static void watch_energy(const struct phase *now)
{
    static int on;

    if (now->energy == on) return;
    on = now->energy;
    recorder_energy(on);
}

static const char *open_worker(struct run *r)
{
    const struct options *o = &r->options;
    const struct worker_plan plan = {.device = o->device,
                                     .threads = o->threads,
                                     .timeout_s = o->timeout_s,
                                     .here = o->in_process,
                                     .cancelled = run_interrupted,
                                     .watch = watch_energy};

    TRY(worker_open(&r->worker, &plan));
    r->machine = *worker_machine(r->worker);
    if (!worker_bound(r->worker))
        fprintf(stderr, "wheelbench: threads could not be pinned; host times may jump\n");
    if (*r->machine.openblas_misfit)
        fprintf(stderr, "wheelbench: %s\n", r->machine.openblas_misfit);
    return NULL;
}

static int any_impl(const struct run *r)
{
    const struct impl *some[MOST_IMPLS];

    for (int i = 0; i < r->problems.count; i++)
        for (int place = HOST; place <= DEVICE; place++)
            if (select_impls(&r->options, r->problems.at[i].op, place, some, MOST_IMPLS)) return 1;
    return 0;
}

int run_prepare(struct run *r, int argc, char **argv)
{
    struct options *o = &r->options;
    const char *why = NULL;

    r->facts = (struct run_facts){.options = o,
                                  .machine = &r->machine,
                                  .problems = &r->problems,
                                  .argc = argc,
                                  .argv = argv,
                                  .floors = {NAN, {NAN, NAN}}};
    facts_clear(&r->facts.selftest);
    if (o->selftest_facts && !o->resume) why = facts_read(o->selftest_facts, &r->facts.selftest);
    if (why) return run_complain(EXIT_ENVIRONMENT, why);
    if (o->resume) why = resume_read(o->resume, o, &r->problems, &r->facts);
    if (!why) why = select_check_words(o);
    if (why) return run_complain(EXIT_USAGE, why);
    r->facts.preset = preset_find(o->preset ? o->preset : "standard");
    if (!o->resume) why = select_problems(o, r->facts.preset, &r->problems);
    if (why) return run_complain(EXIT_USAGE, why);
    if (!any_impl(r))
        return run_complain(
            EXIT_USAGE,
            "no impl is left: --impl, --tier and --place exclude all that the problems have");
    why = open_worker(r);
    if (why) return run_complain(EXIT_ENVIRONMENT, why);
    record_roof_clear(&r->facts);
    if (o->device_given && !r->machine.device.present)
        return run_complain(EXIT_ENVIRONMENT,
                            fail_text("--device %d: %s. --place host runs the CPU ladder",
                                      o->device, r->machine.no_device));
    r->budget_s = o->budget_s > 0             ? o->budget_s
                  : r->machine.device.present ? r->facts.preset->budget_device_s
                                              : r->facts.preset->budget_host_s;
    return 0;
}

static const char *create_run(struct run *r)
{
    struct run_facts *f = &r->facts;
    char sha[64];

    utc_now(f->started_utc, sizeof f->started_utc);
    snprintf(sha, sizeof sha, "%.40s%s", build_facts.sha, build_facts.dirty ? "-dirty" : "");
    TRY(run_dir_create(r->options.out, r->machine.device.present ? f->gpu_slug : f->cpu_slug, sha,
                       f->dir, sizeof f->dir, f->id, sizeof f->id));
    TRY(record_manifest(f, "running"));
    return keep_open(&r->keep, f->dir);
}

static const char *reopen_run(struct run *r)
{
    struct run_facts *f = &r->facts;

    TRY(resume_done(f, &r->past));
    TRY(keep_reopen(&r->keep, f->dir, r->past.stay_rows));
    TRY(resume_put_back(&r->past, f, &r->keep));
    return record_manifest(f, "running");
}

/* Nobody else may measure on what this run uses. */
static const char *lock(const struct run *r)
{
    const char *place = r->options.place;
    const int wait = r->options.wait;

    if (options_holds(place, "host")) TRY(lock_place(HOST, 0, wait));
    if (!options_holds(place, "device") || !r->machine.device.present) return NULL;
    return lock_place(DEVICE, recorder_facts()->uuid_hash, wait);
}

/* Clocks, power and temperature: a run goes on without them. */
void run_say_note(const char *before)
{
    const char *note = recorder_note();

    if (note && strcmp(note, before)) fprintf(stderr, "wheelbench: %s\n", note);
}

static void start_recorder(const struct run *r)
{
    if (!r->machine.device.present) return;
    recorder_start(r->machine.bus_id, 1); /* 1: the worker's context */
    run_say_note("");
}

/* What is to be published is not measured beside others. */
static const char *busy(const struct run *r)
{
    if (!r->facts.preset->idle || r->options.busy_ok) return NULL;
    return options_holds(r->options.place, "device") ? record_nvml_busy(recorder_facts()) : NULL;
}

int run_open(struct run *r)
{
    const struct machine *m = &r->machine;

    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    start_recorder(r);
    const char *why = lock(r);

    if (m->device.present) slug_from(m->gpu, r->facts.gpu_slug, sizeof r->facts.gpu_slug);
    slug_from(m->cpu, r->facts.cpu_slug, sizeof r->facts.cpu_slug);
    if (!why) why = busy(r);
    if (!why) why = r->options.resume ? reopen_run(r) : create_run(r);
    if (!why) why = recorder_write(r->facts.dir);
    return why ? run_complain(EXIT_ENVIRONMENT, why) : 0;
}
