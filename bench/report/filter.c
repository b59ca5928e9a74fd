/* filter.c: see filter.h. */
#include "report/filter.h"
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include "fail.h"

const char *const filter_columns[FILTER_COLUMNS] = {
    "op", "impl", "tier", "place", "precision", "layout", "shape", "cache", "timing"};

int filter_passes(const char *list, const char *name)
{
    char word[256];
    int passes = !list || *list == '!';

    for (const char *s = list; s && *s;) {
        const size_t len = strcspn(s, ",");
        snprintf(word, sizeof word, "%.*s", (int)len, s);
        if (*word == '!' ? !fnmatch(word + 1, name, 0) : !fnmatch(word, name, 0))
            passes = *word != '!';
        s += len + (s[len] == ',');
    }
    return passes;
}

const char *filter_field(const struct row *r, int column)
{
    const char *const fields[FILTER_COLUMNS] = {
        r->op, r->impl, r->tier, r->place, r->precision, r->layout, r->shape, r->cache, r->timing};
    return fields[column];
}

int filter_row(const struct filter *f, const struct row *r)
{
    for (int i = 0; i < FILTER_COLUMNS; i++)
        if (!filter_passes(f->list[i], filter_field(r, i))) return 0;
    return 1;
}

/* The different values of a column, blanks between, as far as they fit. */
static void values(const struct row *const *rows, size_t count, int column, char *to, size_t n)
{
    size_t used = 0;

    *to = 0;
    for (size_t i = 0; i < count; i++) {
        const char *v = filter_field(rows[i], column);
        size_t j = 0;
        while (j < i && strcmp(filter_field(rows[j], column), v)) j++;
        if (j < i || !*v) continue;
        if (used + strlen(v) + 8 > n) {
            snprintf(to + used, n - used, " ...");
            return;
        }
        used += (size_t)snprintf(to + used, n - used, " %s", v);
    }
}

const char *filter_check(const struct filter *f, const struct row *const *rows, size_t count)
{
    char word[256], all[700];

    for (int i = 0; i < FILTER_COLUMNS; i++)
        for (const char *s = f->list[i]; s && (*s || s == f->list[i]);) {
            const size_t len = strcspn(s, ",");
            size_t k = 0;
            snprintf(word, sizeof word, "%.*s", (int)len, s);
            while (k < count && fnmatch(word + (*word == '!'), filter_field(rows[k], i), 0)) k++;
            values(rows, count, i, all, sizeof all);
            if (k == count)
                return fail_text("--%s '%.60s' matches no row; there are:%s", filter_columns[i],
                                 word, all);
            s += len + (s[len] == ',');
            if (!*s) break;
        }
    return NULL;
}
