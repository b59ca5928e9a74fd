/* place.h: what the harness does with memory, once for the host and once for the device, behind one
 * table. All that follows (sets, judging, checking) is written once and runs on either. */
#ifndef WHEELBENCH_PLACE_H
#define WHEELBENCH_PLACE_H
#include "data/agree.h"
#include "data/fold.h"
#include "data/generate.h"
#ifdef __cplusplus
extern "C" {
#endif

struct place_ops {
    enum place place;
    const char *(*allocate)(void **p, size_t bytes); /* 256-byte aligned */
    void (*release)(void *p);
    double (*free_bytes)(void); /* what can still be allocated */
    const char *(*set_bytes)(void *p, int byte, size_t n);
    const char *(*to_host)(void *host, const void *p, size_t n);
    const char *(*from_host)(void *p, const void *host, size_t n);
    const char *(*copy)(void *to, const void *from, size_t n); /* both in this place */
    /* Writes the tensor's elements, row by row; what lies between the rows stays as it is. */
    const char *(*fill)(void *p, const struct tensor *t, const struct fill *f);
    /* Sum over all 4-byte words of a hash of (word, position): equal bytes give equal sums. */
    const char *(*hash)(const void *p, size_t n, uint64_t *sum);
    /* How many of `n` bytes at p are not 0xFF; with a tensor only those between its rows count. */
    const char *(*count_written)(const void *p, size_t n, const struct tensor *gaps, long *count);
    /* y and S of outputs index[0..count) or first..first+count-1; index, y, s lie in this place. */
    const char *(*oracle)(const struct problem *p, const struct operands *o, const void *before,
                          const long *index, long first, long count, double *y, double *s);
    const char *(*agree)(const struct agree_rule *r, const struct tensor *t, const void *out,
                         const long *index, long first, long count, const double *y,
                         const double *s, struct agreement *a);
    /* Writes the sums of an operand along the axis, as fold_store does. All lies in this place but
     * lost: how many sums the pieces do not hold. */
    const char *(*fold)(const struct fold_axis *x, enum storage type, const void *p,
                        const uint16_t *signs, void *to, long *lost);
    /* The first line from `from` on whose sums are not those of y, as fold_same says; -1: none. */
    const char *(*fold_differs)(const struct fold_axis *x, enum storage type, const void *p,
                                const uint16_t *signs, const double *y, long from, long *line);
    const char *(*synchronize)(void); /* waits for all that was queued; reports what went wrong */
    struct CUstream_st *(*stream)(void);
    /* Lines that were told to stay in the cache are like others again; how an impl may have lines
     * stay is noted. NULL, like the next: nothing can be told to stay here. */
    void (*cache_reset)(void);
    /* NULL, or what an impl changed of that since, which is then taken back. */
    const char *(*cache_left)(void);
    /* From here on (closed) or no longer, touching these bytes, which lie `where` ("before",
     * "behind", "between the rows of") the tensor of that name, ends the process with a report.
     * NULL where nothing can see to it; then guards are only looked at after the call. */
    void (*fence)(const void *p, size_t n, const char *where, const char *tensor, int closed);
};

extern const struct place_ops place_host;
extern const struct place_ops place_device; /* only where HAVE_CUDART */

/* Position-dependent hash of one word, for `hash`. */
static inline HOST_DEVICE uint64_t place_hash_word(uint32_t word, size_t position)
{
    return generate_mix((uint64_t)position * 0x9e3779b97f4a7c15u + word);
}

/* Where element `index` (row * cols + col) of a tensor lies, in elements from its start. */
static inline HOST_DEVICE long tensor_at(const struct tensor *t, long index)
{
    return t->ld == t->cols ? index : index / t->cols * t->ld + index % t->cols;
}

/* Bytes from the first to the last element of a tensor, both included. */
static inline size_t tensor_bytes(const struct tensor *t)
{
    return (size_t)((t->rows - 1) * t->ld + t->cols) * (size_t)storage_size(t->storage);
}
#ifdef __cplusplus
}
#endif
#endif
