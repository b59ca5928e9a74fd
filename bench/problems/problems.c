/* problems.c: see problems.h. Files are not trusted: lines are bounded, expansion is bounded, and
 * an error names file and line. */
#include "problems/problems.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "fail.h"
#include "ops/problem.h"

enum { LINE_MAX_BYTES = 1024, MOST_PROBLEMS = 10000, FILE_MAX_BYTES = 1 << 20 };

const char *problems_add(struct problems *l, const char *text, const char *label)
{
    struct problem p;

    TRY(problem_parse(&p, text));
    snprintf(p.label, sizeof p.label, "%s", label);
    for (int i = 0; i < l->count; i++)
        if (!strcmp(l->at[i].text, p.text)) return NULL;
    if (l->count == MOST_PROBLEMS) return fail_text("more than %d problems", MOST_PROBLEMS);
    if (l->count == l->room) {
        l->room = l->room ? 2 * l->room : 64;
        struct problem *more = realloc(l->at, (size_t)l->room * sizeof *more);
        if (!more) return "oom: host memory for the problem list";
        l->at = more;
    }
    l->at[l->count++] = p;
    return NULL;
}

void problems_free(struct problems *l)
{
    free(l->at);
    *l = (struct problems){0};
}

/* "1024^3" at the end of a word becomes "1024x1024x1024", in place of it in to[n]. */
static const char *expand_power(const char *text, char *to, size_t n)
{
    size_t len = 0;

    for (const char *s = text; *s && len + 1 < n;) {
        const char *digits = s;
        size_t count = 0;
        while (isdigit((unsigned char)s[count])) count++;
        if (count && count < 11 && !strncmp(s + count, "^3", 2) &&
            !isdigit((unsigned char)s[count + 2])) {
            const int wrote = snprintf(to + len, n - len, "%.*sx%.*sx%.*s", (int)count, digits,
                                       (int)count, digits, (int)count, digits);
            if ((size_t)wrote >= n - len) return "the line is too long once expanded";
            len += (size_t)wrote;
            s += count + 2;
            continue;
        }
        do to[len++] = *s++;
        while (count-- > 1 && len + 1 < n);
    }
    to[len] = '\0';
    return NULL;
}

const char *problems_add_pattern(struct problems *l, const char *pattern, const char *label)
{
    const char *open = strchr(pattern, '{');
    char text[LINE_MAX_BYTES];

    if (!open) {
        TRY(expand_power(pattern, text, sizeof text));
        return problems_add(l, text, label);
    }
    const char *close = strchr(open, '}');
    if (!close || memchr(open + 1, '{', (size_t)(close - open - 1)))
        return "'{' without its '}'; braces do not nest";
    for (const char *s = open + 1; s <= close;) {
        const size_t len = strcspn(s, ",}");
        const int wrote = snprintf(text, sizeof text, "%.*s%.*s%s", (int)(open - pattern), pattern,
                                   (int)len, s, close + 1);
        if (wrote >= (int)sizeof text) return "the line is too long once expanded";
        TRY(problems_add_pattern(l, text, label));
        s += len + 1;
    }
    return NULL;
}

/* One line without its end. group: NULL takes all lines, else those behind @group. */
static const char *add_line(struct problems *l, char *line, const char *group, char *current,
                            size_t n, int *seen)
{
    char *hash = strchr(line, '#'), label[40] = "";

    if (hash) {
        *hash++ = '\0';
        while (isspace((unsigned char)*hash)) hash++;
        snprintf(label, sizeof label, "%s", hash);
        for (size_t len = strlen(label); len && isspace((unsigned char)label[len - 1]);)
            label[--len] = '\0';
    }
    while (isspace((unsigned char)*line)) line++;
    if (*line == '@') {
        const size_t len = strcspn(line + 1, " \t\r");
        snprintf(current, n, "%.*s", (int)len, line + 1);
        if (group && !strcmp(group, current)) *seen = 1;
        line += 1 + len;
        while (isspace((unsigned char)*line)) line++;
    }
    if (!*line || (group && strcmp(group, current))) return NULL;
    return problems_add_pattern(l, line, label);
}

static const char *add_text(struct problems *l, const char *name, const char *text,
                            const char *group)
{
    char line[LINE_MAX_BYTES], current[64] = "";
    int seen = group == NULL;

    for (int number = 1; *text; number++) {
        const size_t len = strcspn(text, "\n");
        if (len >= sizeof line)
            return fail_text("%s:%d: the line is longer than %d bytes", name, number,
                             LINE_MAX_BYTES - 1);
        memcpy(line, text, len);
        line[len] = '\0';
        const char *why = add_line(l, line, group, current, sizeof current, &seen);
        if (why) return fail_text("%s:%d: %s", name, number, why);
        text += len + (text[len] == '\n');
    }
    return seen ? NULL : fail_text("%s has no group @%s", name, group);
}

/* The compiled-in list of this name, which may end in `suffix`; NULL: none. */
static const struct problem_list *built_in(const char *name, const char *suffix)
{
    for (const struct problem_list *p = problem_lists; p->name; p++) {
        const size_t n = strlen(p->name);
        if (!strncmp(p->name, name, n) && !strcmp(name + n, suffix)) return p;
    }
    return NULL;
}

const char *problems_add_list(struct problems *l, const char *name)
{
    const struct problem_list *list = built_in(name, "");

    return list ? add_text(l, name, list->text, NULL) : fail_text("no problem list '%s'", name);
}

const char *problems_add_file(struct problems *l, const char *path)
{
    char name[512];
    struct stat st;
    const char *at = strrchr(path, '@'), *why = NULL;

    snprintf(name, sizeof name, "%.*s", at ? (int)(at - path) : (int)strlen(path), path);
    const struct problem_list *list = built_in(name, "");
    FILE *f = list ? NULL : fopen(name, "r");
    if (!list && !f && errno == ENOENT) list = built_in(name, ".txt");
    if (list) return add_text(l, name, list->text, at ? at + 1 : NULL);
    if (!f || fstat(fileno(f), &st)) {
        why = fail_text("--problems %s: %s", name, strerror(errno));
    } else if (!S_ISREG(st.st_mode)) {
        why = fail_text("--problems %s: not a file", name);
    } else if (st.st_size > FILE_MAX_BYTES) {
        why = fail_text("--problems %s: larger than 1 MiB", name);
    } else {
        char *text = calloc(1, (size_t)st.st_size + 1);
        const size_t got = text ? fread(text, 1, (size_t)st.st_size, f) : 0;
        if (!text) why = "oom: host memory for the problem file";
        else if (memchr(text, '\0', got)) why = fail_text("--problems %s: not a text file", name);
        else why = add_text(l, name, text, at ? at + 1 : NULL);
        free(text);
    }
    if (f) fclose(f);
    return why;
}
