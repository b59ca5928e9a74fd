/* manifest_write.c: makes manifest.json. It is written when a run begins and again when it ends,
 * each time in one step, so that whoever looks finds a whole one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "store/file.h"
#include "store/manifest.h"

static void put(struct manifest_writer *w, const char *text) { plain_append_text(&w->json, text); }

static void put_string(struct manifest_writer *w, const char *text)
{
    const size_t length = strlen(text);
    char *clean = malloc(length + 1);

    if (!clean) {
        w->json.failed = 1;
        return;
    }
    plain_clean(clean, length + 1, text, length);
    put(w, "\"");
    for (const char *s = clean; *s; s++) {
        if (*s == '"' || *s == '\\') put(w, "\\");
        plain_append(&w->json, s, 1);
    }
    put(w, "\"");
    free(clean);
}

/* Comma, line, indent and the key. */
static void put_key(struct manifest_writer *w, const char *key)
{
    put(w, w->written++ ? ",\n" : "\n");
    put(w, w->in_group ? "    " : "  ");
    put_string(w, key);
    put(w, ": ");
}

static void put_real(struct manifest_writer *w, double value)
{
    char text[64] = "null";

    /* As short as it reads back: 0.1 stays 0.1, and a 64-bit count up to 2^53 stays whole. */
    for (int digits = 6; isfinite(value) && digits <= 17; digits++) {
        char format[16];
        double back;
        snprintf(format, sizeof format, "%%.%dg", digits);
        plain_from_real(text, sizeof text, format, value);
        if (plain_to_real(text, &back) && back == value) break;
    }
    put(w, text);
}

static void put_text_or_null(struct manifest_writer *w, const char *value)
{
    if (value) put_string(w, value);
    else put(w, "null");
}

void manifest_begin(struct manifest_writer *w)
{
    memset(w, 0, sizeof *w);
    put(w, "{");
}

static void end_group(struct manifest_writer *w)
{
    if (w->in_group) put(w, w->written ? "\n  }" : "}");
}

void manifest_group(struct manifest_writer *w, const char *name)
{
    end_group(w);
    if (w->in_group) w->written = 1; /* of the top level: that group */
    w->in_group = 0;
    put_key(w, name);
    put(w, "{");
    w->in_group = 1;
    w->written = 0;
}

void manifest_put_text(struct manifest_writer *w, const char *key, const char *value)
{
    put_key(w, key);
    put_text_or_null(w, value);
}

void manifest_put_number(struct manifest_writer *w, const char *key, double value)
{
    put_key(w, key);
    put_real(w, value);
}

void manifest_put_integer(struct manifest_writer *w, const char *key, long long value)
{
    char text[32];

    snprintf(text, sizeof text, "%lld", value);
    put_key(w, key);
    put(w, text);
}

void manifest_put_bool(struct manifest_writer *w, const char *key, int value)
{
    put_key(w, key);
    put(w, value ? "true" : "false");
}

void manifest_put_texts(struct manifest_writer *w, const char *key, const char *const *values,
                        int count)
{
    put_key(w, key);
    put(w, "[");
    for (int i = 0; i < count; i++) {
        if (i) put(w, ", ");
        put_text_or_null(w, values[i]);
    }
    put(w, "]");
}

void manifest_put_problem(struct manifest_writer *w, const char *text, double count,
                          const char *label)
{
    put_key(w, text);
    put(w, "[");
    put_real(w, count);
    put(w, ", ");
    put_text_or_null(w, label);
    put(w, "]");
}

void manifest_drop(struct manifest_writer *w)
{
    free(w->json.data);
    memset(w, 0, sizeof *w);
}

const char *manifest_save(struct manifest_writer *w, const char *dir)
{
    struct manifest back = {0};
    const char *why;

    end_group(w);
    put(w, "\n}\n");
    if (w->json.failed) why = fail_text("cannot write %s/" MANIFEST_NAME ": out of memory", dir);
    else why = manifest_parse(MANIFEST_NAME, w->json.data, w->json.length, &back);
    manifest_free(&back);
    if (!why) why = file_save(dir, MANIFEST_NAME, w->json.data, w->json.length);
    manifest_drop(w);
    return why;
}
