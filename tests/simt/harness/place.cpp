/* place.cpp: the device side of data/place.h when the CPU plays the device: the harness's own file,
 * over the runtime of tests/simt, so that fill, hash and agreement are those of a GPU. What a GPU
 * cannot do is added here: guards and gaps trap while an impl runs. */
#include <algorithm>
#include <cuda_runtime.h>
#include <sanitizer/asan_interface.h>
#include <unistd.h>
#include <vector>

static cudaError_t mem_info(size_t *free_now, size_t *total)
{
    *free_now = *total = (size_t)sysconf(_SC_AVPHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    return cudaSuccess;
}
static cudaError_t no_stream(cudaStream_t *s, unsigned)
{
    *s = nullptr;
    return cudaSuccess;
}
enum { non_blocking };

#define cudaMemGetInfo mem_info
#define cudaStreamCreateWithFlags no_stream
#define cudaStreamNonBlocking non_blocking
#define place_device place_cuda
#include "bench/data/place_device_cuda.c"
#undef place_device

/* What is fenced now, so that the report can name the operand. */
struct closed_region {
    const char *at;
    size_t size;
    const char *where, *tensor;
};
static std::vector<closed_region> closed_regions;

static void fence(const void *p, size_t n, const char *where, const char *tensor, int closed)
{
    if (closed) {
        __asan_poison_memory_region(p, n);
        closed_regions.push_back({(const char *)p, n, where, tensor});
    } else {
        __asan_unpoison_memory_region(p, n);
        closed_regions.clear();
    }
}

/* Called by AddressSanitizer at the end of its report: the line that apart_reason.c looks for. */
static void name_the_operand(const char *)
{
    const char *at = (const char *)__asan_get_report_address();

    for (const closed_region &r : closed_regions) {
        if (at < r.at || at >= r.at + r.size) continue;
        const size_t bytes = strcmp(r.where, "before") ? at - r.at : r.at + r.size - at;
        fprintf(stderr, "fence: %zu bytes %s %s\n", bytes, r.where, r.tensor);
        return;
    }
}

/* Guards are counted here: 8 KiB around every operand, a thread each, would be most of the work. */
static const char *count_written_bytes(const void *p, size_t n, const struct tensor *gaps,
                                       long *count)
{
    if (gaps) return place_cuda.count_written(p, n, gaps, count);
    const unsigned char *b = (const unsigned char *)p;
    *count = n - std::count(b, b + n, 0xFF);
    return NULL;
}

static struct place_ops with_fence()
{
    struct place_ops ops = place_cuda;
    __asan_set_error_report_callback(name_the_operand);
    ops.count_written = count_written_bytes;
    ops.fence = fence;
    return ops;
}

extern "C" const struct place_ops place_device = with_fence();

#include "bench/data/place_fold_cuda.c"
