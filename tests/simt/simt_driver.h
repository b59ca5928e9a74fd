/* simt_driver.h: the part of <cuda.h> that a kernel with TMA needs: the tensor map, its encoder,
 * and how the encoder is found. It refuses what the driver refuses; two dimensions only. */
#ifndef SIMT_DRIVER_H
#define SIMT_DRIVER_H
#include "simt_runtime.h"
#include "simt_tma.h"

typedef simt::tensor_map CUtensorMap;
typedef uint64_t cuuint64_t;
typedef uint32_t cuuint32_t;
enum CUresult { CUDA_SUCCESS, CUDA_ERROR_INVALID_VALUE };
enum CUtensorMapDataType {
    CU_TENSOR_MAP_DATA_TYPE_UINT8,
    CU_TENSOR_MAP_DATA_TYPE_UINT16,
    CU_TENSOR_MAP_DATA_TYPE_UINT32,
    CU_TENSOR_MAP_DATA_TYPE_INT32,
    CU_TENSOR_MAP_DATA_TYPE_UINT64,
    CU_TENSOR_MAP_DATA_TYPE_INT64,
    CU_TENSOR_MAP_DATA_TYPE_FLOAT16,
    CU_TENSOR_MAP_DATA_TYPE_FLOAT32,
    CU_TENSOR_MAP_DATA_TYPE_FLOAT64,
    CU_TENSOR_MAP_DATA_TYPE_BFLOAT16,
    CU_TENSOR_MAP_DATA_TYPE_FLOAT32_FTZ,
    CU_TENSOR_MAP_DATA_TYPE_TFLOAT32,
    CU_TENSOR_MAP_DATA_TYPE_TFLOAT32_FTZ
};
enum CUtensorMapInterleave { CU_TENSOR_MAP_INTERLEAVE_NONE };
enum CUtensorMapSwizzle {
    CU_TENSOR_MAP_SWIZZLE_NONE,
    CU_TENSOR_MAP_SWIZZLE_32B,
    CU_TENSOR_MAP_SWIZZLE_64B,
    CU_TENSOR_MAP_SWIZZLE_128B
};
enum CUtensorMapL2promotion {
    CU_TENSOR_MAP_L2_PROMOTION_NONE,
    CU_TENSOR_MAP_L2_PROMOTION_L2_64B,
    CU_TENSOR_MAP_L2_PROMOTION_L2_128B,
    CU_TENSOR_MAP_L2_PROMOTION_L2_256B
};
enum CUtensorMapFloatOOBfill { CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE };

inline CUresult cuTensorMapEncodeTiled(CUtensorMap *map, CUtensorMapDataType type, cuuint32_t rank,
                                       void *at, const cuuint64_t *dim, const cuuint64_t *stride,
                                       const cuuint32_t *box, const cuuint32_t *step,
                                       CUtensorMapInterleave, CUtensorMapSwizzle swizzle,
                                       CUtensorMapL2promotion, CUtensorMapFloatOOBfill)
{
    static const uint32_t size[] = {1, 2, 4, 4, 8, 8, 2, 4, 8, 2, 4, 4, 4};
    const uint32_t row = box[0] * size[type];
    if (rank != 2) simt::fault("cuTensorMapEncodeTiled: only 2 dimensions are modelled");
    if ((uintptr_t)at % 16 || (uintptr_t)map % 64) return CUDA_ERROR_INVALID_VALUE;
    if (stride[0] % 16 || stride[0] >> 40 || row % 16) return CUDA_ERROR_INVALID_VALUE;
    if (swizzle && row > 16u << swizzle) return CUDA_ERROR_INVALID_VALUE;
    for (int i = 0; i < 2; i++) {
        if (!dim[i] || dim[i] >> 32 || !box[i] || box[i] > 256) return CUDA_ERROR_INVALID_VALUE;
        if (step[i] != 1) simt::fault("cuTensorMapEncodeTiled: only steps of 1 are modelled");
    }
    *map = {};
    map->magic = simt::MAP_MAGIC, map->at = (char *)at, map->stride = stride[0];
    map->dim[0] = dim[0], map->dim[1] = dim[1], map->box[0] = box[0], map->box[1] = box[1];
    map->element = size[type], map->swizzle = (uint32_t)swizzle;
    return CUDA_SUCCESS;
}
typedef decltype(&cuTensorMapEncodeTiled) PFN_cuTensorMapEncodeTiled_v12000;
typedef PFN_cuTensorMapEncodeTiled_v12000 PFN_cuTensorMapEncodeTiled;

enum cudaDriverEntryPointQueryResult {
    cudaDriverEntryPointSuccess,
    cudaDriverEntryPointSymbolNotFound
};
enum { cudaEnableDefault };
inline cudaError_t
cudaGetDriverEntryPointByVersion(const char *name, void **fn, unsigned, unsigned long long,
                                 cudaDriverEntryPointQueryResult *found = nullptr)
{
    const bool known = !strcmp(name, "cuTensorMapEncodeTiled");
    *fn = known ? (void *)&cuTensorMapEncodeTiled : nullptr;
    if (found) *found = known ? cudaDriverEntryPointSuccess : cudaDriverEntryPointSymbolNotFound;
    return cudaSuccess;
}
inline cudaError_t cudaGetDriverEntryPoint(const char *name, void **fn, unsigned long long flags,
                                           cudaDriverEntryPointQueryResult *found = nullptr)
{
    return cudaGetDriverEntryPointByVersion(name, fn, 12000, flags, found);
}
#endif
