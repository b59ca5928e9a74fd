/* sides.c: see sides.h. */
#include "report/sides.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "report/run_list.h"

static const char *add(struct side *s, const char *dir)
{
    if (s->count == SIDE_RUNS_MAX) return fail_text("more than %d runs on a side", SIDE_RUNS_MAX);
    struct stored_run *grown = realloc(s->runs, ((size_t)s->count + 1) * sizeof *s->runs);
    if (!grown) return "out of memory";
    s->runs = grown;
    return stored_open(&s->runs[s->count++], dir);
}

/* Runs of a device: all of a commit, or the newest. */
static const char *add_of_device(struct side *s, const char *dir, const char *sha)
{
    char(*names)[RUN_LIST_NAME], path[PATH_MAX];
    const int before = s->count;
    int count;
    const char *why = run_list_names(dir, &names, &count);

    for (int i = count - 1; i >= 0 && !why; i--) {
        if (!run_list_of_commit(names[i], sha)) continue;
        if (snprintf(path, sizeof path, "%s/%s", dir, names[i]) >= (int)sizeof path) continue;
        if (!run_list_complete(path, NULL)) continue;
        why = add(s, path);
        if (!sha) break;
    }
    free(names);
    if (why || s->count > before) return why;
    return sha ? fail_text("%.200s: no complete run of commit %.40s", dir, sha)
               : fail_text("%.200s: no complete run in it", dir);
}

/* Runs on whose host, the CPU of this slug, something was measured: all of a commit, or the newest.
 * None: nothing is added. */
static const char *add_of_host(struct side *s, const char *slug, const char *root, const char *sha)
{
    const int before = s->count;
    char path[PATH_MAX];
    struct listed_run *runs;
    int count;
    const char *why = run_list_all(root, &runs, &count);

    for (int i = 0; i < count && !why && (sha || s->count == before); i++) {
        if (!run_list_of_commit(runs[i].run, sha) ||
            snprintf(path, sizeof path, "%s/%s/%s", root, runs[i].device, runs[i].run) >=
                (int)sizeof path ||
            !run_list_complete(path, slug))
            continue;
        if ((why = add(s, path)) || stored_has(&s->runs[s->count - 1], "host")) continue;
        stored_close(&s->runs[--s->count]);
    }
    free(runs);
    s->host_only |= s->count > before;
    return why;
}

static const char *no_such(const char *what, const char *root)
{
    char(*names)[RUN_LIST_NAME], all[420] = "", hosts[220];
    int count;
    size_t used = 0;
    const char *why = run_list_names(root, &names, &count);

    for (int i = 0; i < count && !why; i++)
        if (used + strlen(names[i]) + 2 < sizeof all)
            used += (size_t)snprintf(all + used, sizeof all - used, " %s", names[i]);
    free(names);
    run_list_hosts(root, hosts, sizeof hosts);
    return fail_text("'%.150s' is no run directory, and neither a device below %.80s/ nor the CPU "
                     "of a complete run with host rows. Devices:%s; CPUs:%s",
                     what, root, *all ? all : " none", *hosts ? hosts : " none");
}

static const char *add_one(struct side *s, const char *what, const char *root)
{
    char dir[PATH_MAX], name[PATH_MAX];
    const char *at = strrchr(what, '@');
    const int before = s->count;

    if (run_list_is_run(what)) return add(s, what);
    if (run_list_is_dir(what)) return add_of_device(s, what, NULL);
    if (snprintf(name, sizeof name, "%.*s", at ? (int)(at - what) : INT_MAX, what) >=
            (int)sizeof name ||
        snprintf(dir, sizeof dir, "%s/%s", root, name) >= (int)sizeof dir)
        return fail_text("'%.60s...': the name is too long", what);
    if (at && *name && !at[1]) return fail_text("'%.200s': expected a commit behind @", what);
    if (*name && run_list_is_dir(run_list_is_dir(name) ? name : dir))
        return add_of_device(s, run_list_is_dir(name) ? name : dir, at ? at + 1 : NULL);
    if (*name) TRY(add_of_host(s, name, root, at ? at + 1 : NULL));
    return s->count > before ? NULL : no_such(what, root);
}

const char *side_host_slug(const struct stored_run *run)
{
    const char *slug = manifest_text(&run->manifest, "host", "slug");

    return slug ? slug : "";
}

const char *side_slug(const struct stored_run *run)
{
    const char *slug = manifest_text(&run->manifest, "device", "slug");

    return slug && *slug ? slug : side_host_slug(run);
}

static const char *slug_of(const struct side *s, int i)
{
    return s->host_only ? side_host_slug(&s->runs[i]) : side_slug(&s->runs[i]);
}

void side_of(struct side *s, struct stored_run *runs, int count)
{
    *s = (struct side){.runs = runs, .count = count};
    snprintf(s->slug, sizeof s->slug, "%s", slug_of(s, 0));
}

int side_is_host(const struct side *s)
{
    const char *slug = manifest_text(&s->runs[0].manifest, "device", "slug");

    return s->host_only || !slug || !*slug;
}

int side_has(const struct side *s, const struct row *r)
{
    return !s->host_only || !strcmp(r->place, "host");
}

const char *side_open(struct side *s, const char *argument, const char *root)
{
    char one[PATH_MAX];

    memset(s, 0, sizeof *s);
    for (const char *at = argument; *at || at == argument;) {
        const size_t length = strcspn(at, ",");
        if (snprintf(one, sizeof one, "%.*s", (int)length, at) >= (int)sizeof one)
            return fail_text("'%.60s...': the name is too long", at);
        TRY(add_one(s, one, root));
        at += length + (at[length] == ',');
    }
    snprintf(s->slug, sizeof s->slug, "%s", slug_of(s, 0));
    for (int i = 1; i < s->count; i++) {
        if (strcmp(s->slug, slug_of(s, i)))
            return fail_text("one side has runs of two devices: %s of %s, %s of %s", s->runs[0].id,
                             s->slug, s->runs[i].id, slug_of(s, i));
        for (int k = 0; k < i; k++)
            if (!strcmp(s->runs[k].dir, s->runs[i].dir))
                return fail_text("%.300s is there twice on one side", s->runs[i].dir);
    }
    return NULL;
}

void side_close(struct side *s)
{
    for (int i = 0; i < s->count; i++) stored_close(&s->runs[i]);
    free(s->runs);
    memset(s, 0, sizeof *s);
}
