/* test_worker.c: impls that crash, end, hang, eat memory or spoil the heap while a run measures.
 * A user would lose the rows of all others, the reason, or the whole run. */
#include "check.h"
#include "contest_of.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "measure/worker.h"
#include "ops/problem.h"
#include "selftest/product.h"

#define RUN(name)                                                                                  \
    static const char *name(const struct plan *p, const struct operands *o, struct CUstream_st *s)
#define UNUSED ((void)p, (void)o, (void)s)

static int calls; /* in the child, since its start */

RUN(honest)
{
    UNUSED;
    product_all(p, o);
    return NULL;
}
RUN(crashes)
{
    UNUSED;
    raise(SIGSEGV);
    return NULL;
}
RUN(crashes_when_timed)
{
    if (++calls > 4) abort();
    return honest(p, o, s);
}
RUN(ends)
{
    UNUSED;
    _exit(0);
}
RUN(hangs_busy)
{
    UNUSED;
    for (volatile int i = 0; i < 1; i = 0) {
    }
    return NULL;
}
RUN(hangs_asleep)
{
    UNUSED;
    for (;;) pause();
    return NULL;
}
/* a machine without memory, made by a limit: the allocation fails, and the impl does not look */
RUN(eats_memory)
{
    UNUSED;
    setrlimit(RLIMIT_AS, &(struct rlimit){1 << 20, 1 << 20});
    *(volatile char *)malloc(1 << 30) = 1;
    return NULL;
}
static const char *hangs_in_prepare(struct plan *p)
{
    for (;;) pause();
    return p->problem->text;
}

#ifdef __SANITIZE_ADDRESS__ /* takes the signal, tells more, and ends the process itself */
#define OR(plain, sanitized) sanitized
#else
#define OR(plain, sanitized) plain
#endif

static const struct {
    struct impl impl;
    enum status status;
    const char *reason;
} all[] = {
#define IMPL(r, ...)                                                                               \
    {                                                                                              \
        .name = #r, .summary = "", .file = "", .place = HOST, .tier = TUNED, .run = r, __VA_ARGS__ \
    }
    {IMPL(honest, .prepare = NULL), STATUS_OK, ""},
    {IMPL(crashes, .prepare = NULL), STATUS_FAILED,
     OR("crash: SIGSEGV in run of crashes", "crash: AddressSanitizer: SEGV")},
    {IMPL(crashes_when_timed, .prepare = NULL), STATUS_FAILED, "crash: SIGABRT in "},
    {IMPL(ends, .prepare = NULL), STATUS_FAILED, "exit: status 0 in run of ends"},
    {IMPL(hangs_busy, .prepare = NULL), STATUS_FAILED,
     "timeout: no end after 0.5 s in run of hangs_busy"},
    {IMPL(hangs_asleep, .prepare = NULL), STATUS_FAILED,
     "timeout: no end after 0.5 s in run of hangs_asleep"},
    {IMPL(eats_memory, .prepare = NULL), STATUS_FAILED,
     OR("crash: SIGSEGV in run of eats_memory", "exit: status 1 in run of eats_memory")},
    {IMPL(honest, .prepare = hangs_in_prepare), STATUS_FAILED,
     "timeout: no end after 0.5 s in prepare of honest"},
    {IMPL(honest, .prepare = NULL), STATUS_OK, ""},
};
enum { ALL = sizeof all / sizeof all[0] };

static void each_ends_alone(void)
{
    static struct outcome out[ALL];
    const struct worker_plan plan = {.device = -1, .threads = 1, .timeout_s = 0.5};
    const struct impl *impls[ALL];
    struct sample_log log = {0};
    struct worker *w;
    struct machine m;
    struct problem p;

    CHECK_LOSS("the rows of honest impls beside such that end the process");
    CHECK_OK(problem_parse(&p, "gemm f32 nn 30x40x50 ldc=43"));
    for (int i = 0; i < ALL; i++) impls[i] = &all[i].impl;
    CHECK_OK(worker_open(&w, &plan));
    if (!w) return;
    m = *worker_machine(w);
    CHECK(m.device.threads == 1 && !m.device.present && m.cpu[0]);
    struct contest c = contest_of(&p, &m, impls, ALL);
    c.wanted[COLD] = 0;
    c.log = &log;
    CHECK_OK(worker_play(w, &c, out));
    for (int i = 0; i < ALL; i++) {
        CHECK_LOSS(all[i].impl.name);
        CHECK(out[i].impl == &all[i].impl && out[i].status == all[i].status);
        CHECK(!strncmp(out[i].reason, all[i].reason, strlen(all[i].reason)));
        CHECK(out[i].cell[HOT].status == all[i].status && out[i].cell[HOT].planned);
        if (strncmp(out[i].reason, all[i].reason, strlen(all[i].reason)))
            printf("    %s: '%s'\n", all[i].impl.name, out[i].reason);
    }
    CHECK_LOSS("times and samples, on the way out of the process that made them");
    CHECK(out[0].cell[HOT].stats.n == 6 && out[0].cell[HOT].stats.median > 0);
    int first = 0, last = 0;
    for (int i = 0; i < log.count; i++) {
        first += log.at[i].impl == 0;
        last += log.at[i].impl == ALL - 1;
    }
    CHECK(first == 6 && last == 6 && log.count == 12);
    CHECK(worker_restarts(w) >= 6);
    free(log.at);
    worker_close(w);
}

static const char *dies_in_the_harness(void *shared, struct machine *m)
{
    (void)shared, (void)m;
    raise(SIGSEGV);
    return NULL;
}

static void jobs(void)
{
    const struct worker_plan plan = {.device = -1, .threads = 1, .timeout_s = 0.5};
    struct worker *w;
    int ended;

    CHECK_LOSS("why the process that measures ended, when no impl is to blame");
    CHECK_OK(worker_open(&w, &plan));
    if (!w) return;
    const char *why = worker_do(w, dies_in_the_harness, NULL, 0, &ended);
    CHECK_FAILS(ended ? why : NULL,
                OR("crash: SIGSEGV in the harness", "crash: AddressSanitizer: SEGV"));
    worker_close(w);
}

static int yes(void) { return 1; }

static void cancelled(void)
{
    const struct worker_plan plan = {
        .device = -1, .threads = 1, .timeout_s = 100, .cancelled = yes};
    const struct impl *one[] = {&all[5].impl};
    struct outcome out[1];
    struct worker *w;
    struct machine m;
    struct problem p;
    struct timespec start, end;

    CHECK_LOSS("Ctrl-C while a kernel hangs");
    CHECK_OK(problem_parse(&p, "gemm f32 nn 3x4x5"));
    CHECK_OK(worker_open(&w, &plan));
    if (!w) return;
    m = *worker_machine(w);
    struct contest c = contest_of(&p, &m, one, 1);
    c.wanted[COLD] = 0;
    clock_gettime(CLOCK_MONOTONIC, &start);
    CHECK_FAILS(worker_play(w, &c, out), "interrupted");
    clock_gettime(CLOCK_MONOTONIC, &end);
    CHECK(end.tv_sec - start.tv_sec < 10);
    worker_close(w);
}

static void in_this_process(void)
{
    const struct worker_plan plan = {.device = -1, .threads = 1, .here = 1};
    const struct impl *one[] = {&all[0].impl};
    struct outcome out[1];
    struct worker *w;
    struct machine m;
    struct problem p;

    CHECK_LOSS("a run under a debugger");
    CHECK_OK(problem_parse(&p, "gemm f32 nn 30x40x50"));
    CHECK_OK(worker_open(&w, &plan));
    if (!w) return;
    m = *worker_machine(w);
    struct contest c = contest_of(&p, &m, one, 1);
    c.wanted[COLD] = 0;
    CHECK_OK(worker_play(w, &c, out));
    CHECK(out[0].status == STATUS_OK && worker_restarts(w) == 0);
    worker_close(w);
}

int main(void)
{
    each_ends_alone();
    jobs();
    cancelled();
    in_this_process(); /* last: it starts threads that a fork would not have */
    return check_done();
}
