/* roof_device_cuda.c: checks and times the probes of the device. First each computes something of
 * which every bit is known; only then its time counts. It runs for a while before, since clocks
 * fall when the power limit is reached; what counts is the median of blocks of launches between
 * events. */
#include <cuda_runtime.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "data/place.h"
#include "fail.h"
#include "measure/roof.h"
#include "measure/roof_device.h"
#include "measure/roof_operands.h"
#include "measure/stats.h"

#ifdef HAVE_NVCC
enum { BLOCKS = 5, L2_PASSES = 65, CHECK_STEPS = 5, CHAIN_STEPS = 1001 };
static const double WARM_US = 300e3, MOST_S = 25;

struct bench {
    const struct device *device;
    int probe;
    cudaEvent_t start, stop;
    void *from, *to; /* of the probes of memory */
    size_t bytes;    /* of each */
    unsigned long long *sum;
    struct roof_job job; /* of the probes of arithmetic; its memory too */
};

static cudaStream_t stream(void) { return place_device.stream(); }

static int is_wgmma(int probe) { return probe >= ROOF_WGMMA_F16; }

static enum precision precision_of(int probe)
{
    const struct roof_probe *probes;

    roof_probes(DEVICE, &probes);
    return (enum precision)probes[probe].precision;
}

static const char *why_not(int probe, const struct device *d)
{
    if (probe >= ROOF_MMA_F16 && d->cc < 80) return "needs compute capability 8.0";
    if (is_wgmma(probe) && d->cc != 90) return "needs compute capability 9.0";
    if (is_wgmma(probe) && !roof_wgmma) return "not built: nvcc does not know sm_90a";
    return NULL;
}

/* ---- one launch ---- */

static const char *launch(struct bench *b)
{
    const int blocks = 4 * b->device->sms;

    switch (b->probe) {
    case ROOF_DRAM_COPY: return roof_copy(b->to, b->from, b->bytes, blocks, stream());
    case ROOF_DRAM_READ: return roof_read(b->from, b->bytes, 1, blocks, b->sum, stream());
    case ROOF_DRAM_WRITE: return roof_write(b->to, b->bytes, 1, blocks, stream());
    case ROOF_CACHE_READ:
        return roof_read(b->from, b->device->l2_bytes / 2 / 16 * 16, L2_PASSES, blocks, b->sum,
                         stream());
    case ROOF_FFMA:
    case ROOF_DFMA: return roof_chains(b->probe == ROOF_DFMA, &b->job, stream());
    default:
        return is_wgmma(b->probe) ? roof_wgmma(precision_of(b->probe), &b->job, stream())
                                  : roof_mma(precision_of(b->probe), &b->job, stream());
    }
}

/* Bytes or FLOPs of one launch. */
static double work(const struct bench *b)
{
    const double n = (double)b->bytes, steps = (double)b->job.blocks * (double)b->job.steps;

    switch (b->probe) {
    case ROOF_DRAM_COPY: return 2 * n;
    case ROOF_DRAM_READ:
    case ROOF_DRAM_WRITE: return n;
    case ROOF_CACHE_READ: return (double)(b->device->l2_bytes / 2 / 16 * 16) * L2_PASSES;
    case ROOF_FFMA:
    case ROOF_DFMA:
        return steps * ROOF_CHAIN_THREADS * ROOF_CHAINS * 4; /* two links of two FLOPs */
    default:
        return steps * (is_wgmma(b->probe) ? roof_wgmma_flops(precision_of(b->probe))
                                           : roof_mma_flops(precision_of(b->probe)));
    }
}

/* ---- checks ---- */

/* An odd piece of the buffers, through the kernels that are timed. */
static const char *check_bytes(struct bench *b)
{
    static uint32_t from[(1 << 18) + 20], to[(1 << 18) + 20];
    const size_t n = sizeof from, words = n / 4;
    const int blocks = 4 * b->device->sms;
    unsigned long long sum = 0, want = 0;

    TRY(place_device.set_bytes(b->to, 0xff, n));
    TRY(place_device.set_bytes(b->sum, 0, sizeof *b->sum));
    if (b->probe == ROOF_DRAM_COPY) TRY(roof_copy(b->to, b->from, n, blocks, stream()));
    else if (b->probe == ROOF_DRAM_WRITE) TRY(roof_write(b->to, n, 7, blocks, stream()));
    else TRY(roof_read(b->from, n, b->probe == ROOF_CACHE_READ ? 3 : 1, blocks, b->sum, stream()));
    TRY(place_device.to_host(from, b->from, n));
    TRY(place_device.to_host(to, b->to, n));
    TRY(place_device.to_host(&sum, b->sum, sizeof sum));
    if (b->probe == ROOF_DRAM_COPY) return memcmp(from, to, n) ? "the copy is not equal" : NULL;
    if (b->probe == ROOF_DRAM_WRITE) {
        for (size_t i = 0; i < words; i++)
            if (to[i] != roof_word((uint32_t)i, 7)) return "not all was written";
        return NULL;
    }
    for (size_t i = 0; i < words; i += 2) want ^= (unsigned long long)from[i + 1] << 32 | from[i];
    return sum == want ? NULL : "not all was read";
}

/* What a thread with these operands must leave, link by link as the kernel does. */
static double replay_chains(int wide, const double pair[4])
{
    double end = 0;
    float short_end = 0;

    for (int i = 0; i < ROOF_CHAINS; i++) {
        double x = pair[1] + i;
        float y = (float)pair[1] + (float)i;
        for (long s = 0; s < CHAIN_STEPS; s++) {
            x = fma(fma(x, pair[0], pair[1]), pair[2], pair[3]);
            y = fmaf(fmaf(y, (float)pair[0], (float)pair[1]), (float)pair[2], (float)pair[3]);
        }
        end += x;
        short_end += y;
    }
    return wide ? end : (double)short_end;
}

static const char *check_chains(struct bench *b, void *out)
{
    const int wide = b->probe == ROOF_DFMA, threads = b->job.blocks * ROOF_CHAIN_THREADS;
    const enum storage s = wide ? STORE_F64 : STORE_F32;
    double pair[4];

    b->job.steps = CHAIN_STEPS;
    TRY(launch(b));
    TRY(place_device.to_host(out, b->job.out, (size_t)threads * (size_t)storage_size(s)));
    for (int t = 0; t < threads; t += threads / 61) {
        roof_chain_operands(t % ROOF_CHAIN_SETS, pair);
        if (number_load(s, out, t) != replay_chains(wide, pair))
            return "a chain does not end where its replay does";
    }
    return NULL;
}

static const char *check_tiles(struct bench *b, void *out)
{
    enum { THREADS = 256 };
    const enum precision p = precision_of(b->probe);
    const enum storage s = p == F64 ? STORE_F64 : STORE_F32; /* of the sums */
    const long each = 4 * THREADS;

    b->job.steps = CHECK_STEPS;
    TRY(launch(b));
    TRY(place_device.to_host(out, b->job.out,
                             (size_t)(each * b->job.blocks) * (size_t)storage_size(s)));
    for (int t = 0; t < THREADS; t++)
        for (int i = 0; i < 4; i++) {
            const double want = is_wgmma(b->probe) ? roof_wgmma_result(p, CHECK_STEPS, t, i)
                                                   : roof_mma_result(p, CHECK_STEPS, t, i);
            for (int block = 0; block < b->job.blocks; block++) {
                const double got = number_load(s, out, block * each + 4 * t + i);
                if (got != want)
                    return fail_text("exact: block %d, thread %d, element %d is %g, not %g", block,
                                     t, i, got, want);
            }
        }
    return NULL;
}

/* ---- operands ---- */

static const char *put_operands(struct bench *b, int exact)
{
    static double host[ROOF_OPERANDS_MOST / sizeof(double)];
    const enum precision p = precision_of(b->probe);
    size_t n;

    if (b->probe == ROOF_FFMA || b->probe == ROOF_DFMA) {
        double pair[4];
        for (int set = 0; set < ROOF_CHAIN_SETS; set++) {
            roof_chain_operands(set, pair);
            for (int i = 0; i < 4; i++) number_store(storage_of(p), host, 4 * set + i, pair[i]);
        }
        n = (size_t)(4 * ROOF_CHAIN_SETS * storage_size(storage_of(p)));
    } else {
        n = is_wgmma(b->probe) ? roof_wgmma_operands(p, exact, host)
                               : roof_mma_operands(p, exact, host);
    }
    return place_device.from_host((void *)b->job.operands, host, n);
}

static size_t out_bytes(const struct device *d) { return (size_t)4 * d->sms * 256 * 4 * 8; }

static const char *check_arithmetic(struct bench *b)
{
    void *out = malloc(out_bytes(b->device));

    if (!out) return "oom: host memory for the roof";
    b->job.blocks = (is_wgmma(b->probe) ? 1 : b->probe == ROOF_MMA_F64 ? 2 : 4) * b->device->sms;
    const char *why = put_operands(b, 1);
    if (!why) why = b->probe <= ROOF_DFMA ? check_chains(b, out) : check_tiles(b, out);
    free(out);
    return why ? why : put_operands(b, 0);
}

/* ---- time ---- */

/* Launches for about us, at least one; what they did in one us. */
static const char *rate(struct bench *b, double launch_us, double us, double *per_us)
{
    const long n = us > launch_us ? (long)(us / launch_us) : 1;
    float ms;

    CHECK_CUDA(cudaEventRecord(b->start, stream()));
    for (long i = 0; i < n; i++) TRY(launch(b));
    CHECK_CUDA(cudaEventRecord(b->stop, stream()));
    CHECK_CUDA(cudaEventSynchronize(b->stop));
    CHECK_CUDA(cudaEventElapsedTime(&ms, b->start, b->stop));
    CHECK_CUDA(cudaGetLastError());
    *per_us = (double)n * work(b) / (1e3 * (double)ms);
    return NULL;
}

static const char *run_probe(struct bench *b, double us, double *per_us)
{
    const double warm = fmin(WARM_US, 0.3 * us), block = (us - warm) / BLOCKS;
    double x[BLOCKS], first;

    TRY(b->probe < ROOF_PLACE ? check_bytes(b) : check_arithmetic(b));
    b->job.steps = 64;
    TRY(rate(b, 1, 1, &first)); /* what is loaded at the first launch is not timed */
    TRY(rate(b, 1, 1, &first));
    while (b->probe >= ROOF_PLACE && work(b) / first < 1000 && b->job.steps < 1 << 24) {
        b->job.steps *= 4; /* launching costs a few us: a launch shall last 1 ms */
        TRY(rate(b, 1, 1, &first));
    }
    TRY(rate(b, work(b) / first, warm, &first));
    for (int i = 0; i < BLOCKS; i++) TRY(rate(b, work(b) / first, block, &x[i]));
    if (b->probe == ROOF_DRAM_COPY) {
        uint64_t from, to;
        TRY(place_device.hash(b->from, b->bytes, &from));
        TRY(place_device.hash(b->to, b->bytes, &to));
        if (from != to) return "the copy is not equal";
    }
    *per_us = stats_of(x, BLOCKS).median;
    return NULL;
}

static const char *open_bench(struct bench *b)
{
    const double l2 = (double)b->device->l2_bytes, wanted = fmax(0x1p30, 8 * l2),
                 most = place_device.free_bytes() / 4;
    const struct fill random = {.kind = DATA_UNIFORM, .seed = 1};

    b->bytes = (size_t)fmin(wanted, most) / 16 * 16;
    if ((double)b->bytes < fmax(l2, 0x1p23)) return "oom: device memory for the roof";
    TRY(place_device.allocate(&b->from, b->bytes));
    TRY(place_device.allocate(&b->to, b->bytes));
    TRY(place_device.allocate((void **)&b->sum, sizeof *b->sum));
    TRY(place_device.allocate((void **)&b->job.operands, ROOF_OPERANDS_MOST));
    TRY(place_device.allocate(&b->job.out, out_bytes(b->device)));
    CHECK_CUDA(cudaEventCreate(&b->start));
    CHECK_CUDA(cudaEventCreate(&b->stop));
    const long words = (long)(b->bytes / 4);
    const struct tensor t = {"roof", STORE_F32, 1, words, words};
    return place_device.fill(b->from, &t, &random);
}

static void close_bench(struct bench *b)
{
    void *const memory[] = {b->from, b->to, b->sum, (void *)b->job.operands, b->job.out};

    for (size_t i = 0; i < sizeof memory / sizeof memory[0]; i++) place_device.release(memory[i]);
    if (b->start) cudaEventDestroy(b->start);
    if (b->stop) cudaEventDestroy(b->stop);
}

/* NULL, or what is wrong with this probe. */
static const char *measure(struct roof_values *r, struct bench *b, int i, double us)
{
    const struct roof_probe *probe;
    double per_us;

    b->probe = i;
    const char *why = run_probe(b, us, &per_us);
    if (!why) return roof_set(r, i, per_us * 1e-3);
    snprintf(r->note[i], sizeof r->note[i], "%s", why);
    roof_probes(DEVICE, &probe);
    return fail_text("%s: %s", probe[i].name, r->note[i]);
}

const char *roof_measure_device_one(struct roof_values *r, int probe, const struct device *d,
                                    double budget_s)
{
    struct bench b = {.device = d};
    const char *why = why_not(probe, d);

    if (!why) why = open_bench(&b);
    if (!why) why = measure(r, &b, probe, 1e6 * fmin(budget_s, MOST_S));
    close_bench(&b);
    return why;
}

const char *roof_measure_device(struct roof_values *r, const struct device *d, double budget_s)
{
    struct bench b = {.device = d};
    const struct roof_probe *probe;
    const int count = roof_probes(DEVICE, &probe);
    int can = 0;

    for (int i = 0; i < count; i++) {
        const char *no = why_not(i, d);
        snprintf(r->note[i], sizeof r->note[i], "%s", no ? no : "");
        can += !no;
    }
    const double us = 1e6 * fmin(budget_s, MOST_S) / can;
    const char *why = open_bench(&b);
    const int open = !why;
    for (int i = 0; i < count && open; i++) {
        const char *wrong = why_not(i, d) ? NULL : measure(r, &b, i, us);
        if (wrong) why = wrong;
    }
    close_bench(&b);
    return why;
}

const char *roof_copy_device(struct roof_values *r, const struct device *d, double seconds)
{
    struct bench b = {.device = d};
    const char *why = open_bench(&b);

    if (!why) why = measure(r, &b, ROOF_DRAM_COPY, 1e6 * seconds);
    close_bench(&b);
    return why;
}
#endif
