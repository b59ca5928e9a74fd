/* cpu_gemm_hand.h: which of our ways a product goes, for gemm_cpu_hand and for convolutions.
 *
 *   few     min(m, n) <= mr / 2, or <= mr where the large operand is read by dot products: packing
 *           it would cost more than the product
 *   tiny    all operands in 256 KiB and at most SMALL_FLOPS: strides cost nothing there, packing
 * does packed  one thread, or at most SMALL_FLOPS: waking another costs more than it brings team
 * the rest: one packed panel of B for all threads
 */
#ifndef WHEELBENCH_CPU_GEMM_HAND_H
#define WHEELBENCH_CPU_GEMM_HAND_H
#include "kernels/cpu_gemm.h"

enum cpu_gemm_way { CPU_GEMM_FEW, CPU_GEMM_TINY, CPU_GEMM_PACKED, CPU_GEMM_TEAM };

enum cpu_gemm_way cpu_gemm_choose(const struct cpu_gemm *g, int threads);
const char *cpu_gemm_way_name(enum cpu_gemm_way way);
size_t cpu_gemm_way_room(enum cpu_gemm_way way, const struct cpu_gemm *g, int threads);
void cpu_gemm_by(enum cpu_gemm_way way, const struct cpu_gemm *g, int threads, void *room);
#endif
