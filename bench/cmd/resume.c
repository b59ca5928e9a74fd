/* resume.c: see resume.h. The manifest says what was asked, results.csv what is done. */
#include "cmd/resume.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/schedule.h"
#include "device/build.h"
#include "fail.h"
#include "store/manifest.h"
#include "store/results.h"

enum { MOST_WORDS = 192 };

/* Options live as long as the program: so do the texts they point to. */
static struct manifest past;

static const char *same_program(const char *dir)
{
    const char *sha = manifest_text(&past, "suite", "sha");
    double dirty = 0;

    manifest_number(&past, "suite", "dirty", &dirty);
    if (!sha || strcmp(sha, build_facts.sha) || (int)dirty != build_facts.dirty)
        return fail_text(
            "--resume %s: that run is of commit %s%s, this program of %s%s: build that "
            "commit, or start a new run",
            dir, sha ? sha : "unknown", dirty ? "-dirty" : "", build_facts.sha,
            build_facts.dirty ? "-dirty" : "");
    return NULL;
}

static const char *past_options(const char *dir, struct options *o, struct run_facts *f)
{
    const struct manifest_value *word;
    const int n = manifest_list(&past, "", "argv", &word);
    static char *argv[MOST_WORDS + 1];
    struct options then;

    if (n < 1 || n > MOST_WORDS)
        return fail_text("--resume %s: its manifest does not hold the command", dir);
    for (int i = 0; i < n; i++) argv[i] = (char *)(size_t)word[i].text;
    if (options_read(&then, FOR_RUN, n, argv))
        return fail_text("--resume %s: the command in its manifest is not understood", dir);
    f->argc = n;
    f->argv = argv;
    then.resume = o->resume;
    then.device = o->device_given ? o->device : then.device;
    then.device_given = o->device_given | then.device_given;
    then.timeout_s = o->timeout_s > 0 ? o->timeout_s : then.timeout_s;
    then.budget_s = o->budget_s > 0 ? o->budget_s : then.budget_s;
    then.wait = o->wait;
    then.in_process = o->in_process;
    then.busy_ok |= o->busy_ok;
    then.dry_run = o->dry_run;
    then.quiet = o->quiet;
    *o = then;
    return NULL;
}

/* The file that they were read from may be another by now. */
static void past_selftest(struct facts *f)
{
    for (int i = 0; i < FACTS; i++)
        manifest_number(&past, "health", fact_key((enum fact)i), &f->value[i]);
}

static const char *past_problems(const char *dir, struct problems *l)
{
    const struct manifest_entry *entry;
    const int n = manifest_entries(&past, "problems", &entry);

    for (int i = 0; i < n; i++) {
        double count;
        const char *label;
        manifest_problem(&past, entry[i].key, &count, &label);
        TRY(problems_add(l, entry[i].key, label));
    }
    return n > 0 ? NULL : fail_text("--resume %s: its manifest names no problems", dir);
}

const char *resume_read(const char *dir, struct options *o, struct problems *problems,
                        struct run_facts *f)
{
    char path[4200];
    size_t length = strlen(dir);

    while (length > 1 && dir[length - 1] == '/') length--;
    snprintf(f->dir, sizeof f->dir, "%.*s", (int)length, dir);
    snprintf(path, sizeof path, "%s/manifest.json", f->dir);
    TRY(manifest_read(path, &past));
    const char *state = manifest_text(&past, "", "state"), *id = manifest_text(&past, "", "run"),
               *started = manifest_text(&past, "", "started_utc");
    if (state && !strcmp(state, "complete"))
        return fail_text("--resume %s: that run is complete", dir);
    TRY(same_program(dir));
    snprintf(f->id, sizeof f->id, "%s", id ? id : "");
    snprintf(f->started_utc, sizeof f->started_utc, "%s", started ? started : "");
    double times = 0;
    manifest_number(&past, "", "resumed", &times);
    f->resumed = (int)times + 1;
    TRY(past_options(dir, o, f));
    past_selftest(&f->selftest);
    return past_problems(dir, problems);
}

static const char *same_machine(const struct run_facts *f)
{
    const char *gpu = manifest_text(&past, "device", "slug"),
               *cpu = manifest_text(&past, "host", "slug");

    if (strcmp(gpu ? gpu : "", f->machine->device.present ? f->gpu_slug : "") ||
        strcmp(cpu ? cpu : "", f->cpu_slug))
        return fail_text("--resume %s: that run is of %s and %s, here are %s and %s", f->dir,
                         gpu ? gpu : "no GPU", cpu ? cpu : "an unknown CPU",
                         f->machine->device.present ? f->gpu_slug : "no GPU", f->cpu_slug);
    return NULL;
}

static int is_of(const struct row *r, const struct problem *p, enum place place)
{
    return !strcmp(r->op, p->op->name) && !strcmp(r->precision, precision_name(p->precision)) &&
           !strcmp(r->layout, p->layout) && !strcmp(r->shape, p->shape) &&
           !strcmp(r->place, place_name(place));
}

static void count(struct run_facts *f, const struct row *r)
{
    for (int s = 0; s < 4; s++) f->rows[s] += !strcmp(r->status, status_name((enum status)s));
}

const char *resume_done(struct run_facts *f, int *units, long *rows)
{
    struct results past_rows;
    char path[4200];
    int whole = 1;

    *units = 0;
    *rows = 0;
    TRY(same_machine(f));
    snprintf(path, sizeof path, "%s/results.csv", f->dir);
    const char *why = results_read(path, 1, &past_rows);
    for (int i = 0; !why && i < f->problems->count; i++)
        for (int place = HOST; place <= DEVICE && whole; place++) {
            const struct problem *p = &f->problems->at[i];
            const long end = *rows + schedule_rows(f, p, place);
            whole = end <= past_rows.count;
            for (long k = *rows; whole && k < end; k++) whole = is_of(&past_rows.rows[k], p, place);
            if (!whole) break;
            for (; *rows < end; ++*rows) count(f, &past_rows.rows[*rows]);
            ++*units;
        }
    results_free(&past_rows);
    return why;
}
