/* roof_host_fma.c: see roof_host.h. Vectors as wide as -march has them; ten chains hide a latency
 * of five cycles on two units, and fit the 16 registers that there are at least. */
#include "measure/roof_host.h"
#include <math.h>

#if defined __AVX512F__
enum { BYTES = 64 };
#elif defined __AVX__
enum { BYTES = 32 };
#else
enum { BYTES = 16 };
#endif
enum { CHAINS = 10 };
/* Names, not an array, so that they stay in registers. */
#define EACH(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9)
typedef float floats __attribute__((vector_size(BYTES)));
typedef double doubles __attribute__((vector_size(BYTES)));

/* Two pairs in turn, that shrink next to nothing and turn the sign: x stays of the size of 1, all
 * its bits go on changing, and its end tells how many steps there were. */
#define M0 (-0.99999f)
#define C0 1.6234567f
#define M1 0.99998f
#define C1 (-0.3141593f)
#define FIRST(start, chain) ((start) + (chain)*0.125f)

#ifdef FP_FAST_FMAF
#define FUSED_F32(x, m, c) fmaf(x, m, c)
#define FUSED_F64(x, m, c) fma(x, m, c)
#else
#define FUSED_F32(x, m, c) ((x) * (m) + (c))
#define FUSED_F64(x, m, c) ((x) * (m) + (c))
#endif

/* The empty asm hides where the constants come from: they stay in registers, and equal lanes are
 * not found to be equal. */
#define OPAQUE(x) __asm__ volatile("" : "+m"(x))

#define BEGIN(i) x##i = zero + FIRST(start, i),
#define EVEN(i) x##i = x##i * m0 + c0;
#define ODD(i) x##i = x##i * m1 + c1;
#define PUT(i) all[i] = x##i;

#define CHAINS_OF(name, real, vector)                                                              \
    double name(real start, long steps, real *end)                                                 \
    {                                                                                              \
        enum { LANES = BYTES / sizeof(real) };                                                     \
        const vector zero = {0};                                                                   \
        vector m0 = zero + (real)M0, c0 = zero + (real)C0, m1 = zero + (real)M1,                   \
               c1 = zero + (real)C1, EACH(BEGIN) all[CHAINS];                                      \
                                                                                                   \
        OPAQUE(m0);                                                                                \
        OPAQUE(c0);                                                                                \
        OPAQUE(m1);                                                                                \
        OPAQUE(c1);                                                                                \
        for (long s = 0; s < steps; s++) {                                                         \
            EACH(EVEN) EACH(ODD)                                                                   \
        }                                                                                          \
        EACH(PUT)                                                                                  \
        *end = 0;                                                                                  \
        for (int i = 0; i < CHAINS; i++)                                                           \
            for (int lane = 0; lane < LANES; lane++) *end += all[i][lane];                         \
        return 4.0 * CHAINS * LANES * (double)steps;                                               \
    }
CHAINS_OF(roof_chains_f32, float, floats)
CHAINS_OF(roof_chains_f64, double, doubles)

#define REPLAY_OF(name, real, fused)                                                               \
    real name(real start, long steps)                                                              \
    {                                                                                              \
        real end = 0;                                                                              \
                                                                                                   \
        for (int i = 0; i < CHAINS; i++) {                                                         \
            real x = FIRST(start, i);                                                              \
            for (long s = 0; s < steps; s++) {                                                     \
                x = fused(x, (real)M0, (real)C0);                                                  \
                x = fused(x, (real)M1, (real)C1);                                                  \
            }                                                                                      \
            for (int lane = 0; lane < (int)(BYTES / sizeof(real)); lane++) end += x;               \
        }                                                                                          \
        return end;                                                                                \
    }
REPLAY_OF(roof_replay_f32, float, FUSED_F32)
REPLAY_OF(roof_replay_f64, double, FUSED_F64)
