/* liars_device_process.cu: impls on the device that are right while they are checked, that reach
 * around the stream they are given, or that do something to the device or the process. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "selftest/product.cuh"
#include "measure/clock.cuh"
#include "fail.h"
#include "selftest/liar.h"

#define LIAR(name)                                                                                 \
    static const char *name(const struct plan *p, const struct operands *o, struct CUstream_st *s)
#define UNUSED ((void)p, (void)o, (void)s)

static const char small[] = "gemm f32 nn 30x40x64 ldc=43";
/* In contests of their own: a result that comes late must not make another liar look right; and who
 * loses the device makes the others start again. */
static const char streams[] = "gemm f32 nn 31x33x32", tiny[] = "gemm f32 nn 9x8x7";
enum { CHECKS = 3 }; /* calls up to the first that is timed: two checks and a trial */

/* What a liar remembers from call to call. */
struct memory {
    int calls;
    void *result;       /* on the device: C, with its gaps */
    cudaStream_t other; /* a stream of its own */
};

static size_t bytes_of(const struct plan *p)
{
    return (size_t)(p->problem->gemm.m * p->problem->gemm.ldc) * sizeof(float);
}

static const char *remember(struct plan *p)
{
    struct memory *m = (struct memory *)calloc(1, sizeof *m);

    if (!m) return "oom: host memory for a liar";
    p->state = m;
    CHECK_CUDA(cudaMalloc(&m->result, bytes_of(p)));
    CHECK_CUDA(cudaStreamCreateWithFlags(&m->other, cudaStreamNonBlocking));
    return NULL;
}
static void forget(struct plan *p)
{
    struct memory *m = (struct memory *)p->state;

    if (!m) return;
    if (m->other) cudaStreamDestroy(m->other);
    cudaFree(m->result);
    free(m);
}
static struct memory *memory_of(const struct plan *p) { return (struct memory *)p->state; }

/* Bounded, so that a device gets well whatever becomes of the process. */
static __global__ void spin_kernel(unsigned long long ns)
{
    const unsigned long long start = clock_ns();

    while (clock_ns() - start < ns) {
    }
}
static __global__ void fault_kernel(volatile int *nowhere) { *nowhere = 1; }

/* The first result that is timed, ever after. */
LIAR(run_stale)
{
    const struct gemm *g = &p->problem->gemm;
    struct memory *m = memory_of(p);
    const size_t pitch = (size_t)g->ldc * 4, width = (size_t)g->n * 4;

    if (m->calls++ < CHECKS) {
        product_all(p, o, s);
        CHECK_CUDA(cudaMemcpy2DAsync(m->result, pitch, o->out, pitch, width, (size_t)g->m,
                                     cudaMemcpyDeviceToDevice, s));
        return NULL;
    }
    CHECK_CUDA(cudaMemcpy2DAsync(o->out, pitch, m->result, pitch, width, (size_t)g->m,
                                 cudaMemcpyDeviceToDevice, s));
    return NULL;
}
/* later it launches a kernel that writes no row */
LIAR(run_first_only)
{
    struct bend bend = bend_none(&p->problem->gemm);

    if (memory_of(p)->calls++ >= CHECKS) bend.to = 0;
    product_launch(p, o, bend, s);
    return NULL;
}
LIAR(run_other_stream)
{
    (void)s;
    product_all(p, o, memory_of(p)->other);
    return NULL;
}
/* half of the work on a stream of its own, 50 ms later */
LIAR(run_late)
{
    struct bend first = bend_none(&p->problem->gemm), second = first;

    first.to = second.from = p->problem->gemm.m / 2;
    product_launch(p, o, first, s);
    spin_kernel<<<1, 1, 0, memory_of(p)->other>>>(50000000);
    product_launch(p, o, second, memory_of(p)->other);
    return NULL;
}
/* honest: slow at first is no lie, and no part of the time */
LIAR(run_sleeper)
{
    const struct timespec nap = {0, 60000000};

    if (!memory_of(p)->calls++) nanosleep(&nap, NULL);
    product_all(p, o, s);
    return NULL;
}

static const char *no_window(const struct problem *p, const struct device *d)
{
    (void)p;
    return d->cc < 80 ? "needs compute capability 8.0: no L2 that persists" : NULL;
}
/* A is to stay in the L2 cache, so that cold calls are not cold */
LIAR(run_window)
{
    cudaStreamAttrValue v = {};

    v.accessPolicyWindow.base_ptr = (void *)o->in[0];
    v.accessPolicyWindow.num_bytes = 4096;
    v.accessPolicyWindow.hitRatio = 1;
    v.accessPolicyWindow.hitProp = cudaAccessPropertyPersisting;
    v.accessPolicyWindow.missProp = cudaAccessPropertyStreaming;
    CHECK_CUDA(cudaStreamSetAttribute(s, cudaStreamAttributeAccessPolicyWindow, &v));
    product_all(p, o, s);
    return NULL;
}
/* what a captured call must not do */
LIAR(run_allocates)
{
    void *scratch;

    CHECK_CUDA(cudaMalloc(&scratch, 1 << 20));
    product_all(p, o, s);
    CHECK_CUDA(cudaFree(scratch));
    return NULL;
}
LIAR(run_synchronizes)
{
    product_all(p, o, s);
    CHECK_CUDA(cudaStreamSynchronize(s));
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
/* all memory of the device in the first call; then the work, honestly */
LIAR(run_hog)
{
    enum { MOST = 4096 };
    static void *chunk[MOST];
    int n = 0;

    if (!memory_of(p)->calls++) {
        for (size_t bytes = (size_t)1 << 30; bytes >= (size_t)1 << 20; bytes /= 2)
            while (n < MOST && cudaMalloc(&chunk[n], bytes) == cudaSuccess) n++;
        cudaGetLastError(); /* that there is no more is no error here */
        product_all(p, o, s);
        CHECK_CUDA(cudaStreamSynchronize(s));
        while (n) cudaFree(chunk[--n]);
        return NULL;
    }
    product_all(p, o, s);
    return NULL;
}
/* an illegal address: the context is dead */
LIAR(run_fault)
{
    UNUSED;
    fault_kernel<<<1, 1, 0, s>>>((volatile int *)16);
    return NULL;
}
LIAR(run_hang)
{
    UNUSED;
    spin_kernel<<<1, 1, 0, s>>>(60000000000ull);
    return NULL;
}

/* In declaration order: name summary file tier place why_not prepare run cleanup. */
#define IMPL(name, why_not, run)                                                                   \
    {                                                                                              \
        name, "", "", TUNED, DEVICE, why_not, remember, run, forget                                \
    }

/* Impl, problem, expect, flag, first_call_ms, needs, slow. */
extern "C" const struct liar liars_device_process[] = {
    {IMPL("gemm_stale", NULL, run_stale), small, "wrong, after timing: bound:", "WRONG", 0,
     LIAR_PLAIN, 0},
    {IMPL("gemm_first_only", NULL, run_first_only), small, "wrong, after timing: nan:", "WRONG", 0,
     LIAR_PLAIN, 0},
    {IMPL("gemm_sleeper", NULL, run_sleeper), small, "ok", NULL, 60, LIAR_PLAIN, 0},
    {IMPL("gemm_window", no_window, run_window), small, "wrong", "CACHED", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_allocates", NULL, run_allocates), small, "failed, cuda: cudaMalloc", NULL, 0,
     LIAR_PLAIN, 0},
    {IMPL("gemm_synchronizes", NULL, run_synchronizes), small,
     "failed, cuda: cudaStreamSynchronize", NULL, 0, LIAR_PLAIN, 0},
    {IMPL("gemm_other_stream", NULL, run_other_stream), streams,
     "wrong, nan:|wrong, exact:|wrong, bound:|failed, launches nothing", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_late", NULL, run_late), streams, "wrong, nan:", "WRONG", 0, LIAR_PLAIN, 0},
    {IMPL("gemm_segfault", NULL, run_segfault), tiny,
     "failed, crash: SIGSEGV in run of gemm_segfault", NULL, 0, LIAR_CHILD, 1},
    {IMPL("gemm_exits", NULL, run_exits), tiny, "failed, exit: status 0 in run of gemm_exits", NULL,
     0, LIAR_CHILD, 1},
    {IMPL("gemm_hog", NULL, run_hog), tiny, "ok|failed, oom", NULL, 0, LIAR_CHILD, 1},
    {IMPL("gemm_fault", NULL, run_fault), tiny, "failed, cuda:", NULL, 0, LIAR_CHILD, 1},
    {IMPL("gemm_hang", NULL, run_hang), tiny, "failed, timeout:", NULL, 0, LIAR_CHILD, 1},
    {{}, NULL, NULL, NULL, 0, LIAR_PLAIN, 0},
};
