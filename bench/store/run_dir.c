/* run_dir.c: see run_dir.h. A run never shares its directory: what was measured is not changed. */
#define _DEFAULT_SOURCE 1
#include "store/run_dir.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "fail.h"

enum { SECONDS_TRIED = 100 };

void slug_from(const char *name, char *slug, size_t n)
{
    size_t length = 0;
    int gap = 0;

    for (; *name; name++) {
        char c = *name;
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a'); /* not tolower: it has a locale */
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
            gap = length > 0;
            continue;
        }
        if (length + (size_t)gap + 1 >= n) break;
        if (gap) slug[length++] = '-';
        slug[length++] = c;
        gap = 0;
    }
    slug[length] = 0;
    if (!length) snprintf(slug, n, "unknown");
}

static const char *cannot(const char *path, int error)
{
    return fail_text("cannot create %s: %s", path, strerror(error));
}

/* mkdir -p */
static const char *make_parents(const char *path)
{
    char part[PATH_MAX];
    struct stat about;

    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return cannot(path, ENAMETOOLONG);
    for (char *s = part + 1;; s++) {
        if (*s != '/' && *s) continue;
        const char end = *s;
        *s = 0;
        if (mkdir(part, 0777)) {
            const int error = errno;
            /* A parent that we may not write to, or on a read-only disk, may exist all the same. */
            if (stat(part, &about)) return cannot(part, error);
            if (!S_ISDIR(about.st_mode)) return cannot(part, ENOTDIR);
        }
        if (!end) return NULL;
        *s = end;
    }
}

/* Characters that are safe as a part of a path. */
static int is_part(const char *s)
{
    return *s && *s != '.' &&
           !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789-_.+")];
}

const char *run_dir_create(const char *root, const char *slug, const char *sha, char *dir, size_t n,
                           char *run_id, size_t m)
{
    char parent[PATH_MAX], stamp[32];
    const time_t now = time(NULL);

    if (!*root) return "cannot create a run directory: the name of the output directory is empty";
    if (!is_part(slug) || !is_part(sha))
        return fail_text("cannot create a run directory for '%.60s' of '%.60s': bad name", sha,
                         slug);
    if (snprintf(parent, sizeof parent, "%s%s%s", root, root[strlen(root) - 1] == '/' ? "" : "/",
                 slug) >= (int)sizeof parent)
        return fail_text("cannot create %.200s...: %s", root, strerror(ENAMETOOLONG));
    TRY(make_parents(parent));
    for (int later = 0; later < SECONDS_TRIED; later++) {
        const time_t second = now + later;
        struct tm utc;
        if (!gmtime_r(&second, &utc)) return "cannot create a run directory: the clock is wrong";
        strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);
        if (snprintf(run_id, m, "%s-%s", stamp, sha) >= (int)m ||
            snprintf(dir, n, "%s/%s", parent, run_id) >= (int)n)
            return fail_text("cannot create %.200s...: %s", parent, strerror(ENAMETOOLONG));
        if (!mkdir(dir, 0777)) return NULL;
        if (errno != EEXIST) return cannot(dir, errno);
    }
    return fail_text("cannot create %s: it exists, and so do the %d seconds before it", dir,
                     SECONDS_TRIED - 1);
}
