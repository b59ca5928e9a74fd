/* roof_host.c: the host's probes, with all threads that runs use and with one. Copies and writes
 * are those of the C library, which stores past the caches where that is faster: a loop that does
 * not first reads what it overwrites, and so cannot reach this copy roof. */
#include "measure/roof_host.h"
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "data/generate.h"
#include "fail.h"
#include "measure/contest.h"
#include "measure/roof.h"
#include "measure/timer.h"
#ifdef _OPENMP
#include <omp.h>
#else
static int omp_get_thread_num(void) { return 0; }
#endif

typedef uint64_t words __attribute__((vector_size(64)));
enum { BLOCKS = 5, MOST_THREADS = 1024, UNROLL = 8 };

struct bench {
    int threads; /* of the current probe */
    words *from, *to;
    long count;   /* vectors in each */
    long cached;  /* of them, half a last-level cache */
    long steps;   /* of the chains, in one call */
    uint64_t sum; /* exclusive or of all words of from, and of those that are cached */
    uint64_t sum_cached;
    int passes; /* counts calls, so that each writes another byte */
    const char *wrong;
};

/* The part of `count` that thread t of n works on. */
static long part(long count, int t, int n) { return count * t / n; }

static uint64_t fold(words v)
{
    uint64_t x = 0;

    for (int i = 0; i < 8; i++) x ^= v[i];
    return x;
}

/* Exclusive or of n vectors, from `start` on and around. */
static uint64_t read_all(const words *p, long n, long start)
{
    words sum[UNROLL] = {{0}};

    for (int turn = 0; turn < 2; turn++) {
        const long end = turn ? start : n;
        long i = turn ? 0 : start;
        for (; i + UNROLL <= end; i += UNROLL)
            for (int k = 0; k < UNROLL; k++) sum[k] ^= p[i + k];
        for (; i < end; i++) sum[0] ^= p[i];
    }
    for (int k = 1; k < UNROLL; k++) sum[0] ^= sum[k];
    return fold(sum[0]);
}

/* ---- one call of each probe; returns its bytes or FLOPs ---- */

static double copy_dram(struct bench *b)
{
#pragma omp parallel num_threads(b->threads)
    {
        const int t = omp_get_thread_num();
        const long first = part(b->count, t, b->threads), end = part(b->count, t + 1, b->threads);
        memcpy(b->to + first, b->from + first, (size_t)(end - first) * sizeof(words));
    }
    if (memcmp(b->to, b->from, sizeof(words)) ||
        memcmp(b->to + b->count - 1, b->from + b->count - 1, sizeof(words)))
        b->wrong = "the copy is not equal";
    return 2.0 * (double)b->count * sizeof(words);
}

static double write_dram(struct bench *b)
{
    const unsigned char byte = (unsigned char)++b->passes, *to = (unsigned char *)b->to;

#pragma omp parallel num_threads(b->threads)
    {
        const int t = omp_get_thread_num();
        const long first = part(b->count, t, b->threads), end = part(b->count, t + 1, b->threads);
        memset(b->to + first, byte, (size_t)(end - first) * sizeof(words));
    }
    if (to[0] != byte || to[(size_t)b->count * sizeof(words) - 1] != byte)
        b->wrong = "not all was written";
    return (double)b->count * sizeof(words);
}

static double read_dram(struct bench *b)
{
    uint64_t sum = 0;

#pragma omp parallel num_threads(b->threads) reduction(^ : sum)
    {
        const int t = omp_get_thread_num();
        const long first = part(b->count, t, b->threads), end = part(b->count, t + 1, b->threads);
        sum ^= read_all(b->from + first, end - first, 0);
    }
    if (sum != b->sum) b->wrong = "not all was read";
    return (double)b->count * sizeof(words);
}

/* Every thread reads all of it, each from another place on: its share alone would fit into the
 * caches before the last. */
static double read_cached(struct bench *b)
{
    int bad = 0;

#pragma omp parallel num_threads(b->threads) reduction(+ : bad)
    {
        const long start = part(b->cached, omp_get_thread_num(), b->threads);
        bad += read_all(b->from, b->cached, start) != b->sum_cached;
    }
    if (bad) b->wrong = "not all was read";
    return (double)b->cached * sizeof(words) * b->threads;
}

/* All threads get the same chains, so that their ends must be equal; check_chains has looked at
 * them. */
#define CHAINS_OF(name, real, chains)                                                              \
    static double name(struct bench *b)                                                            \
    {                                                                                              \
        static real end[MOST_THREADS];                                                             \
        double flops = 0;                                                                          \
                                                                                                   \
        _Pragma("omp parallel num_threads(b->threads) reduction(+ : flops)")                       \
        {                                                                                          \
            real mine;                                                                             \
            flops += chains((real)1.25, b->steps, &mine);                                          \
            end[omp_get_thread_num()] = mine;                                                      \
        }                                                                                          \
        for (int t = 1; t < b->threads; t++)                                                       \
            if (end[t] != end[0]) b->wrong = "the threads do not agree";                           \
        return flops;                                                                              \
    }
CHAINS_OF(fma_f32, float, roof_chains_f32)
CHAINS_OF(fma_f64, double, roof_chains_f64)

static const char *check_chains(int probe)
{
    enum { STEPS = 1001 };
    float end;
    double wide;

    if (probe == ROOF_FMA_F32) {
        roof_chains_f32(1.25f, STEPS, &end);
        if (end != roof_replay_f32(1.25f, STEPS))
            return "a chain does not end where its replay does";
    } else if (probe == ROOF_FMA_F64) {
        roof_chains_f64(1.25, STEPS, &wide);
        if (wide != roof_replay_f64(1.25, STEPS))
            return "a chain does not end where its replay does";
    }
    return NULL;
}

/* ---- timing ---- */

/* Calls for about us; what they did in one us. */
static double rate(struct bench *b, double (*call)(struct bench *), double us)
{
    const double start = timer_now_us();
    double done = 0, now;

    do done += call(b);
    while ((now = timer_now_us()) < start + us);
    return done / (now - start);
}

/* Into the slot of `which`, or with one thread of several into its second one. */
static const char *probe(struct roof_values *r, struct bench *b, int which, int slot, double us)
{
    static double (*const calls[])(struct bench *) = {
        [ROOF_DRAM_COPY] = copy_dram,   [ROOF_DRAM_READ] = read_dram,
        [ROOF_DRAM_WRITE] = write_dram, [ROOF_CACHE_READ] = read_cached,
        [ROOF_FMA_F32] = fma_f32,       [ROOF_FMA_F64] = fma_f64};
    const struct roof_probe *probes;
    double best = 0; /* of the blocks: what other processes take must not lower the roof */

    b->wrong = check_chains(which);
    if (!b->wrong) rate(b, calls[which], 2 * us / (BLOCKS + 2)); /* threads wake, clocks settle */
    for (int i = 0; i < BLOCKS && !b->wrong; i++)
        best = fmax(best, rate(b, calls[which], us / (BLOCKS + 2)));
    if (!b->wrong) return roof_set(r, slot, best * 1e-3);
    snprintf(r->note[slot], sizeof r->note[slot], "%s", b->wrong);
    roof_probes(HOST, &probes);
    return fail_text("%s: %s", probes[slot].name, b->wrong);
}

/* ---- operands ---- */

/* Random words, by the threads that will use them, so that each has its part near. */
static void fill(struct bench *b)
{
    uint64_t sum = 0, cached = 0;

#pragma omp parallel num_threads(b->threads) reduction(^ : sum, cached)
    {
        const int t = omp_get_thread_num();
        const long end = part(b->count, t + 1, b->threads);
        for (long i = part(b->count, t, b->threads); i < end; i++) {
            for (int k = 0; k < 8; k++) b->from[i][k] = generate_mix((uint64_t)(8 * i + k + 1));
            const uint64_t x = fold(b->from[i]);
            sum ^= x;
            cached ^= i < b->cached ? x : 0;
            b->to[i] = (words){0};
        }
    }
    b->sum = sum;
    b->sum_cached = cached;
}

static const char *measure_copy(struct roof_values *r, struct bench *b, int threads, double us)
{
    b->threads = threads;
    fill(b);
    return probe(r, b, ROOF_DRAM_COPY, ROOF_DRAM_COPY, us);
}

static const char *measure_all(struct roof_values *r, struct bench *b, int threads, double us)
{
    const char *why = NULL;

    b->threads = threads;
    fill(b);
    for (int which = 0; which < ROOF_ONE_THREAD; which++) {
        const char *wrong = probe(r, b, which, which, us);
        if (wrong) why = wrong;
    }
    b->threads = 1;
    for (int which = 0; which < ROOF_ONE_THREAD; which++) {
        const int slot = ROOF_ONE_THREAD + which;
        if (threads == 1) {
            r->value[slot] = r->value[which];
            continue;
        }
        const char *wrong = probe(r, b, which, slot, us);
        if (wrong) why = wrong;
    }
    return why;
}

typedef const char *measure(struct roof_values *r, struct bench *b, int threads, double us);

/* us: of a probe. */
static const char *with_operands(struct roof_values *r, const struct device *d, measure *of,
                                 int threads, double us)
{
    const double cache = contest_cache_bytes(HOST, d);
    struct bench b = {.count = (long)(4 * cache / sizeof(words)) + 1,
                      .cached = (long)(cache / 2 / sizeof(words)) + 1,
                      .steps = 20000};
    const char *why = "oom: host memory for the roof";

    const size_t bytes = (size_t)b.count * sizeof(words);
    b.from = aligned_alloc(sizeof(words), bytes);
    b.to = aligned_alloc(sizeof(words), bytes);
    if (b.from && b.to) why = of(r, &b, threads, us);
    free(b.from);
    free(b.to);
    return why;
}

static int threads_of(const struct device *d)
{
#ifdef _OPENMP
    return d->threads < MOST_THREADS ? d->threads : MOST_THREADS;
#else
    (void)d;
    return 1;
#endif
}

const char *roof_measure_host(struct roof_values *r, const struct device *d, double budget_s)
{
    const int threads = threads_of(d);

    return with_operands(r, d, measure_all, threads, 1e6 * budget_s / (threads > 1 ? 12 : 6));
}

const char *roof_copy_host(struct roof_values *r, const struct device *d, double seconds)
{
    return with_operands(r, d, measure_copy, threads_of(d), 1e6 * seconds);
}
