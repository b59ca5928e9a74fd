/* tool.c: see tool.h. */
#include "store/tool.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fail.h"

enum { OUTPUT_MAX = 1 << 24 };

extern char **environ;

static const char *start(const char *const argv[], int to, pid_t *child)
{
    posix_spawn_file_actions_t files;

    if (posix_spawn_file_actions_init(&files)) return "out of memory";
    int failed = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (!failed) failed = posix_spawn_file_actions_adddup2(&files, to, 1);
    if (!failed) failed = posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    if (!failed)
        failed = posix_spawnp(child, argv[0], &files, NULL, (char *const *)(size_t)argv, environ);
    posix_spawn_file_actions_destroy(&files);
    return failed ? fail_text("cannot start %s: %s", argv[0], strerror(failed)) : NULL;
}

const char *tool_run(const char *const argv[], struct plain_buffer *out, int *status)
{
    char part[4096];
    int pipes[2], state;
    size_t length = 0;
    pid_t child;
    ssize_t n;

    if (pipe2(pipes, O_CLOEXEC)) return fail_text("cannot start %s: %s", argv[0], strerror(errno));
    const char *why = start(argv, pipes[1], &child);
    close(pipes[1]);
    while (!why && ((n = read(pipes[0], part, sizeof part)) > 0 || (n < 0 && errno == EINTR))) {
        if (n > 0 && (length += (size_t)n) <= OUTPUT_MAX) plain_append(out, part, (size_t)n);
    }
    close(pipes[0]);
    if (why) return why;
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR) return fail_text("%s: %s", argv[0], strerror(errno));
    *status = WIFSIGNALED(state) ? 128 + WTERMSIG(state) : WEXITSTATUS(state);
    if (length > OUTPUT_MAX) return fail_text("%s: more than %d bytes", argv[0], OUTPUT_MAX);
    return out->failed ? "out of memory" : NULL;
}
