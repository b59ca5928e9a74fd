/* tune.h: which variant of an impl a problem gets. An impl that has several (struct impl: variants,
 * use) says only how each is put in place; checking and timing them is the harness's, the same for
 * tiles of a hand kernel and for the algorithms of a library. */
#ifndef WHEELBENCH_TUNE_H
#define WHEELBENCH_TUNE_H
#include "measure/player.h"

enum {
    TUNE_MOST = 16, /* candidates; further ones are not looked at */
    TUNE_FIRST = 3, /* blocks of each, */
    TUNE_BEST = 3,  /* of so many, */
    TUNE_MORE = 7,  /* so many more */
};

/* The candidates of a player whose impl has variants, and the largest workspace that one of them
 * wants. NULL, or why there is none. tune_close afterwards, whatever it returns. */
const char *tune_open(struct player *p, size_t *workspace_bytes);
void tune_close(struct player *p);

/* player_check of every candidate left, each with its own verdict: who is wrong or fails is left
 * out. Without candidates the player ends as the last of them did; where nothing is timed
 * (a check) it ends with the first that is left out. */
void tune_check(struct game *g, struct player *p, const struct judge *j);

/* Times the candidates left against each other, in short blocks and in a random order, by the batch
 * timer, on all sets of s; the samples are thrown away. timed 0: the first one wins. */
void tune_time(struct game *g, struct player *p, struct sets *s, int timed);

/* Puts the best candidate in place that passes the check again. */
void tune_winner(struct game *g, struct player *p, const struct judge *j);
#endif
