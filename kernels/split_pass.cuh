/* split_pass.cuh: from floats to parts. Every float is the sum of bf16 parts: hi, what is left of
 * it, mid, and what is left then, lo: 8 bits each, 24 in all, exact for 2^-110 <= |x|. They are
 * written in the order in which split_gemm.cuh wants them in shared memory: chunks of R rows x 64 k
 * of one part, in lines of 128 bytes with the 128-byte swizzle, zeros behind the edges. */
#ifndef WHEELBENCH_SPLIT_PASS_CUH
#define WHEELBENCH_SPLIT_PASS_CUH
#include "kernels/wgmma.cuh"

enum { BK = 64, SPLIT_THREADS = 256 };

/* To what bf16 holds, so that hi is finite and the rest exact; an infinity stays in the rest. */
static __device__ float clamped(float x)
{
    const float most = 0x1.fep127f;
    return fminf(fmaxf(x, -most), most);
}

/* One block: 64 rows x 64 k of an operand, all parts. Chunk of row r, k-block kb, part p: number
 * (r / R * blocks + kb) * PARTS + p, R * 128 bytes each. `vec`: rows may be read as float4. Also
 * clears `flags` flags. */
template <int PARTS, bool K_CONTIGUOUS>
static __global__ void __launch_bounds__(SPLIT_THREADS)
    split(char *to, int R, const float *from, long ld, int rows, int k, int vec, int *flag,
          int flags)
{
    __shared__ float t[64][65];
    const int blocks = (k + BK - 1) / BK, kb = blockIdx.x % blocks, tid = threadIdx.x;
    const int k0 = kb * BK, r0 = blockIdx.x / blocks * 64;
    const int line0 = K_CONTIGUOUS ? r0 : k0, at0 = K_CONTIGUOUS ? k0 : r0; /* as stored */

    for (int i = tid; blockIdx.x == 0 && i < flags; i += SPLIT_THREADS) flag[i] = 0;
    if (vec && r0 + 64 <= rows && k0 + BK <= k) {
        float4 x[4];
#pragma unroll
        for (int i = 0; i < 4; i++)
            x[i] = *(const float4 *)(from + (line0 + tid / 16 + 16 * i) * ld + at0 + tid % 16 * 4);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            const float v[4] = {x[i].x, x[i].y, x[i].z, x[i].w};
            const int line = tid / 16 + 16 * i, at = tid % 16 * 4;
#pragma unroll
            for (int e = 0; e < 4; e++) (K_CONTIGUOUS ? t[line][at + e] : t[at + e][line]) = v[e];
        }
    } else {
#pragma unroll 4
        for (int line = tid / 64; line < 64; line += SPLIT_THREADS / 64) {
            const int at = tid % 64, r = K_CONTIGUOUS ? line : at, kk = K_CONTIGUOUS ? at : line;
            const bool inside = r0 + r < rows && k0 + kk < k;
            t[r][kk] = inside ? from[(line0 + line) * ld + at0 + at] : 0.0f;
        }
    }
    __syncthreads();
    char *chunk = to + ((size_t)(r0 / R) * blocks + kb) * PARTS * R * 128;
#pragma unroll
    for (int i = 0; i < 2; i++) {
        const int r = tid / 8 + 32 * i, q = tid % 8, row = r0 % R + r;
        uint32_t part[PARTS][4];
#pragma unroll
        for (int e = 0; e < 4; e++) {
            float x = t[r][8 * q + 2 * e], y = t[r][8 * q + 2 * e + 1];
#pragma unroll
            for (int p = 0; p < PARTS; p++) {
                part[p][e] =
                    p ? pack<__nv_bfloat16>(x, y) : pack<__nv_bfloat16>(clamped(x), clamped(y));
                x -= __uint_as_float(part[p][e] << 16); /* exact: what this part leaves over */
                y -= __uint_as_float(part[p][e] & 0xffff0000u);
            }
        }
#pragma unroll
        for (int p = 0; p < PARTS; p++)
            *(uint4 *)(chunk + (size_t)p * R * 128 + row * 128 + ((q ^ (row & 7)) << 4)) =
                make_uint4(part[p][0], part[p][1], part[p][2], part[p][3]);
    }
}

template <int PARTS>
static void split_operand(char *to, int R, const void *from, long ld, long rows, long k,
                          bool k_contiguous, int *flag, int flags, struct CUstream_st *stream)
{
    const auto kernel = k_contiguous ? split<PARTS, true> : split<PARTS, false>;
    const unsigned grid = (unsigned)((k + BK - 1) / BK * ((rows + R - 1) / R * (R / 64)));

    kernel<<<grid, SPLIT_THREADS, 0, stream>>>(to, R, (const float *)from, ld, (int)rows, (int)k,
                                               ld % 4 == 0, flag, flags);
}
#endif
