/* table.c: see table.h. */
#include "report/table.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL = 1200 };

/* Bytes of a mark of direction at s (U+061C, 200E, 200F, 202A to 202E, 2066 to 2069), else 0. */
static size_t turns(const char *s)
{
    const unsigned char *u = (const unsigned char *)s;

    if (u[0] == 0xd8 && u[1] == 0x9c) return 2;
    if (u[0] != 0xe2) return 0;
    if (u[1] == 0x80 && ((u[2] >= 0x8e && u[2] <= 0x8f) || (u[2] >= 0xaa && u[2] <= 0xae)))
        return 3;
    return u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9 ? 3 : 0;
}

void table_clean(const char *text, char *to, size_t n)
{
    size_t out = 0;

    plain_clean(to, n, text, strlen(text));
    for (const char *s = to; *s;) {
        const size_t skip = turns(s);
        if (skip) s += skip;
        else to[out++] = *s++;
    }
    to[out] = 0;
}

size_t table_width(const char *text)
{
    size_t n = 0;

    for (; *text; text++) n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* What would be markup becomes text. An underline inside a word is none. */
static void append_markdown(struct plain_buffer *to, const char *text)
{
    for (; *text; text++) {
        if (*text == '<') plain_append_text(to, "&lt;");
        else if (*text == '>') plain_append_text(to, "&gt;");
        else if (*text == '&') plain_append_text(to, "&amp;");
        else {
            if (strchr("|\\`*[]~", *text)) plain_append(to, "\\", 1);
            plain_append(to, text, 1);
        }
    }
}

static void append(struct plain_buffer *to, int markdown, const char *text)
{
    if (markdown) append_markdown(to, text);
    else plain_append_text(to, text);
}

void table_say(struct plain_buffer *to, int markdown, const char *format, ...)
{
    char raw[4096], clean[sizeof raw];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    table_clean(raw, clean, sizeof clean);
    if (markdown) plain_append_text(to, "- ");
    append(to, markdown, clean);
    plain_append_text(to, "\n");
}

void table_begin(struct table *t, int markdown, const char *columns)
{
    *t = (struct table){.markdown = markdown};
    for (const char *s = columns; *s && t->columns < TABLE_COLUMNS; t->columns++) {
        const size_t n = strcspn(s, "|"), mark = *s == '>';
        t->right[t->columns] = (char)mark;
        table_cell(t, "%.*s", (int)(n - mark), s + mark);
        s += n + (s[n] == '|');
    }
}

void table_cell(struct table *t, const char *format, ...)
{
    char raw[CELL], clean[CELL];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    table_clean(raw, clean, sizeof clean);
    plain_append(&t->text, clean, strlen(clean) + 1);
    t->cells++;
}

static void pad(struct plain_buffer *to, size_t n)
{
    while (n--) plain_append(to, " ", 1);
}

static void put_text(const struct table *t, struct plain_buffer *to)
{
    size_t width[TABLE_COLUMNS] = {0};
    const char *s = t->text.data;

    for (size_t i = 0; i < t->cells; i++, s += strlen(s) + 1) {
        const size_t column = i % (size_t)t->columns, w = table_width(s);
        if (w > width[column]) width[column] = w;
    }
    s = t->text.data;
    for (size_t i = 0; i < t->cells; i++, s += strlen(s) + 1) {
        const size_t column = i % (size_t)t->columns, gap = width[column] - table_width(s);
        const int last = column + 1 == (size_t)t->columns;
        if (t->right[column]) pad(to, gap);
        plain_append_text(to, s);
        if (!t->right[column] && !last) pad(to, gap);
        plain_append_text(to, last ? "\n" : "  ");
    }
}

static void put_markdown(const struct table *t, struct plain_buffer *to)
{
    const char *s = t->text.data;

    for (size_t i = 0; i < t->cells; i++, s += strlen(s) + 1) {
        plain_append_text(to, i % (size_t)t->columns ? " " : "| ");
        append_markdown(to, *s ? s : " ");
        plain_append_text(to, (i + 1) % (size_t)t->columns ? " |" : " |\n");
        if (i + 1 != (size_t)t->columns) continue;
        for (int k = 0; k < t->columns; k++) plain_append_text(to, t->right[k] ? "|--:" : "|---");
        plain_append_text(to, "|\n");
    }
}

void table_end(struct table *t, struct plain_buffer *to)
{
    if (t->text.failed) to->failed = 1;
    else if (t->cells > (size_t)t->columns) {
        if (t->markdown) plain_append_text(to, "\n");
        if (t->markdown) put_markdown(t, to);
        else put_text(t, to);
        plain_append_text(to, "\n");
    }
    free(t->text.data);
    *t = (struct table){.markdown = t->markdown};
}
