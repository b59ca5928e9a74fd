/* place_device_cuda.c: the device side of place.h. With nvcc its kernels do the work
 * (place_device.cu); without (library-only builds) every buffer goes over the host, which is slower
 * and equally right.
 *
 * All is queued on one non-blocking stream, the one that impls run on, so that nothing depends on
 * the null stream's implicit waiting. */
#include <cuda_runtime.h>
#include <stdlib.h>
#include "data/place_device.h"
#include "fail.h"

static cudaStream_t the_stream;

static struct CUstream_st *stream(void)
{
    if (!the_stream && cudaStreamCreateWithFlags(&the_stream, cudaStreamNonBlocking) != cudaSuccess)
        the_stream = NULL;
    return the_stream;
}

static const char *synchronize(void)
{
    CHECK_CUDA(cudaStreamSynchronize(stream()));
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

static const char *allocate(void **p, size_t bytes)
{
    *p = NULL;
    const cudaError_t e = cudaMalloc(p, bytes ? bytes : 1);
    if (e == cudaErrorMemoryAllocation) {
        cudaGetLastError(); /* not sticky: forget it */
        return fail_text("oom: %.2f GiB of device memory", (double)bytes / 0x1p30);
    }
    CHECK_CUDA(e);
    return NULL;
}

static void release(void *p)
{
    if (p) cudaFree(p);
}

static double free_bytes(void)
{
    size_t free_now = 0, total = 0;

    if (cudaMemGetInfo(&free_now, &total) != cudaSuccess) cudaGetLastError();
    return (double)free_now;
}

static const char *set_bytes(void *p, int byte, size_t n)
{
    CHECK_CUDA(cudaMemsetAsync(p, byte, n, stream()));
    return NULL;
}

static const char *to_host(void *host, const void *p, size_t n)
{
    CHECK_CUDA(cudaMemcpyAsync(host, p, n, cudaMemcpyDeviceToHost, stream()));
    return synchronize();
}

static const char *from_host(void *p, const void *host, size_t n)
{
    CHECK_CUDA(cudaMemcpyAsync(p, host, n, cudaMemcpyHostToDevice, stream()));
    return synchronize();
}

static const char *copy(void *to, const void *from, size_t n)
{
    CHECK_CUDA(cudaMemcpyAsync(to, from, n, cudaMemcpyDeviceToDevice, stream()));
    return NULL;
}

static void cache_reset(void) { device_cache_reset(stream()); }

static const char *cache_left(void) { return device_cache_left(stream()); }

#ifdef HAVE_NVCC
static const char *fill(void *p, const struct tensor *t, const struct fill *f)
{
    return device_fill(p, t, f, stream());
}

/* Runs a kernel that adds into one 64-bit number on the device. */
#define WITH_COUNTER(result, call)                                                                 \
    do {                                                                                           \
        static unsigned long long *counter;                                                        \
        if (!counter) TRY(allocate((void **)&counter, sizeof *counter));                           \
        TRY(set_bytes(counter, 0, sizeof *counter));                                               \
        TRY(call);                                                                                 \
        unsigned long long value;                                                                  \
        TRY(to_host(&value, counter, sizeof value));                                               \
        result = value;                                                                            \
    } while (0)

static const char *hash(const void *p, size_t n, uint64_t *sum)
{
    WITH_COUNTER(*sum, device_hash(p, n, counter, stream()));
    return NULL;
}

static const char *count_written(const void *p, size_t n, const struct tensor *gaps, long *count)
{
    unsigned long long total;

    WITH_COUNTER(total, device_count_written(p, n, gaps, counter, stream()));
    *count = (long)total;
    return NULL;
}

static const char *oracle(const struct problem *p, const struct operands *o, const void *before,
                          const long *index, long first, long count, double *y, double *s)
{
    return p->op->oracle_device(p, o, before, index, first, count, y, s, stream());
}

static const char *agree(const struct agree_rule *r, const struct tensor *t, const void *out,
                         const long *index, long first, long count, const double *y,
                         const double *s, struct agreement *a)
{
    static struct agreement *part, host[DEVICE_PARTS];
    int parts;

    if (!part) TRY(allocate((void **)&part, sizeof host));
    TRY(device_agree(r, t, out, index, first, count, y, s, part, &parts, stream()));
    TRY(to_host(host, part, (size_t)parts * sizeof *host));
    for (int i = 0; i < parts; i++) agree_add(a, &host[i]);
    return NULL;
}
#else
/* A host copy of n bytes at p, or NULL with *why set. */
static void *fetch(const void *p, size_t n, const char **why)
{
    void *host = malloc(n ? n : 1);

    *why =
        host ? to_host(host, p, n) : fail_text("oom: %.2f GiB of host memory", (double)n / 0x1p30);
    if (!*why) return host;
    free(host);
    return NULL;
}

static const char *fill(void *p, const struct tensor *t, const struct fill *f)
{
    const char *why;
    void *host = fetch(p, tensor_bytes(t), &why); /* what lies between the rows stays */

    if (!host) return why;
    place_host.fill(host, t, f);
    why = from_host(p, host, tensor_bytes(t));
    free(host);
    return why;
}

static const char *hash(const void *p, size_t n, uint64_t *sum)
{
    const char *why;
    void *host = fetch(p, n, &why);

    if (!host) return why;
    place_host.hash(host, n, sum);
    free(host);
    return NULL;
}

static const char *count_written(const void *p, size_t n, const struct tensor *gaps, long *count)
{
    const char *why;
    void *host = fetch(p, n, &why);

    if (!host) return why;
    place_host.count_written(host, n, gaps, count);
    free(host);
    return NULL;
}

static const char *oracle(const struct problem *p, const struct operands *o, const void *before,
                          const long *index, long first, long count, double *y, double *s)
{
    const size_t wide = (size_t)count * sizeof *y;
    struct tensor in[MAX_INPUTS], out;
    const int inputs = p->op->tensors(p, in, &out);
    struct operands h = {0};
    void *host_before = NULL, *host_index = NULL;
    double *hy = malloc(wide), *hs = malloc(wide);
    const char *why = hy && hs ? NULL : "oom: host memory for the judge";

    for (int i = 0; i < inputs && !why; i++) h.in[i] = fetch(o->in[i], tensor_bytes(&in[i]), &why);
    if (before && !why) host_before = fetch(before, tensor_bytes(&out), &why);
    if (index && !why) host_index = fetch(index, (size_t)count * sizeof *index, &why);
    if (!why) {
        p->op->oracle(p, &h, host_before, host_index, first, count, hy, hs);
        why = from_host(y, hy, wide);
    }
    if (!why) why = from_host(s, hs, wide);
    for (int i = 0; i < inputs; i++) free((void *)h.in[i]);
    free(host_before);
    free(host_index);
    free(hy);
    free(hs);
    return why;
}

static const char *agree(const struct agree_rule *r, const struct tensor *t, const void *out,
                         const long *index, long first, long count, const double *y,
                         const double *s, struct agreement *a)
{
    const size_t wide = (size_t)count * sizeof *y;
    const char *why;
    void *got = fetch(out, tensor_bytes(t), &why), *at = NULL, *hy = NULL, *hs = NULL;

    if (!why && index) at = fetch(index, (size_t)count * sizeof *index, &why);
    if (!why) hy = fetch(y, wide, &why);
    if (!why) hs = fetch(s, wide, &why);
    if (!why) place_host.agree(r, t, got, at, first, count, hy, hs, a);
    free(got);
    free(at);
    free(hy);
    free(hs);
    return why;
}
#endif

const struct place_ops place_device = {
    .place = DEVICE,
    .allocate = allocate,
    .release = release,
    .free_bytes = free_bytes,
    .set_bytes = set_bytes,
    .to_host = to_host,
    .from_host = from_host,
    .copy = copy,
    .fill = fill,
    .hash = hash,
    .count_written = count_written,
    .oracle = oracle,
    .agree = agree,
    .fold = place_fold,
    .fold_differs = place_fold_differs,
    .synchronize = synchronize,
    .stream = stream,
    .cache_reset = cache_reset,
    .cache_left = cache_left,
};
