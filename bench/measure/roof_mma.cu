/* roof_mma.cu: the probes of the tensor cores by mma.sync, see roof_device.h: operands and sums
 * stay in registers, and the tiles of a warp do not wait for each other. Layouts: PTX ISA, "Matrix
 * Fragments" of mma.m16n8k8 and mma.m16n8k16. */
#include <cuda_runtime.h>
#include "fail.h"
#include "measure/roof_device.h"

/* D += A B of one warp. Below sm_80 there are no such instructions; roof_device_cuda.c does not
 * come here then. */
#if __CUDA_ARCH__ >= 800
#define PTX(...) asm volatile(__VA_ARGS__)
#else
#define PTX(...) (void)d, (void)a, (void)b
#endif

#define SHAPE_F32(name, ptx)                                                                       \
    struct name {                                                                                  \
        typedef uint32_t word;                                                                     \
        typedef float sum;                                                                         \
        enum { A = 4, B = 2, BS = ROOF_MMA_BS };                                                   \
        static __device__ __forceinline__ void mma(float (&d)[4], const uint32_t (&a)[4],          \
                                                   const uint32_t (&b)[2])                         \
        {                                                                                          \
            PTX("mma.sync.aligned." ptx                                                            \
                " {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"                 \
                : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])                                   \
                : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));               \
        }                                                                                          \
    };
SHAPE_F32(shape_f16, "m16n8k16.row.col.f32.f16.f16.f32")
SHAPE_F32(shape_bf16, "m16n8k16.row.col.f32.bf16.bf16.f32")
SHAPE_F32(shape_tf32, "m16n8k8.row.col.f32.tf32.tf32.f32")

struct shape_f64 {
    typedef double word;
    typedef double sum;
    enum { A = 8, B = 4, BS = ROOF_MMA_BS_F64 };
    static __device__ __forceinline__ void mma(double (&d)[4], const double (&a)[8],
                                               const double (&b)[4])
    {
#if __CUDA_ARCH__ >= 900
        PTX("mma.sync.aligned.m16n8k16.row.col.f64.f64.f64.f64 {%0, %1, %2, %3},"
            " {%4, %5, %6, %7, %8, %9, %10, %11}, {%12, %13, %14, %15}, {%0, %1, %2, %3};"
            : "+d"(d[0]), "+d"(d[1]), "+d"(d[2]), "+d"(d[3])
            : "d"(a[0]), "d"(a[1]), "d"(a[2]), "d"(a[3]), "d"(a[4]), "d"(a[5]), "d"(a[6]),
              "d"(a[7]), "d"(b[0]), "d"(b[1]), "d"(b[2]), "d"(b[3]));
#else /* the same tile by the one f64 shape that sm_80 has */
#pragma unroll
        for (int i = 0; i < 8; i++)
            PTX("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0, %1}, {%2}, {%3}, {%0, %1};"
                : "+d"(d[i % 2 * 2]), "+d"(d[i % 2 * 2 + 1])
                : "d"(a[i]), "d"(b[i / 2]));
#endif
    }
};

template <typename shape>
static __global__ void __launch_bounds__(32 * ROOF_MMA_WARPS)
    mma_kernel(const typename shape::word *operands, typename shape::sum *out, long steps)
{
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const typename shape::word *mine = operands + warp * 32 * (2 * shape::A + shape::BS * shape::B);
    typename shape::word a[2][shape::A], b[shape::BS][shape::B];
    typename shape::sum d[2][shape::BS][4] = {};

#pragma unroll
    for (int x = 0; x < 2; x++)
#pragma unroll
        for (int i = 0; i < shape::A; i++) a[x][i] = mine[(32 * x + lane) * shape::A + i];
    mine += 2 * 32 * shape::A;
#pragma unroll
    for (int y = 0; y < shape::BS; y++)
#pragma unroll
        for (int i = 0; i < shape::B; i++) b[y][i] = mine[(32 * y + lane) * shape::B + i];
    for (long s = 0; s < steps; s++)
#pragma unroll
        for (int other = 0; other < 2; other++)
#pragma unroll
            for (int x = 0; x < 2; x++)
#pragma unroll
                for (int y = 0; y < shape::BS; y++) shape::mma(d[x][y], a[x ^ other], b[y]);
    out += 4 * ((long)blockIdx.x * 32 * ROOF_MMA_WARPS + threadIdx.x);
#pragma unroll
    for (int i = 0; i < 4; i++) {
        typename shape::sum total = 0;
#pragma unroll
        for (int xy = 0; xy < 2 * shape::BS; xy++) total += d[xy / shape::BS][xy % shape::BS][i];
        out[i] = total;
    }
}

template <typename shape> static void launch(const struct roof_job *j, struct CUstream_st *stream)
{
    mma_kernel<shape><<<j->blocks, 32 * ROOF_MMA_WARPS, 0, stream>>>(
        (const typename shape::word *)j->operands, (typename shape::sum *)j->out, j->steps);
}

const char *roof_mma(enum precision p, const struct roof_job *job, struct CUstream_st *stream)
{
    if (p == F16) launch<shape_f16>(job, stream);
    else if (p == BF16) launch<shape_bf16>(job, stream);
    else if (p == TF32) launch<shape_tf32>(job, stream);
    else launch<shape_f64>(job, stream);
    CHECK_CUDA(cudaGetLastError());
    return NULL;
}
