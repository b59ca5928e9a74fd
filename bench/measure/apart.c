/* apart.c: see apart.h. The outcomes lie in memory that parent and child share. */
#include "measure/apart.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fail.h"

struct shared {
    int done;       /* contest_run has returned */
    char why[1024]; /* what it returned; empty for NULL */
    struct outcome out[];
};

/* What a process said on its stderr, as text that the caller frees; NULL without memory. */
static char *said_in(FILE *log)
{
    enum { MOST = 1 << 20 };
    char *text = calloc(1, MOST + 1);

    rewind(log);
    if (text && !fread(text, 1, MOST, log)) text[0] = '\0';
    return text;
}

static _Noreturn void child(const struct contest *c, struct shared *s, FILE *log)
{
    const rlim_t limit = (rlim_t)(c->limit_s * c->count) + 1;

    dup2(fileno(log), STDERR_FILENO);
    setrlimit(RLIMIT_CPU, &(struct rlimit){limit, limit + 5});
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    const char *why = contest_run(c, s->out);
    snprintf(s->why, sizeof s->why, "%s", why ? why : "");
    s->done = 1;
    _exit(0);
}

/* Plays c in a child. NULL and *ended 0: as contest_run. *ended: it died, reason says of what. */
static const char *play(const struct contest *c, struct shared *s, int *ended, char *reason,
                        size_t n)
{
    FILE *log = tmpfile();
    int status = 0;

    *ended = 0;
    s->done = 0;
    if (!log) return fail_text("no temporary file for a report: %s", strerror(errno));
    fflush(NULL);
    const pid_t pid = fork();
    if (pid < 0) {
        fclose(log);
        return fail_text("no process for a contest: %s", strerror(errno));
    }
    if (!pid) child(c, s, log);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    *ended = !s->done || status;
    if (*ended) {
        char *said = said_in(log);
        apart_reason(said ? said : "", status, reason, n);
        free(said);
    }
    fclose(log);
    return !*ended && s->why[0] ? fail_text("%s", s->why) : NULL;
}

static const char *play_apart(const struct contest *c, struct shared *s, struct outcome *out)
{
    char reason[1024];
    int ended;

    TRY(play(c, s, &ended, reason, sizeof reason));
    if (!ended) {
        memcpy(out, s->out, (size_t)c->count * sizeof *out);
        return NULL;
    }
    if (c->count == 1) {
        contest_skip(c, out, reason);
        out->status = STATUS_FAILED;
        for (int k = 0; k < CELLS; k++) out->cell[k].status = STATUS_FAILED;
        return NULL;
    }
    for (int i = 0; i < c->count; i++) { /* which one was it? */
        struct contest one = *c;
        one.impls = c->impls + i;
        one.count = 1;
        TRY(play_apart(&one, s, out + i));
    }
    return NULL;
}

const char *apart_run(const struct contest *c, struct outcome *out)
{
    const size_t bytes = sizeof(struct shared) + (size_t)c->count * sizeof(struct outcome);
    struct shared *s = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (s == MAP_FAILED) return "oom: host memory for a contest";
    const char *why = play_apart(c, s, out);
    munmap(s, bytes);
    return why;
}
