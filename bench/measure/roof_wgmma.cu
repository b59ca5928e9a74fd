/* roof_wgmma.cu: the probes of Hopper's tensor cores by wgmma, see roof_device.h: both operands
 * come from shared memory, in rows of 128 bytes of k with the 128-byte swizzle, and two warpgroups
 * fill each other's gaps. Layouts: PTX ISA, "Asynchronous Warpgroup Level Matrix Instructions".
 * arch: sm_90a
 */
#include <cuda_runtime.h>
#include "fail.h"
#include "measure/roof_device.h"

static const int A_BYTES = ROOF_WGMMA_M * ROOF_WGMMA_ROW, B_BYTES = ROOF_WGMMA_N * ROOF_WGMMA_ROW,
                 ALL_BYTES = 2 * ROOF_WGMMA_GROUPS * A_BYTES + B_BYTES,
                 THREADS = 128 * ROOF_WGMMA_GROUPS;

/* Descriptor of rows of 128 swizzled bytes: 8 rows further is 1024 bytes further. */
static __device__ __forceinline__ uint64_t descriptor(uint32_t address)
{
    return (uint64_t)((address & 0x3ffff) >> 4) | (uint64_t)1 << 16 | (uint64_t)(1024 >> 4) << 32 |
           (uint64_t)1 << 62;
}

#define R8(at) "%" #at "0,%" #at "1,%" #at "2,%" #at "3,%" #at "4,%" #at "5,%" #at "6,%" #at "7"
#define TEN(at)                                                                                    \
    "%" #at "0,%" #at "1,%" #at "2,%" #at "3,%" #at "4,%" #at "5,%" #at "6,%" #at "7,%" #at        \
    "8,%" #at "9,"
#define F4(i) "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3])
#define F16S(i) F4(i), F4(i + 4), F4(i + 8), F4(i + 12)
#define F128 F16S(0), F16S(16), F16S(32), F16S(48), F16S(64), F16S(80), F16S(96), F16S(112)

/* D[64 x 256] += A[64 x 32 bytes] B'[256 x 32 bytes] of one warpgroup. */
#define SHAPE(name, ptx, transpose)                                                                \
    struct name {                                                                                  \
        static __device__ __forceinline__ void mma(float (&d)[128], uint64_t a, uint64_t b)        \
        {                                                                                          \
            asm volatile("wgmma.mma_async.sync.aligned." ptx                                       \
                         " {%0,%1,%2,%3,%4,%5,%6,%7,%8,%9," TEN(1) TEN(2) TEN(3) TEN(4) TEN(5)     \
                             TEN(6) TEN(7) TEN(8) TEN(9) TEN(10) TEN(11)                           \
                                 R8(12) "}, %128, %129, 1, 1, 1" transpose ";"                     \
                         : F128                                                                    \
                         : "l"(a), "l"(b));                                                        \
        }                                                                                          \
    };
SHAPE(shape_f16, "m64n256k16.f32.f16.f16", ", 0, 0")
SHAPE(shape_bf16, "m64n256k16.f32.bf16.bf16", ", 0, 0")
SHAPE(shape_tf32, "m64n256k8.f32.tf32.tf32", "")

template <typename shape>
static __global__ void __launch_bounds__(THREADS, 1)
    wgmma_kernel(const uint4 *operands, float *out, long steps)
{
    extern __shared__ uint4 room[];
    const int thread = threadIdx.x, group = thread / 128;
    const uint32_t base = ((uint32_t)__cvta_generic_to_shared(room) + 1023) / 1024 * 1024;
    float d[128];

    /* Every tile begins on 1024 bytes, so the swizzle is by the row of the whole. */
    for (int i = thread; i < ALL_BYTES / 16; i += THREADS) {
        const uint32_t row = i / 8, chunk = i % 8 ^ row % 8;
        const uint4 v = operands[i];
        asm volatile(
            "st.shared.v4.u32 [%0], {%1, %2, %3, %4};" ::"r"(base + row * 128 + chunk * 16),
            "r"(v.x), "r"(v.y), "r"(v.z), "r"(v.w)
            : "memory");
    }
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 128; i++) d[i] = 0;
    const uint64_t a = descriptor(base + 2 * group * A_BYTES),
                   b = descriptor(base + 2 * ROOF_WGMMA_GROUPS * A_BYTES);
    for (long s = 0; s < steps; s++) {
        asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#pragma unroll
        for (int i = 0; i < 8; i++) /* four slices of 32 bytes of k with A[0], four with A[1] */
            shape::mma(d, a + (uint64_t)(i / 4 * (A_BYTES >> 4) + i % 4 * 2),
                       b + (uint64_t)(i % 4 * 2));
        asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
        asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
    }
    out += 4 * ((long)blockIdx.x * THREADS + thread);
    float sum[4] = {};
#pragma unroll
    for (int i = 0; i < 128; i++) sum[i % 4] += d[i];
    for (int i = 0; i < 4; i++) out[i] = sum[i];
}

template <typename shape>
static const char *launch(const struct roof_job *j, struct CUstream_st *stream)
{
    const int bytes = ALL_BYTES + 1024; /* to begin on 1024 bytes */

    CHECK_CUDA(cudaFuncSetAttribute(wgmma_kernel<shape>,
                                    cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
    wgmma_kernel<shape><<<j->blocks, THREADS, bytes, stream>>>((const uint4 *)j->operands,
                                                               (float *)j->out, j->steps);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}

const char *roof_wgmma(enum precision p, const struct roof_job *job, struct CUstream_st *stream)
{
    if (p == F16) return launch<shape_f16>(job, stream);
    if (p == BF16) return launch<shape_bf16>(job, stream);
    return launch<shape_tf32>(job, stream);
}
