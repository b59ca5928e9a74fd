/* file.c: see file.h. */
#define _DEFAULT_SOURCE 1
#include "store/file.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "fail.h"

const char *file_open(const char *path, int *fd, long long *size)
{
    struct stat about;

    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* a FIFO would wait forever */
    if (*fd < 0) return fail_text("cannot read %s: %s", path, strerror(errno));
    const char *why = NULL;
    if (fstat(*fd, &about)) why = fail_text("cannot read %s: %s", path, strerror(errno));
    else if (S_ISDIR(about.st_mode)) why = fail_text("cannot read %s: it is a directory", path);
    else if (!S_ISREG(about.st_mode))
        why = fail_text("cannot read %s: it is no regular file", path);
    if (why) {
        close(*fd);
        *fd = -1;
        return why;
    }
    *size = about.st_size;
    return NULL;
}

const char *file_read(const char *path, size_t max, char **text, size_t *length)
{
    long long size;
    int fd;
    const char *why = NULL;

    *length = 0;
    *text = NULL;
    TRY(file_open(path, &fd, &size));
    if (size < 0 || (unsigned long long)size > max)
        why = fail_text("%s: more than %zu bytes", path, max);
    else if (!(*text = malloc((size_t)size + 1))) why = fail_text("%s: out of memory", path);
    while (!why && *length < (size_t)size) {
        const ssize_t n = read(fd, *text + *length, (size_t)size - *length);
        if (n < 0 && errno != EINTR) why = fail_text("cannot read %s: %s", path, strerror(errno));
        if (n == 0) break;
        if (n > 0) *length += (size_t)n;
    }
    close(fd);
    if (*text) (*text)[*length] = 0;
    return why;
}

int file_write(int fd, const char *data, size_t length)
{
    while (length) {
        const ssize_t n = write(fd, data, length);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        /* A short write is how a disk says that it is nearly full; the next one gives the reason.
         */
        data += n;
        length -= (size_t)n;
    }
    return 0;
}

void file_sync_dir(const char *dir)
{
    const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0) return;
    fsync(fd);
    close(fd);
}

const char *file_save(const char *dir, const char *name, const char *data, size_t length)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    const char *why = NULL;

    /* The process id keeps two writers from sharing one temporary file. */
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path ||
        snprintf(fresh, sizeof fresh, "%s.%ld.tmp", path, (long)getpid()) >= (int)sizeof fresh)
        return fail_text("cannot write %s in %.200s...: the path is too long", name, dir);
    const int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return fail_text("cannot write %s: %s", path, strerror(errno));
    if (file_write(fd, data, length) || fsync(fd))
        why = fail_text("cannot write %s: %s", path, strerror(errno));
    if (close(fd) && !why) why = fail_text("cannot write %s: %s", path, strerror(errno));
    if (!why && rename(fresh, path)) why = fail_text("cannot write %s: %s", path, strerror(errno));
    if (why) unlink(fresh);
    else file_sync_dir(dir);
    return why;
}
