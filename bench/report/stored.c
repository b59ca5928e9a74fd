/* stored.c: see stored.h. */
#include "report/stored.h"
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "report/plotdata.h"
#include "wheelbench.h"

static const char *name_run(struct stored_run *run, const char *dir)
{
    char full[PATH_MAX];

    snprintf(run->dir, sizeof run->dir, "%s", dir);
    if (!realpath(dir, full)) return fail_text("no such run directory: %s", dir);
    const char *slash = strrchr(full, '/');
    const char *id = slash && slash[1] ? slash + 1 : "run";
    plain_clean(run->id, sizeof run->id, id, strlen(id));
    return NULL;
}

static void count_rows(struct stored_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        const char *status = run->rows[i].status;
        run->ok += !strcmp(status, "ok");
        run->skipped += !strcmp(status, "skipped");
        run->wrong += !strcmp(status, "wrong");
        run->failed += !strcmp(status, "failed");
    }
}

static void name_device(const struct stored_run *run, const char *place, const char *group,
                        const char *key, char *to, size_t n)
{
    const char *name = manifest_text(&run->manifest, group, key);

    if (!name || !*name) name = manifest_text(&run->manifest, group, "slug");
    *to = 0;
    if (stored_has(run, place)) plotdata_clean(name && *name ? name : "unnamed device", to, n);
}

/* "run 20260301T101502Z-a1b2c3d: 31 ok, 2 skipped, 0 wrong, 0 failed", the state if it is not
 * complete, and the tags, which is where synthetic data say that they are. */
static void write_footer(struct stored_run *run)
{
    const char *state = manifest_text(&run->manifest, "", "state");
    const struct manifest_value *tags = NULL;
    const int tag_count = manifest_list(&run->manifest, "", "tags", &tags);
    char *to = run->footer;
    size_t room = sizeof run->footer, used;

    used = (size_t)snprintf(to, room, "run %.100s: %d ok, %d skipped, %d wrong, %d failed", run->id,
                            run->ok, run->skipped, run->wrong, run->failed);
    if (state && strcmp(state, "complete"))
        used += (size_t)snprintf(to + used, room - used, " · %.40s", state);
    for (int i = 0; i < tag_count; i++)
        if (tags[i].kind == MANIFEST_TEXT && used + 130 < room)
            used += (size_t)snprintf(to + used, room - used, " · %.100s", tags[i].text);
}

/* Nothing in a manifest of another schema may mean what it seems to. One that does not say is
 * taken: the rows say it too. */
static const char *check_schema(const struct stored_run *run, const char *path)
{
    const struct manifest_value *v;
    double schema = NAN;

    if (manifest_list(&run->manifest, "", "schema", &v) == -1) return NULL;
    manifest_number(&run->manifest, "", "schema", &schema);
    const char *why = row_schema(schema);
    return why ? fail_text("%s: %s", path, why) : NULL;
}

/* Tells every row its samples. */
static const char *read_samples(struct stored_run *run, const char *path, int open_run)
{
    struct samples *s = &run->samples;

    if (access(path, F_OK) && errno == ENOENT) return NULL;
    TRY(samples_read(path, open_run, run->results.count, s));
    for (long i = 0; i < s->count; i++) {
        struct row *r = &run->results.rows[(long)s->lines[i].row - 1];
        if (!r->sample_count++) r->sample = &s->lines[i];
    }
    return NULL;
}

const char *stored_open(struct stored_run *run, const char *dir)
{
    char path[sizeof run->dir + 32];

    memset(run, 0, sizeof *run);
    TRY(name_run(run, dir));
    snprintf(path, sizeof path, "%s/%s", run->dir, MANIFEST_NAME);
    TRY(manifest_read(path, &run->manifest));
    TRY(check_schema(run, path));
    const char *state = manifest_text(&run->manifest, "", "state");
    snprintf(path, sizeof path, "%s/results.csv", run->dir);
    const int open_run = !state || strcmp(state, "complete");
    TRY(results_read(path, open_run, &run->results));
    snprintf(path, sizeof path, "%s/" SAMPLES_NAME, run->dir);
    TRY(read_samples(run, path, open_run));
    run->rows = run->results.rows;
    run->count = (size_t)run->results.count;
    count_rows(run);
    name_device(run, "device", "device", "name", run->device, sizeof run->device);
    name_device(run, "host", "host", "cpu", run->host, sizeof run->host);
    write_footer(run);
    return NULL;
}

void stored_close(struct stored_run *run)
{
    results_free(&run->results);
    samples_free(&run->samples);
    manifest_free(&run->manifest);
}

struct roof stored_roof(const struct stored_run *run, const struct row *r)
{
    const int host = !strcmp(r->place, "host");
    const char *group = host ? "roof_host" : "roof_device";
    struct roof roof = {NAN, NAN, NAN};
    double cache = 0;
    char key[32];

    manifest_number(&run->manifest, host ? "host" : "device", host ? "llc_bytes" : "l2_bytes",
                    &cache);
    const int cached = !strcmp(r->cache, "hot") && r->bytes <= cache;
    snprintf(key, sizeof key, "gflops_%.8s", r->precision);
    manifest_number(&run->manifest, group, key, &roof.gflops);
    manifest_number(&run->manifest, group, cached ? "gbs_cache" : "gbs", &roof.gbs);
    snprintf(key, sizeof key, "launch_us_%.11s", r->timing);
    manifest_number(&run->manifest, group, key, &roof.launch_us);
    return roof;
}

int stored_has(const struct stored_run *run, const char *place)
{
    for (size_t i = 0; i < run->count; i++)
        if (derive_usable(&run->rows[i]) && !strcmp(run->rows[i].place, place)) return 1;
    return 0;
}

size_t stored_ops(const struct stored_run *run, const char *ops[], size_t max)
{
    size_t n = 0;

    for (size_t i = 0; wheelbench_ops[i] && n < max; i++) ops[n++] = wheelbench_ops[i]->name;
    for (size_t i = 0; i < run->count && n < max; i++) {
        size_t j = 0;
        while (j < n && strcmp(ops[j], run->rows[i].op)) j++;
        if (j == n) ops[n++] = run->rows[i].op;
    }
    return n;
}
