/* report.c: `wheelbench report RUN...` writes stored runs as one page. It needs no GPU, and without
 * gnuplot the page has no figures. */
#include <getopt.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/commands.h"
#include "fail.h"
#include "report/figures.h"
#include "report/html_page.h"
#include "store/file.h"

static void help(FILE *to)
{
    fputs("usage: wheelbench report RUN... [-o FILE]\n"
          "Writes stored runs as one HTML page that needs no other file and no network: the answer "
          "in\n"
          "words, what to read with care, figures, all rows, method. RUN is a directory with\n"
          "results.csv and manifest.json; several runs share one table and stand side by side.\n\n"
          "  -o, --out FILE   where to write (default out/<run>/report.html; of several runs\n"
          "                   out/report.html)\n",
          to);
}

/* 0: go on; else the exit status + 1. */
static int parse(int argc, char **argv, const char **out)
{
    static const struct option options[] = {{"out", required_argument, NULL, 'o'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};

    optind = 0; /* glibc: start over, and read argv from index 1 */
    for (int o; (o = getopt_long(argc, argv, "o:h", options, NULL)) != -1;) {
        if (o == 'o') *out = optarg;
        else {
            help(o == 'h' ? stdout : stderr);
            return (o == 'h' ? EXIT_DONE : EXIT_USAGE) + 1;
        }
    }
    if (optind < argc && argc - optind <= PAGE_RUNS_MAX) return 0;
    fprintf(stderr,
            "wheelbench: report needs 1 to %d run directories, such as results/<device>/<run>\n",
            PAGE_RUNS_MAX);
    help(stderr);
    return EXIT_USAGE + 1;
}

static const char *save(const struct html_page *page, const char *out)
{
    char path[8192], folder[8192], name[8192];

    if (out) snprintf(path, sizeof path, "%s", out);
    else if (page->count > 1) snprintf(path, sizeof path, "out/report.html");
    else snprintf(path, sizeof path, "out/%s/report.html", page->runs[0].id);
    if (strlen(path) + 1 >= sizeof path) return fail_text("%.100s...: the path is too long", path);
    if (!*path || path[strlen(path) - 1] == '/')
        return fail_text("'%s' is no name of a file; type: -o %sreport.html", path, path);
    strcpy(folder, path);
    strcpy(name, path);
    const char *dir = dirname(folder);
    TRY(figures_make_dir(dir));
    TRY(file_save(dir, basename(name), page->out.data, page->out.length));
    printf("%s\n", path);
    return NULL;
}

int cmd_report(int argc, char **argv)
{
    static struct stored_run runs[PAGE_RUNS_MAX];
    struct html_page page = {.runs = runs};
    const char *out = NULL, *why = NULL;
    const int stop = parse(argc, argv, &out);

    if (stop) return stop - 1;
    for (; optind + page.count < argc && !why; page.count++)
        why = stored_open(&runs[page.count], argv[optind + page.count]);
    if (!why) why = html_page_write(&page);
    if (!why) why = save(&page, out);
    if (why) fprintf(stderr, "wheelbench: %s\n", why);
    else if (page.trouble) fprintf(stderr, "wheelbench: a figure is missing: %s\n", page.trouble);
    free(page.out.data);
    for (int i = 0; i < page.count; i++) stored_close(&runs[i]);
    return why || page.trouble ? EXIT_ENVIRONMENT : EXIT_DONE;
}
