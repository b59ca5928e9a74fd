/* check_results.c: `wheelbench check-results [RUN...]`: may these runs be published? The nine rules
 * are in report/rules.h. */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd/commands.h"
#include "fail.h"
#include "report/rules.h"
#include "store/file.h"

enum { SHOWN = 5 }; /* findings of one rule and severity in one run */

static const char *const severities[SEVERITIES] = {"note", "WARN", "ERROR"};

static void help(FILE *to)
{
    fputs("usage: wheelbench check-results [RUN...] [--all]\n"
          "Holds stored runs against the rules for results that others build on. Without RUN: all\n"
          "of results/ that is packed (make pack) or in git. ERROR: the run cannot be accepted.\n\n"
          "  --all   every finding, not the first five of a rule\n\nrules:\n",
          to);
    for (int i = 1; i <= RULES; i++) fprintf(to, "  %d  %s\n", i, rules_about(i));
}

static void show_row(const struct ruling *r)
{
    printf("%-36s %-10s %6d %8d %6d\n", r->run->id, rules_tier_name(r->tier), r->found[RULE_ERROR],
           r->found[RULE_WARN], r->found[RULE_NOTE]);
}

/* The worst first. */
static void show_findings(const struct ruling *r, int all)
{
    for (int s = SEVERITIES - 1; s >= 0; s--)
        for (int rule = 1; rule <= RULES; rule++) {
            int n = 0;
            for (int i = 0; i < r->count; i++) {
                const struct finding *f = &r->findings[i];
                if (f->rule != rule || (int)f->severity != s || (n++ >= SHOWN && !all)) continue;
                printf("%s: %s %d (%s): %s\n", r->run->id, severities[s], rule, rules_about(rule),
                       f->text);
            }
            if (n > SHOWN && !all)
                printf("%s: %s %d: %d more; --all shows them\n", r->run->id, severities[s], rule,
                       n - SHOWN);
        }
}

/* Without RUN: a run that is neither packed nor in git is somebody's own. */
static int is_wanted(const struct shelf_run *run, int argc, char **argv)
{
    char a[PATH_MAX], b[PATH_MAX];

    if (!argc) return run->packed || rules_in_git(run->dir) == 1;
    for (int i = 0; i < argc; i++)
        if (realpath(argv[i], a) && realpath(run->dir, b) && !strcmp(a, b)) return 1;
    return 0;
}

static int check_shelf(const struct shelf *shelf, int argc, char **argv, int all)
{
    struct ruling *rulings = calloc((size_t)shelf->count + 1, sizeof *rulings);
    struct plain_buffer gone = {0};
    const char *why = rulings ? NULL : "out of memory";
    int n = 0, errors = 0;

    printf("%-36s %-10s %6s %8s %6s\n", "run", "tier", "errors", "warnings", "notes");
    for (int i = 0; i < shelf->count && !why; i++) {
        if (!is_wanted(&shelf->runs[i], argc, argv)) continue;
        why = rules_check(&rulings[n], shelf, &shelf->runs[i], 0);
        show_row(&rulings[n]);
        errors += rulings[n++].found[RULE_ERROR];
    }
    if (!why && !argc) why = rules_gone(shelf->root, &gone);
    putchar('\n');
    for (int i = 0; i < n; i++) show_findings(&rulings[i], all);
    for (char *s = gone.data; s && gone.length && s < gone.data + gone.length; errors++) {
        const char *end = memchr(s, '\n', (size_t)(gone.data + gone.length - s));
        printf("ERROR 1 (%s): a run of the main branch is gone: %.*s\n", rules_about(1),
               (int)(end - s), s);
        s += end - s + 1;
    }
    if (why) fprintf(stderr, "wheelbench: %s\n", why);
    for (int i = 0; i < n; i++) rules_free(&rulings[i]);
    free(rulings);
    free(gone.data);
    return why ? EXIT_ENVIRONMENT : errors ? EXIT_BAD_ROW : EXIT_DONE;
}

/* Each RUN must be a directory with both files: what is in them is for the rules. */
static const char *look(const char *dir)
{
    static const char *const files[] = {MANIFEST_NAME, "results.csv"};
    char path[PATH_MAX + 32];
    long long size;
    int fd;

    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        TRY(file_open(path, &fd, &size));
        close(fd);
    }
    return NULL;
}

int cmd_check_results(int argc, char **argv)
{
    static const struct option options[] = {
        {"all", no_argument, NULL, 'a'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    char root[PATH_MAX] = "results";
    struct shelf shelf = {.count = 0};
    int all = 0, result = EXIT_ENVIRONMENT;
    const char *why = NULL;

    optind = 0; /* glibc: start over, and read argv from index 1 */
    for (int o; (o = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (o == 'a') all = 1;
        else {
            help(o == 'h' ? stdout : stderr);
            return o == 'h' ? EXIT_DONE : EXIT_USAGE;
        }
    }
    for (int i = optind; i < argc && !why; i++) why = look(argv[i]);
    if (optind < argc) shelf_root(argv[optind], root, sizeof root);
    if (!why) why = shelf_open(&shelf, root);
    for (int i = optind; i < argc && !why; i++)
        if (!shelf_add(&shelf, argv[i])) why = "out of memory";
    if (why) fprintf(stderr, "wheelbench: %s\n", why);
    else result = check_shelf(&shelf, argc - optind, argv + optind, all);
    shelf_close(&shelf);
    return result;
}
