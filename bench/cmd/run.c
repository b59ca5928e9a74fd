/* run.c: wheelbench run: measures problems into a run directory. Rows are on disk as soon as a
 * problem is done, so that whatever happens later costs only what comes later. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cmd/commands.h"
#include "cmd/keep.h"
#include "cmd/progress.h"
#include "cmd/record_roof.h"
#include "cmd/schedule.h"
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

struct run {
    struct run_facts facts;
    struct options options;
    struct machine machine;
    struct problems problems;
    struct keep keep;
    struct progress progress;
    double start_s, budget_s;
    struct schedule schedule;
    int stopped; /* an exit status: the run cannot go on */
};

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int complain(int status, const char *why)
{
    fprintf(stderr, "wheelbench: %s\n", why);
    return status;
}

static void measure(struct run *r, const struct problem *p, enum place place)
{
    const struct impl *impls[MOST_IMPLS];
    const double spent = now_s() - r->start_s;
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
        .limit_s = r->options.limit_s > 0 ? r->options.limit_s : r->facts.preset->limit_s,
        .judge_budget = place == HOST ? r->facts.preset->judge_host : r->facts.preset->judge_device,
        .seed = r->options.seed};
    if (!c.count) return;
    schedule_caches(&r->facts, p, place, c.wanted);
    c.rounds.deadline_us = schedule_next(&r->schedule, &r->facts, p, place);
    struct outcome *out = calloc((size_t)c.count, sizeof *out);
    if (!out) {
        r->stopped = complain(EXIT_ENVIRONMENT, "oom: host memory for a contest");
        return;
    }
    progress_problem(&r->progress, p, place);
    char text[128];
    if (r->budget_s > 0 && spent > r->budget_s) {
        snprintf(text, sizeof text, "time budget: %.0f s are spent (--budget)", r->budget_s);
        contest_skip(&c, out, text);
    } else {
        const char *why = contest_run(&c, out);
        if (why) r->stopped = complain(EXIT_ENVIRONMENT, why);
    }
    const char *why = keep_problem(&r->keep, &r->facts, p, out, c.count, &log, &kept);
    if (why) r->stopped = complain(EXIT_ENVIRONMENT, why);
    else progress_rows(&r->progress, kept.rows, kept.count);
    keep_free(&kept);
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

static int open_run(struct run *r)
{
    struct run_facts *f = &r->facts;
    const struct machine *m = &r->machine;
    char sha[64];

    if (m->device.present) slug_from(m->gpu, f->gpu_slug, sizeof f->gpu_slug);
    slug_from(m->cpu, f->cpu_slug, sizeof f->cpu_slug);
    snprintf(sha, sizeof sha, "%.40s%s", build_facts.sha, build_facts.dirty ? "-dirty" : "");
    const char *why = run_dir_create(r->options.out, m->device.present ? f->gpu_slug : f->cpu_slug,
                                     sha, f->dir, sizeof f->dir, f->id, sizeof f->id);
    if (!why) why = record_manifest(f, "running");
    if (!why) why = keep_open(&r->keep, f->dir);
    if (!why) why = recorder_write(f->dir);
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
    recorder_start(r->machine.bus_id, 1); /* 1: our own context */
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
    if (!why) why = record_manifest(&r->facts, state);
    progress_end(&r->progress, r->facts.rows);
    printf("%s\n", r->facts.dir);
    if (why) return complain(EXIT_ENVIRONMENT, why);
    if (interrupted) return EXIT_INTERRUPTED;
    if (r->stopped) return r->stopped;
    return r->facts.rows[STATUS_WRONG] + r->facts.rows[STATUS_FAILED] ? EXIT_BAD_ROW : EXIT_DONE;
}

static int prepare(struct run *r, int argc, char **argv)
{
    const struct options *o = &r->options;

    r->facts = (struct run_facts){.options = o,
                                  .machine = &r->machine,
                                  .problems = &r->problems,
                                  .argc = argc,
                                  .argv = argv,
                                  .launch_us = NAN};
    r->facts.preset = preset_find(o->preset ? o->preset : "standard");
    const char *why = select_problems(o, r->facts.preset, &r->problems);
    if (why) return complain(EXIT_USAGE, why);
    machine_look(&r->machine, o->device, o->threads);
    record_roof_clear(&r->facts);
    if (o->device_given && !r->machine.device.present)
        return complain(EXIT_ENVIRONMENT,
                        fail_text("--device %d: %s. --place host runs the CPU ladder", o->device,
                                  r->machine.no_device));
    r->budget_s = o->budget_s > 0             ? o->budget_s
                  : r->machine.device.present ? r->facts.preset->budget_device_s
                                              : r->facts.preset->budget_host_s;
    int impls = 0;
    for (int i = 0; i < r->problems.count; i++)
        for (int place = HOST; place <= DEVICE; place++) {
            const struct impl *some[MOST_IMPLS];
            impls += select_impls(o, r->problems.at[i].op, place, some, MOST_IMPLS);
        }
    if (!impls)
        return complain(
            EXIT_USAGE,
            "no impl is left: --impl, --tier and --place exclude all that the problems have");
    return 0;
}

int cmd_run(int argc, char **argv)
{
    static struct run r;
    int status = options_read(&r.options, FOR_RUN, argc, argv);

    if (status) return status - 1;
    const char *why = select_check_words(&r.options);
    if (why) return complain(EXIT_USAGE, why);
    if (!r.options.dry_run)
        settle_environment(argv - 1); /* the program's own argv: its name comes first */
    status = prepare(&r, argc, argv);
    if (status) return status;
    if (r.options.dry_run) {
        schedule_print(&r.facts, r.budget_s);
        return EXIT_DONE;
    }

    utc_now(r.facts.started_utc, sizeof r.facts.started_utc);
    start_recorder(&r);
    status = open_run(&r);
    if (status) return status;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    if (r.machine.device.threads > 1 && machine_pin(r.machine.device.threads))
        fprintf(stderr, "wheelbench: threads could not be pinned; host times may jump\n");
#ifdef HAVE_CUDART
    if (r.machine.device.present) r.facts.launch_us = timer_launch_floor_us();
#endif
    record_roof_measure(&r.facts);
    progress_start(&r.progress, r.problems.count, r.options.quiet);
    r.start_s = now_s();
    r.schedule = schedule_start(&r.facts, r.budget_s);
    for (int i = 0; i < r.problems.count; i++)
        for (int place = HOST; place <= DEVICE && !r.stopped && !interrupted; place++)
            measure(&r, &r.problems.at[i], place);
    status = close_run(&r);
    problems_free(&r.problems);
    return status;
}
