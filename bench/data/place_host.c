/* place_host.c: the host side of place.h: plain memory, OpenMP loops. */
#include "data/place.h"
#include "fail.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *allocate(void **p, size_t bytes)
{
    *p = NULL;
    if (posix_memalign(p, 256, bytes ? bytes : 1))
        return fail_text("oom: %.2f GiB of host memory", (double)bytes / 0x1p30);
    return NULL;
}

/* MemAvailable of /proc/meminfo: free memory and caches that can be dropped. */
static double free_bytes(void)
{
    char line[128];
    double kib = 0;
    FILE *f = fopen("/proc/meminfo", "r");

    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "MemAvailable: %lf kB", &kib) == 1) break;
    if (f) fclose(f);
    if (kib > 0) return kib * 1024;
    return (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

static const char *set_bytes(void *p, int byte, size_t n)
{
    memset(p, byte, n);
    return NULL;
}

static const char *copy(void *to, const void *from, size_t n)
{
    memcpy(to, from, n);
    return NULL;
}

static const char *fill(void *p, const struct tensor *t, const struct fill *f)
{
    const long count = t->rows * t->cols;

#pragma omp parallel for schedule(static)
    for (long i = 0; i < count; i++)
        number_store(t->storage, p, tensor_at(t, i), generate_value(f, t->storage, (uint64_t)i));
    return NULL;
}

static const char *hash(const void *p, size_t n, uint64_t *sum)
{
    uint64_t total = 0;

#pragma omp parallel for schedule(static) reduction(+ : total)
    for (size_t i = 0; i < (n + 3) / 4; i++) {
        uint32_t word = 0;
        memcpy(&word, (const char *)p + 4 * i, n - 4 * i < 4 ? n - 4 * i : 4);
        total += place_hash_word(word, i);
    }
    *sum = total;
    return NULL;
}

static const char *count_written(const void *p, size_t n, const struct tensor *gaps, long *count)
{
    const unsigned char *b = p;
    const size_t size = gaps ? (size_t)storage_size(gaps->storage) : 1;
    long total = 0;

#pragma omp parallel for schedule(static) reduction(+ : total)
    for (size_t i = 0; i < n; i++)
        total += b[i] != 0xFF && (!gaps || (long)(i / size) % gaps->ld >= gaps->cols);
    *count = total;
    return NULL;
}

static const char *oracle(const struct problem *p, const struct operands *o, const void *before,
                          const long *index, long first, long count, double *y, double *s)
{
    p->op->oracle(p, o, before, index, first, count, y, s);
    return NULL;
}

static const char *agree(const struct agree_rule *r, const struct tensor *t, const void *out,
                         const long *index, long first, long count, const double *y,
                         const double *s, struct agreement *a)
{
#pragma omp parallel
    {
        struct agreement part;
        agree_clear(&part);
#pragma omp for schedule(static)
        for (long i = 0; i < count; i++) {
            const long at = index ? index[i] : first + i;
            agree_one(r, at, number_load(t->storage, out, tensor_at(t, at)), y[i], s[i], &part);
        }
#pragma omp critical
        agree_add(a, &part);
    }
    return NULL;
}

enum { BLOCK = 8, PART = 64 }; /* lines and elements of each that share expanded signs */

/* sum += sign v for n elements. */
static void fold_part(double sign[PART][FOLD_COLUMNS], const double *v, long n, double *sum)
{
    double acc[FOLD_COLUMNS];

    memcpy(acc, sum, sizeof acc);
    for (long j = 0; j < n; j++) {
#pragma omp simd
        for (int c = 0; c < FOLD_COLUMNS; c++) acc[c] += sign[j][c] * v[j];
    }
    memcpy(sum, acc, sizeof acc);
}

/* Sums of lines first..first+n-1; bit i of *odd: line first + i holds what is not whole. */
static void fold_block(const struct fold_axis *x, enum storage type, const void *p,
                       const uint16_t *signs, long first, long n, double sum[BLOCK][FOLD_COLUMNS],
                       unsigned *odd)
{
    double sign[PART][FOLD_COLUMNS], v[BLOCK][PART];
    long start[BLOCK];

    for (long i = 0; i < n; i++) start[i] = fold_start(x, first + i);
    memset(sum, 0, sizeof(double[BLOCK][FOLD_COLUMNS]));
    *odd = 0;
    for (long from = 0; from < x->length; from += PART) {
        const long part = x->length - from < PART ? x->length - from : PART;
        for (long j = 0; j < part; j++)
            for (int c = 0; c < FOLD_COLUMNS; c++) sign[j][c] = fold_sign(signs[from + j], c);
        if (x->step_j == 1) { /* in the order of memory */
            for (long i = 0; i < n; i++)
                for (long j = 0, at = start[i] + from; j < part; j++)
                    v[i][j] = number_load(type, p, at + j);
        } else {
            for (long j = 0; j < part; j++)
                for (long i = 0; i < n; i++)
                    v[i][j] = number_load(type, p, start[i] + (from + j) * x->step_j);
        }
        for (long i = 0; i < n; i++) {
            int whole = 1;
            for (long j = 0; j < part; j++) whole &= fold_whole(x, v[i][j]);
            *odd |= (unsigned)!whole << i;
            fold_part(sign, v[i], part, sum[i]);
        }
    }
}

static const char *fold(const struct fold_axis *x, enum storage type, const void *p,
                        const uint16_t *signs, void *to, long *lost)
{
    const long lines = x->outer * x->inner;
    long total = 0;

#pragma omp parallel for schedule(static) reduction(+ : total)
    for (long first = 0; first < lines; first += BLOCK) {
        const long n = lines - first < BLOCK ? lines - first : BLOCK;
        double sum[BLOCK][FOLD_COLUMNS];
        unsigned odd;
        fold_block(x, type, p, signs, first, n, sum, &odd);
        for (long i = 0; i < n; i++) total += fold_store(x, type, first + i, sum[i], to);
    }
    *lost = total;
    return NULL;
}

static const char *fold_differs(const struct fold_axis *x, enum storage type, const void *p,
                                const uint16_t *signs, const double *y, long from, long *line)
{
    const long lines = x->outer * x->inner;
    long found = lines;

#pragma omp parallel for schedule(static) reduction(min : found)
    for (long first = from; first < lines; first += BLOCK) {
        const long n = lines - first < BLOCK ? lines - first : BLOCK;
        double sum[BLOCK][FOLD_COLUMNS];
        unsigned odd;
        fold_block(x, type, p, signs, first, n, sum, &odd);
        for (long i = n - 1; i >= 0; i--)
            if ((odd >> i & 1 || !fold_same(x, type, first + i, sum[i], y)) && first + i < found)
                found = first + i;
    }
    *line = found < lines ? found : -1;
    return NULL;
}

static const char *synchronize(void) { return NULL; }
static struct CUstream_st *stream(void) { return NULL; }

const struct place_ops place_host = {
    .place = HOST,
    .allocate = allocate,
    .release = free,
    .free_bytes = free_bytes,
    .set_bytes = set_bytes,
    .to_host = copy,
    .from_host = copy,
    .copy = copy,
    .fill = fill,
    .hash = hash,
    .count_written = count_written,
    .oracle = oracle,
    .agree = agree,
    .fold = fold,
    .fold_differs = fold_differs,
    .synchronize = synchronize,
    .stream = stream,
};
