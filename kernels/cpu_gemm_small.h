/* cpu_gemm_small.h: products of which packing would be the larger part. */
#ifndef WHEELBENCH_CPU_GEMM_SMALL_H
#define WHEELBENCH_CPU_GEMM_SMALL_H
#include "kernels/cpu_gemm.h"

/* A few rows, or a few columns: bound by reading the large operand once. Any shape is right, few <=
 * 2 CPU_FEW is what it is for. */
size_t cpu_gemm_few_room(const struct cpu_gemm *g, int threads);
void cpu_gemm_few(const struct cpu_gemm *g, int threads, void *room);

/* All operands in the caches: tiles on one thread that read A and B where they lie, and pack only
 * what is transposed or a rim. */
size_t cpu_gemm_tiny_room(const struct cpu_gemm *g);
void cpu_gemm_tiny(const struct cpu_gemm *g, void *room);

/* B with bcs = 1, read where it lies; m a multiple of mr / 3. One thread. */
size_t cpu_gemm_lying_room(const struct cpu_gemm *g);
void cpu_gemm_lying(const struct cpu_gemm *g, void *room);
#endif
