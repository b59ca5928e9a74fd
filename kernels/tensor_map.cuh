/* tensor_map.cuh: the descriptor by which TMA copies boxes of a matrix. Host code; the encoder is
 * the driver's, found at run time, so that nothing links with -lcuda. */
#ifndef WHEELBENCH_TENSOR_MAP_CUH
#define WHEELBENCH_TENSOR_MAP_CUH
#include <cuda_runtime.h>
#include <cudaTypedefs.h>

/* rows x cols elements of `size` bytes at `at`, rows ld elements apart; boxes of box_rows x
 * box_cols of them. What a box has outside reads as 0. */
struct matrix {
    CUtensorMapDataType type;
    int size;
    const void *at;
    long cols, rows, ld;
    int box_cols, box_rows;
    CUtensorMapSwizzle swizzle;
};

/* NULL, or why not. L2 promotion of 128 bytes: with 256 the L2 moves more. */
static const char *tensor_map(CUtensorMap *map, const struct matrix &m)
{
    static PFN_cuTensorMapEncodeTiled_v12000 encode;
    const cuuint64_t dims[2] = {(cuuint64_t)m.cols, (cuuint64_t)m.rows};
    const cuuint64_t stride[1] = {(cuuint64_t)m.ld * m.size};
    const cuuint32_t box[2] = {(cuuint32_t)m.box_cols, (cuuint32_t)m.box_rows}, step[2] = {1, 1};

    if (!encode) {
        cudaDriverEntryPointQueryResult found;
        void *fn = NULL;
#if CUDART_VERSION >= 12050
        cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &fn, 12000, cudaEnableDefault,
                                         &found);
#else
        cudaGetDriverEntryPoint("cuTensorMapEncodeTiled", &fn, cudaEnableDefault, &found);
#endif
        if (!fn) return "the driver has no cuTensorMapEncodeTiled (needs CUDA 12.0)";
        encode = (PFN_cuTensorMapEncodeTiled_v12000)fn;
    }
    if (encode(map, m.type, 2, (void *)m.at, dims, stride, box, step, CU_TENSOR_MAP_INTERLEAVE_NONE,
               m.swizzle, CU_TENSOR_MAP_L2_PROMOTION_L2_128B,
               CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE) != CUDA_SUCCESS)
        return "cuTensorMapEncodeTiled refused a matrix";
    return NULL;
}
#endif
