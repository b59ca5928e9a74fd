/* speed_class.h: who is timed against whom. Interleaving is not free of bias: a slow kernel that
 * draws little power lends clock to the fast one behind it. So impls of like speed meet, the others
 * among themselves, and the base, which ratios refer to, is in every group. */
#ifndef WHEELBENCH_SPEED_CLASS_H
#define WHEELBENCH_SPEED_CLASS_H
#include "measure/rounds.h"

enum { CLASS_MAX = 8, CLASS_FACTOR = 4 };

struct speed_class {
    int count, member[CLASS_MAX]; /* indices into the entries */
    int guest;                    /* place in member of a base at home elsewhere; -1: none */
};

/* Groups of the entries that live, by call_us. The base is the fastest library call, without one
 * the fastest of all; what takes at most 4 times as long is in its class, the rest in another; each
 * class makes as few groups of at most 8 as can be, of even size. The base is at home in the first.
 * out has room for count groups. Returns how many. */
int speed_classes(const struct entry *entries, int count, struct speed_class *out);
#endif
