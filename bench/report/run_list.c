/* run_list.c: see run_list.h. */
#include "report/run_list.h"
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "store/manifest.h"

enum { NAMES_MAX = 4096 };

int run_list_is_dir(const char *path)
{
    struct stat about;

    return !stat(path, &about) && S_ISDIR(about.st_mode);
}

int run_list_is_run(const char *dir)
{
    char path[PATH_MAX];
    struct stat about;

    return snprintf(path, sizeof path, "%s/" MANIFEST_NAME, dir) < (int)sizeof path &&
           !stat(path, &about);
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

const char *run_list_names(const char *dir, char (**names)[RUN_LIST_NAME], int *count)
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
        if (*entry->d_name == '.' || strlen(entry->d_name) >= RUN_LIST_NAME ||
            snprintf(path, sizeof path, "%s/%s", dir, entry->d_name) >= (int)sizeof path ||
            !run_list_is_dir(path))
            continue;
        strcpy((*names)[(*count)++], entry->d_name);
    }
    if (d) closedir(d);
    qsort(*names, (size_t)*count, sizeof **names, by_name);
    return NULL;
}

static int newest_first(const void *a, const void *b)
{
    return strcmp(((const struct listed_run *)b)->run, ((const struct listed_run *)a)->run);
}

const char *run_list_all(const char *root, struct listed_run **runs, int *count)
{
    char(*devices)[RUN_LIST_NAME], (*names)[RUN_LIST_NAME], path[PATH_MAX];
    int device_count, n;
    const char *why = run_list_names(root, &devices, &device_count);

    *runs = NULL;
    *count = 0;
    for (int i = 0; i < device_count && !why; i++) {
        if (snprintf(path, sizeof path, "%s/%s", root, devices[i]) >= (int)sizeof path) continue;
        why = run_list_names(path, &names, &n);
        struct listed_run *grown = realloc(*runs, ((size_t)(*count + n) + 1) * sizeof **runs);
        if (grown) *runs = grown;
        else if (!why) why = "out of memory";
        for (int k = 0; k < n && !why; k++) {
            strcpy((*runs)[*count].run, names[k]);
            strcpy((*runs)[(*count)++].device, devices[i]);
        }
        free(names);
    }
    free(devices);
    if (*count) qsort(*runs, (size_t)*count, sizeof **runs, newest_first);
    return why;
}

/* The host of a complete run, "" where the manifest has none; NULL: no complete run. */
static const char *host_of(const char *dir, struct manifest *m)
{
    char path[PATH_MAX];

    memset(m, 0, sizeof *m);
    if (snprintf(path, sizeof path, "%s/" MANIFEST_NAME, dir) >= (int)sizeof path ||
        manifest_read(path, m))
        return NULL;
    const char *state = manifest_text(m, "", "state"), *slug = manifest_text(m, "host", "slug");
    if (!state || strcmp(state, "complete")) return NULL;
    return slug ? slug : "";
}

int run_list_complete(const char *dir, const char *host)
{
    struct manifest m;
    const char *slug = host_of(dir, &m);
    const int yes = slug && (!host || !strcmp(slug, host));

    manifest_free(&m);
    return yes;
}

void run_list_hosts(const char *root, char *to, size_t n)
{
    char path[PATH_MAX], word[RUN_LIST_NAME + 2];
    struct listed_run *runs;
    struct manifest m;
    size_t used = 0;
    int count;

    snprintf(to, n, " ");
    run_list_all(root, &runs, &count);
    for (int i = 0; i < count; i++) {
        if (snprintf(path, sizeof path, "%s/%s/%s", root, runs[i].device, runs[i].run) >=
            (int)sizeof path)
            continue;
        const char *slug = host_of(path, &m);
        const int length = snprintf(word, sizeof word, " %s ", slug ? slug : "");
        used = strlen(to);
        if (slug && *slug && length < (int)sizeof word && !strstr(to, word) &&
            used + (size_t)length < n)
            strcpy(to + used, word + 1);
        manifest_free(&m);
    }
    free(runs);
    to[strlen(to) - 1] = 0;
}

int run_list_of_commit(const char *run, const char *sha)
{
    const char *commit = strchr(run, '-');

    return !sha || (commit && !strncmp(commit + 1, sha, strlen(sha)));
}
