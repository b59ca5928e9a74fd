/* run.c: wheelbench run: measures problems into a run directory. Rows are on disk as soon as a
 * problem is done, so that whatever happens later costs only what comes later. */
#include "cmd/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/record_roof.h"
#include "fail.h"
#include "measure/recorder.h"
#include "measure/repeats.h"
#include "ops/problem.h"

static int out_of_time(const struct run *r)
{
    return r->budget_s > 0 && timer_now_us() * 1e-6 - r->start_s > r->budget_s;
}

static void measure(struct run *r, const struct problem *p, enum place place)
{
    const struct impl *impls[MOST_IMPLS];
    struct sample_log log = {0};
    struct kept kept;
    struct contest c = {.problem = p,
                        .machine = &r->machine,
                        .place = place,
                        .impls = impls,
                        .count = select_impls(&r->options, p->op, place, impls, MOST_IMPLS),
                        .rounds = schedule_rounds(&r->facts, place),
                        .log = &log,
                        .energy_s = schedule_energy_s(&r->facts, place),
                        .limit_s = schedule_limit_s(&r->facts),
                        .judge_budget = schedule_judge_budget(&r->facts, place),
                        .seed = r->options.seed};
    schedule_wanted(&r->facts, p, place, c.wanted);
    if (!schedule_rows(&r->facts, p, place)) return;
    const double left_s = schedule_left_s(&r->schedule);
    c.rounds.deadline_us = schedule_next(&r->schedule, &r->facts, p, place);
    struct outcome *out = calloc((size_t)c.count, sizeof *out);
    if (!out) {
        r->stopped = run_complain(EXIT_ENVIRONMENT, "oom: host memory for a contest");
        return;
    }
    progress_problem(&r->progress, p, place, left_s);
    const char *why = NULL;
    if (out_of_time(r))
        contest_end(&c, out, STATUS_SKIPPED,
                    fail_text("time budget: %.0f s are spent (--budget)", r->budget_s));
    else why = repeats_play(r->worker, &c, select_repeats(&r->options), out);
    if (!run_interrupted() && why) r->stopped = run_complain(EXIT_ENVIRONMENT, why);
    if (!run_interrupted()) { /* else the problem has no rows: it is done again when the run goes on
                               */
        why = keep_problem(&r->keep, &r->facts, p, out, c.count, &log, &kept);
        if (why) r->stopped = run_complain(EXIT_ENVIRONMENT, why);
        else progress_rows(&r->progress, kept.rows, kept.count);
        keep_free(&kept);
    }
    free(log.at);
    free(out);
}

static int close_run(struct run *r)
{
    const char *state = run_interrupted() || r->stopped ? "interrupted" : "complete",
               *why = keep_close(&r->keep);

    char note[1600];
    snprintf(note, sizeof note, "%s", recorder_note() ? recorder_note() : "");
    recorder_stop();
    run_say_note(note);
    r->facts.restarts = worker_restarts(r->worker);
    if (!why) why = record_manifest(&r->facts, state);
    progress_end(&r->progress, r->facts.rows);
    if (strcmp(state, "complete"))
        fprintf(stderr, "wheelbench: to go on: wheelbench run --resume %s\n", r->facts.dir);
    printf("%s\n", r->facts.dir);
    if (why) return run_complain(EXIT_ENVIRONMENT, why);
    if (run_interrupted()) return EXIT_INTERRUPTED;
    if (r->stopped) return r->stopped;
    if (worker_lost_device(r->worker))
        return run_complain(EXIT_ENVIRONMENT,
                            "the device was lost during the run, and does not come "
                            "back: see the failed rows");
    return r->facts.rows[STATUS_WRONG] + r->facts.rows[STATUS_FAILED] ? EXIT_BAD_ROW : EXIT_DONE;
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
    const unsigned char *done = r->past.done;
    const int units = 2 * r->problems.count;

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
    for (int u = 0; u < units; u++)
        if (done && done[u])
            schedule_done(&r->schedule, &r->facts, &r->problems.at[u / 2], u % 2 ? DEVICE : HOST);
    for (int u = 0; u < units && !r->stopped && !run_interrupted(); u++)
        if (!done || !done[u]) measure(r, &r->problems.at[u / 2], u % 2 ? DEVICE : HOST);
    if (!r->stopped && !run_interrupted() && !out_of_time(r))
        record_roof_again(&r->facts, r->worker);
}

static int run(struct run *r)
{
    if (r->options.dry_run) {
        schedule_print(&r->facts, r->budget_s);
        return EXIT_DONE;
    }
    const int status = run_open(r);
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
        run_settle_environment(argv - 1); /* the program's own argv: its name comes first */
    status = run_prepare(&r, argc, argv);
    if (!status) status = run(&r);
    worker_close(r.worker);
    resume_free(&r.past);
    problems_free(&r.problems);
    return status;
}
