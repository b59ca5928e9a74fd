/* mma.cuh: the instructions of sm_80 that feed and run tensor cores: cp.async, ldmatrix, mma.sync.
 * One thin function each: inline PTX for nvcc, a host body for the check without a GPU. Fragment
 * layouts are those of the PTX ISA, "Matrix Fragments"; g = lane / 4, t = lane % 4. */
#ifndef WHEELBENCH_MMA_CUH
#define WHEELBENCH_MMA_CUH
#include <stdint.h>
#ifdef SIMT
#include <simt_mma.h>
#define PTX(...)
#define HOST(...) __VA_ARGS__
#elif defined __CUDA_ARCH__ && __CUDA_ARCH__ < 800
#define PTX(...) /* no such instructions: why_not keeps kernels away */
#define HOST(...)
#else
#define PTX(...) __VA_ARGS__
#define HOST(...)
#endif
#define INSTRUCTION static __device__ __forceinline__
#define WHERE [[maybe_unused]] int line = __builtin_LINE() /* for reports */

INSTRUCTION uint32_t smem_addr(const void *p) { return (uint32_t)__cvta_generic_to_shared(p); }

/* cp.async: the first `bytes` of SIZE (4, 8 or 16) from global to shared memory, zeros behind; both
 * addresses are multiples of SIZE. Lands at some time before the wait. 16 bytes go past L1. */
template <int SIZE> INSTRUCTION void cp_async(uint32_t to, const void *from, int bytes = SIZE)
{
    static_assert(SIZE == 4 || SIZE == 8 || SIZE == 16, "what cp.async can copy");
    HOST(simt::cp_async(to, from, SIZE, (unsigned)bytes);)
    PTX(if constexpr (SIZE == 16) asm volatile(
            "cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(bytes)
            : "memory");
        else asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(to), "l"(from),
                          "n"(SIZE), "r"(bytes)
                          : "memory");)
}
INSTRUCTION void cp_async_commit()
{
    HOST(simt::cp_commit();)
    PTX(asm volatile("cp.async.commit_group;" ::: "memory");)
}
template <int N> INSTRUCTION void cp_async_wait()
{
    HOST(simt::cp_wait(N);)
    PTX(asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory");)
}

/* ldmatrix.x4: lane l gives row l % 8 of matrix l / 8, and holds of each matrix the elements
 * (lane / 4, 2 * (lane % 4)) and the one right of it; trans: transposed. */
#define LDMATRIX(name, trans, ptx)                                                                 \
    INSTRUCTION void name(uint32_t(&r)[4], uint32_t row, WHERE)                                    \
    {                                                                                              \
        HOST(simt::ldmatrix(r, 4, row, trans, line);)                                              \
        PTX(asm volatile("ldmatrix.sync.aligned.m8n8.x4" ptx ".shared.b16 {%0, %1, %2, %3}, [%4];" \
                         : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])                          \
                         : "r"(row)                                                                \
                         : "memory");)                                                             \
    }
LDMATRIX(ldmatrix_x4, false, "")
LDMATRIX(ldmatrix_x4_trans, true, ".trans")
#undef LDMATRIX

#define ABD " {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
#define MMA(name, ptx, ...)                                                                        \
    INSTRUCTION void name(float(&d)[4], const uint32_t(&a)[4], const uint32_t(&b)[2], WHERE)       \
    {                                                                                              \
        HOST(simt::__VA_ARGS__;)                                                                   \
        PTX(asm volatile("mma.sync.aligned." ptx ABD                                               \
                         : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])                          \
                         : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));)     \
    }
/* D[16 x 8] += A[16 x 16] B[16 x 8], f32 sums */
MMA(mma_m16n8k16_bf16, "m16n8k16.row.col.f32.bf16.bf16.f32",
    mma_m16n8k16(d, a, b, simt::BF16, line))
MMA(mma_m16n8k16_f16, "m16n8k16.row.col.f32.f16.f16.f32", mma_m16n8k16(d, a, b, simt::F16, line))
/* D[16 x 8] += A[16 x 8] B[8 x 8], f32 sums; operands are f32 whose low 13 bits are not read */
MMA(mma_m16n8k8_tf32, "m16n8k8.row.col.f32.tf32.tf32.f32", mma_m16n8k8_tf32(d, a, b, line))
#undef MMA
#undef ABD

/* f32 such that mma_m16n8k8_tf32, which cuts, reads the tf32 next to it, ties away from 0: as
 * cvt.rna.tf32, which for sm_90 becomes four instructions and more. NaN stays. */
INSTRUCTION uint32_t round_tf32(float f)
{
    return __float_as_uint(f) + (fabsf(f) < __int_as_float(0x7f800000) ? 0x1000 : 0);
}

/* D[8 x 8] += A[8 x 4] B[4 x 8] in f64: (g, t) of A, (t, g) of B */
INSTRUCTION void mma_m8n8k4_f64(double &d0, double &d1, double a, double b, WHERE)
{
    HOST(simt::mma_m8n8k4_f64(d0, d1, a, b, line);)
    PTX(asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64"
                     " {%0, %1}, {%2}, {%3}, {%0, %1};"
                     : "+d"(d0), "+d"(d1)
                     : "d"(a), "d"(b));)
}
/* D[16 x 8] += A[16 x 16] B[16 x 8] in f64: a[i] is (g + i % 2 * 8, t + i / 2 * 4) of A, b[i] (t +
 * i * 4, g) of B. Before sm_90 the same by eight m8n8k4. */
INSTRUCTION void mma_m16n8k16_f64(double (&d)[4], const double (&a)[8], const double (&b)[4], WHERE)
{
#if defined SIMT || !defined __CUDA_ARCH__ || __CUDA_ARCH__ >= 900
    HOST(simt::mma_m16n8k16_f64(d, a, b, line);)
    PTX(asm volatile("mma.sync.aligned.m16n8k16.row.col.f64.f64.f64.f64 {%0, %1, %2, %3},"
                     " {%4, %5, %6, %7, %8, %9, %10, %11}, {%12, %13, %14, %15}, {%0, %1, %2, %3};"
                     : "+d"(d[0]), "+d"(d[1]), "+d"(d[2]), "+d"(d[3])
                     : "d"(a[0]), "d"(a[1]), "d"(a[2]), "d"(a[3]), "d"(a[4]), "d"(a[5]), "d"(a[6]),
                       "d"(a[7]), "d"(b[0]), "d"(b[1]), "d"(b[2]), "d"(b[3]));)
#else
#pragma unroll
    for (int i = 0; i < 8; i++)
        mma_m8n8k4_f64(d[i % 2 * 2], d[i % 2 * 2 + 1], a[i], b[i / 2], line);
#endif
}
#undef PTX
#undef HOST
#undef INSTRUCTION
#undef WHERE
#endif
