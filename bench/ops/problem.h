/* problem.h: problems from their text form, and the words for enums: one spelling everywhere. */
#ifndef WHEELBENCH_PROBLEM_H
#define WHEELBENCH_PROBLEM_H
#include "wheelbench.h"

const char *precision_name(enum precision p); /* f64 f32 tf32 f16 bf16 */
const char *tier_name(enum tier t);           /* naive tuned library */
const char *place_name(enum place p);         /* host device */

/* -1 when there is none of that name. */
int precision_from(const char *name);

const struct op *op_find(const char *name); /* NULL: no such op */
/* The impl of any op; NULL: no such impl. */
const struct impl *impl_find(const char *name, const struct op **op);

/* The op whose name is nearest to a mistyped one, NULL when none is near. */
const char *op_nearest(const char *name);

/* Reads "op precision layout shape". NULL, or one line: what is wrong, and what is valid. */
const char *problem_parse(struct problem *p, const char *text);
#endif
