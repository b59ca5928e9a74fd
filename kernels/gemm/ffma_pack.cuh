/* ffma_pack.cuh: an operand as gemm_ffma wants it, k by k: as it is stored, or packed into the
 * workspace first. */
#ifndef WHEELBENCH_FFMA_PACK_CUH
#define WHEELBENCH_FFMA_PACK_CUH
#include "kernels/tensor_map.cuh"

enum { PACK_THREADS = 256 };

/* to[k][rows, padded to ld_to] from from[rows][k] (TRANSPOSE) or from[k][rows]; 64 x 64 a block. */
template <bool TRANSPOSE>
static __global__ void __launch_bounds__(PACK_THREADS)
    ffma_pack(float *to, long ld_to, const float *from, long ld, int rows, int k)
{
    __shared__ float t[64][65];
    const int across = (k + 63) / 64, x = threadIdx.x % 64, y = threadIdx.x / 64;
    const int r0 = blockIdx.x / across * 64, k0 = blockIdx.x % across * 64;

#pragma unroll
    for (int i = 0; i < 64; i += PACK_THREADS / 64) {
        const int r = TRANSPOSE ? y + i : x, kk = TRANSPOSE ? x : y + i;
        const bool inside = r0 + r < rows && k0 + kk < k;
        const long at = TRANSPOSE ? (r0 + r) * ld + k0 + kk : (k0 + kk) * ld + r0 + r;
        t[r][kk] = inside ? from[at] : 0.0f;
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 64; i += PACK_THREADS / 64)
        if (r0 + x < ld_to && k0 + y + i < k) to[(k0 + y + i) * ld_to + r0 + x] = t[x][y + i];
}

/* Bytes of an operand once packed; 0: TMA takes it as it is. */
static size_t packed(long ld, long rows, long k, bool k_contiguous)
{
    if (!k_contiguous && ld % 4 == 0) return 0;
    return ((size_t)(rows + 3) / 4 * 4 * k * sizeof(float) + 255) / 256 * 256;
}
/* The map of an operand as [k][rows], packed to `room` first where packed() says so. */
static const char *operand(CUtensorMap *map, const void *at, long ld, long rows, long k,
                           bool k_contiguous, int box, int bk, char *room,
                           struct CUstream_st *stream)
{
    if (packed(ld, rows, k, k_contiguous)) {
        const auto kernel = k_contiguous ? ffma_pack<true> : ffma_pack<false>;
        const long ld_to = (rows + 3) / 4 * 4;
        const unsigned grid = (unsigned)((ld_to + 63) / 64 * ((k + 63) / 64));
        kernel<<<grid, PACK_THREADS, 0, stream>>>((float *)room, ld_to, (const float *)at, ld,
                                                  (int)rows, (int)k);
        at = room, ld = ld_to;
    }
    return tensor_map(map, {CU_TENSOR_MAP_DATA_TYPE_FLOAT32, 4, at, rows, k, ld, box, bk,
                            CU_TENSOR_MAP_SWIZZLE_NONE});
}
#endif
