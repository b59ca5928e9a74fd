/* csv.c: see csv.h. A file may come from anyone, so memory stays below two lines' limits and all
 * that is not plainly CSV is an error with its line. */
#define _DEFAULT_SOURCE 1
#include "store/csv.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "store/file.h"

static int is_formula(char c) { return c && strchr("=+-@", c); }

void csv_append(struct plain_buffer *b, const char *text)
{
    const size_t length = strlen(text);
    char *clean = malloc(length + 1);

    if (!clean) {
        b->failed = 1;
        return;
    }
    plain_clean(clean, length + 1, text, length);
    if (is_formula(*clean)) *clean = '_';
    if (!strpbrk(clean, ",\"")) {
        plain_append_text(b, clean);
    } else {
        plain_append(b, "\"", 1);
        for (const char *s = clean; *s; s++) {
            if (*s == '"') plain_append(b, s, 1);
            plain_append(b, s, 1);
        }
        plain_append(b, "\"", 1);
    }
    free(clean);
}

void csv_clean(char *text)
{
    const size_t length = strlen(text);

    plain_clean(text, length + 1, text, length);
    if (is_formula(*text)) *text = '_';
}

const char *csv_open(struct csv_reader *r, const char *path)
{
    long long size;

    memset(r, 0, sizeof *r);
    r->path = path;
    return file_open(path, &r->fd, &size);
}

void csv_close(struct csv_reader *r)
{
    if (r->fd >= 0) close(r->fd);
    free(r->buffer);
    memset(r, 0, sizeof *r);
    r->fd = -1;
}

/* Reads on behind what the buffer holds; first moves that to the front, then grows to the limit. */
static const char *more(struct csv_reader *r)
{
    const size_t held = r->end - r->begin;

    if (held > CSV_LINE_MAX)
        return fail_text("%s:%ld: the line is longer than %d bytes", r->path, r->line + 1,
                         CSV_LINE_MAX);
    if (held) memmove(r->buffer, r->buffer + r->begin, held);
    r->begin = 0;
    r->end = held;
    if (r->size < held + 2) { /* room for one byte and the NUL behind a last line */
        const size_t size = r->size ? r->size * 2 : 1 << 16;
        char *grown = realloc(r->buffer, size);
        if (!grown) return fail_text("%s: out of memory", r->path);
        r->buffer = grown;
        r->size = size;
    }
    ssize_t n;
    do n = read(r->fd, r->buffer + r->end, r->size - r->end - 1);
    while (n < 0 && errno == EINTR);
    if (n < 0) return fail_text("cannot read %s: %s", r->path, strerror(errno));
    r->end += (size_t)n;
    r->eof = n == 0;
    return NULL;
}

const char *csv_line(struct csv_reader *r, char **line)
{
    size_t seen = 0; /* bytes from begin without LF: never searched twice */
    char *stop = NULL;

    *line = NULL;
    for (;;) {
        if (r->end > r->begin + seen)
            stop = memchr(r->buffer + r->begin + seen, '\n', r->end - r->begin - seen);
        if (stop || r->eof) break;
        seen = r->end - r->begin;
        TRY(more(r));
    }
    if (!stop && r->begin == r->end) return NULL;
    r->torn = !stop;

    char *start = r->buffer + r->begin;
    if (!stop) stop = r->buffer + r->end;
    r->line++;
    if (stop - start >= CSV_LINE_MAX)
        return fail_text("%s:%ld: the line is longer than %d bytes", r->path, r->line,
                         CSV_LINE_MAX);
    r->begin = (size_t)(stop - r->buffer) + !r->torn;
    if (!r->torn && stop > start && stop[-1] == '\r') stop--;
    if (!r->torn && memchr(start, 0, (size_t)(stop - start)))
        return fail_text("%s:%ld: a NUL byte", r->path, r->line);
    *stop = 0;
    if (r->line == 1 && !strncmp(start, "\xef\xbb\xbf", 3)) start += 3;
    *line = start;
    return NULL;
}

const char *csv_field(char **at, char **field)
{
    char *s = *at, *out;

    if (*s == '"') {
        for (*field = out = ++s; *s && (*s != '"' || s[1] == '"'); s++) {
            s += *s == '"'; /* "" is one quote */
            *out++ = *s;
        }
        if (!*s) return "the quote at the start of a field is never closed";
        s++;
        if (*s && *s != ',') return "text behind a closing quote";
    } else {
        *field = s;
        out = s += strcspn(s, ",\"");
        if (*s == '"') return "a quote inside a field that does not start with one";
    }
    *at = *s ? s + 1 : NULL; /* before the NUL, which may take the comma's place */
    *out = 0;
    return NULL;
}
