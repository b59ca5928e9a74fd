/* scatter.h: inside the figures `energy` and `accuracy`: the rungs of one cell an op and place as
 * labelled points on two logarithmic axes. */
#ifndef WHEELBENCH_SCATTER_H
#define WHEELBENCH_SCATTER_H
#include "report/chart.h"
#include "report/choose.h"

struct scatter_point {
    const struct row *row;
    double x, y, x_low, x_high; /* low and high: the spread of x */
    int slot;
};

struct scatter_panel {
    struct row *rows; /* of the run, those that the figure cannot use not usable */
    struct headline head;
    struct scatter_point points[LABELS_MAX];
    size_t count, more; /* more: rows that found no place */
    struct axis x, y;
    struct box box;
};

struct scatter {
    const struct stored_run *run;
    struct scatter_panel panels[PANELS_MAX];
    int count, doubtful, device, host;
};

/* Puts the place of a row into p. 0: it has none. */
typedef int scatter_place(const struct scatter_panel *panel, struct scatter_point *p);

/* A panel for each op and place with a usable row that `keep` accepts, its points placed. */
void scatter_choose(struct scatter *f, choose_keep *keep, scatter_place *place);
void scatter_free(struct scatter *f);

/* A page for the panels, which get their boxes. */
void scatter_begin(struct scatter *f, struct chart *c, double height);

/* Points and names of a panel whose axes are drawn; lines are what names should not lie on, and
 * names may reach `beyond` px over its right edge. */
void scatter_draw(struct scatter *f, struct chart *c, struct scatter_panel *p, double beyond,
                  const struct segment *lines, size_t line_count);

/* Title and problem of a panel. */
struct panel_text *scatter_say(struct chart *c, const struct scatter_panel *p);

const char *scatter_save(struct scatter *f, struct chart *c, const char *dir, const char *figure,
                         const char *how);
#endif
