/* generate.h: inputs as a pure function of (seed, set, tensor, index), so that any element can be
 * made anywhere, in any order, with the same bits on the CPU and on the GPU.
 *
 * Mixing function: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators,
 * OOPSLA 2014). Values are zero-mean on purpose: zeros and small integers draw less power and run
 * faster, and on positive data a wrong precision or a dropped product hides in the large sum. */
#ifndef WHEELBENCH_GENERATE_H
#define WHEELBENCH_GENERATE_H
#include "number.h"

enum data_kind {
    DATA_UNIFORM, /* U[-1, 1), full significand of the storage type */
    DATA_EXACT    /* integers times scale: every partial sum is exact in any order */
};

struct fill {
    enum data_kind kind;
    struct exact_data exact; /* for DATA_EXACT */
    uint64_t seed;
    unsigned set, tensor; /* which copy of the operands, which operand */
};

static inline HOST_DEVICE uint64_t generate_mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* 64 random bits */
static inline HOST_DEVICE uint64_t generate_bits(uint64_t seed, unsigned set, unsigned tensor,
                                                 uint64_t index)
{
    const uint64_t golden = 0x9e3779b97f4a7c15u;
    const uint64_t key = generate_mix(generate_mix(seed + golden) + ((uint64_t)set << 32 | tensor));

    return generate_mix(key + (index + 1) * golden);
}

/* Element `index` of the operand before rounding to `storage`; every step is exact in double. */
static inline HOST_DEVICE double generate_value(const struct fill *f, enum storage storage,
                                                uint64_t index)
{
    const uint64_t bits = generate_bits(f->seed, f->set, f->tensor, index);

    if (f->kind == DATA_UNIFORM) {
        if (storage == STORE_F64) return (double)(bits >> 11) * 0x1p-52 - 1;
        return (double)(bits >> 40) * 0x1p-23 - 1;
    }
    /* the low half decides whether it is zero, the high half which integer */
    if ((double)(bits & 0xffffffffu) * 0x1p-32 >= f->exact.density) return 0;
    const int span = 2 * f->exact.amplitude + (f->exact.density < 1 ? 0 : 1);
    int v = (int)((bits >> 32) % (unsigned)span) - f->exact.amplitude;
    if (f->exact.density < 1 && v >= 0) v++; /* thinned data: what is left is not zero */
    return v * f->exact.scale;
}
#endif
