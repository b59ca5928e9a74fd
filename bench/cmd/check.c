/* check.c: wheelbench check: does every impl agree with the judge? No times, no files. Without a
 * selection it takes the list `awkward`: ones, primes, a tile less or more one, gaps behind the
 * rows. With --on-cpu the device is played by the CPU, each contest in a process of its own, and
 * the list is the smaller `on_cpu`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/commands.h"
#include "cmd/on_cpu.h"
#include "cmd/options.h"
#include "cmd/record.h"
#include "cmd/select.h"
#include "fail.h"
#include "measure/apart.h"
#include "ops/problem.h"

enum { MOST_IMPLS = 64 };

static int complain(int status, const char *why)
{
    fprintf(stderr, "wheelbench: %s\n", why);
    return status;
}

struct tally {
    long count[4]; /* by enum status */
    int quiet;
    const struct impl *ran[MOST_IMPLS]; /* those that were not only skipped */
    int impls, problems;                /* how many they are, and of how many problems */
};

static void remember(struct tally *t, const struct outcome *o)
{
    if (o->status == STATUS_SKIPPED) return;
    for (int i = 0; i < t->impls; i++)
        if (t->ran[i] == o->impl) return;
    if (t->impls < MOST_IMPLS) t->ran[t->impls++] = o->impl;
}

static void say(struct tally *t, const struct problem *p, const struct outcome *o)
{
    t->count[o->status]++;
    remember(t, o);
    if (o->status == STATUS_OK && !t->quiet)
        printf("ok       %-24s %s: error %.2g of bound%s\n", o->impl->name, p->text,
               o->agreement.max_frac, o->exact_ok > 0 ? ", exact" : "");
    if (o->status == STATUS_SKIPPED && !t->quiet)
        printf("skipped  %-24s %s: %s\n", o->impl->name, p->text, o->reason);
    if (o->status == STATUS_WRONG || o->status == STATUS_FAILED)
        printf("%-8s %-24s %s: %s %s\n", status_name(o->status), o->impl->name, p->text, o->reason,
               o->flag);
}

static const char *check_problem(const struct options *o, struct machine *m,
                                 const struct problem *p, enum place place, struct tally *t)
{
    const struct impl *impls[MOST_IMPLS];
    const struct preset *preset = preset_find("standard");
    struct contest c = {.problem = p,
                        .machine = m,
                        .place = place,
                        .impls = impls,
                        .count = select_impls(o, p->op, place, impls, MOST_IMPLS),
                        .limit_s = 60,
                        .judge_budget =
                            place == HOST || o->on_cpu ? preset->judge_host : preset->judge_device,
                        .seed = o->seed};
    if (!c.count) return NULL;
    struct outcome *out = calloc((size_t)c.count, sizeof *out);
    if (!out) return "oom: host memory for a contest";
    const char *why = o->on_cpu ? apart_run(&c, out) : contest_run(&c, out);
    const long skipped = t->count[STATUS_SKIPPED];
    for (int i = 0; i < c.count; i++) say(t, p, &out[i]);
    t->problems += t->count[STATUS_SKIPPED] - skipped < c.count;
    free(out);
    return why;
}

/* What a row of --on-cpu is worth: which order was tried, and how much of it. */
static void say_how(const struct tally *t)
{
    const char *order = getenv("SIMT_ORDER"), *async = getenv("SIMT_ASYNC");

    printf("%d kernels on %d problems, on the CPU: threads in %s order, asynchronous work %s\n",
           t->impls, t->problems, order ? order : "forward", async ? async : "late");
}

int cmd_check(int argc, char **argv)
{
    static struct machine m;
    struct options o;
    struct problems l = {0};
    struct tally t = {0};
    struct preset list = {.name = "awkward"};
    int status = options_read(&o, FOR_CHECK, argc, argv);

    if (status) return status - 1;
    const char *why = o.on_cpu ? on_cpu_enter(argv) : NULL;
    if (why) return complain(EXIT_ENVIRONMENT, why);
    if (o.on_cpu) list.name = "on_cpu";
    why = select_check_words(&o);
    if (!why) why = select_problems(&o, o.preset ? preset_find(o.preset) : &list, &l);
    if (why) return complain(EXIT_USAGE, why);
    machine_look(&m, o.device, o.threads);
    if (o.device_given && !m.device.present)
        return complain(EXIT_ENVIRONMENT, fail_text("--device %d: %s", o.device, m.no_device));
    t.quiet = o.quiet;
    why = NULL;
    for (int i = 0; i < l.count && !why; i++)
        for (int place = o.on_cpu ? DEVICE : HOST; place <= DEVICE && !why; place++)
            why = check_problem(&o, &m, &l.at[i], place, &t);
    problems_free(&l);
    if (why) return complain(EXIT_ENVIRONMENT, why);
    if (o.on_cpu) say_how(&t);
    printf("%ld agree, %ld skipped, %ld wrong, %ld failed\n", t.count[STATUS_OK],
           t.count[STATUS_SKIPPED], t.count[STATUS_WRONG], t.count[STATUS_FAILED]);
    if (t.count[STATUS_WRONG] + t.count[STATUS_FAILED]) return EXIT_BAD_ROW;
    if (!(t.count[STATUS_OK] + t.count[STATUS_SKIPPED]))
        return complain(
            EXIT_USAGE,
            "no impl is left: --impl, --tier and --place exclude all that the problems have");
    return EXIT_DONE;
}
