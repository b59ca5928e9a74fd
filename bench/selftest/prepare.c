/* prepare.c: the problems of all proofs, parsed before a worker is forked. */
#include <stdio.h>
#include <string.h>
#include "fail.h"
#include "ops/problem.h"
#include "selftest/paced.h"
#include "selftest/proof.h"

enum { MOST = 96 };

static struct problem pool[MOST];
static char asked[MOST][96];
static int count;

const struct problem *proofs_problem(const char *text)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(asked[i], text)) return &pool[i];
    return NULL;
}

static const char *want(const char *text)
{
    if (proofs_problem(text)) return NULL;
    if (count == MOST) return "selftest has too many problems";
    TRY(problem_parse(&pool[count], text));
    snprintf(asked[count++], sizeof asked[0], "%s", text);
    return NULL;
}

const char *proofs_prepare(void)
{
    char text[64];

    for (int place = HOST; place <= DEVICE; place++) {
        for (const struct liar *const *table = liars_of(place); *table; table++)
            for (const struct liar *l = *table; l->problem; l++) TRY(want(l->problem));
        for (int i = 0; i < times_problems(place); i++) {
            times_problem(place, i, text, sizeof text);
            TRY(want(text));
        }
    }
    for (int i = 0; i < judges_problems(); i++) TRY(want(judges_problem(i)));
    TRY(want(PACED_PROBLEM));
    return times_prepare();
}
