/* worker.c: see worker.h. Parent and child share one desk; a semaphore each way says whose turn it
 * is. */
#include "measure/worker.h"
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "fail.h"
#include "measure/apart.h"

enum { LOOK_MS = 50, USUAL_S = 120, END_S = 2, KILL_S = 30, ROOM = 256 << 20 };

struct desk {
    sem_t ask, answer;
    worker_job *job; /* NULL: the child shall end */
    char why[1024];  /* what the job returned; empty for NULL */
    struct phase phase;
    struct machine machine; /* as the child sees it after the job */
    int bound;
    _Alignas(64) char shared[ROOM]; /* pages that nobody touches take no memory */
};

struct worker {
    struct worker_plan plan;
    struct desk *desk;
    pid_t pid;  /* 0: no child */
    FILE *said; /* stderr of the child */
    int starts;
    struct machine machine; /* at the first start */
};

static void look(struct desk *d, const struct worker_plan *p, struct machine *m)
{
    if (p->device >= 0) {
        machine_look(m, p->device, p->threads);
    } else {
        *m = (struct machine){.device = {.threads = p->threads}, .no_device = "not looked for"};
        machine_look_host(m);
    }
    d->bound = m->device.threads < 2 || !machine_pin(m->device.threads);
    d->machine = *m;
}

static void obey(struct desk *d, struct machine *m)
{
    phase_enter(NULL, "the harness", 0);
    const char *why = d->job(d->shared, m);

    snprintf(d->why, sizeof d->why, "%s", why ? why : "");
    d->machine = *m;
    phase_enter(NULL, "nothing", 0);
}

static void wait_for(sem_t *s)
{
    while (sem_wait(s) && errno == EINTR) {
    }
}

static _Noreturn void child(struct worker *w, pid_t parent)
{
    static struct machine m;
    struct desk *d = w->desk;

    prctl(PR_SET_PDEATHSIG, SIGKILL); /* whatever ends the parent ends the child */
    if (getppid() != parent) _exit(0);
    signal(SIGINT, SIG_IGN); /* a terminal sends it to both; the parent decides */
    signal(SIGTERM, SIG_DFL);
    dup2(fileno(w->said), STDERR_FILENO);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    phase_watch(&d->phase, w->plan.timeout_s);
    look(d, &w->plan, &m);
    sem_post(&d->answer);
    for (;;) {
        wait_for(&d->ask);
        if (!d->job) _exit(0);
        obey(d, &m);
        sem_post(&d->answer);
    }
}

/* ---- parent ---- */

/* What the child wrote to stderr goes to ours when it is gone. */
static void forget_child(struct worker *w)
{
    char text[4096];

    if (w->said) {
        rewind(w->said);
        for (size_t n; (n = fread(text, 1, sizeof text, w->said)) > 0;) fwrite(text, 1, n, stderr);
        fclose(w->said);
    }
    w->said = NULL;
    w->pid = 0;
}

static const char *signal_word(int number)
{
    switch (number) {
    case SIGSEGV: return "SIGSEGV";
    case SIGABRT: return "SIGABRT";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGILL: return "SIGILL";
    case SIGKILL: return "SIGKILL (out of memory?)";
    default: return NULL;
    }
}

static void place_text(const struct phase *p, char *to, size_t n)
{
    if (p->impl) snprintf(to, n, "in %s of %s", p->what, p->impl->name);
    else snprintf(to, n, "in %s", p->what ? p->what : "start");
}

/* How the child ended, in words. */
static const char *obituary(struct worker *w, int status)
{
    char place[128], said[1 << 14], report[1024];

    place_text(&w->desk->phase, place, sizeof place);
    rewind(w->said);
    said[fread(said, 1, sizeof said - 1, w->said)] = '\0';
    if (strstr(said, "ERROR: AddressSanitizer: ") || strstr(said, "runtime error: ") ||
        strstr(said, "simt: "))
        return fail_text("crash: %s", apart_reason(said, status, report, sizeof report));
    if (!WIFSIGNALED(status)) return fail_text("exit: status %d %s", WEXITSTATUS(status), place);
    const char *word = signal_word(WTERMSIG(status));
    return word ? fail_text("crash: %s %s", word, place)
                : fail_text("crash: signal %d %s", WTERMSIG(status), place);
}

static const char *overdue(const struct phase *p)
{
    char place[128];

    place_text(p, place, sizeof place);
    return fail_text("timeout: no end after %.3g s %s", p->limit_s, place);
}

/* Until the child is gone, or this many seconds. */
static int gone(struct worker *w, int seconds)
{
    for (int ms = 0; ms < seconds * 1000; ms += 10) {
        if (waitpid(w->pid, NULL, WNOHANG) == w->pid) return 1;
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    return 0;
}

/* Ends the child for good: a process that sits in a driver call may take its time to die. */
static void kill_child(struct worker *w)
{
    if (!w->pid) return;
    kill(w->pid, SIGKILL);
    gone(w, KILL_S);
    forget_child(w);
}

/* Waits for the child's answer. NULL, or how it ended. */
static const char *await(struct worker *w)
{
    struct desk *d = w->desk;
    int status;

    for (;;) {
        struct timespec at;
        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_nsec += LOOK_MS * 1000000;
        if (at.tv_nsec >= 1000000000) at.tv_nsec -= 1000000000, at.tv_sec++;
        if (!sem_timedwait(&d->answer, &at)) return NULL;
        if (w->plan.watch) w->plan.watch(&d->phase);
        if (waitpid(w->pid, &status, WNOHANG) == w->pid) {
            /* it may have ended after its answer */
            const char *why = sem_trywait(&d->answer) ? obituary(w, status) : NULL;
            forget_child(w);
            return why;
        }
        if (w->plan.cancelled && w->plan.cancelled()) {
            kill_child(w);
            return "interrupted";
        }
        if (phase_over_s(&d->phase) > 0) {
            const char *why = overdue(&d->phase);
            kill_child(w);
            return why;
        }
    }
}

static const char *start(struct worker *w)
{
    struct desk *d = w->desk;
    const pid_t parent = getpid();

    sem_init(&d->ask, 1, 0);
    sem_init(&d->answer, 1, 0);
    d->phase = (struct phase){.what = "start", .since_us = timer_now_us(), .limit_s = USUAL_S};
    w->said = tmpfile();
    if (!w->said) return fail_text("no temporary file for a process: %s", strerror(errno));
    fflush(NULL);
    w->starts++;
    w->pid = fork();
    if (w->pid < 0) {
        forget_child(w);
        return fail_text("no process to measure in: %s", strerror(errno));
    }
    if (!w->pid) child(w, parent);
    return await(w);
}

const char *worker_open(struct worker **to, const struct worker_plan *plan)
{
    struct worker *w = calloc(1, sizeof *w);

    *to = NULL;
    if (!w) return "oom: host memory for a worker";
    w->plan = *plan;
    if (!(w->plan.timeout_s > 0)) w->plan.timeout_s = USUAL_S;
    w->desk = mmap(NULL, sizeof *w->desk, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (w->desk == MAP_FAILED) {
        free(w);
        return "oom: host memory for a worker";
    }
    const char *why = NULL;
    if (w->plan.here) look(w->desk, &w->plan, &w->machine);
    else why = start(w);
    if (why) {
        munmap(w->desk, sizeof *w->desk);
        free(w);
        return why;
    }
    w->machine = w->desk->machine;
    *to = w;
    return NULL;
}

void worker_close(struct worker *w)
{
    if (!w) return;
    if (w->pid) {
        w->desk->job = NULL;
        sem_post(&w->desk->ask);
        if (gone(w, END_S)) forget_child(w);
        else kill_child(w);
    }
    munmap(w->desk, sizeof *w->desk);
    free(w);
}

void worker_renew(struct worker *w) { kill_child(w); }

const struct machine *worker_machine(const struct worker *w) { return &w->machine; }
int worker_bound(const struct worker *w) { return w->desk->bound; }
int worker_restarts(const struct worker *w) { return w->starts > 1 ? w->starts - 1 : 0; }
int worker_lost_device(const struct worker *w)
{
    return w->machine.device.present && !w->desk->machine.device.present;
}

const struct phase *worker_phase(const struct worker *w) { return &w->desk->phase; }

const char *worker_do(struct worker *w, worker_job *job, void *shared, size_t bytes, int *ended)
{
    struct desk *d = w->desk;
    const char *why = NULL;

    *ended = 0;
    if (bytes > ROOM) return "a job for the worker is too large";
    d->job = job;
    d->why[0] = '\0';
    if (w->plan.here) {
        if (bytes) memcpy(d->shared, shared, bytes);
        obey(d, &w->machine);
    } else {
        if (!w->pid) why = start(w);
        if (!why) {
            if (bytes) memcpy(d->shared, shared, bytes);
            sem_post(&d->ask);
            why = await(w);
        }
    }
    if (why) *ended = 1;
    if (bytes) memcpy(shared, d->shared, bytes);
    return why ? why : d->why[0] ? fail_text("%s", d->why) : NULL;
}
