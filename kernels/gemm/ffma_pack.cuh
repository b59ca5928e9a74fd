/* ffma_pack.cuh: an operand as gemm_ffma wants it, k by k: as it is stored, or packed into the
 * workspace first. */
#ifndef WHEELBENCH_FFMA_PACK_CUH
#define WHEELBENCH_FFMA_PACK_CUH
#include "kernels/gemm/repack.cuh"
#include "kernels/tensor_map.cuh"

static struct packing ffma_packing(long ld, long rows, long k, bool k_contiguous)
{
    return packing_of(k_contiguous ? rows : k, k_contiguous ? k : rows, ld, k_contiguous, 4);
}
/* Bytes of an operand once packed; 0: TMA takes it as it is. */
static size_t packed(long ld, long rows, long k, bool k_contiguous)
{
    return packing_bytes(ffma_packing(ld, rows, k, k_contiguous), sizeof(float));
}
/* The map of an operand as [k][rows], packed to `room` first where packed() says so. */
static const char *operand(CUtensorMap *map, const void *at, long ld, long rows, long k,
                           bool k_contiguous, int box, int bk, char *room,
                           struct CUstream_st *stream)
{
    pack_operand<float>(ffma_packing(ld, rows, k, k_contiguous), &at, &ld, room, stream);
    return tensor_map(map, {CU_TENSOR_MAP_DATA_TYPE_FLOAT32, 4, at, rows, k, ld, box, bk,
                            CU_TENSOR_MAP_SWIZZLE_NONE});
}
#endif
