/* cpu_clones.h: lets the compiler vectorise one plain C function for several instruction sets, of
 * which the loader picks the best that this CPU has. The clones name features, never models:
 * "arch=skylake-avx512" is taken on that very model only, and a newer CPU silently runs the
 * baseline copy.
 *
 * For leaf functions only: the body of an OpenMP parallel region becomes a function of its own,
 * which is not cloned. */
#ifndef WHEELBENCH_CPU_CLONES_H
#define WHEELBENCH_CPU_CLONES_H
#include <limits.h> /* defines __GLIBC__, where it is one: clones need its ifunc */

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define CLONES __attribute__((target_clones("default", "fma", "avx512f")))
#else
#define CLONES /* elsewhere: what the compiler flags allow */
#endif
#endif
