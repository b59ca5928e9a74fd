/* sources.c: reads a source and counts its lines by the rule of count_lines.c. */
#include "store/sources.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/strip.h"

struct source sources[MAX_SOURCES];
int source_count;
const char *source_root;

void source_fail(const char *path, int line, const char *what, const char *detail)
{
    fprintf(stderr, "%s:%d: %s%s\n", path, line, what, detail);
    exit(1);
}

static FILE *open_in_root(const char *path)
{
    char full[4 * MAX_PATH];

    if (snprintf(full, sizeof full, "%s/%s", source_root, path) >= (int)sizeof full) return NULL;
    return fopen(full, "rb");
}

static int exists(const char *path)
{
    FILE *f = open_in_root(path);

    if (f) fclose(f);
    return f != NULL;
}

/* DIR/NAME without . and .. components; 0 when that leads out of the root or is too long. */
static int join(char *out, const char *dir, const char *name)
{
    char both[2 * MAX_PATH];
    size_t n = 0;

    if (snprintf(both, sizeof both, "%s/%s", dir, name) >= (int)sizeof both) return 0;
    out[0] = '\0';
    for (char *part = strtok(both, "/"); part; part = strtok(NULL, "/")) {
        if (!strcmp(part, ".")) continue;
        if (!strcmp(part, "..")) {
            const char *slash = strrchr(out, '/');
            if (n == 0) return 0;
            n = slash ? (size_t)(slash - out) : 0;
            out[n] = '\0';
            continue;
        }
        if (n + strlen(part) + 2 > MAX_PATH) return 0;
        n += (size_t)sprintf(out + n, "%s%s", n ? "/" : "", part);
    }
    return 1;
}

static const char *extension(const char *path)
{
    const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');

    return dot && (!slash || dot > slash) ? dot : "";
}

static int starts(const char *text, const char *with) { return !strncmp(text, with, strlen(with)); }

/* The place of the header that FILE includes by this name, found as the compiler finds it: beside
 * the file, in bench/, in the root. -1: one of bench/, which nobody carries. */
static int included(const char *file, int line, const char *name)
{
    char dir[MAX_PATH], path[MAX_PATH];
    const char *slash = strrchr(file, '/');
    const char *const places[] = {dir, "bench", ""};

    snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - file) : 0, file);
    for (int i = 0; i < 3; i++)
        if (join(path, places[i], name) && exists(path))
            return starts(path, "kernels/") || starts(path, "reference/") ? source_of(path) : -1;
    source_fail(file, line, "cannot find the header ", name);
}

/* Behind `# word` in a line of code; NULL when it is another line. */
static const char *directive(const char *code, const char *word)
{
    const char *p = code + strspn(code, " \t");

    if (*p++ != '#') return NULL;
    p += strspn(p, " \t");
    return starts(p, word) ? p + strlen(word) + strspn(p + strlen(word), " \t") : NULL;
}

/* The name in a line `#include "name"` into NAME. CODE tells strings from comments, RAW has the
 * text of strings. */
static int quoted_include(const char *code, const char *raw, char *name)
{
    const char *p = directive(code, "include");

    if (!p || *p++ != '"') return 0;
    return snprintf(name, MAX_PATH, "%.*s", (int)strcspn(p, "\""), raw + (p - code)) < MAX_PATH;
}

static int says_something(const char *code)
{
    return code[strspn(code, " \t\r\f\v()[]{},;\\")] != '\0';
}

static int counts(const char *code)
{
    const char *pragma = directive(code, "pragma");

    return says_something(code) && !directive(code, "include") &&
           !(pragma && starts(pragma, "once") && !isalnum((unsigned char)pragma[4]));
}

static int columns(const char *raw)
{
    int n = 0;

    for (; *raw; raw++)
        n += ((unsigned char)*raw & 0xC0) != 0x80; /* a UTF-8 character is one column */
    return n;
}

/* The pieces that exist for Wheelbench alone start so, in column 1. */
static int starts_impl(const char *code)
{
    const char *linkage = starts(code, "extern \"") ? strchr(code + 8, '"') : NULL;

    return starts(linkage ? linkage + 1 + strspn(linkage + 1, " ") : code, "const struct impl ");
}
static int starts_why_not(const char *code) { return starts(code, "static const char *why_not"); }

/* Does this line end the piece? At the brace that closes it, at any brace in column 1, or at the ;
 * of a mere declaration. */
static int ends_piece(const char *code, int *depth, int *opened)
{
    if (code[0] == '}') return 1;
    for (const char *p = code; *p; p++) {
        *depth += (*p == '{') - (*p == '}');
        *opened |= *p == '{';
        if (*depth == 0 && (*p == '}' || (*p == ';' && !*opened))) return 1;
    }
    return 0;
}

/* Behind `extern const struct impl`: impls of the same directory that this one calls. It takes them
 * along like a header. Returns whether the declaration goes on in the next line. */
static int called_impls(struct source *s, int line, const char *code)
{
    static const char *const extensions[] = {".c", ".cu"};
    const char *slash = strrchr(s->path, '/');

    while (*code && *code != ';') {
        const size_t length = strspn(code, "abcdefghijklmnopqrstuvwxyz_0123456789");
        char path[MAX_PATH];
        int found = 0;
        for (int i = 0; length && i < 2 && !found; i++) {
            snprintf(path, sizeof path, "%.*s/%.*s%s", slash ? (int)(slash - s->path) : 1,
                     slash ? s->path : ".", (int)length, code, extensions[i]);
            found = exists(path);
        }
        if (length && !found) source_fail(s->path, line, "no such impl in this directory: ", code);
        if (found && s->include_count == MAX_INCLUDES)
            source_fail(s->path, line, "calls too many impls", "");
        if (found) s->includes[s->include_count++] = source_of(path);
        code += length ? length : 1;
    }
    return *code != ';';
}

static void read_source(struct source *s)
{
    static const char declares[] = "extern const struct impl ";
    struct strip text;
    char name[MAX_PATH];
    int calling = 0;
    FILE *f = open_in_root(s->path);
    int line = 0, skipping = 0, depth = 0, opened = 0;

    if (!f) source_fail(s->path, 1, "cannot read it", "");
    strip_open(&text, f, !strcmp(extension(s->path), ".c"));
    while (strip_line(&text)) {
        line++;
        if (quoted_include(text.code, text.raw, name)) {
            const int header = included(s->path, line, name);
            if (header >= 0 && s->include_count == MAX_INCLUDES)
                source_fail(s->path, line, "includes too many headers", "");
            if (header >= 0) s->includes[s->include_count++] = header;
        }
        const int starts_calling = starts(text.code, declares);
        if (calling || starts_calling)
            calling = called_impls(s, line, text.code + (starts_calling ? strlen(declares) : 0));
        if (says_something(text.code) && columns(text.raw) > MAX_COLUMNS)
            source_fail(s->path, line, "code line over 100 columns: run clang-format", "");
        if (!skipping && (starts_impl(text.code) || starts_why_not(text.code))) {
            s->has_impl |= starts_impl(text.code);
            skipping = 1;
            depth = opened = 0;
        }
        if (!skipping) s->lines += counts(text.code);
        else if (ends_piece(text.code, &depth, &opened)) skipping = 0;
    }
    if (skipping) source_fail(s->path, line, "why_not or struct impl does not end", "");
    if (strip_close(&text)) source_fail(s->path, line, "ends inside a comment or string", "");
    fclose(f);
}

int source_of(const char *path)
{
    static const char *const header_extensions[] = {".h", ".cuh"};
    const size_t stem = strlen(path) - strlen(extension(path));

    for (int i = 0; i < source_count; i++)
        if (!strcmp(sources[i].path, path)) return i;
    if (source_count == MAX_SOURCES) source_fail(path, 1, "one source too many", "");
    if (strlen(path) + 5 > MAX_PATH) source_fail(path, 1, "its name is too long", "");

    const int place = source_count++;
    struct source *s = &sources[place];
    strcpy(s->path, path);
    s->header = -1;
    for (int i = 0; i < 2; i++) {
        char header[MAX_PATH];
        snprintf(header, sizeof header, "%.*s%s", (int)stem, path, header_extensions[i]);
        if (strcmp(header, path) && exists(header)) s->header = source_of(header);
    }
    read_source(s);
    return place;
}
