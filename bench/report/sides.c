/* sides.c: see sides.h. */
#include "report/sides.h"
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "fail.h"

enum { NAMES_MAX = 4096, ENTRY_MAX = 256 };

static int is_dir(const char *path)
{
    struct stat about;

    return !stat(path, &about) && S_ISDIR(about.st_mode);
}

static int is_run(const char *dir)
{
    char path[PATH_MAX];
    struct stat about;

    return snprintf(path, sizeof path, "%s/" MANIFEST_NAME, dir) < (int)sizeof path &&
           !stat(path, &about);
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

/* The directories below dir, sorted; runs begin with their time. The caller frees *names. */
static const char *list(const char *dir, char (**names)[ENTRY_MAX], int *count)
{
    char path[PATH_MAX];
    struct dirent *entry;
    DIR *d = opendir(dir);

    *count = 0;
    *names = calloc(NAMES_MAX, sizeof **names);
    if (!*names) {
        if (d) closedir(d);
        return "out of memory";
    }
    while (d && *count < NAMES_MAX && (entry = readdir(d))) {
        if (*entry->d_name == '.' || strlen(entry->d_name) >= ENTRY_MAX ||
            snprintf(path, sizeof path, "%s/%s", dir, entry->d_name) >= (int)sizeof path ||
            !is_dir(path))
            continue;
        strcpy((*names)[(*count)++], entry->d_name);
    }
    if (d) closedir(d);
    qsort(*names, (size_t)*count, sizeof **names, by_name);
    return NULL;
}

static const char *add(struct side *s, const char *dir)
{
    if (s->count == SIDE_RUNS_MAX) return fail_text("more than %d runs on a side", SIDE_RUNS_MAX);
    struct stored_run *grown = realloc(s->runs, ((size_t)s->count + 1) * sizeof *s->runs);
    if (!grown) return "out of memory";
    s->runs = grown;
    return stored_open(&s->runs[s->count++], dir);
}

/* Is the manifest there, and does it say complete? */
static int complete(const char *dir)
{
    char path[PATH_MAX];
    struct manifest m;

    if (snprintf(path, sizeof path, "%s/" MANIFEST_NAME, dir) >= (int)sizeof path) return 0;
    const char *why = manifest_read(path, &m), *state = manifest_text(&m, "", "state");
    const int yes = !why && state && !strcmp(state, "complete");
    manifest_free(&m);
    return yes;
}

/* Runs of a device: all of a commit, or the newest. */
static const char *add_of_device(struct side *s, const char *dir, const char *sha)
{
    char(*names)[ENTRY_MAX], path[PATH_MAX];
    const int before = s->count;
    int count;
    const char *why = list(dir, &names, &count);

    for (int i = count - 1; i >= 0 && !why; i--) {
        const char *commit = strchr(names[i], '-');
        if (sha && (!commit || strncmp(commit + 1, sha, strlen(sha)))) continue;
        if (snprintf(path, sizeof path, "%s/%s", dir, names[i]) >= (int)sizeof path) continue;
        if (!complete(path)) continue;
        why = add(s, path);
        if (!sha) break;
    }
    free(names);
    if (why || s->count > before) return why;
    return sha ? fail_text("%.200s: no complete run of commit %.40s", dir, sha)
               : fail_text("%.200s: no complete run in it", dir);
}

static const char *no_such(const char *what, const char *root)
{
    char(*names)[ENTRY_MAX], all[600] = "";
    int count;
    size_t used = 0;
    const char *why = list(root, &names, &count);

    for (int i = 0; i < count && !why && used + ENTRY_MAX + 2 < sizeof all; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, " %s", names[i]);
    free(names);
    return fail_text("'%.200s' is no run directory, and no device below %.100s/. Devices:%s", what,
                     root, *all ? all : " none");
}

static const char *add_one(struct side *s, const char *what, const char *root)
{
    char dir[PATH_MAX], name[PATH_MAX];
    const char *at = strrchr(what, '@');

    if (is_run(what)) return add(s, what);
    if (is_dir(what)) return add_of_device(s, what, NULL);
    if (snprintf(name, sizeof name, "%.*s", at ? (int)(at - what) : INT_MAX, what) >=
            (int)sizeof name ||
        snprintf(dir, sizeof dir, "%s/%s", root, name) >= (int)sizeof dir)
        return fail_text("'%.60s...': the name is too long", what);
    if (!*name || !is_dir(is_dir(name) ? name : dir)) return no_such(what, root);
    if (at && !at[1]) return fail_text("'%.200s': expected a commit behind @", what);
    return add_of_device(s, is_dir(name) ? name : dir, at ? at + 1 : NULL);
}

const char *side_slug(const struct stored_run *run)
{
    const char *slug = manifest_text(&run->manifest, "device", "slug");

    if (!slug || !*slug) slug = manifest_text(&run->manifest, "host", "slug");
    return slug ? slug : "";
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
    snprintf(s->slug, sizeof s->slug, "%s", side_slug(&s->runs[0]));
    for (int i = 1; i < s->count; i++) {
        if (strcmp(s->slug, side_slug(&s->runs[i])))
            return fail_text("one side has runs of two devices: %s of %s, %s of %s", s->runs[0].id,
                             s->slug, s->runs[i].id, side_slug(&s->runs[i]));
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
