/* cublaslt_plan.h: the road from a gemm problem to a cublasLtMatmul: describe (numbers only, no
 * device), make (descriptors, heuristics), use one of the algorithms found, run. Shared by
 * gemm_cublaslt, which takes the first, and gemm_cublaslt_best, which offers all. */
#ifndef WHEELBENCH_CUBLASLT_PLAN_H
#define WHEELBENCH_CUBLASLT_PLAN_H
#include <cublasLt.h>
#include <stdint.h>
#include "reference/cublas_gemm.h"
#ifdef __cplusplus
extern "C" {
#endif

enum { LT_MOST = 16 }; /* algorithms asked for, at most */

/* What a problem is to the library. Its matrices are column-major, its A is our B (gemm_cublas.c).
 */
struct lt_matrix {
    cublasOperation_t op;
    uint64_t rows, cols; /* as stored, before op */
    int64_t ld;
};
struct lt_description {
    cublasComputeType_t compute;
    cudaDataType_t stored, scale;
    uint32_t reductions; /* of split k that keep partial sums in the compute type */
    struct lt_matrix a, b, c;
};
struct lt_description lt_describe(const struct problem *);

/* What the library says of an algorithm; -1 where it does not. */
struct lt_config {
    int id, tile, stages, splitk, reduction, cluster, inner, custom;
};
/* "algo 66 128x256 stages 35 splitk 2 reduction 2": the tile as rows x columns of our C where this
 * file knows its size; all else by the numbers of the library's header, those unset left out. */
void lt_algo_text(const struct lt_config *, char *to, size_t n);

/* Fills plan->state with at most `wanted` algorithms, best guess first, that need at most
 * `workspace_bytes`. lt_cleanup frees it, also after a failure. */
const char *lt_make(struct plan *, int wanted, size_t workspace_bytes);
void lt_cleanup(struct plan *);
int lt_count(const struct plan *);
const char *lt_use(struct plan *, int i);
const char *lt_run(const struct plan *, const struct operands *, struct CUstream_st *);

#ifdef __cplusplus
}
#endif
#endif
