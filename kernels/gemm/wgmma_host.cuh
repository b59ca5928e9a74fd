/* wgmma_host.cuh: the host's part of the gemms that multiply by wgmma from boxes of TMA: what they
 * refuse, the maps of A and B, and the step from layout and precision to an instance. */
#ifndef WHEELBENCH_WGMMA_HOST_CUH
#define WHEELBENCH_WGMMA_HOST_CUH
#include <limits.h>
#include "kernels/tensor_map.cuh"
#include "kernels/wgmma.cuh"
#include "wheelbench.h"

/* NULL, or what TMA and wgmma cannot do here; `each` elements are 16 bytes. */
static const char *wgmma_why_not(const struct gemm *g, const struct device *d, int each)
{
    if (d->cc != 90) return "wgmma exists on compute capability 9.0 only";
    if (g->lda % each || g->ldb % each)
        return each == 8 ? "needs lda % 8 == 0 and ldb % 8 == 0 (TMA: rows on 16 bytes)"
                         : "needs lda % 4 == 0 and ldb % 4 == 0 (TMA: rows on 16 bytes)";
    if (g->m > INT_MAX - 512 || g->n > INT_MAX - 512 || g->k > INT_MAX - 512)
        return "needs m, n, k < 2^31 - 512 (TMA)";
    return NULL;
}

static CUtensorMapDataType wgmma_type(const struct problem *p, int *size)
{
    *size = p->precision == F16 || p->precision == BF16 ? 2 : 4;
    return p->precision == F16    ? CU_TENSOR_MAP_DATA_TYPE_FLOAT16
           : p->precision == BF16 ? CU_TENSOR_MAP_DATA_TYPE_BFLOAT16
                                  : CU_TENSOR_MAP_DATA_TYPE_FLOAT32;
}

/* A map of `rows` x k elements of an operand in lines of 128 bytes with the 128-byte swizzle.
 * K-major: boxes of `tile` rows and as many k as fill a line. MN-major (mn): of 64 k and 64 rows.
 */
static const char *wgmma_map(CUtensorMap *map, const struct problem *p, const void *at, int mn,
                             long rows, long ld, int tile)
{
    int size;
    const CUtensorMapDataType type = wgmma_type(p, &size);
    const CUtensorMapSwizzle swizzle = CU_TENSOR_MAP_SWIZZLE_128B;
    const long k = p->gemm.k;

    return mn ? tensor_map(map, {type, size, at, rows, k, ld, 64, 64, swizzle})
              : tensor_map(map, {type, size, at, k, rows, ld, 128 / size, tile, swizzle});
}

/* f(T, number<A is MN-major>, number<B is>) for f16 and bf16: each case is a kernel of its own. */
template <int N> struct number {
    static const int value = N;
};
template <class F> static const char *with_wgmma_operands(const struct problem *p, F f)
{
    const auto by_b = [&](auto t, auto a) {
        return p->gemm.trans_b ? f(t, a, number<0>()) : f(t, a, number<1>());
    };
    const auto by_a = [&](auto t) {
        return p->gemm.trans_a ? by_b(t, number<1>()) : by_b(t, number<0>());
    };
    return p->precision == F16 ? by_a(__half()) : by_a(__nv_bfloat16());
}
#endif
