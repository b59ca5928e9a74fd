/* cpu_gemm_hand.h: which of our ways a product goes and on how many threads, for gemm_cpu_hand and
 * for convolutions.
 *
 *   few     min(m, n) <= mr / 2, or <= mr where the large operand is read by dot products: packing
 *           it would cost more than the product
 *   tiny    all operands in 256 KiB and little work: strides cost nothing there, packing does
 *   lying   one thread, at most 128 rows, 256 deep, B with rows of its own: packing it would be a
 *           large part
 *   packed  each thread packs for its own rows: nobody waits, and a panel that another core has
 *           written costs as much to fetch as B to pack
 *   team    one panel of B for all threads: B too large to be read by each, or few rows a thread
 */
#ifndef WHEELBENCH_CPU_GEMM_HAND_H
#define WHEELBENCH_CPU_GEMM_HAND_H
#include "kernels/cpu_gemm.h"

enum cpu_gemm_way { CPU_GEMM_FEW, CPU_GEMM_TINY, CPU_GEMM_LYING, CPU_GEMM_PACKED, CPU_GEMM_TEAM };
struct cpu_gemm_choice {
    enum cpu_gemm_way way;
    int threads; /* 1 to those there are */
};

struct cpu_gemm_choice cpu_gemm_choose(const struct cpu_gemm *g, int threads);
const char *cpu_gemm_way_name(enum cpu_gemm_way way);
size_t cpu_gemm_by_room(struct cpu_gemm_choice choice, const struct cpu_gemm *g);
void cpu_gemm_by(struct cpu_gemm_choice choice, const struct cpu_gemm *g, void *room);
#endif
