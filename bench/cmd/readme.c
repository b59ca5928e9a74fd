/* readme.c: `wheelbench readme RUN...` rewrites the result block of README.md in the current
 * directory, and its pictures in docs/figures/, from stored runs. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd/commands.h"
#include "fail.h"
#include "report/figures.h"
#include "report/readme.h"
#include "report/result_table.h"
#include "store/file.h"

enum { README_DIFFERS = 1, README_MAX = 1 << 20, RUNS_MAX = 16 };
static const char pictures[] = "docs/figures", target[] = "README.md";

static void help(FILE *to)
{
    fputs("usage: wheelbench readme RUN... [--check]\n"
          "Writes the block between " README_BEGIN " and " README_END "\n"
          "of README.md here, and docs/figures/*.png, from these runs; and the one of\n"
          "results/README.md from all packed runs.\n\n"
          "  --check   write nothing; exit 1 if a block would change\n",
          to);
}

static const char *copy(const char *from, const char *dir, const char *name)
{
    char *data;
    size_t length;
    const char *why = file_read(from, README_MAX, &data, &length);

    if (!why) why = file_save(dir, name, data, length);
    free(data);
    return why;
}

/* ladder-gpu.png; the second run on a GPU has ladder-gpu-2.png. */
static void picture_name(const struct stored_run *runs, int i, const char *figure, char *to,
                         size_t n)
{
    int nth = 1;

    for (int j = 0; j < i; j++) nth += !*runs[j].device == !*runs[i].device;
    snprintf(to, n, "%s-%s", figure, *runs[i].device ? "gpu" : "cpu");
    if (nth > 1) snprintf(to + strlen(to), n - strlen(to), "-%d", nth);
    strncat(to, ".png", n - strlen(to) - 1);
}

/* Draws the figures of run i into out/<run> and copies them. */
static const char *draw(const struct stored_run *runs, int i)
{
    static const char *const formats[] = {"png", NULL};
    char dir[512], from[1024], name[64];
    const char *why;

    TRY(figures_make_dir(pictures));
    snprintf(dir, sizeof dir, "out/%s", runs[i].id);
    for (const struct figure *f = figures; f->name; f++) {
        if (strcmp(f->name, "ladder") && strcmp(f->name, "sweep")) continue; /* not shown there */
        const enum figure_result got = figures_draw(&runs[i], 1, f, dir, formats, &why);
        if (got == FIGURE_EMPTY && strcmp(f->name, "ladder"))
            continue; /* a run may have no sweep */
        if (got != FIGURE_DRAWN) return why;
        snprintf(from, sizeof from, "%s/%s.png", dir, f->name);
        picture_name(runs, i, f->name, name, sizeof name);
        TRY(copy(from, pictures, name));
        printf("%s/%s\n", pictures, name);
    }
    return NULL;
}

static void write_block(const struct stored_run *runs, int count, struct plain_buffer *block)
{
    char name[2][64], path[2][128];

    for (int i = 0; i < count; i++) {
        for (int k = 0; k < 2; k++) {
            picture_name(runs, i, k ? "sweep" : "ladder", name[k], sizeof name[k]);
            snprintf(path[k], sizeof path[k], "%s/%.63s", pictures, name[k]);
        }
        if (i) plain_append_text(block, "\n");
        readme_run(block, &runs[i], path[0], sweep_possible(&runs[i]) ? path[1] : NULL);
    }
}

/* The README with its new block against the old one; writes it unless `check`. */
static int update(const struct stored_run *runs, int count, int check)
{
    struct plain_buffer block = {0}, fresh = {0};
    char *old = NULL;
    size_t length = 0;
    int result = EXIT_DONE;
    const char *why = file_read(target, README_MAX, &old, &length);

    write_block(runs, count, &block);
    plain_append(&block, "", 1); /* ends the text */
    if (!why && block.failed) why = fail_text("out of memory");
    if (!why) why = readme_splice(target, old, block.data, &fresh);
    const int same = !why && fresh.length == length && !memcmp(fresh.data, old, length);
    for (int i = 0; i < count && !why && !check; i++) why = draw(runs, i);
    if (!why && !check && !same) why = file_save(".", target, fresh.data, fresh.length);
    if (!why && check && !same) {
        fputs("wheelbench: the result block of README.md is not what these runs give; without "
              "--check it is rewritten\n",
              stderr);
        result = README_DIFFERS;
    }
    if (!why && !check) printf("%s\n", target);
    if (why) fprintf(stderr, "wheelbench: %s\n", why), result = EXIT_ENVIRONMENT;
    free(old);
    free(block.data);
    free(fresh.data);
    return result;
}

/* The table of results/README.md, where that is. */
static int update_table(int check)
{
    struct plain_buffer fresh = {0};
    struct shelf shelf = {.count = 0};
    char *old = NULL;
    int result = EXIT_DONE;

    if (access("results/devices.csv", F_OK)) return EXIT_DONE;
    const char *why = shelf_open(&shelf, "results");
    if (!why) why = result_table_splice(&shelf, &old, &fresh);
    const int same =
        !why && (!old || (strlen(old) == fresh.length && !memcmp(old, fresh.data, fresh.length)));
    if (!why && !same && !check) why = file_save("results", target, fresh.data, fresh.length);
    if (!why && !same && check) {
        fputs(
            "wheelbench: the table of results/README.md is not what the packed runs give; without "
            "--check it is rewritten\n",
            stderr);
        result = README_DIFFERS;
    }
    if (!why && !same && !check) puts("results/README.md");
    if (why) fprintf(stderr, "wheelbench: %s\n", why), result = EXIT_ENVIRONMENT;
    shelf_close(&shelf);
    free(old);
    free(fresh.data);
    return result;
}

int cmd_readme(int argc, char **argv)
{
    static const struct option options[] = {
        {"check", no_argument, NULL, 'c'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    static struct stored_run runs[RUNS_MAX];
    int check = 0, count = 0;
    const char *why = NULL;

    optind = 0; /* glibc: start over, and read argv from index 1 */
    for (int o; (o = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (o == 'c') check = 1;
        else {
            help(o == 'h' ? stdout : stderr);
            return o == 'h' ? EXIT_DONE : EXIT_USAGE;
        }
    }
    if (optind == argc || argc - optind > RUNS_MAX) {
        fprintf(stderr, "wheelbench: readme needs 1 to %d run directories\n", RUNS_MAX);
        help(stderr);
        return EXIT_USAGE;
    }
    for (; optind + count < argc && !why; count++)
        why = stored_open(&runs[count], argv[optind + count]);
    if (why) fprintf(stderr, "wheelbench: %s\n", why);
    int result = why ? EXIT_ENVIRONMENT : update(runs, count, check);
    if (!result) result = update_table(check);
    for (int i = 0; i < count; i++) stored_close(&runs[i]);
    return result;
}
