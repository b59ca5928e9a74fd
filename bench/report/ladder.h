/* ladder.h: inside the figure "What does the next rung cost?": ladder.c chooses and arranges,
 * ladder_data.c words it and writes the blocks. */
#ifndef WHEELBENCH_LADDER_H
#define WHEELBENCH_LADDER_H
#include "report/page.h"

struct ladder_panel {
    const char *op, *place;
    int column, row;
    struct headline head;
    struct rung rungs[RUNGS_MAX];
    size_t count, left_out;
    struct box box;
    struct label labels[RUNGS_MAX];
};

struct ladder {
    const struct stored_run *run;
    struct ladder_panel panels[PANELS_MAX];
    int count, columns, rows;
    struct page page;
    struct axis x, y; /* ranges, the same in every panel */
    size_t left_out;
    int doubtful; /* a label carries a star */
};

/* Writes everything behind `meta` and it: titles, ticks, points, labels. */
void ladder_put(struct plotdata *d, struct ladder *l);

/* Lets the shared axes run over this box. */
void ladder_frame(struct ladder *l, const struct box *b);
#endif
