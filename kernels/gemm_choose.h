/* gemm_choose.h: which of our kernels for the GPU takes a product, for gemm_hand. The rule: clocks
 * by counting, for each kernel that can: the products of its fullest multiprocessor at the rate
 * that its instructions have, or the bytes if they take longer, and what comes on top: launches,
 * passes over an operand, the adding of pieces. The least wins. Rates are those of an H100; on
 * other devices only their ratios count. */
#ifndef WHEELBENCH_GEMM_CHOOSE_H
#define WHEELBENCH_GEMM_CHOOSE_H
#include "wheelbench.h"
#ifdef __cplusplus
extern "C" {
#endif

/* In the order of the ladder, whose first rungs, no rival to the others, are left out. So are
 * gemm_wmma and gemm_bf16x9: gemm_mma and gemm_bf16x6 keep the same contracts for less. */
#define GEMM_WAYS(X)                                                                               \
    X(gemm_smem)                                                                                   \
    X(gemm_regtile)                                                                                \
    X(gemm_warptile)                                                                               \
    X(gemm_ffma)                                                                                   \
    X(gemm_mma)                                                                                    \
    X(gemm_mma_tf32)                                                                               \
    X(gemm_mma_f64)                                                                                \
    X(gemm_wgmma)                                                                                  \
    X(gemm_wgmma_persistent)                                                                       \
    X(gemm_wgmma_tf32)                                                                             \
    X(gemm_splitk)                                                                                 \
    X(gemm_gemv)                                                                                   \
    X(gemm_skinny)                                                                                 \
    X(gemm_bf16x3)                                                                                 \
    X(gemm_bf16x6)
enum gemm_way {
#define WAY(name) BY_##name,
    GEMM_WAYS(WAY)
#undef WAY
        GEMM_WAY_COUNT
};

/* Those that can, the one with the fewest clocks first; returns how many. */
int gemm_choose(const struct problem *p, const struct device *d,
                enum gemm_way order[GEMM_WAY_COUNT]);
/* Clocks of a multiprocessor at 1.7 GHz; INFINITY: it cannot. */
double gemm_way_clocks(enum gemm_way way, const struct problem *p, const struct device *d);
const char *gemm_way_name(enum gemm_way way);

#ifdef __cplusplus
}
#endif
#endif
