/* cpu_gemm.h: C = alpha A B + beta C on one thread by packed slivers, for gemm_cpu_packed and for
 * the convolutions that are products. Strides instead of transpositions: element (i, p) of A is
 * a[i * ars + p * acs], (p, j) of B is b[p * brs + j * bcs]; C is row-major. */
#ifndef WHEELBENCH_CPU_GEMM_H
#define WHEELBENCH_CPU_GEMM_H
#include "kernels/cpu_micro.h"
#include "wheelbench.h"

struct cpu_gemm {
    const struct cpu_micro *u;
    long m, n, k;
    const void *a;
    long ars, acs;
    const void *b;
    long brs, bcs;
    void *c;
    long ldc;
    double alpha, beta;
};

/* How a product is cut: panels of B kc deep and nc wide, slivers of A mc high. */
struct cpu_cuts {
    long kc, nc, mc;
};
struct cpu_cuts cpu_gemm_cuts(const struct cpu_micro *u, long n, long k);

/* The product of a plan: what prepare knows, without addresses; then with them. */
struct cpu_gemm cpu_gemm_of(const struct gemm *g, const struct cpu_micro *u);
struct cpu_gemm cpu_gemm_at(struct cpu_gemm g, const struct operands *o);

/* Bytes that cpu_gemm needs, whole pages. */
size_t cpu_gemm_room(const struct cpu_micro *u, long n, long k);

void cpu_gemm(const struct cpu_gemm *g, void *room);

/* The reason for gemm's precisions that host kernels leave out, or NULL. */
const char *cpu_gemm_why_not(const struct problem *p);
#endif
