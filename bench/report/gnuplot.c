/* gnuplot.c: see gnuplot.h. No shell: gnuplot gets a list of arguments, so that no name of a file,
 * device or run can become a command. */
#include "report/gnuplot.h"
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fail.h"

static int is_file(const char *path)
{
    struct stat s;

    return !stat(path, &s) && S_ISREG(s.st_mode);
}

/* The scripts: in plots/ of the working directory, else near the program, which stands in the root,
 * in a build directory one or two levels below it, or in bin/ where it was installed. */
static const char *find_scripts(char *to, size_t n)
{
    static const char *const near[] = {"plots", "../plots", "../../plots",
                                       "../share/wheelbench/plots"};
    char program[PATH_MAX], style[PATH_MAX + 32];

    snprintf(to, n, "plots");
    if (is_file("plots/style.gp")) return NULL;
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) {
        program[length] = 0;
        *strrchr(program, '/') = 0;
        for (size_t i = 0; i < sizeof near / sizeof near[0]; i++) {
            snprintf(to, n, "%s/%s", program, near[i]);
            snprintf(style, sizeof style, "%s/style.gp", to);
            if (is_file(style)) return NULL;
        }
    }
    return fail_text("cannot find plots/style.gp; run this in the root of the source tree");
}

/* Our environment, in the C locale with UTF-8 text, and with GNUPLOT_LIB where the scripts are. */
static char **environment(char *library)
{
    static char locale[] = "LC_ALL=C.UTF-8";
    size_t n = 0, kept = 0;

    while (environ[n]) n++;
    char **list = malloc((n + 3) * sizeof *list);
    if (!list) return NULL;
    for (size_t i = 0; i < n; i++)
        if (strncmp(environ[i], "LC_", 3) && strncmp(environ[i], "GNUPLOT_LIB=", 12))
            list[kept++] = environ[i];
    list[kept++] = locale;
    list[kept++] = library;
    list[kept] = NULL;
    return list;
}

static const char *finish(int status, const char *out, const char *draft)
{
    struct stat s;
    const char *why = NULL;

    if (WIFSIGNALED(status)) why = fail_text("gnuplot died of signal %d", WTERMSIG(status));
    else if (WEXITSTATUS(status))
        why = fail_text("gnuplot failed with status %d on %s", WEXITSTATUS(status), out);
    else if (stat(draft, &s) || !s.st_size) why = fail_text("gnuplot wrote nothing to %s", out);
    else if (rename(draft, out)) why = fail_text("cannot write %s: %s", out, strerror(errno));
    if (why) unlink(draft);
    return why;
}

const char *gnuplot_draw(const char *figure, const char *data, const char *out, const char *format,
                         int *missing)
{
    char scripts[PATH_MAX + 16], script[PATH_MAX + 64], library[PATH_MAX + 32];
    char draft[PATH_MAX];
    pid_t child;
    int status;

    *missing = 0;
    TRY(find_scripts(scripts, sizeof scripts));
    snprintf(script, sizeof script, "%s/%s.gp", scripts, figure);
    snprintf(library, sizeof library, "GNUPLOT_LIB=%s", scripts);
    if (snprintf(draft, sizeof draft, "%s.%ld.tmp", out, (long)getpid()) >= (int)sizeof draft)
        return fail_text("%.100s...: the path is too long", out);
    char **env = environment(library);
    if (!env) return fail_text("out of memory");
    char *const arguments[] = {"gnuplot",    "-d",  "-c",           script,
                               (char *)data, draft, (char *)format, NULL};
    const int failed = posix_spawnp(&child, "gnuplot", NULL, NULL, arguments, env);
    free(env);
    if (failed) {
        *missing = failed == ENOENT || failed == EACCES;
        return *missing ? "no gnuplot found; install it: apt-get install gnuplot-nox"
                        : fail_text("cannot start gnuplot: %s", strerror(failed));
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return fail_text("gnuplot: %s", strerror(errno));
    return finish(status, out, draft);
}
