/* cells.h: the timed part of a contest: the same cell of every impl that passed the checks. Between
 * contest.c and rounds.c. */
#ifndef WHEELBENCH_CELLS_H
#define WHEELBENCH_CELLS_H
#include "measure/player.h"

/* 1: the device is gone, and with it this player. */
int cells_lost(struct game *g, struct player *p);

/* Times all live players by the game's timer on the first `sets` sets, checks them again, and fills
 * their cells and the log. */
const char *cells_time(struct game *g, struct sets *s, int sets, int cell);
#endif
