/* on_cpu.c: see on_cpu.h. What the program beside this one can do is in a text file beside both,
 * wheelbench_on_cpu.txt, written by the build: a line "NAME yes" or "NAME uses ..." for each impl,
 * or one line "not built: ...". */
#include "cmd/on_cpu.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"

static const char PROGRAM[] = "wheelbench_on_cpu";

/* Path of a file beside this program. */
static const char *beside(char *path, size_t n, const char *name)
{
    const ssize_t len = readlink("/proc/self/exe", path, n - 1);

    if (len < 0) return fail_text("/proc/self/exe: %s", strerror(errno));
    path[len] = '\0';
    char *file = strrchr(path, '/') + 1;
    if (snprintf(file, n - (size_t)(file - path), "%s", name) >= (int)(n - (size_t)(file - path)))
        return "the path of this program is too long";
    return NULL;
}

/* The rest of the line that starts with the word. NULL: no such line, or no file. */
static const char *look_up(const char *word, char *line, size_t n)
{
    char path[4096];
    const size_t len = strlen(word);
    FILE *f = beside(path, sizeof path, "wheelbench_on_cpu.txt") ? NULL : fopen(path, "r");
    const char *found = NULL;

    while (f && !found && fgets(line, (int)n, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (!strncmp(line, word, len) && line[len] == ' ') found = line + len + 1;
    }
    if (f) fclose(f);
    return found;
}

const char *on_cpu_not_built(void)
{
    char path[4096], line[512];
    const char *why = look_up("not", line, sizeof line); /* "not built: ..." */

    if (why) return fail_text("%s is not %s", PROGRAM, why);
    TRY(beside(path, sizeof path, PROGRAM));
    return access(path, X_OK) ? fail_text("%s is not built: no such file as %s", PROGRAM, path)
                              : NULL;
}

const char *on_cpu_why_not(const char *impl)
{
    char line[512];
    const char *why = look_up(impl, line, sizeof line);

    if (!why) return "it was not there when wheelbench_on_cpu was built";
    return strcmp(why, "yes") ? fail_text("%s", why) : NULL;
}

const char *on_cpu_enter(char **argv)
{
    enum { MOST = 512 };
    char path[4096], *all[MOST + 2] = {path};
    int n = 0;

    TRY(on_cpu_not_built());
    TRY(beside(path, sizeof path, PROGRAM));
    while (argv[n]) {
        if (n == MOST) return "too many arguments";
        all[n + 1] = argv[n];
        n++;
    }
    execv(path, all);
    return fail_text("%s: %s", path, strerror(errno));
}
