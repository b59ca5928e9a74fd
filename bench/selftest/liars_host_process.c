/* liars_host_process.c: impls on the host that are right while they are checked, or that do
 * something to the process they run in: sleep, end it, hang, use up its memory. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "selftest/liar.h"
#include "selftest/product.h"

#define LIAR(name)                                                                                 \
    static const char *name(const struct plan *p, const struct operands *o, struct CUstream_st *s)
#define UNUSED ((void)p, (void)o, (void)s)

static const char small[] = "gemm f32 nn 30x40x64 ldc=43";
static const char tiny[] = "gemm f32 nn 9x8x7"; /* of those that end their process */
enum { CHECKS = 3 }; /* calls up to the first that is timed: two checks and a trial */

/* What a liar remembers from call to call. */
struct memory {
    int calls;
    float result[30 * 40];
    pthread_t late;
    pthread_mutex_t lock;
    pthread_cond_t cancel;
    int cancelled, started;
    const struct plan *plan;
    struct operands operands;
};

static const char *remember(struct plan *p)
{
    struct memory *m = calloc(1, sizeof *m);

    if (!m) return "oom: host memory for a liar";
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->cancel, NULL);
    m->plan = p;
    p->state = m;
    return NULL;
}

static void forget(struct plan *p)
{
    struct memory *m = p->state;

    if (!m) return;
    pthread_mutex_lock(&m->lock);
    m->cancelled = 1;
    pthread_cond_signal(&m->cancel);
    pthread_mutex_unlock(&m->lock);
    if (m->started) pthread_join(m->late, NULL);
    free(m);
}

/* The first result that is timed, ever after. */
LIAR(run_stale)
{
    const struct gemm *g = &p->problem->gemm;
    struct memory *m = p->state;

    UNUSED;
    if (m->calls++ < CHECKS) {
        product_all(p, o);
        for (long i = 0; i < g->m; i++)
            memcpy(m->result + i * g->n, (float *)o->out + i * g->ldc, (size_t)g->n * 4);
    }
    for (long i = 0; i < g->m; i++)
        memcpy((float *)o->out + i * g->ldc, m->result + i * g->n, (size_t)g->n * 4);
    return NULL;
}
LIAR(run_first_only)
{
    struct memory *m = p->state;

    UNUSED;
    if (m->calls++ < CHECKS) product_all(p, o);
    return NULL;
}

static void *second_half(void *argument)
{
    struct memory *m = argument;
    const struct gemm *g = &m->plan->problem->gemm;
    struct timespec at;

    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += 60;
    pthread_mutex_lock(&m->lock);
    while (!m->cancelled && !pthread_cond_timedwait(&m->cancel, &m->lock, &at)) {
    }
    if (!m->cancelled) product_rows(m->plan, &m->operands, g->m / 2, g->m, g->k, NULL);
    pthread_mutex_unlock(&m->lock);
    return NULL;
}
/* half of the work in a thread that ends a minute later; not after cleanup, which cancels it */
LIAR(run_late)
{
    struct memory *m = p->state;

    UNUSED;
    product_rows(p, o, 0, p->problem->gemm.m / 2, p->problem->gemm.k, NULL);
    m->operands = *o;
    if (!m->started) m->started = !pthread_create(&m->late, NULL, second_half, m);
    return NULL;
}

/* honest: slow at first is no lie, and no part of the time */
LIAR(run_sleeper)
{
    struct memory *m = p->state;

    UNUSED;
    if (!m->calls++) nanosleep(&(struct timespec){.tv_nsec = 60000000}, NULL);
    product_all(p, o);
    return NULL;
}

LIAR(run_segfault)
{
    volatile int *volatile nowhere = NULL;

    UNUSED;
    *nowhere = 1;
    return NULL;
}
LIAR(run_exits)
{
    UNUSED;
    _exit(0);
}
LIAR(run_busy_hang)
{
    UNUSED;
    for (volatile int i = 0; i < 1; i = 0) {
    }
    return NULL;
}
LIAR(run_sleeping_hang)
{
    UNUSED;
    for (;;) pause();
    return NULL;
}

/* Address space in use, bytes. */
static size_t in_use(void)
{
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f && fscanf(f, "%lu", &pages) != 1) pages = 0;
    if (f) fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* All memory there is, which is a limit of 256 MiB more than now, so that the machine survives;
 * then the work, honestly. */
LIAR(run_hog)
{
    enum { CHUNK = 16 << 20, MOST = 16 };
    struct memory *m = p->state;
    void *chunk[MOST];
    struct rlimit before, now;
    int n = 0;

    UNUSED;
    if (m->calls++) {
        product_all(p, o);
        return NULL;
    }
    getrlimit(RLIMIT_AS, &before);
    now = before;
    now.rlim_cur = in_use() + (size_t)MOST * CHUNK;
    setrlimit(RLIMIT_AS, &now);
    for (; n < MOST; n++) {
        chunk[n] = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (chunk[n] == MAP_FAILED) break;
        memset(chunk[n], 1, CHUNK);
    }
    product_all(p, o);
    while (n) munmap(chunk[--n], CHUNK);
    setrlimit(RLIMIT_AS, &before);
    return NULL;
}

#define IMPL(its_name, its_run)                                                                    \
    .impl = {.name = its_name,                                                                     \
             .summary = "",                                                                        \
             .file = "",                                                                           \
             .tier = TUNED,                                                                        \
             .prepare = remember,                                                                  \
             .run = its_run,                                                                       \
             .cleanup = forget}

const struct liar liars_host_process[] = {
    {IMPL("gemm_stale", run_stale), .problem = small,
     .expect = "wrong, after timing: bound:", .flag = "WRONG"},
    {IMPL("gemm_first_only", run_first_only), .problem = small,
     .expect = "wrong, after timing: nan:", .flag = "WRONG"},
    {IMPL("gemm_late", run_late), .problem = small, .expect = "wrong, nan:", .flag = "WRONG"},
    {IMPL("gemm_sleeper", run_sleeper), .problem = small, .expect = "ok", .first_call_ms = 60},
    {IMPL("gemm_segfault", run_segfault), .problem = tiny,
     .expect = "failed, crash: SIGSEGV in run of gemm_segfault|failed, crash: AddressSanitizer:|"
               "failed, crash: UBSan:",
     .needs = LIAR_CHILD},
    {IMPL("gemm_exits", run_exits), .problem = tiny,
     .expect = "failed, exit: status 0 in run of gemm_exits", .needs = LIAR_CHILD},
    {IMPL("gemm_hog", run_hog), .problem = tiny, .expect = "ok|failed, oom", .needs = LIAR_CHILD,
     .slow = 1},
    {IMPL("gemm_busy_hang", run_busy_hang), .problem = tiny,
     .expect = "failed, timeout:", .needs = LIAR_CHILD, .slow = 1},
    {IMPL("gemm_sleeping_hang", run_sleeping_hang), .problem = tiny,
     .expect = "failed, timeout:", .needs = LIAR_CHILD, .slow = 1},
    {.problem = NULL},
};
