/* figures.h: the figures that a run, or several, can be drawn as. Each writer turns stored rows
 * into plot data; figures_draw writes them and has gnuplot draw them. */
#ifndef WHEELBENCH_FIGURES_H
#define WHEELBENCH_FIGURES_H
#include "report/stored.h"

/* Writes dir/<figure>.dat. *panels 0: the run has nothing for this figure, and no file is written.
 * NULL, or one line that says why not. */
const char *ladder_write(const struct stored_run *run, const char *dir, int *panels);
const char *sweep_write(const struct stored_run *run, const char *dir, int *panels);
const char *roofline_write(const struct stored_run *run, const char *dir, int *panels);
const char *bandwidth_write(const struct stored_run *run, const char *dir, int *panels);
const char *layers_write(const struct stored_run *run, const char *dir, int *panels);
const char *energy_write(const struct stored_run *run, const char *dir, int *panels);
const char *accuracy_write(const struct stored_run *run, const char *dir, int *panels);

/* The same for figures of several runs; with *panels 0 the line says why these cannot be drawn
 * together. */
const char *versus_write(const struct stored_run *runs, size_t count, const char *dir, int *panels);
const char *generations_write(const struct stored_run *runs, size_t count, const char *dir,
                              int *panels);

/* The figure `compare` of a comparison that has been made. */
struct comparison;
const char *versus_write_comparison(const struct comparison *c, const char *dir, int *panels);

/* Does the run hold what a sweep needs? */
int sweep_possible(const struct stored_run *run);

struct figure {
    const char *name, *question; /* name of the script in plots/, of the data and of the picture */
    const char *needs;           /* what a run must hold, for the message when it does not */
    const char *(*write)(const struct stored_run *run, const char *dir, int *panels);
    const char *(*write_several)(const struct stored_run *runs, size_t count, const char *dir,
                                 int *panels); /* NULL: drawn of each run apart */
    size_t most;                               /* runs that it takes, from 2 on; 0: any */
};
extern const struct figure figures[]; /* name NULL at the end */
const char *figure_question(const char *name);

enum figure_result { FIGURE_DRAWN, FIGURE_EMPTY, FIGURE_NO_GNUPLOT, FIGURE_FAILED };

/* Writes dir/<figure>.dat and dir/<figure>.<format> for each of the formats (svg, png, txt; NULL at
 * the end). A figure of one run takes the first. *why gets one line unless all was drawn. Without
 * gnuplot the data stay. */
enum figure_result figures_draw(const struct stored_run *runs, size_t count,
                                const struct figure *figure, const char *dir,
                                const char *const formats[], const char **why);

enum figure_result figures_draw_comparison(const struct comparison *c, const char *dir,
                                           const char *const formats[], const char **why);

/* mkdir -p. */
const char *figures_make_dir(const char *dir);
#endif
