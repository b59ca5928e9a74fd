/* sets.h: copies of all operands of a problem. Timing rotates through several so that the cache is
 * cold; each copy has data of its own, 4 KiB of 0xFF before and after every buffer, and 0xFF
 * between the rows, so that a write in the wrong place and a read of what nobody wrote (NaN) both
 * show. */
#ifndef WHEELBENCH_SETS_H
#define WHEELBENCH_SETS_H
#include "data/place.h"

enum { GUARD_BYTES = 4096, MAX_SETS = 1024 };

struct sets {
    const struct place_ops *ops;
    const struct problem *problem;
    struct tensor in[MAX_INPUTS], out;
    int inputs, count;
    struct operands *set;         /* [count]; workspace is left NULL */
    struct fill fill;             /* kind and seed of all that is in here */
    uint64_t (*hash)[MAX_INPUTS]; /* [count]: of the inputs as filled */
    void *before; /* C of one set before the call, where it is read; see sets_before */
};

/* Bytes of one set, guards included. */
double sets_bytes(const struct problem *p);

/* Allocates and fills. On failure everything is released. */
const char *sets_open(struct sets *s, const struct place_ops *ops, const struct problem *p,
                      int count, enum data_kind kind, uint64_t seed);
void sets_close(struct sets *s);

/* Output and its guards full of 0xFF again, then C as before the call where the problem reads it.
 */
const char *sets_reset_out(struct sets *s, int i);

/* C of set i before the call, NULL where it is not read. Valid until the next call. */
const char *sets_before(struct sets *s, int i, void **before);

/* Guards and gaps of set i are out of bounds (closed), or no longer, where the place can do that:
 * an impl runs within closed fences, so that it is caught in the act, reading included. */
void sets_fence(struct sets *s, int i, int closed);

/* NULL: inputs, guards and gaps of set i are as they were; else what was touched. */
const char *sets_untouched(struct sets *s, int i);

/* Inputs, guards and outputs of all sets as they were at first: what one impl has damaged must not
 * be blamed on the next. */
const char *sets_restore(struct sets *s);
#endif
