/* list.c: wheelbench list: what there is, in ladder order, and what cannot run here and why. */
#include <stdio.h>
#include <string.h>
#include "cmd/commands.h"
#include "cmd/on_cpu.h"
#include "cmd/options.h"
#include "cmd/select.h"
#include "measure/flags.h"
#include "ops/problem.h"
#include "store/lines.h"
#include "store/row.h"

enum { MOST_IMPLS = 64 };

/* Why an impl can run nothing on this machine; NULL when it can run something. */
static const char *why_not_here(const struct impl *i, const struct machine *m)
{
    if (!i->run) return i->why_not(NULL, NULL);
    return i->place == DEVICE && !m->device.present ? m->no_device : NULL;
}

/* Whether `check --on-cpu` can run a hand kernel for the GPU. */
static void list_on_cpu(const struct impl *i)
{
    if (i->place != DEVICE || i->tier == LIBRARY) return;
    const char *why = on_cpu_why_not(i->name);
    printf("; also on the CPU: %s", why ? why : "yes");
}

static void list_impls(const struct options *o, const struct machine *m)
{
    char no_cpu[512] = "";
    const char *not_built = on_cpu_not_built();

    if (not_built) snprintf(no_cpu, sizeof no_cpu, "%s", not_built);
    for (int k = 0; wheelbench_ops[k]; k++) {
        const struct op *op = wheelbench_ops[k];
        if (!options_holds(o->op, op->name)) continue;
        printf("%s: %s\n", op->name, op->summary);
        for (int place = HOST; place <= DEVICE; place++) {
            const struct impl *impls[MOST_IMPLS];
            const int n = select_impls(o, op, place, impls, MOST_IMPLS);
            for (int i = 0; i < n; i++) {
                const char *why = why_not_here(impls[i], m);
                const struct lines_of *lines = lines_find(impls[i]->file);
                printf("  %-24s %-7s %-6s ", impls[i]->name, tier_name(impls[i]->tier),
                       place_name(place));
                if (o->lines && lines) printf("%4d + %2d shared  ", lines->own, lines->shared);
                else if (o->lines) printf("%16s  ", "");
                printf("%s%s%s", impls[i]->summary, why ? "; not here: " : "", why ? why : "");
                if (!*no_cpu) list_on_cpu(impls[i]);
                printf("\n");
            }
        }
    }
    if (*no_cpu) printf("no kernel can be checked on the CPU: %s\n", no_cpu);
}

static void list_ops(const struct options *o)
{
    for (int k = 0; wheelbench_ops[k]; k++) {
        const struct op *op = wheelbench_ops[k];
        int n = 0;
        while (op->impls[n]) n++;
        if (options_holds(o->op, op->name))
            printf("%-8s %2d impls  %s\n         %s\n", op->name, n, op->summary, op->form);
    }
}

static int list_problems(const struct options *o)
{
    for (const struct problem_list *p = problem_lists; p->name; p++) {
        struct problems l = {0};
        if (o->problems && strcmp(o->problems, p->name)) continue;
        const char *why = problems_add_list(&l, p->name);
        if (why) {
            fprintf(stderr, "wheelbench: %s\n", why);
            return EXIT_USAGE;
        }
        printf("%s: %d problems\n", p->name, l.count);
        for (int i = 0; i < l.count; i++)
            printf("  %s%s%s\n", l.at[i].text, *l.at[i].label ? "  # " : "", l.at[i].label);
        problems_free(&l);
    }
    return EXIT_DONE;
}

static void list_devices(const struct machine *m)
{
    printf("host    %s, %d cores, %d threads used, %.0f GiB\n", m->cpu, m->cores, m->device.threads,
           m->ram_bytes / 0x1p30);
    if (m->device.present)
        printf("device  %d of %d: %s, compute capability %d.%d, %d SMs, %.0f GiB, L2 %.0f MiB\n",
               m->device.ordinal, m->devices, m->gpu, m->device.cc / 10, m->device.cc % 10,
               m->device.sms, m->gpu_bytes / 0x1p30, (double)m->device.l2_bytes / 0x1p20);
    else printf("device  %s\n", m->no_device);
}

int cmd_list(int argc, char **argv)
{
    static struct machine m;
    struct options o;
    const int status = options_read(&o, FOR_LIST, argc, argv);

    if (status) return status - 1;
    const char *why = select_check_words(&o);
    if (why) {
        fprintf(stderr, "wheelbench: %s\n", why);
        return EXIT_USAGE;
    }
    const char *what = o.what ? o.what : "impls";
    if (!strcmp(what, "problems")) return list_problems(&o);
    if (!strcmp(what, "ops")) {
        list_ops(&o);
        return EXIT_DONE;
    }
    if (!strcmp(what, "columns")) return row_readme(stdout) ? EXIT_ENVIRONMENT : EXIT_DONE;
    if (!strcmp(what, "flags")) return flags_readme(stdout) ? EXIT_ENVIRONMENT : EXIT_DONE;
    if (strcmp(what, "impls") && strcmp(what, "devices")) {
        fprintf(stderr,
                "wheelbench: list '%s': expected ops, impls, problems, devices, columns or flags\n",
                what);
        return EXIT_USAGE;
    }
    machine_look(&m, o.device, 0);
    if (!strcmp(what, "devices")) list_devices(&m);
    else list_impls(&o, &m);
    return EXIT_DONE;
}
