/* problem.c: see problem.h. */
#include "ops/problem.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "fail.h"
#include "ops/text.h"

static const char *const precisions[PRECISIONS] = {
    [F64] = "f64", [F32] = "f32", [TF32] = "tf32", [F16] = "f16", [BF16] = "bf16"};

const char *precision_name(enum precision p) { return precisions[p]; }

const char *tier_name(enum tier t)
{
    return t == NAIVE ? "naive" : t == TUNED ? "tuned" : "library";
}

const char *place_name(enum place p) { return p == HOST ? "host" : "device"; }

int precision_from(const char *name)
{
    for (int i = 0; i < PRECISIONS; i++)
        if (!strcmp(precisions[i], name)) return i;
    return -1;
}

const struct op *op_find(const char *name)
{
    for (int i = 0; wheelbench_ops[i]; i++)
        if (!strcmp(wheelbench_ops[i]->name, name)) return wheelbench_ops[i];
    return NULL;
}

const struct impl *impl_find(const char *name, const struct op **op)
{
    for (int i = 0; wheelbench_ops[i]; i++)
        for (const struct impl *const *impl = wheelbench_ops[i]->impls; *impl; impl++)
            if (!strcmp((*impl)->name, name)) {
                *op = wheelbench_ops[i];
                return *impl;
            }
    return NULL;
}

/* Levenshtein distance of two short words. */
static int distance(const char *a, const char *b)
{
    enum { MOST = 32 };
    int row[MOST + 1];
    const int n = (int)strlen(a), m = (int)strlen(b);

    if (n > MOST || m > MOST) return MOST;
    for (int j = 0; j <= m; j++) row[j] = j;
    for (int i = 1; i <= n; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= m; j++) {
            const int change = diagonal + (a[i - 1] != b[j - 1]);
            const int shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < shorter ? change : shorter;
        }
    }
    return row[m];
}

const char *op_nearest(const char *name)
{
    const char *best = NULL;
    int least = 3;

    for (int i = 0; wheelbench_ops[i]; i++)
        if (distance(name, wheelbench_ops[i]->name) < least) {
            best = wheelbench_ops[i]->name;
            least = distance(name, best);
        }
    return best;
}

static const char *unknown_op(const char *word)
{
    char names[256] = "";
    const char *near = op_nearest(word);

    for (int i = 0; wheelbench_ops[i]; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), " %s",
                 wheelbench_ops[i]->name);
    if (!*word) return fail_text("the problem is empty; ops:%s", names);
    if (near) return fail_text("unknown op '%.40s'. Did you mean '%s'? Ops:%s", word, near, names);
    return fail_text("unknown op '%.40s'; ops:%s", word, names);
}

const char *problem_parse(struct problem *p, const char *text)
{
    char word[64], why[256];

    *p = (struct problem){0};
    if (text_word(&text, word, sizeof word) <= 0) return unknown_op("");
    p->op = op_find(word);
    if (!p->op) return unknown_op(word);
    if (text_word(&text, word, sizeof word) <= 0 || precision_from(word) < 0)
        return fail_text("unknown precision '%.40s'; precisions: f64 f32 tf32 f16 bf16", word);
    p->precision = (enum precision)precision_from(word);
    while (isspace((unsigned char)*text)) text++;
    if (p->op->parse(p, text, why, sizeof why))
        return fail_text("shape '%.160s' of %s: %s. Form: %s", text, p->op->name, why, p->op->form);
    snprintf(p->text, sizeof p->text, "%s %s %s %.150s", p->op->name, precision_name(p->precision),
             p->layout, p->shape);
    return NULL;
}
