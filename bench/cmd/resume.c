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
    then.retry = o->retry;
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
        return fail_text("--resume %s: that run is complete, and stays as it is%s", dir,
                         o->retry ? ": measure its failed problems in a run of their own (run -p)"
                                  : "");
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

/* ---- units that have their rows ---- */

struct row_block { /* the rows of a unit */
    long first, count;
    int unit, failed;
};

/* The unit whose rows begin at row `at`, all there; -1: none. */
static int unit_at(const struct run_facts *f, const struct resumed *r, long at)
{
    const struct row *row = &r->rows.rows[at];

    for (int u = 0; u < 2 * f->problems->count; u++) {
        const struct problem *p = &f->problems->at[u / 2];
        if (r->done[u] || !is_of(row, p, u % 2 ? DEVICE : HOST)) continue;
        const long count = schedule_rows(f, p, u % 2 ? DEVICE : HOST);
        long k = 1;
        while (k < count && at + k < r->rows.count && is_of(&row[k], p, u % 2 ? DEVICE : HOST)) k++;
        return k >= count ? u : -1;
    }
    return -1;
}

/* Up to the first row that belongs to no whole unit. */
static void find_blocks(const struct run_facts *f, struct resumed *r)
{
    for (long at = 0; at < r->rows.count;) {
        const int u = unit_at(f, r, at);
        if (u < 0) break;
        struct row_block *b = &r->block[r->blocks++];
        *b = (struct row_block){
            at, schedule_rows(f, &f->problems->at[u / 2], u % 2 ? DEVICE : HOST), u, 0};
        for (long k = at; k < at + b->count; k++)
            b->failed |= !strcmp(r->rows.rows[k].status, status_name(STATUS_FAILED));
        r->done[u] = 1;
        at += b->count;
    }
}

const char *resume_done(struct run_facts *f, struct resumed *r)
{
    const int units = 2 * f->problems->count;
    char path[4200];

    *r = (struct resumed){.done = calloc((size_t)units, 1),
                          .block = calloc((size_t)units, sizeof *r->block)};
    if (!r->done || !r->block) return "oom: host memory for the rows";
    TRY(same_machine(f));
    snprintf(path, sizeof path, "%s/results.csv", f->dir);
    TRY(results_read(path, 1, &r->rows));
    find_blocks(f, r);
    while (r->stay < r->blocks && !(f->options->retry && r->block[r->stay].failed)) {
        const struct row_block *b = &r->block[r->stay++];
        r->stay_rows += b->count;
        for (long k = 0; k < b->count; k++) count(f, &r->rows.rows[b->first + k]);
    }
    if (r->stay == r->blocks) return NULL;
    snprintf(path, sizeof path, "%s/" SAMPLES_NAME, f->dir);
    return samples_read(path, 1, r->rows.count, &r->samples);
}

/* ---- rows behind a unit that is done again ---- */

/* Rows move towards the front only, so lines that were renumbered stay below those to come. */
static const char *put_back(struct resumed *r, const struct row_block *b, struct keep *k)
{
    struct row *rows = &r->rows.rows[b->first];
    struct sample_line *lines = r->samples.lines;
    long from = 0, end;

    while (from < r->samples.count && lines[from].row <= (double)b->first) from++;
    for (end = from; end < r->samples.count && lines[end].row <= (double)(b->first + b->count);
         end++)
        lines[end].row += (double)(k->results.lines - b->first);
    return keep_rows(k, rows, (int)b->count, lines + from, (int)(end - from));
}

const char *resume_put_back(struct resumed *r, struct run_facts *f, struct keep *k)
{
    for (int i = r->stay; i < r->blocks; i++) {
        const struct row_block *b = &r->block[i];
        if (b->failed) r->done[b->unit] = 0;
        else TRY(put_back(r, b, k));
        for (long n = 0; n < b->count && !b->failed; n++) count(f, &r->rows.rows[b->first + n]);
    }
    return NULL;
}

void resume_free(struct resumed *r)
{
    results_free(&r->rows);
    samples_free(&r->samples);
    free(r->block);
    free(r->done);
    memset(r, 0, sizeof *r);
}
