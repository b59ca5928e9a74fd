/* pack.cuh: 16 bytes of an operand, the most that one instruction moves, and what to do where an
 * operand does not lie on multiples of 16 bytes, or ends inside a pack. */
#ifndef WHEELBENCH_GEMM_PACK_CUH
#define WHEELBENCH_GEMM_PACK_CUH
#include <stdint.h>
#include "kernels/element.cuh"

template <class T> struct alignas(16) pack {
    static const int N = 16 / (int)sizeof(T);
    T at[N];
};

/* Does every Nth element of every row lie on a multiple of 16 bytes? Rows start ld apart. */
template <class T> static __device__ bool in_packs(const T *x, long ld)
{
    return (uintptr_t)x % 16 == 0 && ld * (long)sizeof(T) % 16 == 0;
}

/* N elements from x on, of which `left` exist, maybe none; zeros behind. One load if it is a whole
 * pack of an operand that lies in packs. */
template <class T> static __device__ pack<T> load_pack(const T *x, bool packed, long left)
{
    if (packed && left >= pack<T>::N) return *(const pack<T> *)x;
    pack<T> p;
#pragma unroll
    for (int e = 0; e < pack<T>::N; e++) p.at[e] = e < left ? x[e] : T(0.f);
    return p;
}

/* c = alpha sum + beta c for N neighbouring elements, of which `left` exist, maybe none. */
template <class T>
static __device__ void store_pack(const struct gemm &g, T *c, pack<T> sum, bool packed, long left)
{
    pack<T> old = {};

    if (g.beta != 0) old = load_pack(c, packed, left);
#pragma unroll
    for (int e = 0; e < pack<T>::N; e++)
        sum.at[e] = T(g.alpha) * sum.at[e] + (g.beta == 0 ? T(0.f) : T(g.beta) * old.at[e]);
    if (packed && left >= pack<T>::N) {
        *(pack<T> *)c = sum;
    } else {
#pragma unroll
        for (int e = 0; e < pack<T>::N; e++)
            if (e < left) c[e] = sum.at[e];
    }
}
#endif
