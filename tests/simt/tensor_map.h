/* tensor_map.h: a tensor map of a matrix, as the programs here want them. */
#ifndef SIMT_TENSOR_MAP_H
#define SIMT_TENSOR_MAP_H
#include <cuda_runtime.h>
#include <cudaTypedefs.h>
#include <stdio.h>
#include <stdlib.h>

static PFN_cuTensorMapEncodeTiled_v12000 encoder() /* found at run time: no -lcuda */
{
    cudaDriverEntryPointQueryResult found;
    void *fn = nullptr;
    cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &fn, 12000, cudaEnableDefault,
                                     &found);
    if (!fn) printf("no cuTensorMapEncodeTiled\n"), exit(2);
    return (PFN_cuTensorMapEncodeTiled_v12000)fn;
}

/* rows x cols elements of `size` bytes, ld apart; boxes of box_rows x box_cols */
struct matrix {
    CUtensorMapDataType type;
    int size;
    void *at;
    int cols, rows, ld, box_cols, box_rows;
    CUtensorMapSwizzle swizzle;
};
static CUtensorMap map_of(const struct matrix &m)
{
    const cuuint64_t dims[2] = {(cuuint64_t)m.cols, (cuuint64_t)m.rows};
    const cuuint64_t stride[1] = {(cuuint64_t)m.ld * m.size};
    const cuuint32_t box[2] = {(cuuint32_t)m.box_cols, (cuuint32_t)m.box_rows}, step[2] = {1, 1};
    CUtensorMap map;

    if (encoder()(&map, m.type, 2, m.at, dims, stride, box, step, CU_TENSOR_MAP_INTERLEAVE_NONE,
                  m.swizzle, CU_TENSOR_MAP_L2_PROMOTION_NONE,
                  CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE) != CUDA_SUCCESS)
        printf("cuTensorMapEncodeTiled refused\n"), exit(2);
    return map;
}
#endif
