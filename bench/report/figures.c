/* figures.c: the list of figures. A new one is its writer, plots/<name>.gp and one line here. */
#include "report/figures.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "fail.h"
#include "report/gnuplot.h"

const struct figure figures[] = {
    {"ladder", "What does the next rung cost?", "a usable row with a line count",
     .write = ladder_write},
    {"sweep", "At which size does a rung start to pay?",
     "gemm rows of square shape in two sizes or more", .write = sweep_write},
    {"roofline", "Is it us, or the machine?", "a measured roof over usable rows with FLOPs",
     .write = roofline_write},
    {"bandwidth", "How much of the memory's speed is used?", "usable rows that memory binds",
     .write = bandwidth_write},
    {"layers", "Where does a network's time go?",
     "conv2d rows of two labelled problems of one precision and layout", .write = layers_write},
    {"energy", "Is the fast one the thrifty one?", "an energy (run --energy measures it)",
     .write = energy_write},
    {"accuracy", "What do digits cost?", "usable rows with an error", .write = accuracy_write},
    {"compare", "Is B faster than A, and by more than noise?",
     "a usable cold row of the same problem and impl in common", .most = 2,
     .write_several = versus_write},
    {"generations", "Does a hand kernel keep up?",
     "a problem with a library call on two processors or more", .write_several = generations_write},
    {.name = NULL},
};

static const struct figure *figure_named(const char *name)
{
    const struct figure *f = figures;

    while (f->name && strcmp(f->name, name)) f++;
    return f;
}

const char *figure_question(const char *name)
{
    const struct figure *f = figure_named(name);

    return f->name ? f->question : name;
}

const char *figures_make_dir(const char *dir)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s", dir) >= (int)sizeof path)
        return fail_text("%.100s...: the path is too long", dir);
    for (char *s = path + 1;; s++) {
        const char c = *s;
        struct stat about;
        if (c && c != '/') continue;
        *s = 0;
        if (mkdir(path, 0777) &&
            !(errno == EEXIST && !stat(path, &about) && S_ISDIR(about.st_mode)))
            return fail_text("cannot make the directory %s: %s", path, strerror(errno));
        if (!c) return NULL;
        *s = c;
    }
}

/* Has gnuplot draw what a writer left; *why is the writer's line. */
static enum figure_result finish(const struct figure *figure, const struct stored_run *run,
                                 const char *dir, int panels, const char *const formats[],
                                 const char **why)
{
    char data[PATH_MAX], out[PATH_MAX];
    int missing = 0;

    if (*why && (panels || !figure->write_several)) return FIGURE_FAILED;
    if (!panels) {
        if (*why) *why = fail_text("no %s: %s", figure->name, *why);
        else if (figure->write_several)
            *why = fail_text("no %s: the runs have not %s", figure->name, figure->needs);
        else
            *why = fail_text("no %s: the run has not %s (%s)", figure->name, figure->needs,
                             run->footer);
        return FIGURE_EMPTY;
    }
    snprintf(data, sizeof data, "%s/%s.dat", dir, figure->name);
    for (size_t i = 0; formats[i]; i++) {
        snprintf(out, sizeof out, "%s/%s.%s", dir, figure->name, formats[i]);
        *why = gnuplot_draw(figure->name, data, out, formats[i], &missing);
        if (*why) return missing ? FIGURE_NO_GNUPLOT : FIGURE_FAILED;
    }
    return FIGURE_DRAWN;
}

enum figure_result figures_draw(const struct stored_run *runs, size_t count,
                                const struct figure *figure, const char *dir,
                                const char *const formats[], const char **why)
{
    int panels = 0;

    if ((*why = figures_make_dir(dir))) return FIGURE_FAILED;
    if (figure->write_several) *why = figure->write_several(runs, count, dir, &panels);
    else *why = figure->write(runs, dir, &panels);
    return finish(figure, runs, dir, panels, formats, why);
}

enum figure_result figures_draw_comparison(const struct comparison *c, const char *dir,
                                           const char *const formats[], const char **why)
{
    int panels = 0;

    if ((*why = figures_make_dir(dir))) return FIGURE_FAILED;
    *why = versus_write_comparison(c, dir, &panels);
    return finish(figure_named("compare"), NULL, dir, panels, formats, why);
}
