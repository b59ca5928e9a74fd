/* openblas.h: does the set of kernels that OpenBLAS chose fit this CPU? It knows CPUs by name: a
 * newer one, a renamed one, or OPENBLAS_CORETYPE gets kernels of an older instruction set, and that
 * decides the ratio of gemm_openblas to a hand kernel more than any kernel does. */
#ifndef WHEELBENCH_OPENBLAS_H
#define WHEELBENCH_OPENBLAS_H
#include <stddef.h>

/* Instruction sets that matter to its kernels, each with those before it. */
enum openblas_level { OPENBLAS_BASE, OPENBLAS_AVX, OPENBLAS_AVX2, OPENBLAS_AVX512 };

/* What this CPU has; OPENBLAS_BASE where it is no x86-64. */
enum openblas_level openblas_cpu_level(void);

/* Writes what is wrong with kernels for `core` on such a CPU, and what helps; "" when they fit, or
 * when nothing is known of that name. */
void openblas_misfit(const char *core, enum openblas_level cpu, char *to, size_t n);
#endif
