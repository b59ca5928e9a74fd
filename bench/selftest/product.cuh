/* product.cuh: the truth that liars of the device bend: gemm nn, alpha 1, beta 0, one thread an
 * output, float64 sums, every storage type. */
#ifndef WHEELBENCH_PRODUCT_CUH
#define WHEELBENCH_PRODUCT_CUH
#include <cuda_runtime.h>
#include "number.h"

enum cut { CUT_NONE, CUT_TF32, CUT_F16 };

/* How it is bent; BEND_NONE(g) for not at all. */
struct bend {
    long from, to; /* rows of C that are written */
    long k;        /* products that are summed */
    long ldc;
    enum cut cut; /* of each factor */
    int sum_f16;  /* sums are rounded to f16 after every 16 products */
    int reads_c;  /* adds beta times what C held, beta 0 included */
};

static inline struct bend bend_none(const struct gemm *g)
{
    const struct bend none = {0, g->m, g->k, g->ldc, CUT_NONE, 0, 0};
    return none;
}

static __device__ double product_cut(double v, enum cut how)
{
    const uint32_t u = bits_from_float((float)v);

    if (how == CUT_TF32) /* 10 bits, ties to even */
        return (double)float_from_bits((u + 0xfffu + (u >> 13 & 1)) & 0xffffe000u);
    return how == CUT_F16 ? (double)float_from_f16(f16_from_float((float)v)) : v;
}

static __device__ void product_at(const struct gemm *g, enum storage type, const void *a,
                                  const void *b, void *c, const struct bend *bend, long index)
{
    const long i = bend->from + index / g->n, j = index % g->n;
    double sum = 0;

    if (i >= bend->to) return;
    for (long q = 0; q < bend->k; q++) {
        sum += product_cut(number_load(type, a, i * g->lda + q), bend->cut) *
               product_cut(number_load(type, b, q * g->ldb + j), bend->cut);
        if (bend->sum_f16 && q % 16 == 15) sum = product_cut(sum, CUT_F16);
    }
    if (bend->reads_c) sum += g->beta * number_load(type, c, i * bend->ldc + j);
    number_store(type, c, i * bend->ldc + j, sum);
}

static __global__ void product_kernel(struct gemm g, enum storage type, const void *a,
                                      const void *b, void *c, struct bend bend)
{
    product_at(&g, type, a, b, c, &bend, (long)blockIdx.x * blockDim.x + threadIdx.x);
}

static inline void product_launch(const struct plan *p, const struct operands *o, struct bend bend,
                                  cudaStream_t stream)
{
    const struct gemm *g = &p->problem->gemm;
    const int threads = 128;
    const unsigned blocks = (unsigned)((g->m * g->n + threads - 1) / threads);

    product_kernel<<<blocks, threads, 0, stream>>>(*g, storage_of(p->problem->precision), o->in[0],
                                                   o->in[1], o->out, bend);
}

/* All of C, as it should be. */
static inline void product_all(const struct plan *p, const struct operands *o, cudaStream_t stream)
{
    product_launch(p, o, bend_none(&p->problem->gemm), stream);
}
#endif
