/* cpu_micro.h: the register tiles under the fast host kernels, of every instruction set that this
 * build knows, chosen at run time by what the CPU has. A tile multiplies a sliver of A (mr rows) by
 * slivers of B (nr columns):
 *
 *      C[0..m)[0..n) = alpha A B + beta C      m <= mr, C row-major, any k
 *
 * A packed sliver is a[p * mr + i], b[p * nr + j] for p < k, always mr and nr wide. Lengths and
 * strides count elements; beta 0 does not read C. */
#ifndef WHEELBENCH_CPU_MICRO_H
#define WHEELBENCH_CPU_MICRO_H
#include "kernels/cpu_common.h"

struct cpu_scale {
    double alpha, beta;
};

struct cpu_micro {
    const char *isa; /* avx512 avx2 sse2 neon generic */
    int size;        /* bytes of an element: 4 float, 8 double */
    int mr, nr;      /* the tile */
    long kc;         /* most depth of a sliver: mr * kc elements of A stay in L1 */
    /* m x k of A, element (i, p) at a[i * rs + p * cs], into slivers of mr rows; k x n of B, (p, j)
     * at b[p * rs + j * cs], into slivers of nr columns. The last sliver is filled up. */
    void (*pack_a)(long m, long k, const void *a, long rs, long cs, void *to);
    void (*pack_b)(long n, long k, const void *b, long rs, long cs, void *to);
    /* one sliver of A from mr rows, or of B from nr columns, lying anywhere */
    void (*gather_a)(long k, const void *const *row, void *to);
    void (*gather_b)(long k, const void *const *row, void *to);
    /* b: as many slivers as n needs, one after another */
    void (*tile)(long k, const void *a, const void *b, const struct cpu_scale *s, void *c, long ldc,
                 long m, long n);
    /* m = mr, 2/3 mr or 1/3 mr rows of A where they lie, element (i, p) at a[i * ars + p * acs], in
     * `parts` pieces of k columns that start at off[]. A sliver of b has parts * k rows, brs apart;
     * they start bstep apart. Of a sliver that n does not fill, nr columns can be read, or half of
     * them where these do. */
    void (*inplace)(long parts, const long *off, long k, const void *a, long ars, long acs,
                    const void *b, long brs, long bstep, const struct cpu_scale *s, void *c,
                    long ldc, long m, long n);
    /* A few rows f, `fs` apart, rows <= CPU_FEW. axpy: c[i * cs + j] += sum f[i * fs + p] b[p * bs
     * + j]. dot: c[i * cs + j] = sum f[i * fs + p] b[j * bs + p]. p < k, j < n. */
    void (*axpy)(int rows, long n, long k, const void *f, long fs, const void *b, long bs, void *c,
                 long cs);
    void (*dot)(int rows, long n, long k, const void *f, long fs, const void *b, long bs, void *c,
                long cs);
};
enum { CPU_FEW = 4 };

/* The best tile that this CPU can run for float (4) or double (8). The environment variable
 * WHEELBENCH_CPU=avx2 (avx512, sse2; neon or generic elsewhere) asks for one; then *u is that one,
 * or the text says why there is none. */
const char *cpu_micro_pick(size_t size, const struct cpu_micro **u);

/* total in equal parts of at most `most`, multiples of `unit`: 1025 is 516 + 509, not 1024 + 1 */
long cpu_even(long total, long most, long unit);

/* How many columns of B, k deep, to pack at once: 5/8 of L2. More pays on some
 * days only: L2 is indexed by physical addresses, and pages of the panel happen to collide. */
long cpu_micro_nc(const struct cpu_micro *u, long n, long k);

#endif
