/* number.h: numbers in the storage types f64 f32 f16 bf16, the same bits on the CPU and on the GPU.
 * Plain bit arithmetic, so that gcc, nvcc and g++ give one answer and no CUDA header is needed. */
#ifndef WHEELBENCH_NUMBER_H
#define WHEELBENCH_NUMBER_H
#include <stdint.h>
#include <string.h>
#include "wheelbench.h"

#ifdef __CUDACC__
#define HOST_DEVICE __host__ __device__
#else
#define HOST_DEVICE
#endif

/* bytes of one element */
static inline HOST_DEVICE int storage_size(enum storage s)
{
    return s == STORE_F64 ? 8 : s == STORE_F32 ? 4 : 2;
}

static inline HOST_DEVICE enum storage storage_of(enum precision p)
{
    return p == F64 ? STORE_F64 : p == F16 ? STORE_F16 : p == BF16 ? STORE_BF16 : STORE_F32;
}

static inline HOST_DEVICE float float_from_bits(uint32_t u)
{
    float f;
    memcpy(&f, &u, 4);
    return f;
}

static inline HOST_DEVICE uint32_t bits_from_float(float f)
{
    uint32_t u;
    memcpy(&u, &f, 4);
    return u;
}

static inline HOST_DEVICE float float_from_bf16(uint16_t h)
{
    return float_from_bits((uint32_t)h << 16);
}

/* IEEE 754 binary16, subnormals, infinities and NaN included */
static inline HOST_DEVICE float float_from_f16(uint16_t h)
{
    const uint32_t sign = (uint32_t)(h & 0x8000) << 16, exponent = h >> 10 & 31,
                   fraction = h & 0x3ff;

    if (exponent == 31) return float_from_bits(sign | 0x7f800000u | fraction << 13);
    if (exponent) return float_from_bits(sign | (exponent + 112) << 23 | fraction << 13);
    const float tiny = (float)fraction * 5.9604644775390625e-8f; /* 2^-24, exact */
    return sign ? -tiny : tiny;
}

/* round to nearest, ties to even; NaN stays NaN */
static inline HOST_DEVICE uint16_t bf16_from_float(float f)
{
    const uint32_t u = bits_from_float(f);

    if ((u & 0x7fffffffu) > 0x7f800000u) return (uint16_t)(u >> 16 | 0x40);
    return (uint16_t)((u + 0x7fffu + (u >> 16 & 1)) >> 16);
}

static inline HOST_DEVICE uint16_t f16_from_float(float f)
{
    const uint32_t u = bits_from_float(f), sign = u >> 16 & 0x8000u, a = u & 0x7fffffffu;

    if (a > 0x7f800000u) return (uint16_t)(sign | 0x7e00u);
    if (a >= 0x477ff000u) return (uint16_t)(sign | 0x7c00u); /* 65520 and above round to infinity */
    if (a < 0x38800000u) { /* subnormal: 0.5 has the last place of the smallest f16, so the add
                              rounds */
        const uint32_t half = bits_from_float(float_from_bits(a) + 0.5f);
        return (uint16_t)(sign | (half - 0x3f000000u));
    }
    return (uint16_t)(sign | ((a + 0xfffu + (a >> 13 & 1)) - 0x38000000u) >> 13);
}

/* element i of an array of storage type s, widened without rounding */
static inline HOST_DEVICE double number_load(enum storage s, const void *p, long i)
{
    if (s == STORE_F64) return ((const double *)p)[i];
    if (s == STORE_F32) return (double)((const float *)p)[i];
    if (s == STORE_F16) return (double)float_from_f16(((const uint16_t *)p)[i]);
    return (double)float_from_bf16(((const uint16_t *)p)[i]);
}

/* Rounds to f32 first where the type is narrower: callers pass values that f32 holds (inputs), or
 * accept the double rounding. */
static inline HOST_DEVICE void number_store(enum storage s, void *p, long i, double v)
{
    if (s == STORE_F64) ((double *)p)[i] = v;
    else if (s == STORE_F32) ((float *)p)[i] = (float)v;
    else if (s == STORE_F16) ((uint16_t *)p)[i] = f16_from_float((float)v);
    else ((uint16_t *)p)[i] = bf16_from_float((float)v);
}
#endif
