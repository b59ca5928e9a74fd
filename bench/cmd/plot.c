/* plot.c: `wheelbench plot RUN...` draws stored runs. It needs no GPU, and without gnuplot it still
 * writes the data. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/commands.h"
#include "report/figures.h"

struct choice {
    const char *figure; /* NULL: all */
    const char *formats[4];
    const char *out; /* NULL: out/<run> */
    int several;     /* more than one run: each gets a directory of its own below out */
};

static void help(FILE *to)
{
    fputs("usage: wheelbench plot RUN... [--figure NAME|all] [--format svg,png,txt] [-o DIR]\n"
          "Draws stored runs. RUN is a directory with results.csv and manifest.json.\n\n"
          "  --figure NAME   only this figure; figures:\n",
          to);
    for (const struct figure *f = figures; f->name; f++)
        fprintf(to, "                    %-8s %s\n", f->name, f->question);
    fputs("  --format LIST   svg, png, txt with commas between; txt also goes to stdout (default "
          "svg,png)\n"
          "  -o, --out DIR   where to write (default out/<run>)\n",
          to);
}

static int set_formats(struct choice *c, const char *list)
{
    static const char *const known[] = {"svg", "png", "txt"};
    size_t n = 0;

    for (const char *word = list; *word; word += *word == ',') {
        const size_t length = strcspn(word, ",");
        size_t k = 0;
        while (k < 3 && (strlen(known[k]) != length || strncmp(word, known[k], length))) k++;
        if (k == 3 || n == 3) {
            fprintf(stderr, "wheelbench: unknown format '%s'; formats: svg png txt\n", list);
            return -1;
        }
        c->formats[n++] = known[k];
        word += length;
    }
    c->formats[n] = NULL;
    if (!n) fputs("wheelbench: --format needs one of: svg png txt\n", stderr);
    return n ? 0 : -1;
}

static int set_figure(struct choice *c, const char *name)
{
    c->figure = NULL;
    if (!strcmp(name, "all")) return 0;
    for (const struct figure *f = figures; f->name; f++)
        if (!strcmp(f->name, name)) c->figure = f->name;
    if (c->figure) return 0;
    fprintf(stderr, "wheelbench: unknown figure '%s'; figures: all", name);
    for (const struct figure *f = figures; f->name; f++) fprintf(stderr, " %s", f->name);
    fputc('\n', stderr);
    return -1;
}

static int parse(int argc, char **argv, struct choice *c)
{
    static const struct option options[] = {{"figure", required_argument, NULL, 'f'},
                                            {"format", required_argument, NULL, 't'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};

    optind = 0; /* glibc: start over, and read argv from index 1 */
    for (int o; (o = getopt_long(argc, argv, "o:h", options, NULL)) != -1;) {
        if (o == 'f' && set_figure(c, optarg)) return EXIT_USAGE;
        if (o == 't' && set_formats(c, optarg)) return EXIT_USAGE;
        if (o == 'o') c->out = optarg;
        if (o == 'h') {
            help(stdout);
            exit(EXIT_DONE);
        }
        if (o == '?') {
            help(stderr);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) return EXIT_DONE;
    fputs("wheelbench: plot needs a run directory, such as results/<device>/<run>\n", stderr);
    help(stderr);
    return EXIT_USAGE;
}

static void show(const char *dir, const struct figure *f, const char *format)
{
    char path[8192], line[4096];
    FILE *text;

    snprintf(path, sizeof path, "%s/%s.%s", dir, f->name, format);
    text = strcmp(format, "txt") ? NULL : fopen(path, "r");
    while (text && fgets(line, sizeof line, text)) fputs(line, stdout);
    if (text) {
        fputc('\n', stdout); /* gnuplot's last line has no end */
        fclose(text);
    }
    printf("%s\n", path);
}

/* Draws the figures of one run; returns the exit status. */
static int draw(const struct stored_run *run, const struct choice *c)
{
    char dir[4096 + 512];
    int result = EXIT_DONE, drawn = 0;
    const char *why = NULL;

    if (!c->out) snprintf(dir, sizeof dir, "out/%s", run->id);
    else if (!c->several) snprintf(dir, sizeof dir, "%.4096s", c->out);
    else snprintf(dir, sizeof dir, "%.4096s/%s", c->out, run->id);
    for (const struct figure *f = figures; f->name; f++) {
        if (c->figure && strcmp(c->figure, f->name)) continue;
        const enum figure_result got = figures_draw(run, f, dir, c->formats, &why);
        if (got == FIGURE_DRAWN)
            for (size_t i = 0; c->formats[i]; i++) show(dir, f, c->formats[i]);
        else fprintf(stderr, "wheelbench: %s\n", why);
        if (got == FIGURE_NO_GNUPLOT)
            fprintf(stderr, "wheelbench: the data are in %s/%s.dat\n", dir, f->name);
        if (got == FIGURE_NO_GNUPLOT || got == FIGURE_FAILED) result = EXIT_ENVIRONMENT;
        drawn += got == FIGURE_DRAWN;
    }
    return drawn || result ? result : EXIT_ENVIRONMENT;
}

int cmd_plot(int argc, char **argv)
{
    struct choice c = {.formats = {"svg", "png"}};
    int result = parse(argc, argv, &c);

    if (result) return result;
    c.several = argc - optind > 1;
    for (int i = optind; i < argc; i++) {
        struct stored_run run;
        const char *why = stored_open(&run, argv[i]);
        if (why) fprintf(stderr, "wheelbench: %s\n", why);
        const int got = why ? EXIT_ENVIRONMENT : draw(&run, &c);
        if (got) result = got;
        stored_close(&run);
    }
    return result;
}
