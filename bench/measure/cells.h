/* cells.h: the timed part of a contest: one wanted cell after the other, each of every impl that
 * passed the checks. Between contest.c and rounds.c. */
#ifndef WHEELBENCH_CELLS_H
#define WHEELBENCH_CELLS_H
#include "measure/player.h"

/* 1: the device is gone, and with it this player. */
int cells_lost(struct game *g, struct player *p);

/* The most copies of the operands that a wanted cell walks through; a cold batch takes `cold`, and
 * is skipped when these are more than MAX_SETS. */
int cells_sets(const struct contest *c, int cold);

/* Times the wanted cells of all live players, checks them again after each, and fills their cells
 * and the log. s holds cells_sets() sets. */
const char *cells_time(struct game *g, struct sets *s, int cold);
#endif
