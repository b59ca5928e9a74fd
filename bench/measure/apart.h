/* apart.h: a contest in a child process, for places where an impl that is wrong may end its
 * process: under a checker that stops at the first fault, with its report on stderr. */
#ifndef WHEELBENCH_APART_H
#define WHEELBENCH_APART_H
#include <stddef.h>
#include "measure/contest.h"

/* contest_run, except that the impl whose process ended before its time is `failed`, with what the
 * process said last; the others are played without it. limit_s is the CPU time of one impl. */
const char *apart_run(const struct contest *c, struct outcome *out);

/* The one line that says why a process ended: the first fault in its stderr (AddressSanitizer,
 * UBSan, a line "simt: ..."), else its wait status. Writes into to[n]; returns to. */
const char *apart_reason(const char *said, int status, char *to, size_t n);
#endif
