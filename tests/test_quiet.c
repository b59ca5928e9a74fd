/* test_quiet.c: a library whose workers go on spinning after the call, as OpenBLAS's do, on the
 * cores that the next contestant needs. Shown: called right after it, an impl runs beside a
 * spinning worker. Cured: in a block of the host's timer it does not. A user would lose the truth
 * of every CPU row that comes after a library's. */
#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include "measure/timer.h"

/* The fake library: one worker that computes on request and then spins for spin_us before it goes
 * to sleep. */
static sem_t work;
static atomic_int leave, spinning;
static atomic_long spin_us;

static void *worker(void *unused)
{
    for (sem_wait(&work); !atomic_load(&leave); sem_wait(&work)) {
        const double until = timer_now_us() + (double)atomic_load(&spin_us);
        while (timer_now_us() < until && !atomic_load(&leave)) continue;
        atomic_store(&spinning, 0);
    }
    return unused;
}

static const char *library(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    (void)p, (void)o, (void)s;
    atomic_store(&spinning, 1);
    sem_post(&work);
    return NULL;
}

/* The contestant after it: notes how many of its calls ran beside a spinning worker. */
static int calls, disturbed;

static const char *contestant(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    (void)p, (void)o, (void)s;
    calls++;
    disturbed += atomic_load(&spinning);
    return NULL;
}

/* A block of the library, whose worker then spins for `spin` us, and one of the contestant. */
static void one_round(long spin, struct block *b)
{
    const struct impl fake = {.name = "library", .run = library},
                      next = {.name = "contestant", .run = contestant};
    const struct operands set = {0};
    struct timed first = {.impl = &fake, .set = &set, .sets = 1, .call_us = 10},
                 then = {.impl = &next, .set = &set, .sets = 1, .call_us = 10};

    atomic_store(&spin_us, spin);
    CHECK_OK(timer_host.block(&first, 0, 10, b));
    calls = disturbed = 0;
    CHECK_OK(timer_host.block(&then, 50, 100, b));
    CHECK(calls >= 10);
}

int main(void)
{
    const struct operands set = {0};
    struct block b;
    pthread_t thread;

    CHECK(!sem_init(&work, 0, 0));
    CHECK(!pthread_create(&thread, NULL, worker, NULL));
    atomic_store(&spin_us, 20000);

    CHECK_LOSS("the effect itself: then this test shows nothing");
    CHECK_OK(library(NULL, &set, NULL));
    CHECK_OK(contestant(NULL, &set, NULL));
    CHECK(disturbed == 1);

    CHECK_LOSS("host rows that the spinning workers of the library before them do not slow down");
    for (int i = 0; i < 5; i++) {
        one_round(20000, &b);
        CHECK(disturbed == 0 && !b.restless);
    }

    CHECK_LOSS("the flag BUSY of a row beside workers that never rest");
    one_round(10000000, &b);
    CHECK(b.restless && disturbed > 0);

    atomic_store(&leave, 1);
    sem_post(&work);
    pthread_join(thread, NULL);
    return check_done();
}
