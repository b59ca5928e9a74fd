/* cpu_micro_tile.h: one struct cpu_micro, included by cpu_micro.c once per instruction set and
 * element type. The includer defines
 *   NAME(x)  x with this instance's suffix     TARGET  function attribute, or empty
 *   ISA      its name                          VB      bytes of a vector register
 *   T, INT   float or double, and the integer  MR, NV  the tile: MR rows (divisible by 3) of NV
 *            of its size                               vectors
 *   KC       depth of a sliver               UNROLL_K  pragma before the loop over k, or empty
 * Only the vector extensions of gcc and clang: one text becomes AVX-512, AVX2, SSE2 or NEON. */
#define L (VB / (int)sizeof(T))
#define NR (NV * L)
#define HALF ((NV + 1) / 2) /* vectors, for what is narrow */
#define FAR 160             /* k steps that cover a miss */
_Static_assert(MR % 3 == 0, "the rim runs MR/3 or 2 MR/3 rows");

typedef T NAME(vec) __attribute__((vector_size(VB)));
/* at any address */
typedef T NAME(uvec) __attribute__((vector_size(VB), aligned(sizeof(T)), may_alias));
typedef T NAME(v4) __attribute__((vector_size(4 * sizeof(T)), aligned(sizeof(T)), may_alias));
typedef INT NAME(i4) __attribute__((vector_size(4 * sizeof(T)), unused));

/* A tile that C does not hold whole, from its rows in t. */
static __attribute__((noinline)) TARGET void NAME(rim)(const T *t, long m, long n, T alpha, T beta,
                                                       T *restrict c, long ldc)
{
    for (long i = 0; i < m; i++, t += NR, c += ldc) {
        if (beta == 0)
            for (long j = 0; j < n; j++) c[j] = alpha * t[j];
        else
            for (long j = 0; j < n; j++) c[j] = alpha * t[j] + beta * c[j];
    }
}

/* rows * nv accumulators live in registers for the whole k loop. Per k: rows broadcasts and nv
 * loads for rows * nv FMAs, so the FMA units are the bound and not the load ports. rows and nv are
 * constants after inlining. Sliver after sliver of B, `bstep` apart, until n columns are done:
 * a call for each shows where k is short. */
static inline __attribute__((always_inline)) TARGET void
NAME(rows)(const int rows, const int nv, long parts, const long *off, long k, const T *restrict a0,
           long ars, long acs, const T *restrict b0, long brs, long bstep,
           const struct cpu_scale *s, T *restrict c, long ldc, long m, long n)
{
    for (; n > 0; n -= NR, c += NR, b0 += bstep) {
        const T *restrict b = b0;
        NAME(vec) acc[MR][NV];
        UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < nv; j++) acc[i][j] =
            (NAME(vec)){0};
        for (int i = 0; i < rows && parts * k >= FAR; i++) /* short products have no time to gain */
            for (int j = 0; j < nv * VB; j += 64) __builtin_prefetch((char *)(c + i * ldc) + j, 1);
        for (long t = 0; t < parts; t++) {
            const T *restrict a = a0 + off[t];
            UNROLL_K for (long p = 0; p < k; p++, a += acs, b += brs)
            {
                NAME(vec) bv[NV];
                for (int j = 0; j < nv * VB; j += 64) /* B streams from L2 */
                    __builtin_prefetch((const char *)b + 1024 + j);
                UNROLL for (int j = 0; j < nv; j++) bv[j] = *(const NAME(uvec) *)(b + j * L);
                UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < nv; j++)
                    acc[i][j] += a[i * ars] * bv[j];
            }
        }
        /* read only now: AVX2 has no register to spare in the loop */
        const T alpha = (T)s->alpha, beta = (T)s->beta;
        if (m < rows || n < nv * L) {
            T t[MR * NR];
            UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < nv; j++) *
                (NAME(uvec) *)(t + i * NR + j * L) = acc[i][j];
            NAME(rim)(t, cpu_min(m, rows), cpu_min(n, nv * L), alpha, beta, c, ldc);
        } else if (beta == 0 && alpha == 1) {
            UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < nv; j++) *
                (NAME(uvec) *)(c + i * ldc + j * L) = acc[i][j];
        } else if (beta == 0) {
            UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < nv; j++) *
                (NAME(uvec) *)(c + i * ldc + j * L) = alpha * acc[i][j];
        } else {
            UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < nv; j++)
            {
                NAME(uvec) *to = (NAME(uvec) *)(c + i * ldc + j * L);
                *to = alpha * acc[i][j] + beta * *to;
            }
        }
    }
}

/* All n columns; a last sliver that is at most half full by half a tile. */
static inline __attribute__((always_inline)) TARGET void
NAME(columns)(const int rows, long parts, const long *off, long k, const T *a, long ars, long acs,
              const T *b, long brs, long bstep, const struct cpu_scale *s, T *c, long ldc, long m,
              long n)
{
    const long rest = n % NR <= HALF * L ? n % NR : 0;

    NAME(rows)(rows, NV, parts, off, k, a, ars, acs, b, brs, bstep, s, c, ldc, m, n - rest);
    if (rest) NAME(rows)
    (rows, HALF, parts, off, k, a, ars, acs, b + n / NR * bstep, brs, bstep, s, c + n / NR * NR,
     ldc, m, rest);
}

static TARGET void NAME(tile)(long k, const void *a, const void *b, const struct cpu_scale *s,
                              void *c, long ldc, long m, long n)
{
    const int third = MR / 3;
    const long none = 0;

    if (m > 2 * third) NAME(columns)(MR, 1, &none, k, a, 1, MR, b, NR, NR * k, s, c, ldc, m, n);
    else if (m > third)
        NAME(columns)(2 * third, 1, &none, k, a, 1, MR, b, NR, NR * k, s, c, ldc, m, n);
    else NAME(columns)(third, 1, &none, k, a, 1, MR, b, NR, NR * k, s, c, ldc, m, n);
}

static TARGET void NAME(inplace)(long parts, const long *off, long k, const void *a, long ars,
                                 long acs, const void *b, long brs, long bstep,
                                 const struct cpu_scale *s, void *c, long ldc, long m, long n)
{
    const int third = MR / 3;

    if (m == MR) NAME(columns)(MR, parts, off, k, a, ars, acs, b, brs, bstep, s, c, ldc, MR, n);
    else if (m == 2 * third) NAME(columns)
    (2 * third, parts, off, k, a, ars, acs, b, brs, bstep, s, c, ldc, 2 * third, n);
    else NAME(columns)(third, parts, off, k, a, ars, acs, b, brs, bstep, s, c, ldc, third, n); }

/* One sliver from W rows, each contiguous in k, wherever they lie: transposed in 4 x 4 blocks. */
static inline __attribute__((always_inline)) TARGET void
NAME(gather)(const int W, long k, const T *const *row, T *restrict to)
{
    typedef NAME(v4) v4;
    typedef NAME(i4) i4 __attribute__((unused));
    long p = 0;

    for (; p + 4 <= k; p += 4) {
        UNROLL for (int i = 0; i + 4 <= W; i += 4)
        {
            const v4 a = *(const v4 *)(row[i] + p), b = *(const v4 *)(row[i + 1] + p);
            const v4 c = *(const v4 *)(row[i + 2] + p), d = *(const v4 *)(row[i + 3] + p);
            const v4 ab = SHUFFLE4(a, b, 0, 4, 1, 5), AB = SHUFFLE4(a, b, 2, 6, 3, 7);
            const v4 cd = SHUFFLE4(c, d, 0, 4, 1, 5), CD = SHUFFLE4(c, d, 2, 6, 3, 7);
            T *t = to + p * W + i;
            *(v4 *)t = SHUFFLE4(ab, cd, 0, 1, 4, 5);
            *(v4 *)(t + W) = SHUFFLE4(ab, cd, 2, 3, 6, 7);
            *(v4 *)(t + 2 * W) = SHUFFLE4(AB, CD, 0, 1, 4, 5);
            *(v4 *)(t + 3 * W) = SHUFFLE4(AB, CD, 2, 3, 6, 7);
        }
        UNROLL for (int i = W & ~3; i < W; i++) UNROLL for (int e = 0; e < 4; e++)
            to[(p + e) * W + i] = row[i][p + e];
    }
    for (; p < k; p++)
        for (int i = 0; i < W; i++) to[p * W + i] = row[i][p];
}

/* rows x k with strides (rs, cs) into slivers of W rows: to[row / W][p][row % W]. The last sliver
 * repeats the last row: what it yields is not stored. */
static inline __attribute__((always_inline)) TARGET void
NAME(pack)(const int W, long rows, long k, const T *restrict s, long rs, long cs, T *restrict to)
{
    const long whole = rows / W * W;
    long r = 0;

    if (rs == 1 && rows > 1) {       /* contiguous across the sliver: read whole lines of the */
        for (long p = 0; p < k; p++) /* source, whose pages are far apart; the slivers are not */
            for (r = 0; r < whole; r += W) {
                for (int i = 0; i < W * (int)sizeof(T); i += 64)
                    __builtin_prefetch((const char *)(s + (p + 4) * cs + r) + i);
                for (int i = 0; i < W; i++) to[r * k + p * W + i] = s[p * cs + r + i];
            }
        for (long p = 0; p < k && whole < rows; p++)
            for (int i = 0; i < W; i++)
                to[whole * k + p * W + i] = s[p * cs + cpu_min(whole + i, rows - 1)];
    } else if (cs == 1)
        for (; r < rows; r += W) {
            const T *row[W];
            for (int i = 0; i < W; i++) row[i] = s + cpu_min(r + i, rows - 1) * rs;
            NAME(gather)(W, k, row, to + r * k);
        }
    else
        for (; r < rows; r += W)
            for (long p = 0; p < k; p++)
                for (int i = 0; i < W; i++)
                    to[r * k + p * W + i] = s[cpu_min(r + i, rows - 1) * rs + p * cs];
}

static TARGET void NAME(pack_a)(long m, long k, const void *a, long rs, long cs, void *to)
{
    NAME(pack)(MR, m, k, a, rs, cs, to);
}
static TARGET void NAME(pack_b)(long n, long k, const void *b, long rs, long cs, void *to)
{
    NAME(pack)(NR, n, k, b, cs, rs, to);
}
static TARGET void NAME(gather_a)(long k, const void *const *row, void *to)
{
    NAME(gather)(MR, k, (const T *const *)row, to);
}
static TARGET void NAME(gather_b)(long k, const void *const *row, void *to)
{
    NAME(gather)(NR, k, (const T *const *)row, to);
}
#include "kernels/cpu_micro_few.h"

static const struct cpu_micro NAME(micro) = {
    .isa = ISA,
    .size = sizeof(T),
    .mr = MR,
    .nr = NR,
    .kc = KC,
    .pack_a = NAME(pack_a),
    .pack_b = NAME(pack_b),
    .gather_a = NAME(gather_a),
    .gather_b = NAME(gather_b),
    .tile = NAME(tile),
    .inplace = NAME(inplace),
    .axpy = NAME(axpy),
    .dot = NAME(dot),
};
#undef L
#undef NR
#undef HALF
#undef FAR
#undef NAME
#undef TARGET
#undef ISA
#undef T
#undef INT
#undef VB
#undef MR
#undef NV
#undef KC
#undef UNROLL_K
