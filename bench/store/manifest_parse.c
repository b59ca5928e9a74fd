/* manifest_parse.c: the shape of a manifest: two levels of objects, lists of scalars. It reads
 * files from anyone, so it never recurses and takes no more memory than a multiple of the text,
 * which MANIFEST_MAX bounds. */
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "store/json.h"
#include "store/manifest.h"

struct parser {
    struct json json;
    struct manifest *m;
    int entry_room, value_room;
};

static const char *take_scalar(struct parser *p)
{
    static const char *const words[] = {"null", "false", "true"};
    struct manifest *m = p->m;

    if (m->value_count == p->value_room) {
        p->value_room = p->value_room ? p->value_room * 2 : 256;
        void *grown = realloc(m->values, (size_t)p->value_room * sizeof *m->values);
        if (!grown) return json_wrong(&p->json, "out of memory");
        m->values = grown;
    }
    struct manifest_value *v = &m->values[m->value_count++];
    *v = (struct manifest_value){.kind = MANIFEST_NULL, .text = ""};
    json_blanks(&p->json);
    for (int i = 0; i < 3; i++) {
        const size_t n = strlen(words[i]);
        if ((size_t)(p->json.end - p->json.at) < n || memcmp(p->json.at, words[i], n)) continue;
        p->json.at += n;
        v->kind = i ? MANIFEST_BOOL : MANIFEST_NULL;
        v->number = i == 2;
        return NULL;
    }
    if (p->json.at < p->json.end && *p->json.at == '"') {
        v->kind = MANIFEST_TEXT;
        return json_string(&p->json, &v->text);
    }
    if (p->json.at < p->json.end && (*p->json.at == '{' || *p->json.at == '['))
        return json_wrong(
            &p->json, "nested deeper than a manifest may be: two levels of objects, then lists");
    v->kind = MANIFEST_NUMBER;
    return json_number(&p->json, &v->number);
}

/* `"key":` into a new entry of `group`. */
static const char *take_key(struct parser *p, const char *group)
{
    struct manifest *m = p->m;

    if (m->count == p->entry_room) {
        p->entry_room = p->entry_room ? p->entry_room * 2 : 256;
        void *grown = realloc(m->entries, (size_t)p->entry_room * sizeof *m->entries);
        if (!grown) return json_wrong(&p->json, "out of memory");
        m->entries = grown;
    }
    struct manifest_entry *e = &m->entries[m->count++];
    *e = (struct manifest_entry){.group = group, .key = "", .first = m->value_count};
    TRY(json_string(&p->json, &e->key));
    if (!*e->key) return json_wrong(&p->json, "an empty key");
    return json_take(&p->json, ':') ? NULL : json_wrong(&p->json, "expected : behind a key");
}

/* Scalar or list behind the key of entry e. */
static const char *take_value(struct parser *p, int e)
{
    struct manifest *m = p->m;

    if (!json_take(&p->json, '[')) {
        m->entries[e].count = 1;
        return take_scalar(p);
    }
    m->entries[e].form = MANIFEST_LIST;
    if (json_take(&p->json, ']')) return NULL;
    do {
        TRY(take_scalar(p));
        m->entries[e].count++;
    } while (json_take(&p->json, ','));
    return json_take(&p->json, ']') ? NULL : json_wrong(&p->json, "expected , or ] in a list");
}

static const char *take_group(struct parser *p, const char *name)
{
    if (json_take(&p->json, '}')) return NULL;
    do {
        TRY(take_key(p, name));
        TRY(take_value(p, p->m->count - 1));
    } while (json_take(&p->json, ','));
    return json_take(&p->json, '}') ? NULL : json_wrong(&p->json, "expected , or } in a group");
}

static const char *take_top(struct parser *p)
{
    if (!json_take(&p->json, '{'))
        return json_wrong(&p->json, "expected {: a manifest is one JSON object");
    if (!json_take(&p->json, '}')) {
        do {
            TRY(take_key(p, ""));
            struct manifest_entry *e = &p->m->entries[p->m->count - 1];
            if (json_take(&p->json, '{')) {
                e->form = MANIFEST_GROUP;
                TRY(take_group(p, e->key));
            } else TRY(take_value(p, p->m->count - 1));
        } while (json_take(&p->json, ','));
        if (!json_take(&p->json, '}'))
            return json_wrong(&p->json, "expected , or } in the manifest");
    }
    json_blanks(&p->json);
    return p->json.at == p->json.end ? NULL
                                     : json_wrong(&p->json, "text behind the end of the object");
}

static int by_key(const void *a, const void *b)
{
    const struct manifest_entry *x = *(const struct manifest_entry *const *)a,
                                *y = *(const struct manifest_entry *const *)b;
    const int order = strcmp(x->group, y->group);

    return order ? order : strcmp(x->key, y->key);
}

/* Brings the top level together, before the groups, and makes the order that look-ups search. */
static const char *make_index(const char *name, struct manifest *m)
{
    const size_t n = (size_t)m->count;
    struct manifest_entry *ordered = malloc((n + 1) * sizeof *ordered);
    int at = 0;

    m->sorted = malloc((n + 1) * sizeof *m->sorted);
    if (!ordered || !m->sorted) {
        free(ordered);
        return fail_text("%s: out of memory", name);
    }
    for (int nested = 0; nested < 2; nested++)
        for (size_t i = 0; i < n; i++)
            if (!*m->entries[i].group == !nested) ordered[at++] = m->entries[i];
    free(m->entries);
    m->entries = ordered;
    for (size_t i = 0; i < n; i++) m->sorted[i] = &m->entries[i];
    qsort(m->sorted, n, sizeof *m->sorted, by_key);
    for (size_t i = 1; i < n; i++)
        if (!by_key(&m->sorted[i - 1], &m->sorted[i]))
            return fail_text("%s: the key '%.60s' is there twice in '%.60s'", name,
                             m->sorted[i]->key, m->sorted[i]->group);
    return NULL;
}

const char *manifest_parse(const char *name, const char *json, size_t length, struct manifest *m)
{
    struct parser p = {.m = m};

    memset(m, 0, sizeof *m);
    if (length > MANIFEST_MAX)
        return fail_text("%s: more than %d bytes; a manifest is at most that", name, MANIFEST_MAX);
    m->json = malloc(length + 1);
    if (!m->json) return fail_text("%s: out of memory", name);
    if (length) memcpy(m->json, json, length);
    m->json[length] = 0;
    p.json = (struct json){name, m->json, m->json, m->json + length};
    const char *why = take_top(&p);
    if (!why) why = make_index(name, m);
    if (why) manifest_free(m); /* so that who looks all the same finds nothing */
    return why;
}
