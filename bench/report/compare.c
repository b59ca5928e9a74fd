/* compare.c: see compare.h. First whether the two sides may be compared at all: other data or
 * another clock policy are another experiment. */
#include "report/compare.h"
#include <stdlib.h>
#include <string.h>
#include "fail.h"

const char *compare_common(const struct side *s, const char *key)
{
    const char *first = manifest_text(&s->runs[0].manifest, "", key);

    for (int i = 1; i < s->count; i++) {
        const char *other = manifest_text(&s->runs[i].manifest, "", key);
        if (!first || !other || strcmp(first, other)) return NULL;
    }
    return first;
}

/* What a run does not say is taken for equal: runs of old versions say less. */
static const char *check_policy(const struct comparison *c, const char *key, const char *what)
{
    const char *value[2];

    for (int s = 0; s < 2; s++) {
        value[s] = compare_common(c->side[s], key);
        for (int i = 1; i < c->side[s]->count && !value[s]; i++) {
            const char *a = manifest_text(&c->side[s]->runs[0].manifest, "", key),
                       *b = manifest_text(&c->side[s]->runs[i].manifest, "", key);
            if (a && b && strcmp(a, b))
                return fail_text("the runs of %c differ in %s: %.60s and %.60s", 'A' + s, what, a,
                                 b);
        }
    }
    if (c->mode != COMPARE_REGRESSION || !value[0] || !value[1] || !strcmp(value[0], value[1]))
        return NULL;
    return fail_text("%s differ: A has %.60s, B has %.60s; that is no regression of the code. "
                     "--mode hardware compares all the same",
                     what, value[0], value[1]);
}

int compare_row(const struct comparison *c, const struct row *r)
{
    return side_has(c->side[0], r) && side_has(c->side[1], r);
}

/* The host rows of a run with a GPU are no other hardware than a run of that CPU without one. */
static void put_slugs(struct comparison *c)
{
    int hosts = 0;

    for (int s = 0; s < 2; s++) hosts |= side_is_host(c->side[s]);
    for (int s = 0; s < 2; s++)
        c->slug[s] = hosts ? side_host_slug(&c->side[s]->runs[0]) : c->side[s]->slug;
}

const char *compare_begin(struct comparison *c, const struct side *a, const struct side *b,
                          const struct compare_request *request, int *no_row)
{
    memset(c, 0, sizeof *c);
    *no_row = 0;
    c->side[0] = a;
    c->side[1] = b;
    c->mode = request->mode;
    put_slugs(c);
    if (c->mode == COMPARE_GUESS)
        c->mode = strcmp(c->slug[0], c->slug[1]) ? COMPARE_HARDWARE : COMPARE_REGRESSION;
    TRY(check_policy(c, "data", "the data"));
    TRY(check_policy(c, "clocks", "the clock policies"));
    TRY(compare_match(c, request, no_row));
    compare_judge(c, request);
    compare_sum(c);
    return NULL;
}

void compare_end(struct comparison *c)
{
    free(c->cells);
    memset(c, 0, sizeof *c);
}
