/* lock.h: one run at a time on a GPU, and one on the cores of a machine: two that share them would
 * both measure something else. */
#ifndef WHEELBENCH_LOCK_H
#define WHEELBENCH_LOCK_H
#include <stdint.h>
#include "wheelbench.h"

/* Locks `what` ("cpu", or what tells a GPU from others) for this process and its children, until
 * they have ended; works between users of a machine. holder: some words for whoever is refused,
 * behind the number of the process. wait: until it is free, said on stderr; else a lock that is
 * taken is an error that names its holder. NULL, or why not. Where no lock can be had at all, *note
 * says so and the run goes on. */
const char *lock_take(const char *what, const char *holder, int wait, const char **note);

/* The same for whoever measures in a place: the cores of this machine, or the GPU whose UUID has
 * this hash (0: not known). That no lock can be had is said on stderr. */
const char *lock_place(enum place place, uint64_t uuid_hash, int wait);
#endif
