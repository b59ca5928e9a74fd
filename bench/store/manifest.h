/* manifest.h: manifest.json, what a run was: one JSON object, two levels deep, of scalars and lists
 * of scalars, at most 1 MiB. Functions return NULL, or one line that says what went wrong. */
#ifndef WHEELBENCH_MANIFEST_H
#define WHEELBENCH_MANIFEST_H
#include <stddef.h>
#include "store/plain.h"

enum { MANIFEST_MAX = 1 << 20 };
#define MANIFEST_NAME "manifest.json"

/* ---- writing: begin; the top-level values; then group after group; save ---- */

struct manifest_writer {
    struct plain_buffer json;
    int in_group, written; /* written: values in this group so far */
};

void manifest_begin(struct manifest_writer *w);
/* The values that follow belong to this group. */
void manifest_group(struct manifest_writer *w, const char *name);
/* Texts are cleaned: control characters to blanks, invalid UTF-8 to '?'. NULL becomes null, and so
 * do NaN and infinities: not measured, not known. */
void manifest_put_text(struct manifest_writer *w, const char *key, const char *value);
void manifest_put_number(struct manifest_writer *w, const char *key, double value);
void manifest_put_integer(struct manifest_writer *w, const char *key, long long value);
void manifest_put_bool(struct manifest_writer *w, const char *key, int value);
void manifest_put_texts(struct manifest_writer *w, const char *key, const char *const *values,
                        int count);
/* An entry of the group problems: problem text -> [count, label]. */
void manifest_put_problem(struct manifest_writer *w, const char *text, double count,
                          const char *label);
/* Ends the object, reads it back (two equal keys, or more than 1 MiB, are errors), writes
 * dir/manifest.json in one step and frees the writer. */
const char *manifest_save(struct manifest_writer *w, const char *dir);
void manifest_drop(struct manifest_writer *w); /* frees a writer that is not saved */

/* ---- reading ---- */

enum manifest_kind { MANIFEST_NULL, MANIFEST_BOOL, MANIFEST_NUMBER, MANIFEST_TEXT };

struct manifest_value {
    enum manifest_kind kind;
    double number;    /* of a bool: 0 or 1 */
    const char *text; /* of a text, else "" */
};

enum manifest_form { MANIFEST_SCALAR, MANIFEST_LIST, MANIFEST_GROUP };

struct manifest_entry {
    const char *group, *key; /* group of the top level: "" */
    enum manifest_form form; /* a group is an entry of the top level, without values */
    int first, count;        /* values[first .. first + count) of the manifest */
};

struct manifest {
    char *json; /* the file, its texts decoded in place: entries and values point here */
    struct manifest_entry *entries;       /* top level first, else in the order of the file */
    const struct manifest_entry **sorted; /* by group and key */
    int count;
    struct manifest_value *values;
    int value_count;
};

/* manifest_free afterwards, whatever it returns; after a failure the manifest is empty. */
const char *manifest_read(const char *path, struct manifest *m);
/* The same from memory. `name` is used in messages; the text is copied. */
const char *manifest_parse(const char *name, const char *json, size_t length, struct manifest *m);
void manifest_free(struct manifest *m);

/* group is "" or NULL for the top level. NULL: no such text. */
const char *manifest_text(const struct manifest *m, const char *group, const char *key);
/* Numbers and bools. 1: found and put in *out; 0: absent, null or something else. */
int manifest_number(const struct manifest *m, const char *group, const char *key, double *out);
/* The values of a list; a scalar is a list of one. Returns how many, -1: the key is absent. */
int manifest_list(const struct manifest *m, const char *group, const char *key,
                  const struct manifest_value **values);
/* All entries of a group, in the order of the file. Returns how many. */
int manifest_entries(const struct manifest *m, const char *group,
                     const struct manifest_entry **entries);
/* What manifest_put_problem wrote: 1 found; else 0 with *count 1 and *label "". */
int manifest_problem(const struct manifest *m, const char *text, double *count, const char **label);
#endif
