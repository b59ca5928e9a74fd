/* lock.c: see lock.h. A lock file per device in the directory for such files, else in /tmp; flock
 * ends with its processes, so a run that was killed leaves nothing behind. */
#include "cmd/lock.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmd/record.h"
#include "fail.h"

/* In /tmp a file of somebody else may not be opened for writing, but for reading, which is all that
 * a lock needs. */
static int open_lock(const char *path)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);

    return fd >= 0 ? fd : open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

static void read_holder(int fd, char *to, size_t n)
{
    const ssize_t got = pread(fd, to, n - 1, 0);

    to[got > 0 ? got : 0] = '\0';
    to[strcspn(to, "\n")] = '\0';
    for (char *s = to; *s; s++)
        if ((unsigned char)*s < ' ') *s = ' ';
    if (!*to) snprintf(to, n, "another process");
}

const char *lock_take(const char *what, const char *holder, int wait, const char **note)
{
    static char said[512];
    /* the directory must be the same for everybody on the machine */
    const char *dir = getenv("WHEELBENCH_LOCK_DIR");
    char path[4096], who[300];

    if (!dir || !*dir) dir = "/tmp";
    *note = NULL;
    if (snprintf(path, sizeof path, "%s/wheelbench-%s.lock", dir, what) >= (int)sizeof path)
        return fail_text("WHEELBENCH_LOCK_DIR is too long");
    const int fd = open_lock(path);
    if (fd < 0) {
        snprintf(said, sizeof said, "no lock %.300s (%s): another run would not be noticed", path,
                 strerror(errno));
        *note = said;
        return NULL;
    }
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        read_holder(fd, who, sizeof who);
        if (!wait) {
            close(fd);
            return fail_text("%s is being measured by %s; --wait waits until it is free", what,
                             who);
        }
        fprintf(stderr, "wheelbench: waiting for %s, which is measuring %s\n", who, what);
        while (flock(fd, LOCK_EX) && errno == EINTR) {
        }
    }
    const int length = snprintf(who, sizeof who, "process %ld, %s\n", (long)getpid(), holder);
    if (!ftruncate(fd, 0) && length > 0 && pwrite(fd, who, (size_t)length, 0) != length)
        *note = NULL; /* the name of the holder is only for the message */
    return NULL;
}

const char *lock_place(enum place place, uint64_t uuid_hash, int wait)
{
    const char *note;
    char what[64] = "cpu", since[64] = "since ";

    utc_now(since + strlen(since), sizeof since - strlen(since));
    if (place == DEVICE) snprintf(what, sizeof what, "gpu-%016" PRIx64, uuid_hash);
    TRY(lock_take(what, since, wait, &note));
    if (note) fprintf(stderr, "wheelbench: %s\n", note);
    return NULL;
}
