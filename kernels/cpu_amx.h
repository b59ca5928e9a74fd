/* cpu_amx.h: the tile registers of Intel's AMX, an instruction a wrapper. Eight registers (0 to 7,
 * written as numbers) of 16 rows of 64 bytes, which lie in memory without gaps: 16 x 16 floats, or
 * 16 rows of 32 bf16. Each thread configures its own and releases them.
 *
 *   AMX_DOT(c, a, b)   C[i][j] += sum over p < 16 of a pair of A[i], a pair of B[p]:
 *                      a[i][2 p] b[p][2 j] + a[i][2 p + 1] b[p][2 j + 1]
 *
 * A test has the same names in plain C, so that the kernel above is checked on any CPU. */
#ifndef WHEELBENCH_CPU_AMX_H
#define WHEELBENCH_CPU_AMX_H
#include <stdint.h>

/* What LDTILECFG reads; palette 1 has the eight registers. */
struct amx_config {
    uint8_t palette, start_row, zero[14];
    uint16_t colsb[16]; /* bytes of a row, by register; 8 to 15 do not exist */
    uint8_t rows[16];
};
static const struct amx_config amx_whole = {.palette = 1,
                                            .colsb = {64, 64, 64, 64, 64, 64, 64, 64},
                                            .rows = {16, 16, 16, 16, 16, 16, 16, 16}};

#if defined(AMX_EMULATED)
#include "tests/amx_emulated.h"
#elif defined(__x86_64__) && defined(__linux__) && (__GNUC__ >= 11 || __clang_major__ >= 12)
#include <cpuid.h>
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "fail.h"

/* Also asks Linux for the registers, for all threads: without that the first use is SIGILL. */
static inline const char *amx_why_not(void)
{
    enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 }; /* arch_prctl(2), Linux 5.16 */
    const unsigned bf16 = 1u << 22, tile = 1u << 24;
    unsigned a, b, c, d = 0;

    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d & tile) || !(d & bf16))
        return "needs a CPU with AMX for bf16: Intel's Xeon from Sapphire Rapids on";
    if (syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA))
        return fail_text("Linux does not hand out AMX's registers, from 5.16 on it can: %s",
                         strerror(errno));
    return NULL;
}

#define AMX_CONFIGURE(config) __asm__ volatile("ldtilecfg %0" : : "m"(*(config)))
#define AMX_RELEASE() __asm__ volatile("tilerelease")
#define AMX_ZERO(t) __asm__ volatile("tilezero %%tmm" #t : :)
#define AMX_LOAD(t, p)                                                                             \
    __asm__ volatile("tileloadd (%0,%1,1), %%tmm" #t : : "r"(p), "r"((long)64) : "memory")
#define AMX_STORE(t, p)                                                                            \
    __asm__ volatile("tilestored %%tmm" #t ", (%0,%1,1)" : : "r"(p), "r"((long)64) : "memory")
#define AMX_DOT(c, a, b) __asm__ volatile("tdpbf16ps %%tmm" #b ", %%tmm" #a ", %%tmm" #c : :)
#else
#include <stdlib.h>
static inline const char *amx_why_not(void)
{
    return "not built: AMX is known on x86-64 Linux by gcc from 11, clang from 12";
}
#define AMX_CONFIGURE(config) ((void)(config), abort()) /* never: why_not has said so */
#define AMX_RELEASE() abort()
#define AMX_ZERO(t) abort()
#define AMX_LOAD(t, p) ((void)(p), abort())
#define AMX_STORE(t, p) ((void)(p), abort())
#define AMX_DOT(c, a, b) abort()
#endif
#endif
