/* openblas.c: see openblas.h. The names are those of OpenBLAS's TargetList.txt; what is not in here
 * is left alone. */
#include "device/openblas.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *core;
    enum openblas_level level;
} cores[] = {
    {"Prescott", OPENBLAS_BASE},     {"Core2", OPENBLAS_BASE},
    {"Penryn", OPENBLAS_BASE},       {"Dunnington", OPENBLAS_BASE},
    {"Nehalem", OPENBLAS_BASE},      {"Atom", OPENBLAS_BASE},
    {"Barcelona", OPENBLAS_BASE},    {"Bobcat", OPENBLAS_BASE},
    {"Sandybridge", OPENBLAS_AVX},   {"Bulldozer", OPENBLAS_AVX},
    {"Piledriver", OPENBLAS_AVX},    {"Steamroller", OPENBLAS_AVX},
    {"Excavator", OPENBLAS_AVX},     {"Haswell", OPENBLAS_AVX2},
    {"Zen", OPENBLAS_AVX2},          {"SkylakeX", OPENBLAS_AVX512},
    {"Cooperlake", OPENBLAS_AVX512}, {"SapphireRapids", OPENBLAS_AVX512},
};

static const char *words(enum openblas_level level)
{
    static const char *const name[] = {"SSE", "AVX", "AVX2", "AVX-512"};

    return name[level];
}

enum openblas_level openblas_cpu_level(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return OPENBLAS_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return OPENBLAS_AVX2;
    if (__builtin_cpu_supports("avx")) return OPENBLAS_AVX;
#endif
    return OPENBLAS_BASE;
}

void openblas_misfit(const char *core, enum openblas_level cpu, char *to, size_t n)
{
    snprintf(to, n, "%s", "");
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++)
        if (!strcasecmp(core, cores[i].core) && cores[i].level < cpu)
            snprintf(to, n,
                     "OpenBLAS runs its %s kernels (%s) on a CPU with %s, slower than it could: "
                     "unset OPENBLAS_CORETYPE, or make deps-openblas for the newest OpenBLAS",
                     cores[i].core, words(cores[i].level), words(cpu));
}
