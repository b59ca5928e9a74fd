/* durable.c: see durable.h. */
#define _DEFAULT_SOURCE 1
#include "store/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "fail.h"
#include "store/file.h"

static const char *open_file(struct durable *d, const char *dir, const char *name, int how)
{
    memset(d, 0, sizeof *d);
    d->fd = -1;
    d->noun = "line";
    if (snprintf(d->path, sizeof d->path, "%s/%s", dir, name) >= (int)sizeof d->path)
        return fail_text("cannot write %s in %.200s...: the path is too long", name, dir);
    d->fd = open(d->path, O_RDWR | O_APPEND | O_CLOEXEC | how, 0666);
    if (d->fd < 0) return fail_text("cannot write %s: %s", d->path, strerror(errno));
    /* Only a lock that someone holds stops us: some network file systems have none. */
    if (flock(d->fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return fail_text("cannot write %s: another process is writing it", d->path);
    return NULL;
}

const char *durable_create(struct durable *d, const char *dir, const char *name)
{
    return open_file(d, dir, name, O_CREAT | O_EXCL);
}

/* Bytes of the first so many lines, or -1 when there are not so many that end. */
static long long bytes_of(int fd, long lines)
{
    char text[1 << 14];
    long long at = 0;

    for (ssize_t got; lines > 0 && (got = pread(fd, text, sizeof text, at)) > 0;) {
        ssize_t i = 0;
        while (i < got && lines > 0) lines -= text[i++] == '\n';
        at += i;
    }
    return lines ? -1 : at;
}

const char *durable_reopen(struct durable *d, const char *dir, const char *name, long lines)
{
    TRY(open_file(d, dir, name, 0));
    d->length = bytes_of(d->fd, 1 + lines);
    if (d->length < 0) return fail_text("%s has fewer than %ld %ss", d->path, lines, d->noun);
    if (ftruncate(d->fd, d->length) || fsync(d->fd))
        return fail_text("cannot cut %s: %s", d->path, strerror(errno));
    d->lines = lines;
    return NULL;
}

/* Cuts the file back to the lines that are whole and says what is left. */
static const char *take_back(struct durable *d, int error)
{
    d->torn = ftruncate(d->fd, d->length) != 0;
    fsync(d->fd);
    return fail_text("cannot write %s: %s. %ld %s%s kept%s", d->path, strerror(error), d->lines,
                     d->noun, d->lines == 1 ? " is" : "s are",
                     d->torn ? "; a torn one after them could not be cut" : "");
}

const char *durable_append(struct durable *d, long lines)
{
    const size_t length = d->buffer.length;

    d->buffer.length = 0;
    if (d->torn) return fail_text("cannot write %s: it ends in a torn %s", d->path, d->noun);
    d->before = d->lines;
    d->length_before = d->length;
    if (d->buffer.failed) return fail_text("cannot write %s: out of memory", d->path);
    if (!length) return NULL;
    /* one write; file_write goes on after a short one only to learn the reason */
    if (file_write(d->fd, d->buffer.data, length) || fsync(d->fd)) return take_back(d, errno);
    d->lines += lines;
    d->length += (long long)length;
    return NULL;
}

const char *durable_undo(struct durable *d)
{
    if (ftruncate(d->fd, d->length_before) || fsync(d->fd)) {
        d->torn = 1;
        return fail_text("cannot cut %s: %s", d->path, strerror(errno));
    }
    d->lines = d->before;
    d->length = d->length_before;
    return NULL;
}

const char *durable_close(struct durable *d)
{
    const char *why = NULL;

    free(d->buffer.data);
    memset(&d->buffer, 0, sizeof d->buffer);
    if (d->fd >= 0 && close(d->fd))
        why = fail_text("cannot write %s: %s", d->path, strerror(errno));
    d->fd = -1;
    return why;
}
