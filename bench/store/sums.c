/* sums.c: see sums.h. The sums are computed anew and compared as text, so that a list in another
 * form, with a path or with a file too few, does not pass either. */
#include "store/sums.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "store/csv.h"
#include "store/file.h"
#include "store/manifest.h"
#include "store/samples.h"
#include "store/tool.h"

const char *const sums_files[] = {MANIFEST_NAME, "results.csv", "run.log", SAMPLES_NAME, NULL};

enum { DIGITS = 64, PATH_MOST = 4300 };

/* "<64 digits>  name\n" */
static const char *add_sum(const char *dir, const char *name, struct plain_buffer *list)
{
    struct plain_buffer out = {0};
    char path[PATH_MOST];
    int status = 0, fd;
    long long size;

    snprintf(path, sizeof path, "%s%s/%s", *dir == '/' || *dir == '.' ? "" : "./", dir, name);
    TRY(file_open(path, &fd, &size)); /* a FIFO would wait forever */
    close(fd);
    const char *const argv[] = {"sha256sum", "--binary", path, NULL};
    const char *why = tool_run(argv, &out, &status);
    const char *sum = why || !out.length ? "" : out.data;
    if (*sum == '\\') sum++; /* it escaped something in the path */
    if (!why && (status || out.length < DIGITS || strspn(sum, "0123456789abcdef") < DIGITS))
        why = fail_text("sha256sum failed with status %d on %s", status, path);
    if (!why) {
        plain_append(list, sum, DIGITS);
        plain_append_text(list, "  ");
        plain_append_text(list, name);
        plain_append_text(list, "\n");
    }
    free(out.data);
    return why;
}

static const char *compute(const char *dir, struct plain_buffer *list)
{
    char path[PATH_MOST];

    for (const char *const *name = sums_files; *name; name++) {
        snprintf(path, sizeof path, "%s/%s", dir, *name);
        if (!access(path, F_OK)) TRY(add_sum(dir, *name, list));
    }
    return list->failed ? "out of memory" : NULL;
}

const char *sums_write(const char *dir)
{
    struct plain_buffer list = {0};
    const char *why = compute(dir, &list);

    if (!why) why = file_save(dir, SUMS_NAME, list.data, list.length);
    free(list.data);
    return why;
}

/* Line by line, so that the message can name the file. */
static const char *compare(const char *path, const char *list, int *differs)
{
    struct csv_reader file;
    char *line = NULL;
    const char *why = csv_open(&file, path);

    for (*differs = 0; !why; list += strcspn(list, "\n") + 1) {
        const size_t length = strcspn(list, "\n");
        why = csv_line(&file, &line);
        if (why || (!line && !*list)) break;
        *differs = 1;
        if (!line)
            why =
                fail_text("%s lacks %.*s", SUMS_NAME, (int)length - DIGITS - 2, list + DIGITS + 2);
        else if (!*list) why = fail_text("%s has a line too many: %.100s", SUMS_NAME, line);
        else if (strlen(line) != length || strncmp(line, list, length))
            why = fail_text("%.*s has not the sum of its line: '%.100s'", (int)length - DIGITS - 2,
                            list + DIGITS + 2, line);
        else *differs = 0;
    }
    csv_close(&file);
    return why;
}

const char *sums_check(const char *dir, int *differs)
{
    struct plain_buffer list = {0};
    char path[PATH_MOST];

    *differs = 0;
    const char *why = compute(dir, &list);
    plain_append(&list, "", 1);
    snprintf(path, sizeof path, "%s/%s", dir, SUMS_NAME);
    if (!why) why = list.failed ? "out of memory" : compare(path, list.data, differs);
    free(list.data);
    return why;
}
