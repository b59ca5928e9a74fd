/* energy.h: the energy of a call. The board's meter is slow and sees only a part of the time, so a
 * block of 15 ms says nothing: here one impl at a time runs for seconds, in a pass of its own after
 * the rounds, and whoever watches the meter looks at the marks that this leaves. */
#ifndef WHEELBENCH_ENERGY_H
#define WHEELBENCH_ENERGY_H
#include "measure/player.h"

/* Steady load of every live entry of the game, forwards and then backwards through them, so that a
 * board that warms up shows as a difference: c->energy_s seconds each in all, behind a second that
 * does not count. Leaves cell->energy; an entry whose block fails is dead, as after rounds. */
void energy_pass(struct game *g, int cell);

/* What the pass takes for one impl, us. */
double energy_price_us(double energy_s);
#endif
