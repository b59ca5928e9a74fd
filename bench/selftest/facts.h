/* facts.h: what a selftest found out that a run of the same build and machine keeps in its
 * manifest: a file of lines `key value`. */
#ifndef WHEELBENCH_FACTS_H
#define WHEELBENCH_FACTS_H

enum fact {
    FACT_HELD,      /* proofs that held */
    FACT_AA_HOST,   /* how far one impl under two names came out from itself at most, % */
    FACT_AA_DEVICE, /* and on the device: differences below are none */
    FACT_SETTLE_MS, /* after this pre-roll no earlier kernel shows in a time */
    FACTS
};
struct facts {
    double value[FACTS]; /* NaN: not found out */
};

void facts_clear(struct facts *f);
const char *fact_key(enum fact f); /* in the file and in the manifest */

/* Written in one step. NULL, or why not. */
const char *facts_write(const char *path, const struct facts *f);
/* NULL, or what is wrong with the file: a key that is unknown or there twice, a value that is no
 * number or negative, nothing at all. f is then as facts_clear leaves it. */
const char *facts_read(const char *path, struct facts *f);
#endif
