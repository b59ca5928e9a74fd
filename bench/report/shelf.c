/* shelf.c: see shelf.h. */
#include "report/shelf.h"
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "fail.h"
#include "store/sums.h"

static int is_there(const char *dir, const char *name)
{
    char path[PATH_MAX + 64];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return !access(path, F_OK);
}

static int is_same(const char *a, const char *b)
{
    char x[PATH_MAX], y[PATH_MAX];

    return realpath(a, x) && realpath(b, y) && !strcmp(x, y);
}

void shelf_root(const char *dir, char *root, size_t n)
{
    char full[PATH_MAX];

    for (int up = 0; up < 2 && (up || realpath(dir, full)); up++) {
        char *slash = strrchr(full, '/');
        if (!slash || slash == full) break;
        *slash = 0;
        if (up && is_there(full, "devices.csv")) {
            snprintf(root, n, "%s", is_same(full, "results") ? "results" : full);
            return;
        }
    }
    snprintf(root, n, "results");
}

/* Directories of names alone: what glob makes of root is escaped. */
static const char *find_runs(const char *root, glob_t *found)
{
    char pattern[2 * PATH_MAX + 8];
    size_t n = 0;

    for (const char *s = root; *s && n + 8 < sizeof pattern; s++) {
        if (strchr("*?[\\", *s)) pattern[n++] = '\\';
        pattern[n++] = *s;
    }
    snprintf(pattern + n, sizeof pattern - n, "/*/*/");
    const int failed = glob(pattern, 0, NULL, found);
    return failed && failed != GLOB_NOMATCH ? fail_text("cannot read %s", root) : NULL;
}

const struct shelf_run *shelf_add(struct shelf *s, const char *dir)
{
    size_t length = strlen(dir);

    for (int i = 0; i < s->count; i++)
        if (is_same(s->runs[i].dir, dir)) return &s->runs[i];
    struct shelf_run *grown = realloc(s->runs, (size_t)(s->count + 1) * sizeof *s->runs);
    if (!grown) return NULL;
    s->runs = grown;
    struct shelf_run *r = &grown[s->count];
    memset(r, 0, sizeof *r);
    while (length > 1 && dir[length - 1] == '/') length--;
    snprintf(r->dir, sizeof r->dir, "%.*s", (int)length, dir);
    r->packed = is_there(r->dir, SUMS_NAME);
    const char *why = stored_open(&r->run, r->dir);
    s->count++;
    if (why && !(r->why = strdup(why))) r->why = NULL;
    return why && !r->why ? NULL : r;
}

const char *shelf_open(struct shelf *s, const char *root)
{
    char path[PATH_MAX + 64];
    struct stat about;
    glob_t found = {0};

    memset(s, 0, sizeof *s);
    snprintf(s->root, sizeof s->root, "%s", root);
    if (stat(root, &about)) return fail_text("cannot read %s: %s", root, strerror(errno));
    snprintf(path, sizeof path, "%s/devices.csv", s->root);
    TRY(devices_read(path, &s->devices));
    snprintf(path, sizeof path, "%s/verified.csv", s->root);
    TRY(verified_read(path, &s->verified));
    const char *why = find_runs(root, &found);
    for (size_t i = 0; i < found.gl_pathc && !why; i++)
        if (!shelf_add(s, found.gl_pathv[i])) why = "out of memory";
    globfree(&found);
    return why;
}

void shelf_close(struct shelf *s)
{
    for (int i = 0; i < s->count; i++) {
        stored_close(&s->runs[i].run);
        free((char *)(size_t)s->runs[i].why);
    }
    free(s->runs);
    devices_free(&s->devices);
    verified_free(&s->verified);
    memset(s, 0, sizeof *s);
}

const struct stored_run *shelf_find(const struct shelf *s, const char *id)
{
    for (int i = 0; i < s->count; i++)
        if (!s->runs[i].why && !strcmp(s->runs[i].run.id, id)) return &s->runs[i].run;
    return NULL;
}
