/* facts.c: see facts.h. */
#include "selftest/facts.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "store/file.h"
#include "store/plain.h"

enum { MOST_BYTES = 4096 };

static const char *const keys[FACTS] = {[FACT_HELD] = "proofs_held",
                                        [FACT_AA_HOST] = "aa_floor_pct_host",
                                        [FACT_AA_DEVICE] = "aa_floor_pct_device",
                                        [FACT_SETTLE_MS] = "settle_ms"};
static const char ADVICE[] = "`wheelbench selftest --facts FILE` writes one";

void facts_clear(struct facts *f)
{
    for (int i = 0; i < FACTS; i++) f->value[i] = NAN;
}

const char *fact_key(enum fact f) { return keys[f]; }

const char *facts_write(const char *path, const struct facts *f)
{
    struct plain_buffer b = {0};
    const char *slash = strrchr(path, '/'), *why = "oom: host memory for the facts";
    char *dir = slash == path ? strdup("/")
                : slash       ? strndup(path, (size_t)(slash - path))
                              : strdup(".");

    for (int i = 0; i < FACTS; i++) {
        char number[64];
        if (isnan(f->value[i])) continue;
        plain_from_real(number, sizeof number, "%.7g", f->value[i]);
        plain_append_text(&b, keys[i]);
        plain_append_text(&b, " ");
        plain_append_text(&b, number);
        plain_append_text(&b, "\n");
    }
    if (dir && !b.failed) why = file_save(dir, slash ? slash + 1 : path, b.data, b.length);
    free(dir);
    free(b.data);
    return why;
}

static const char *read_line(const char *path, int number, char *line, struct facts *f)
{
    char *value = strchr(line, ' ');
    int i = 0;

    if (!value) return fail_text("%s, line %d: expected 'key value'; %s", path, number, ADVICE);
    *value++ = '\0';
    while (i < FACTS && strcmp(keys[i], line)) i++;
    if (i == FACTS)
        return fail_text("%s, line %d: unknown key '%.40s'; %s", path, number, line, ADVICE);
    if (!isnan(f->value[i])) return fail_text("%s, line %d: %s is there twice", path, number, line);
    if (!plain_to_real(value, &f->value[i]) || f->value[i] < 0)
        return fail_text("%s, line %d: '%.40s' is no value of %s: expected a number, 0 or more",
                         path, number, value, line);
    return NULL;
}

static const char *read_all(const char *path, char *text, size_t n, struct facts *f)
{
    int number = 0;

    if (!n || text[n - 1] != '\n' || memchr(text, '\0', n))
        return fail_text("%s: %s; %s", path, n ? "no whole lines of text" : "an empty file",
                         ADVICE);
    for (char *line = text, *end; line < text + n; line = end + 1) {
        end = strchr(line, '\n');
        *end = '\0';
        TRY(read_line(path, ++number, line, f));
    }
    return NULL;
}

const char *facts_read(const char *path, struct facts *f)
{
    char text[MOST_BYTES + 1] = "";
    long long size;
    int fd;

    facts_clear(f);
    TRY(file_open(path, &fd, &size));
    const ssize_t got = read(fd, text, sizeof text);
    const char *why = got < 0 ? fail_text("%s: %s", path, strerror(errno)) : NULL;
    close(fd);
    if (!why && got > MOST_BYTES) why = fail_text("%s: too long; %s", path, ADVICE);
    if (!why) why = read_all(path, text, (size_t)got, f);
    if (why) facts_clear(f);
    return why;
}
