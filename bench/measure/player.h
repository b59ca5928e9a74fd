/* player.h: one impl within a contest: prepared, checked on operands that were made ready, and
 * ended with a reason when something is not right. Between contest.c and player.c. */
#ifndef WHEELBENCH_PLAYER_H
#define WHEELBENCH_PLAYER_H
#include "data/judge.h"
#include "measure/contest.h"

struct player {
    struct outcome *out;
    struct plan plan;
    void *workspace;
    int live;
    struct tune *tune;    /* its candidates (tune.h); NULL: an impl without variants */
    struct operands *set; /* the sets with this player's workspace */
};

struct game {
    const struct contest *c;
    const struct place_ops *ops;
    const struct timer *timers[TIMINGS], *timer; /* timer: of the cells that are timed now */
    struct player *player;
    struct entry *entry;
};

/* No further part in the contest, for this reason. */
void player_end(struct player *p, enum status status, const char *flag, const char *reason);
/* The same for an error; looks whether the device survived it. */
void player_fail(struct game *g, struct player *p, const char *reason);

/* Plans and workspace. */
void player_prepare(struct game *g, struct player *p);
/* The clock of prepare_ms and first_call_ms. */
double player_now_ms(void);
/* Poisons the output, calls once, compares; also guards and inputs. */
void player_check(struct game *g, struct player *p, const struct judge *j);
/* The output that the timed path leaves in the judge's set must be right. */
void player_check_again(struct game *g, struct player *p, struct entry *e, const struct judge *j);
#endif
