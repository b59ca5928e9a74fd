/* cpu_micro.c: the register tiles of this build, the choice among them at run time, block sizes.
 * The instruction sets are attributes of functions, so that a build for any x86-64 has all of them;
 * each also takes away what is above it, so that with -march=native the lower ones are what they
 * are called. */
#include "kernels/cpu_micro.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"

#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#define UNROLL2 _Pragma("unroll 2")
#define SHUFFLE4(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define UNROLL _Pragma("GCC unroll 16")
#define UNROLL2 _Pragma("GCC unroll 2")
#define SHUFFLE4(a, b, ...) __builtin_shuffle(a, b, (i4){__VA_ARGS__}) /* gcc < 12: no other */
#endif

#if defined(__x86_64__)
/* 32 registers of 64 bytes: 12 x 2 accumulators, 2 of B, 1 broadcast. 24 x 1 would
 * load once per FMA. Depth: 12 rows of 384 floats or 192 doubles are
 * 18 KB of a 32 or 48 KB L1. */
#define AVX512 __attribute__((target("avx512f,fma")))
#define NAME(x) x##_f32_avx512
#define TARGET AVX512
#define ISA "avx512"
#define T float
#define INT int
#define VB 64
#define MR 12
#define NV 2
#define KC 384
#define UNROLL_K UNROLL2
#include "kernels/cpu_micro_tile.h"
#define NAME(x) x##_f64_avx512
#define TARGET AVX512
#define ISA "avx512"
#define T double
#define INT long long
#define VB 64
#define MR 12
#define NV 2
#define KC 192
#define UNROLL_K UNROLL2
#include "kernels/cpu_micro_tile.h"
/* 16 registers of 32 bytes: 6 x 2 accumulators, 2 of B, 1 broadcast. Such CPUs have 256 KB to 1 MB
 * of L2, so the depth is smaller. */
#define AVX2 __attribute__((target("avx2,fma,no-avx512f")))
#define NAME(x) x##_f32_avx2
#define TARGET AVX2
#define ISA "avx2"
#define T float
#define INT int
#define VB 32
#define MR 6
#define NV 2
#define KC 256
#define UNROLL_K UNROLL2
#include "kernels/cpu_micro_tile.h"
#define NAME(x) x##_f64_avx2
#define TARGET AVX2
#define ISA "avx2"
#define T double
#define INT long long
#define VB 32
#define MR 6
#define NV 2
#define KC 192
#define UNROLL_K UNROLL2
#include "kernels/cpu_micro_tile.h"
#define BASE_ISA "sse2"
#define BASE __attribute__((target("no-avx")))
#define BASE_MR 3 /* no FMA: each product needs a register, which 3 x 4 leaves room for */
#define BASE_NV 4
#else
#ifdef __aarch64__
#define BASE_ISA "neon"
#else
#define BASE_ISA "generic"
#endif
#define BASE
#define BASE_MR 6 /* 32 registers of 16 bytes: 6 x 3 accumulators; gcc 12 spills two of 6 x 4 */
#define BASE_NV 3
#endif

#define NAME(x) x##_f32_base
#define TARGET BASE
#define ISA BASE_ISA
#define T float
#define INT int
#define VB 16
#define MR BASE_MR
#define NV BASE_NV
#define KC 256
#define UNROLL_K /* registers are short */
#include "kernels/cpu_micro_tile.h"
#define NAME(x) x##_f64_base
#define TARGET BASE
#define ISA BASE_ISA
#define T double
#define INT long long
#define VB 16
#define MR BASE_MR
#define NV BASE_NV
#define KC 256
#define UNROLL_K /* registers are short */
#include "kernels/cpu_micro_tile.h"

/* Best first. has: this CPU can run it. */
struct level {
    const struct cpu_micro *f32, *f64;
    int has;
};

const char *cpu_micro_pick(size_t size, const struct cpu_micro **u)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    const int fma = __builtin_cpu_supports("fma");
    const struct level levels[] = {
        {&micro_f32_avx512, &micro_f64_avx512, fma && __builtin_cpu_supports("avx512f")},
        {&micro_f32_avx2, &micro_f64_avx2, fma && __builtin_cpu_supports("avx2")},
        {&micro_f32_base, &micro_f64_base, 1},
    };
#else
    const struct level levels[] = {{&micro_f32_base, &micro_f64_base, 1}};
#endif
    const int count = (int)(sizeof levels / sizeof *levels);
    const char *ask = getenv("WHEELBENCH_CPU");

    if (ask && !*ask) ask = NULL;
    for (int i = 0; i < count; i++) {
        *u = size == 4 ? levels[i].f32 : levels[i].f64;
        if (ask && strcmp(ask, (*u)->isa)) continue;
        if (levels[i].has) return NULL;
        if (ask) return fail_text("WHEELBENCH_CPU=%s: this CPU cannot run it", ask);
    }
    return fail_text("WHEELBENCH_CPU=%s: leave it unset, or take %s", ask,
                     count > 1 ? "avx512, avx2 or sse2" : BASE_ISA);
}

long cpu_even(long total, long most, long unit)
{
    const long parts = cpu_up(total, most);

    return parts < 1 ? unit : cpu_up(cpu_up(total, parts), unit) * unit;
}

long cpu_micro_nc(const struct cpu_micro *u, long n, long k)
{
    long l2 = -1;

#ifdef _SC_LEVEL2_CACHE_SIZE
    l2 = sysconf(_SC_LEVEL2_CACHE_SIZE);
#endif
    if (l2 <= 0) l2 = 512 << 10; /* unknown: some virtual machines, most ARM systems */
    const long most = l2 / 8 * 5 / (k * u->size) / u->nr * u->nr;
    return cpu_even(n, cpu_max(most, u->nr), u->nr);
}
