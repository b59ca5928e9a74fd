/* manifest_read.c: finds values in a manifest. The JSON itself is read in manifest_parse.c. */
#define _DEFAULT_SOURCE 1
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "store/file.h"
#include "store/manifest.h"

const char *manifest_read(const char *path, struct manifest *m)
{
    int fd;
    long long size;
    const char *why = NULL;
    size_t length = 0;
    ssize_t n = 1;

    memset(m, 0, sizeof *m);
    TRY(file_open(path, &fd, &size));
    char *json = malloc(MANIFEST_MAX + 1);
    if (!json) why = fail_text("%s: out of memory", path);
    /* One byte over the limit is enough to refuse a file that lied about its size or still grows.
     */
    while (!why && n && length <= MANIFEST_MAX) {
        n = read(fd, json + length, MANIFEST_MAX + 1 - length);
        if (n < 0 && errno != EINTR) why = fail_text("cannot read %s: %s", path, strerror(errno));
        if (n > 0) length += (size_t)n;
    }
    close(fd);
    if (!why) why = manifest_parse(path, json, length, m);
    free(json);
    return why;
}

void manifest_free(struct manifest *m)
{
    free(m->json);
    free(m->entries);
    free(m->sorted);
    free(m->values);
    memset(m, 0, sizeof *m);
}

static const struct manifest_entry *find(const struct manifest *m, const char *group,
                                         const char *key)
{
    int low = 0, high = m->count;

    while (low < high) {
        const int middle = low + (high - low) / 2;
        const struct manifest_entry *e = m->sorted[middle];
        int order = strcmp(group ? group : "", e->group);
        if (!order) order = strcmp(key, e->key);
        if (!order) return e;
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    return NULL;
}

static const struct manifest_value *scalar(const struct manifest *m, const char *group,
                                           const char *key)
{
    const struct manifest_entry *e = find(m, group, key);

    return e && e->form == MANIFEST_SCALAR ? &m->values[e->first] : NULL;
}

const char *manifest_text(const struct manifest *m, const char *group, const char *key)
{
    const struct manifest_value *v = scalar(m, group, key);

    return v && v->kind == MANIFEST_TEXT ? v->text : NULL;
}

int manifest_number(const struct manifest *m, const char *group, const char *key, double *out)
{
    const struct manifest_value *v = scalar(m, group, key);

    if (!v || (v->kind != MANIFEST_NUMBER && v->kind != MANIFEST_BOOL)) return 0;
    *out = v->number;
    return 1;
}

int manifest_list(const struct manifest *m, const char *group, const char *key,
                  const struct manifest_value **values)
{
    const struct manifest_entry *e = find(m, group, key);

    if (!e || e->form == MANIFEST_GROUP) return -1;
    *values = e->count ? m->values + e->first : NULL; /* no value at all: no array either */
    return e->count;
}

int manifest_entries(const struct manifest *m, const char *group,
                     const struct manifest_entry **entries)
{
    int first = 0, count = 0;

    /* The parser leaves the entries of a group side by side. */
    while (first < m->count && strcmp(m->entries[first].group, group ? group : "")) first++;
    while (first + count < m->count && !strcmp(m->entries[first + count].group, group ? group : ""))
        count++;
    *entries = count ? m->entries + first : NULL;
    return count;
}

int manifest_problem(const struct manifest *m, const char *text, double *count, const char **label)
{
    const struct manifest_value *v;

    *count = 1;
    *label = "";
    if (manifest_list(m, "problems", text, &v) != 2 || v[0].kind != MANIFEST_NUMBER ||
        !(v[0].number >= 0))
        return 0;
    *count = v[0].number;
    *label = v[1].text;
    return 1;
}
