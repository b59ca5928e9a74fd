/* run.c: wheelbench run: measures problems into a run directory. Rows are on disk as soon as a
 * problem is done, so that whatever happens later costs only what comes later. */
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd/commands.h"
#include "cmd/keep.h"
#include "cmd/lock.h"
#include "cmd/progress.h"
#include "cmd/record_roof.h"
#include "cmd/resume.h"
#include "cmd/schedule.h"
#include "device/build.h"
#include "fail.h"
#include "measure/recorder.h"
#include "measure/worker.h"
#include "ops/problem.h"
#include "store/run_dir.h"

/* Less is worthless: the meter of a recent GPU sees a quarter of the time. */
static const double ENERGY_S = 6;

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

struct run {
    struct run_facts facts;
    struct options options;
    struct worker *worker;
    struct machine machine; /* as the worker found it at first */
    struct problems problems;
    struct keep keep;
    struct progress progress;
    double start_s, budget_s;
    struct schedule schedule;
    int units_done; /* by the run that this one goes on with */
    int stopped;    /* an exit status: the run cannot go on */
};

static int complain(int status, const char *why)
{
    fprintf(stderr, "wheelbench: %s\n", why);
    return status;
}

static void measure(struct run *r, const struct problem *p, enum place place)
{
    const struct impl *impls[MOST_IMPLS];
    const double spent = timer_now_us() * 1e-6 - r->start_s;
    struct sample_log log = {0};
    struct kept kept;
    struct contest c = {
        .problem = p,
        .machine = &r->machine,
        .place = place,
        .impls = impls,
        .count = select_impls(&r->options, p->op, place, impls, MOST_IMPLS),
        .rounds = schedule_rounds(&r->facts, place),
        .log = &log,
        .energy_s = r->options.energy && place == DEVICE ? ENERGY_S : 0,
        .limit_s = r->options.limit_s > 0 ? r->options.limit_s : r->facts.preset->limit_s,
        .judge_budget = place == HOST ? r->facts.preset->judge_host : r->facts.preset->judge_device,
        .seed = r->options.seed};
    schedule_wanted(&r->facts, p, place, c.wanted);
    if (!schedule_rows(&r->facts, p, place)) return;
    c.rounds.deadline_us = schedule_next(&r->schedule, &r->facts, p, place);
    struct outcome *out = calloc((size_t)c.count, sizeof *out);
    if (!out) {
        r->stopped = complain(EXIT_ENVIRONMENT, "oom: host memory for a contest");
        return;
    }
    progress_problem(&r->progress, p, place);
    const char *why = NULL;
    if (r->budget_s > 0 && spent > r->budget_s)
        contest_end(&c, out, STATUS_SKIPPED,
                    fail_text("time budget: %.0f s are spent (--budget)", r->budget_s));
    else why = worker_play(r->worker, &c, out);
    if (!interrupted && why) r->stopped = complain(EXIT_ENVIRONMENT, why);
    if (!interrupted) { /* else the problem has no rows: it is done again when the run goes on */
        why = keep_problem(&r->keep, &r->facts, p, out, c.count, &log, &kept);
        if (why) r->stopped = complain(EXIT_ENVIRONMENT, why);
        else progress_rows(&r->progress, kept.rows, kept.count);
        keep_free(&kept);
    }
    free(log.at);
    free(out);
}

/* Idle library threads spin on the cores that the next contestant needs, unless told otherwise
 * before they are loaded; and a switch for TF32 or emulation in the environment would change what a
 * row means. So the program sets its environment and starts itself again, once. */
static void settle_environment(char **argv)
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
    long rows;

    TRY(resume_done(f, &r->units_done, &rows));
    TRY(keep_reopen(&r->keep, f->dir, rows));
    return record_manifest(f, "running");
}

/* Nobody else may measure on what this run uses. */
static const char *lock(const struct run *r)
{
    const char *note = NULL, *place = r->options.place;
    char gpu[64], since[64] = "since ";

    utc_now(since + strlen(since), sizeof since - strlen(since));
    snprintf(gpu, sizeof gpu, "gpu-%016" PRIx64, recorder_facts()->uuid_hash);
    if (options_holds(place, "host")) TRY(lock_take("cpu", since, r->options.wait, &note));
    if (!note && options_holds(place, "device") && r->machine.device.present)
        TRY(lock_take(gpu, since, r->options.wait, &note));
    if (note) fprintf(stderr, "wheelbench: %s\n", note);
    return NULL;
}

static int open_run(struct run *r)
{
    const struct machine *m = &r->machine;
    const char *why = lock(r);

    if (m->device.present) slug_from(m->gpu, r->facts.gpu_slug, sizeof r->facts.gpu_slug);
    slug_from(m->cpu, r->facts.cpu_slug, sizeof r->facts.cpu_slug);
    if (!why) why = r->options.resume ? reopen_run(r) : create_run(r);
    if (!why) why = recorder_write(r->facts.dir);
    return why ? complain(EXIT_ENVIRONMENT, why) : 0;
}

/* Clocks, power and temperature: a run goes on without them. */
static void say_note(const char *before)
{
    const char *note = recorder_note();

    if (note && strcmp(note, before)) fprintf(stderr, "wheelbench: %s\n", note);
}

static void start_recorder(const struct run *r)
{
    if (!r->machine.device.present) return;
    recorder_start(r->machine.bus_id, 1); /* 1: the worker's context */
    say_note("");
}

static int close_run(struct run *r)
{
    const char *state = interrupted || r->stopped ? "interrupted" : "complete",
               *why = keep_close(&r->keep);

    char note[1600];
    snprintf(note, sizeof note, "%s", recorder_note() ? recorder_note() : "");
    recorder_stop();
    say_note(note);
    r->facts.restarts = worker_restarts(r->worker);
    if (!why) why = record_manifest(&r->facts, state);
    progress_end(&r->progress, r->facts.rows);
    if (strcmp(state, "complete"))
        fprintf(stderr, "wheelbench: to go on: wheelbench run --resume %s\n", r->facts.dir);
    printf("%s\n", r->facts.dir);
    if (why) return complain(EXIT_ENVIRONMENT, why);
    if (interrupted) return EXIT_INTERRUPTED;
    if (r->stopped) return r->stopped;
    if (worker_lost_device(r->worker))
        return complain(EXIT_ENVIRONMENT, "the device was lost during the run, and does not come "
                                          "back: see the failed rows");
    return r->facts.rows[STATUS_WRONG] + r->facts.rows[STATUS_FAILED] ? EXIT_BAD_ROW : EXIT_DONE;
}

static int is_interrupted(void) { return interrupted; }

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
                                     .cancelled = is_interrupted,
                                     .watch = watch_energy};

    TRY(worker_open(&r->worker, &plan));
    r->machine = *worker_machine(r->worker);
    if (!worker_bound(r->worker))
        fprintf(stderr, "wheelbench: threads could not be pinned; host times may jump\n");
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

static int prepare(struct run *r, int argc, char **argv)
{
    struct options *o = &r->options;
    const char *why = NULL;

    r->facts = (struct run_facts){.options = o,
                                  .machine = &r->machine,
                                  .problems = &r->problems,
                                  .argc = argc,
                                  .argv = argv,
                                  .floors = {NAN, {NAN, NAN}}};
    if (o->resume) why = resume_read(o->resume, o, &r->problems, &r->facts);
    if (!why) why = select_check_words(o);
    if (why) return complain(EXIT_USAGE, why);
    r->facts.preset = preset_find(o->preset ? o->preset : "standard");
    if (!o->resume) why = select_problems(o, r->facts.preset, &r->problems);
    if (why) return complain(EXIT_USAGE, why);
    if (!any_impl(r))
        return complain(
            EXIT_USAGE,
            "no impl is left: --impl, --tier and --place exclude all that the problems have");
    why = open_worker(r);
    if (why) return complain(EXIT_ENVIRONMENT, why);
    record_roof_clear(&r->facts);
    if (o->device_given && !r->machine.device.present)
        return complain(EXIT_ENVIRONMENT,
                        fail_text("--device %d: %s. --place host runs the CPU ladder", o->device,
                                  r->machine.no_device));
    r->budget_s = o->budget_s > 0             ? o->budget_s
                  : r->machine.device.present ? r->facts.preset->budget_device_s
                                              : r->facts.preset->budget_host_s;
    return 0;
}

#ifdef HAVE_CUDART
static const char *measure_floors(void *floors, struct machine *m)
{
    if (m->device.present) *(struct floors *)floors = floors_measure(&m->device);
    return NULL;
}
#endif

static void measure_all(struct run *r)
{
    int unit = 0;

#ifdef HAVE_CUDART
    int ended;
    const char *why =
        worker_do(r->worker, measure_floors, &r->facts.floors, sizeof r->facts.floors, &ended);
    if (why) fprintf(stderr, "wheelbench: launch floors: %s\n", why);
#endif
    record_roof_measure(&r->facts, r->worker);
    progress_start(&r->progress, r->problems.count, r->options.quiet);
    r->start_s = timer_now_us() * 1e-6;
    r->schedule = schedule_start(&r->facts, r->budget_s);
    for (int i = 0; i < r->problems.count; i++)
        for (int place = HOST; place <= DEVICE && !r->stopped && !interrupted; place++)
            if (unit++ >= r->units_done) measure(r, &r->problems.at[i], place);
}

static int run(struct run *r)
{
    if (r->options.dry_run) {
        schedule_print(&r->facts, r->budget_s);
        return EXIT_DONE;
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    start_recorder(r);
    const int status = open_run(r);
    if (status) return status;
    measure_all(r);
    return close_run(r);
}

int cmd_run(int argc, char **argv)
{
    static struct run r;
    int status = options_read(&r.options, FOR_RUN, argc, argv);

    if (status) return status - 1;
    if (!r.options.dry_run)
        settle_environment(argv - 1); /* the program's own argv: its name comes first */
    status = prepare(&r, argc, argv);
    if (!status) status = run(&r);
    worker_close(r.worker);
    problems_free(&r.problems);
    return status;
}
