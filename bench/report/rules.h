/* rules.h: what a stored run must be before others build on it: nine rules, each a few lines of
 * rules_*.c. A rule finds errors (the run cannot be accepted), warnings (a person should look) and
 * notes. */
#ifndef WHEELBENCH_RULES_H
#define WHEELBENCH_RULES_H
#include "report/shelf.h"

enum severity { RULE_NOTE, RULE_WARN, RULE_ERROR, SEVERITIES };
enum { RULES = 9 };

/* Verified: measured again by a maintainer, and equal; checked: no error, clean and known commit.
 */
enum run_tier { TIER_UNVERIFIED, TIER_CHECKED, TIER_VERIFIED };

struct finding {
    int rule; /* 1 to RULES */
    enum severity severity;
    char text[480];
};

struct ruling {
    const struct shelf *shelf;
    const struct stored_run *run;
    const char *dir;
    int packing; /* SHA256SUMS is not there yet */
    struct finding *findings;
    int count, room;
    int found[SEVERITIES];
    int unclean; /* of a dirty tree or an unknown commit */
    enum run_tier tier;
};

/* Holds one run against all rules. NULL, or that memory is short. rules_free afterwards, whatever
 * it returns. */
const char *rules_check(struct ruling *r, const struct shelf *shelf, const struct shelf_run *run,
                        int packing);
void rules_free(struct ruling *r);
const char *rules_tier_name(enum run_tier t);
/* What a rule is about, in a few words. */
const char *rules_about(int rule);

/* Is the run in git? 1 yes, 0 no, -1: this is no git checkout. */
int rules_in_git(const char *dir);
/* Runs below root that the main branch has and this checkout does not, one a line; "": none. */
const char *rules_gone(const char *root, struct plain_buffer *out);

/* ---- for rules_*.c ---- */

void rules_add(struct ruling *r, int rule, enum severity s, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* "line 12: gemm f32 nn 64x64x64 gemm_naive cold batch", until the fourth next call. */
const char *rules_row(const struct ruling *r, const struct row *row);
/* The problem of a row as this program knows it: 0, or -1. */
int rules_problem(const struct row *row, struct problem *p);

void rules_files(struct ruling *r);   /* 1 */
void rules_git(struct ruling *r);     /* 1 and 9 */
void rules_plan(struct ruling *r);    /* 2 */
void rules_numbers(struct ruling *r); /* 3 and 8 */
void rules_floor(struct ruling *r);   /* 4 */
void rules_roofs(struct ruling *r);   /* 5 and 6 */
void rules_peers(struct ruling *r);   /* 7 */
/* 1: verified.csv names a run that agrees. A line that does not hold is a note. */
int rules_verified(struct ruling *r);
#endif
