/* mma.cuh: cp.async, ldmatrix and mma.sync (sm_80), one thin function each: inline PTX for nvcc, a
 * host body under simt.h. */
#ifndef SIMT_MMA_CUH
#define SIMT_MMA_CUH
#include <stdint.h>
#ifdef SIMT
#include "simt_mma.h"
#define PTX(...)
#define HOST(...) __VA_ARGS__
#else
#define PTX(...) __VA_ARGS__
#define HOST(...)
#endif
#define INSTRUCTION static __device__ __forceinline__
#define WHERE [[maybe_unused]] int line = __builtin_LINE() /* for reports */

INSTRUCTION uint32_t smem_addr(const void *p) { return (uint32_t)__cvta_generic_to_shared(p); }

/* cp.async.cg: `bytes` of 16 from global to shared memory, zeros behind; both addresses are
 * multiples of 16. */
INSTRUCTION void cp_async16(uint32_t to, const void *from, int bytes = 16)
{
    HOST(simt::cp_async(to, from, 16, (unsigned)bytes);)
    PTX(asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from),
                     "r"(bytes)
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
/* D[16 x 8] += A[16 x 8] B[8 x 8]; operands are f32 whose low 13 bits are not read */
MMA(mma_m16n8k8_tf32, "m16n8k8.row.col.f32.tf32.tf32.f32", mma_m16n8k8_tf32(d, a, b, line))
#undef MMA
#undef ABD

/* D[8 x 8] += A[8 x 4] B[4 x 8] in f64 */
INSTRUCTION void mma_m8n8k4_f64(double (&d)[2], double a, double b, WHERE)
{
    HOST(simt::mma_m8n8k4_f64(d, a, b, line);)
    PTX(asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64"
                     " {%0, %1}, {%2}, {%3}, {%0, %1};"
                     : "+d"(d[0]), "+d"(d[1])
                     : "d"(a), "d"(b));)
}
#undef PTX
#undef HOST
#undef INSTRUCTION
#undef WHERE
#endif
