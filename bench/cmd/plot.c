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
};

enum { RUNS_MAX = 32 };

static void help(FILE *to)
{
    fputs("usage: wheelbench plot RUN... [--figure NAME|all] [--format svg,png,txt] [-o DIR]\n"
          "Draws stored runs. RUN is a directory with results.csv and manifest.json. Figures of\n"
          "several runs are drawn when there are that many: compare takes A and B.\n\n"
          "  --figure NAME   only this figure; figures:\n",
          to);
    for (const struct figure *f = figures; f->name; f++)
        fprintf(to, "                    %-12s %s%s\n", f->name, f->question,
                !f->write_several ? ""
                : f->most         ? " (two runs)"
                                  : " (two runs or more)");
    fputs("  --format LIST   svg, png, txt with commas between; txt also goes to stdout (default "
          "svg,png)\n"
          "  -o, --out DIR   where to write (default out/<run>); of several runs each gets a\n"
          "                  directory of its own there\n",
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

/* Draws one figure into dir; the exit status. *drawn counts. */
static int draw(const struct stored_run *runs, size_t count, const struct figure *f,
                const char *dir, const struct choice *c, int *drawn)
{
    const char *why = NULL;
    const enum figure_result got = figures_draw(runs, count, f, dir, c->formats, &why);

    if (got == FIGURE_DRAWN)
        for (size_t i = 0; c->formats[i]; i++) show(dir, f, c->formats[i]);
    else fprintf(stderr, "wheelbench: %s\n", why);
    if (got == FIGURE_NO_GNUPLOT)
        fprintf(stderr, "wheelbench: the data are in %s/%s.dat\n", dir, f->name);
    *drawn += got == FIGURE_DRAWN;
    return got == FIGURE_NO_GNUPLOT || got == FIGURE_FAILED ? EXIT_ENVIRONMENT : EXIT_DONE;
}

static int chosen(const struct choice *c, const struct figure *f)
{
    return !c->figure || !strcmp(c->figure, f->name);
}

/* The figures of one run. `apart`: it gets a directory of its own below -o. */
static int draw_one(const struct stored_run *run, int apart, const struct choice *c)
{
    char dir[4096 + 512];
    int result = EXIT_DONE, drawn = 0, wanted = 0;

    if (!c->out) snprintf(dir, sizeof dir, "out/%s", run->id);
    else if (!apart) snprintf(dir, sizeof dir, "%.4096s", c->out);
    else snprintf(dir, sizeof dir, "%.4096s/%s", c->out, run->id);
    for (const struct figure *f = figures; f->name; f++) {
        if (f->write_several || !chosen(c, f)) continue;
        wanted++;
        if (draw(run, 1, f, dir, c, &drawn)) result = EXIT_ENVIRONMENT;
    }
    return drawn || result || !wanted ? result : EXIT_ENVIRONMENT;
}

/* The figures of several runs, in out/<first>+<second> or out/<first>+<how many more>. */
static int draw_several(const struct stored_run *runs, size_t count, const struct choice *c)
{
    char dir[4096 + 512];
    int result = EXIT_DONE, drawn = 0;

    if (c->out) snprintf(dir, sizeof dir, "%.4096s", c->out);
    else if (count == 2) snprintf(dir, sizeof dir, "out/%s+%s", runs[0].id, runs[1].id);
    else snprintf(dir, sizeof dir, "out/%s+%zu", runs[0].id, count - 1);
    for (const struct figure *f = figures; f->name; f++) {
        if (!f->write_several || !chosen(c, f)) continue;
        if (count < 2 || (f->most && count > f->most)) {
            if (!c->figure) continue;
            fprintf(stderr, "wheelbench: %s needs two runs%s: wheelbench plot A B --figure %s\n",
                    f->name, f->most ? "" : " or more", f->name);
            return EXIT_USAGE;
        }
        if (draw(runs, count, f, dir, c, &drawn)) result = EXIT_ENVIRONMENT;
    }
    return drawn || result || !c->figure ? result : EXIT_ENVIRONMENT;
}

static int is_several(const struct choice *c)
{
    for (const struct figure *f = figures; f->name; f++)
        if (c->figure && chosen(c, f)) return f->write_several != NULL;
    return 0;
}

int cmd_plot(int argc, char **argv)
{
    struct choice c = {.formats = {"svg", "png"}};
    int result = parse(argc, argv, &c), got;
    size_t count = 0;

    if (result) return result;
    if (argc - optind > RUNS_MAX) {
        fprintf(stderr, "wheelbench: plot takes at most %d runs\n", RUNS_MAX);
        return EXIT_USAGE;
    }
    const int apart = argc - optind > 1;
    struct stored_run *runs = calloc(RUNS_MAX, sizeof *runs);
    for (int i = optind; i < argc && runs; i++) {
        const char *why = stored_open(&runs[count], argv[i]);
        if (!why) {
            count++;
            continue;
        }
        fprintf(stderr, "wheelbench: %s\n", why);
        stored_close(&runs[count]);
        result = EXIT_ENVIRONMENT;
    }
    for (size_t i = 0; i < count && !is_several(&c); i++)
        if ((got = draw_one(&runs[i], apart, &c))) result = got;
    if (count && (!c.figure || is_several(&c)) && !(result && is_several(&c)) &&
        (got = draw_several(runs, count, &c)))
        result = got;
    for (size_t i = 0; i < count; i++) stored_close(&runs[i]);
    free(runs);
    return result;
}
