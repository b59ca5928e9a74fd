/* select.c: see select.h. A word that matches nothing is an error that prints the valid ones: a
 * typing mistake must not shrink a run in silence. */
#include "cmd/select.h"
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "ops/problem.h"
#include "report/filter.h"

static const struct preset presets[] = {
    {.name = "quick",
     .device = {.warm_us = 10e3,
                .block_us = 10e3,
                .rounds = 6,
                .most_rounds = 6,
                .slow_us = 100e3,
                .slow_total_us = 1e6},
     .host = {.warm_us = 5e3,
              .block_us = 10e3,
              .rounds = 6,
              .most_rounds = 6,
              .slow_us = 100e3,
              .slow_total_us = 1e6},
     .repeats = 1,
     .limit_s = 0.25,
     .hot = 0,
     .isolated = 0,
     .budget_device_s = 120,
     .budget_host_s = 60,
     .roof_device_s = 4,
     .roof_host_s = 1.5,
     .judge_device = 1e10,
     .judge_host = 1e8},
    {.name = "standard",
     .device = {.warm_us = 15e3,
                .block_us = 15e3,
                .rounds = 10,
                .most_rounds = 30,
                .slow_us = 100e3,
                .slow_total_us = 1.5e6},
     .host = {.warm_us = 5e3,
              .block_us = 10e3,
              .rounds = 10,
              .most_rounds = 30,
              .slow_us = 100e3,
              .slow_total_us = 1.5e6},
     .repeats = 1,
     .limit_s = 0.3,
     .hot = 1,
     .isolated = 1,
     .budget_device_s = 420,
     .budget_host_s = 90,
     .roof_device_s = 12,
     .roof_host_s = 3,
     .judge_device = 4e10,
     .judge_host = 3e8},
    {.name = "publish",
     .device = {.warm_us = 200e3, /* what selftest's proof of settling found on an H100 */
                .block_us = 100e3,
                .rounds = 6,
                .most_rounds = 10,
                .slow_us = 100e3,
                .slow_total_us = 1.5e6},
     .host = {.warm_us = 20e3,
              .block_us = 50e3,
              .rounds = 6,
              .most_rounds = 10,
              .slow_us = 100e3,
              .slow_total_us = 1.5e6},
     .repeats = 6, /* the fewest whose least and highest are a 95 % interval */
     .limit_s = 10,
     .hot = 1,
     .isolated = 1,
     .energy = 1,
     .idle = 1,
     .roof_device_s = 12,
     .roof_host_s = 3,
     .judge_device = 1e12,
     .judge_host = 1e10},
};

const struct preset *preset_find(const char *name)
{
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++)
        if (!strcmp(presets[i].name, name)) return &presets[i];
    return NULL;
}

int select_repeats(const struct options *o)
{
    return o->repeats ? o->repeats : preset_find(o->preset ? o->preset : "standard")->repeats;
}

static const char *check_list(const char *option, const char *list, const char *valid)
{
    char word[64];

    for (const char *s = list; s && *s;) {
        const size_t len = strcspn(s, ",");
        snprintf(word, sizeof word, "%.*s", (int)len, s);
        if (!options_holds(valid, word))
            return fail_text("--%s: unknown '%s'; valid: %s", option, word, valid);
        s += len + (s[len] == ',');
    }
    return list && !*list ? fail_text("--%s is empty; valid: %s", option, valid) : NULL;
}

static const char *check_impls(const struct options *o)
{
    char word[128], names[900];

    for (const char *s = o->impl; s && *s;) {
        const size_t len = strcspn(s, ",");
        int hits = 0;
        snprintf(word, sizeof word, "%.*s", (int)len, s);
        names[0] = '\0';
        for (int i = 0; wheelbench_ops[i]; i++)
            for (const struct impl *const *impl = wheelbench_ops[i]->impls; *impl; impl++) {
                if (!options_holds(o->op, wheelbench_ops[i]->name)) continue;
                hits += !fnmatch(*word == '!' ? word + 1 : word, (*impl)->name, 0);
                snprintf(names + strlen(names), sizeof names - strlen(names), " %s", (*impl)->name);
            }
        if (!hits) return fail_text("--impl '%.60s' matches nothing. Impls:%s", word, names);
        s += len + (s[len] == ',');
    }
    return o->impl && !*o->impl ? "--impl is empty; wheelbench list impls shows them" : NULL;
}

const char *select_check_words(const struct options *o)
{
    char ops[256] = "";

    for (int i = 0; wheelbench_ops[i]; i++)
        snprintf(ops + strlen(ops), sizeof ops - strlen(ops), "%s%s", i ? "," : "",
                 wheelbench_ops[i]->name);
    const char *why = check_list("op", o->op, ops);
    if (why) {
        const char *near = op_nearest(o->op);
        return near ? fail_text("unknown op '%.40s'. Did you mean '%s'? Ops: %s", o->op, near, ops)
                    : why;
    }
    TRY(check_list("tier", o->tier, "naive,tuned,library"));
    TRY(check_list("place", o->place, "host,device"));
    TRY(check_list("precision", o->precision, "f64,f32,tf32,f16,bf16"));
    TRY(check_list("layout", o->layout, "nn,nt,tn,tt,nchw,nhwc"));
    TRY(check_list("cache", o->cache, "cold,hot"));
    TRY(check_list("timing", o->timing, "batch,isolated"));
    TRY(check_list("selftest", o->selftest, "passed,failed,skipped"));
    TRY(check_list("retry", o->retry, "failed"));
    if (o->retry && !o->resume)
        return "--retry failed belongs to --resume DIR, a run that ended early";
    if (o->preset && !preset_find(o->preset))
        return fail_text("--preset: unknown '%.40s'; valid: quick,standard,publish", o->preset);
    if (o->in_process && select_repeats(o) > 1)
        return "--in-process has one process for all: add --repeats 1";
    return check_impls(o);
}

/* Squares of every selected precision and layout; f32 nn where none is. */
static const char *add_sweep(const struct options *o, struct problems *l)
{
    long first, last;
    double factor;
    char tail, text[128];

    if (sscanf(o->sweep, "%ld:%ld:%lf%c", &first, &last, &factor, &tail) != 3 || first < 1 ||
        last < first || last > 1000000 || !(factor >= 1.05) || !(factor <= 1e6))
        return fail_text(
            "--sweep '%.60s': expected FIRST:LAST:FACTOR such as 256:4096:2, factor at least 1.05",
            o->sweep);
    for (int p = 0; p < PRECISIONS; p++) {
        if (!options_holds(o->precision ? o->precision : "f32", precision_name(p))) continue;
        for (int t = 0; t < 4; t++) {
            const char *layout = (const char *[]){"nn", "nt", "tn", "tt"}[t];
            if (!options_holds(o->layout ? o->layout : "nn", layout)) continue;
            for (double n = (double)first; n < (double)last + 0.5; n *= factor) {
                snprintf(text, sizeof text, "gemm %s %s %.0fx%.0fx%.0f", precision_name(p), layout,
                         n, n, n);
                TRY(problems_add(l, text, ""));
            }
        }
    }
    return NULL;
}

const char *select_problems(const struct options *o, const struct preset *preset,
                            struct problems *l)
{
    int kept = 0;

    for (int i = 0; i < o->problem_count; i++) TRY(problems_add_pattern(l, o->problem[i], ""));
    if (o->problems) TRY(problems_add_file(l, o->problems));
    if (o->sweep) TRY(add_sweep(o, l));
    if (!o->problem_count && !o->problems && !o->sweep) TRY(problems_add_list(l, preset->name));
    for (int i = 0; i < l->count; i++) {
        const struct problem *p = &l->at[i];
        if (options_holds(o->op, p->op->name) &&
            options_holds(o->precision, precision_name(p->precision)) &&
            options_holds(o->layout, p->layout))
            l->at[kept++] = *p;
    }
    if (!kept)
        return fail_text(
            "no problem is left: none of the %d matches --op, --precision and --layout", l->count);
    l->count = kept;
    return NULL;
}

int select_impls(const struct options *o, const struct op *op, enum place place,
                 const struct impl *out[], int room)
{
    int n = 0;

    for (const struct impl *const *i = op->impls; *i && n < room; i++)
        if ((*i)->place == place && options_holds(o->tier, tier_name((*i)->tier)) &&
            options_holds(o->place, place_name(place)) && filter_passes(o->impl, (*i)->name))
            out[n++] = *i;
    return n;
}
