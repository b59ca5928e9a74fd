/* strip.c: one state that is carried from line to line. A continued line (backslash at its end)
 * keeps comment, string and character open; without one they end with the line, as in a program
 * that compiles. */
#include "store/strip.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

void strip_open(struct strip *s, FILE *f, int plain_c)
{
    *s = (struct strip){.file = f, .state = CODE, .plain_c = plain_c};
}

/* The R of R"delimiter( when a raw string starts at the quote line[at]: its closing text into
 * s->close. Prefixes u8R, uR, UR, LR count, an identifier that ends in R does not. */
static int opens_raw(struct strip *s, const char *line, size_t at)
{
    const size_t n = strcspn(line + at + 1, "( )\\\"");
    size_t word = at;

    if (s->plain_c || at == 0 || line[at - 1] != 'R' || line[at + 1 + n] != '(' || n > 16) return 0;
    while (word > 0 && (isalnum((unsigned char)line[word - 1]) || line[word - 1] == '_')) word--;
    const size_t prefix = at - word;
    if (!(prefix == 1 || (prefix == 2 && strchr("uUL", line[word])) ||
          (prefix == 3 && !strncmp(line + word, "u8", 2))))
        return 0;
    snprintf(s->close, sizeof s->close, ")%.*s\"", (int)n, line + at + 1);
    return 1;
}

/* A ' between the digits of a number separates them (C++14, C23): no character constant. */
static int separates_digits(const char *line, size_t at)
{
    size_t word = at;

    if (at == 0 || !isxdigit((unsigned char)line[at - 1]) || !isxdigit((unsigned char)line[at + 1]))
        return 0;
    while (word > 0 && (isalnum((unsigned char)line[word - 1]) || line[word - 1] == '\'')) word--;
    return isdigit((unsigned char)line[word]);
}

/* Handles line[i] in the state CODE; returns how many characters it took. */
static size_t in_code(struct strip *s, const char *line, size_t i)
{
    if (line[i] == '/' && (line[i + 1] == '/' || line[i + 1] == '*')) {
        s->state = line[i + 1] == '/' ? LINE_COMMENT : BLOCK_COMMENT;
        s->code[i] = s->code[i + 1] = ' ';
        return 2;
    }
    if (line[i] == '"') s->state = opens_raw(s, line, i) ? RAW_STRING : STRING;
    if (line[i] == '\'' && !separates_digits(line, i)) s->state = CHARACTER;
    return 1;
}

/* The same inside a string or character constant: all but the closing quote becomes x. */
static size_t in_quotes(struct strip *s, const char *line, size_t i)
{
    const char quote = s->state == STRING ? '"' : '\'';

    if (line[i] == quote) {
        s->state = CODE;
        return 1;
    }
    if (line[i] == '\\' && line[i + 1] == '\0') return 1; /* continued: leave the backslash */
    s->code[i] = 'x';
    if (line[i] == '\\') s->code[i + 1] = 'x';
    return line[i] == '\\' ? 2 : 1;
}

static void strip_text(struct strip *s, const char *line, size_t n)
{
    for (size_t i = 0; i < n;) {
        const size_t closing = strlen(s->close);

        switch (s->state) {
        case CODE: i += in_code(s, line, i); break;
        case STRING:
        case CHARACTER: i += in_quotes(s, line, i); break;
        case LINE_COMMENT: s->code[i++] = ' '; break;
        case BLOCK_COMMENT:
            s->code[i] = ' ';
            if (line[i] == '*' && line[i + 1] == '/') {
                s->code[++i] = ' ';
                s->state = CODE;
            }
            i++;
            break;
        case RAW_STRING:
            if (!strncmp(line + i, s->close, closing)) {
                s->state = CODE;
                i += closing;
            } else s->code[i++] = 'x';
            break;
        }
    }
}

int strip_line(struct strip *s)
{
    ssize_t n = getline(&s->raw, &s->size, s->file);

    if (n < 0) return 0;
    while (n > 0 && (s->raw[n - 1] == '\n' || s->raw[n - 1] == '\r')) s->raw[--n] = '\0';
    free(s->code);
    s->code = strdup(s->raw);
    if (!s->code) abort();
    n = (ssize_t)strlen(s->raw); /* a NUL byte ends the line */
    strip_text(s, s->raw, (size_t)n);
    const int continued = n > 0 && s->raw[n - 1] == '\\';
    if (!continued && s->state != BLOCK_COMMENT && s->state != RAW_STRING) s->state = CODE;
    return 1;
}

int strip_close(struct strip *s)
{
    const int open = s->state == BLOCK_COMMENT || s->state == RAW_STRING || ferror(s->file);

    free(s->raw);
    free(s->code);
    s->raw = s->code = NULL;
    return open ? -1 : 0;
}
