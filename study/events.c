/* events.c: study_events, the study's own stopwatch: each line of a list (kernels.txt) timed by
 * each of methods.c, as CSV on stdout. It takes data and impls from the harness and nothing of how
 * the harness measures.
 *
 *   study_events LIST               times; the kernel that does nothing comes first and again last,
 *                                   each time behind a load, as "null"
 *   study_events --once MARKS LIST  no times: each call alone, hot and cold, for a profiler that
 *                                   starts when told to. Before each call runs study_marker; the
 *                                   file MARKS says, in their order, what follows which. */
#include <cuda_profiler_api.h>
#include <cuda_runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "data/sets.h"
#include "device/machine.h"
#include "fail.h"
#include "ops/problem.h"
#include "study/device.h"
#include "study/methods.h"

enum { ONCE_CALLS = 3, WARM_CALLS = 3, EXIT_PART = 1, EXIT_USE = 2, EXIT_NO_DEVICE = 4 };

/* One line of the list, ready to be called. */
struct kernel {
    struct problem problem;
    const struct impl *impl;
    struct plan plan;
    struct sets sets;
    void *workspace;
    int prepared;
};

static const char *kernel_parse(struct kernel *k, char *line)
{
    const struct op *op;
    char name[64];
    int length = 0;

    line[strcspn(line, "#\n")] = '\0';
    if (sscanf(line, " %63s %n", name, &length) != 1) return NULL; /* nothing here */
    for (size_t n = strlen(line); n && line[n - 1] == ' ';) line[--n] = '\0';
    k->impl = impl_find(name, &op);
    if (!k->impl) return fail_text("no impl '%s'", name);
    TRY(problem_parse(&k->problem, line + length));
    return k->problem.op == op ? NULL : fail_text("%s is no impl of %s", name, k->problem.text);
}

static const char *kernel_open(struct kernel *k, const struct device *d)
{
    const struct impl *i = k->impl;

    if (!i->run) return i->why_not(&k->problem, d); /* not built */
    if (i->place != DEVICE) return "runs on the host";
    if (i->why_not) TRY(i->why_not(&k->problem, d));
    k->plan = (struct plan){.problem = &k->problem, .device = d};
    k->prepared = 1;
    if (i->prepare) TRY(i->prepare(&k->plan));
    if (k->plan.workspace_bytes) {
        TRY(place_device.allocate(&k->workspace, k->plan.workspace_bytes));
        TRY(place_device.set_bytes(k->workspace, 0xFF, k->plan.workspace_bytes));
    }
    return sets_open(&k->sets, &place_device, &k->problem, 1, DATA_UNIFORM, 1);
}

static void kernel_close(struct kernel *k)
{
    if (k->sets.set) sets_close(&k->sets);
    place_device.release(k->workspace);
    if (k->prepared && k->impl->cleanup) k->impl->cleanup(&k->plan);
}

static struct work kernel_work(const struct kernel *k)
{
    struct work w = {.impl = k->impl, .plan = &k->plan, .operands = k->sets.set[0]};

    w.operands.workspace = k->workspace;
    return w;
}

static const char *measure(const char *problem, const char *impl, const struct work *w)
{
    struct times t;

    for (const struct method *m = methods; m->name; m++) {
        TRY(method_measure(m, w, &t));
        printf("%s,%s,%s,%d,%.4f,%.4f,%.4f,%.0f\n", problem, impl, m->name, t.n, t.median_us,
               t.p05_us, t.p95_us, t.sm_mhz);
        fflush(stdout);
    }
    return NULL;
}

/* One call that a profiler sees, hot or cold, behind its marker. */
static const char *show_call(const struct work *w, int cold)
{
    TRY(cold ? flush_by_reading() : work_call(w));
    TRY(place_device.synchronize());
    CHECK_CUDA(cudaProfilerStart());
    study_launch_marker(place_device.stream());
    TRY(work_call(w));
    TRY(place_device.synchronize());
    CHECK_CUDA(cudaProfilerStop());
    return NULL;
}

static const char *show(const char *problem, const char *impl, const struct work *w, FILE *marks)
{
    for (int i = 0; i < WARM_CALLS; i++) TRY(work_call(w));
    for (int cold = 0; cold < 2; cold++)
        for (int i = 0; i < ONCE_CALLS; i++) {
            fprintf(marks, "%s,%s,%s\n", problem, impl, cold ? "cold" : "hot");
            fflush(marks); /* before the call: what fails is marked too */
            TRY(show_call(w, cold));
        }
    return NULL;
}

static const char *one(char *line, const struct device *d, FILE *marks)
{
    struct kernel k = {0};
    const char *why = kernel_parse(&k, line);

    if (!why && !k.impl) return NULL;
    if (!why) why = kernel_open(&k, d);
    if (!why) {
        const struct work w = kernel_work(&k);
        why = marks ? show(k.problem.text, k.impl->name, &w, marks)
                    : measure(k.problem.text, k.impl->name, &w);
    }
    kernel_close(&k);
    return why;
}

static const char *null_kernel(FILE *marks)
{
    const struct work null = {0};

    TRY(methods_warm());
    return marks ? show("null", "null", &null, marks) : measure("null", "null", &null);
}

static int all(FILE *list, const struct device *d, FILE *marks)
{
    char line[512], text[512];
    int failed = 0;

    if (marks) fprintf(marks, "problem,impl,cache\n");
    else printf("problem,impl,method,n,median_us,p05_us,p95_us,sm_mhz\n");
    const char *why = methods_open(d->l2_bytes);
    if (!why) why = null_kernel(marks);
    if (why) {
        fprintf(stderr, "study_events: %s\n", why);
        return EXIT_NO_DEVICE;
    }
    while (fgets(line, sizeof line, list)) {
        snprintf(text, sizeof text, "%s", line);
        why = one(line, d, marks);
        if (!why) continue;
        text[strcspn(text, "#\n")] = '\0';
        fprintf(stderr, "study_events: %s: %s\n", text, why);
        failed = 1;
    }
    why = null_kernel(marks);
    if (why) {
        fprintf(stderr, "study_events: the null kernel, again: %s\n", why);
        failed = 1;
    }
    methods_close();
    return failed ? EXIT_PART : 0;
}

int main(int argc, char **argv)
{
    static struct machine m;
    const int once = argc == 4 && !strcmp(argv[1], "--once");

    if (!once && argc != 2) {
        fputs("usage: study_events [--once MARKS] LIST\n", stderr);
        return EXIT_USE;
    }
    FILE *list = fopen(argv[argc - 1], "r"), *marks = once ? fopen(argv[2], "w") : NULL;
    if (!list || (once && !marks)) {
        perror(list ? argv[2] : argv[argc - 1]);
        return EXIT_USE;
    }
    machine_look(&m, 0, 1);
    if (!m.device.present) fprintf(stderr, "study_events: %s\n", m.no_device);
    int status = m.device.present ? all(list, &m.device, marks) : EXIT_NO_DEVICE;
    fclose(list);
    if (marks && fclose(marks)) status = EXIT_USE;
    return status;
}
