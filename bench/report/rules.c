/* rules.c: see rules.h. */
#include "report/rules.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ops/problem.h"

void rules_add(struct ruling *r, int rule, enum severity s, const char *format, ...)
{
    va_list more;

    r->found[s]++;
    if (r->count == r->room) {
        const int room = r->room ? 2 * r->room : 64;
        struct finding *grown = realloc(r->findings, (size_t)room * sizeof *grown);
        if (!grown) return; /* it is counted: the run is not accepted for that */
        r->findings = grown;
        r->room = room;
    }
    struct finding *f = &r->findings[r->count++];
    f->rule = rule;
    f->severity = s;
    va_start(more, format);
    vsnprintf(f->text, sizeof f->text, format, more);
    va_end(more);
    plain_clean(f->text, sizeof f->text, f->text,
                strlen(f->text)); /* names of files may hold ESC */
}

const char *rules_row(const struct ruling *r, const struct row *row)
{
    static char texts[4][320];
    static int next;
    char *to = texts[next++ % 4];

    snprintf(to, sizeof texts[0], "line %ld: %s %s %s %s %s %s %s", (long)(row - r->run->rows) + 2,
             row->op, row->precision, row->layout, row->shape, row->impl, row->cache, row->timing);
    return to;
}

int rules_problem(const struct row *row, struct problem *p)
{
    char text[256];

    snprintf(text, sizeof text, "%s %s %s %s", row->op, row->precision, row->layout, row->shape);
    return problem_parse(p, text) ? -1 : 0;
}

const char *rules_tier_name(enum run_tier t)
{
    static const char *const names[] = {
        [TIER_UNVERIFIED] = "unverified", [TIER_CHECKED] = "checked", [TIER_VERIFIED] = "verified"};
    return names[t];
}

const char *rules_about(int rule)
{
    static const char *const about[RULES + 1] = {
        "",
        "files, names and state",
        "columns, words and the plan",
        "numbers that follow from others",
        "the physical floor",
        "above the measured roof",
        "the measured roof against the vendor's figures",
        "flags, and other runs of this device",
        "results that are wrong",
        "commit",
    };
    return about[rule];
}

const char *rules_check(struct ruling *r, const struct shelf *shelf, const struct shelf_run *run,
                        int packing)
{
    memset(r, 0, sizeof *r);
    r->shelf = shelf;
    r->run = &run->run;
    r->dir = run->dir;
    r->packing = packing;
    rules_files(r);
    rules_git(r);
    if (run->why) {
        rules_add(r, 2, RULE_ERROR, "%s", run->why);
        return r->findings ? NULL : "out of memory";
    }
    rules_plan(r);
    rules_numbers(r);
    rules_floor(r);
    rules_roofs(r);
    rules_peers(r);
    if (r->found[RULE_ERROR] || r->unclean) return NULL;
    r->tier = rules_verified(r) ? TIER_VERIFIED : TIER_CHECKED;
    return NULL;
}

void rules_free(struct ruling *r)
{
    free(r->findings);
    memset(r, 0, sizeof *r);
}
