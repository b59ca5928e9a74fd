/* cpu_micro_few.h: products of a few rows, part of cpu_micro_tile.h. With one to four rows each
 * element of B is used as often and no more: packing it would cost more than the product, so B is
 * read where it lies, once, in long runs that the memory prefetcher follows. */

/* c[i][j] += sum of f[i][p] b[p][j], DEPTH steps of p in a pass: a load and a store of C for DEPTH
 * FMAs */
static inline __attribute__((always_inline)) TARGET void
NAME(axpy_rows)(const int rows, const int depth, long n, const T *restrict f, long fs,
                const T *restrict b, long bs, T *restrict c, long cs)
{
    long j = 0;

    for (; j + L <= n; j += L) {
        NAME(vec) sum[CPU_FEW];
        UNROLL for (int i = 0; i < rows; i++) sum[i] = *(NAME(uvec) *)(c + i * cs + j);
        UNROLL for (int p = 0; p < depth; p++)
        {
            const NAME(vec) v = *(const NAME(uvec) *)(b + p * bs + j);
            UNROLL for (int i = 0; i < rows; i++) sum[i] += f[i * fs + p] * v;
        }
        UNROLL for (int i = 0; i < rows; i++) * (NAME(uvec) *)(c + i * cs + j) = sum[i];
    }
    for (; j < n; j++)
        for (int i = 0; i < rows; i++) {
            T sum = c[i * cs + j];
            for (int p = 0; p < depth; p++) sum += f[i * fs + p] * b[p * bs + j];
            c[i * cs + j] = sum;
        }
}

static inline __attribute__((always_inline)) TARGET void NAME(axpy_all)(const int rows, long n,
                                                                        long k, const T *f, long fs,
                                                                        const T *b, long bs, T *c,
                                                                        long cs)
{
    long p = 0;

    for (; p + 8 <= k; p += 8) NAME(axpy_rows)(rows, 8, n, f + p, fs, b + p * bs, bs, c, cs);
    for (; p < k; p++) NAME(axpy_rows)(rows, 1, n, f + p, fs, b + p * bs, bs, c, cs);
}

static TARGET void NAME(axpy)(int rows, long n, long k, const void *f, long fs, const void *b,
                              long bs, void *c, long cs)
{
    switch (rows) {
    case 1: NAME(axpy_all)(1, n, k, f, fs, b, bs, c, cs); break;
    case 2: NAME(axpy_all)(2, n, k, f, fs, b, bs, c, cs); break;
    case 3: NAME(axpy_all)(3, n, k, f, fs, b, bs, c, cs); break;
    default: NAME(axpy_all)(4, n, k, f, fs, b, bs, c, cs); break;
    }
}

/* rows x cols dot products at once: independent sums, as many as registers allow */
static inline __attribute__((always_inline)) TARGET void
NAME(dot_block)(const int rows, const int cols, long k, const T *restrict f, long fs,
                const T *restrict b, long bs, T *restrict c, long cs)
{
    NAME(vec) sum[CPU_FEW][8];
    long p = 0;

    UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < cols; j++) sum[i][j] =
        (NAME(vec)){0};
    for (; p + L <= k; p += L) UNROLL for (int j = 0; j < cols; j++)
        {
            const NAME(vec) v = *(const NAME(uvec) *)(b + j * bs + p);
            UNROLL for (int i = 0; i < rows; i++) sum[i][j] +=
                *(const NAME(uvec) *)(f + i * fs + p) * v;
        }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            T total = 0;
            for (int e = 0; e < L; e++) total += sum[i][j][e];
            for (long q = p; q < k; q++) total += f[i * fs + q] * b[j * bs + q];
            c[i * cs + j] = total;
        }
}

static inline __attribute__((always_inline)) TARGET void
NAME(dot_all)(const int rows, const int cols, long n, long k, const T *f, long fs, const T *b,
              long bs, T *c, long cs)
{
    long j = 0;

    for (; j + cols <= n; j += cols)
        NAME(dot_block)(rows, cols, k, f, fs, b + j * bs, bs, c + j, cs);
    for (; j < n; j++) NAME(dot_block)(rows, 1, k, f, fs, b + j * bs, bs, c + j, cs);
}

static TARGET void NAME(dot)(int rows, long n, long k, const void *f, long fs, const void *b,
                             long bs, void *c, long cs)
{
    switch (rows) {
    case 1: NAME(dot_all)(1, 8, n, k, f, fs, b, bs, c, cs); break;
    case 2: NAME(dot_all)(2, 4, n, k, f, fs, b, bs, c, cs); break;
    case 3: NAME(dot_all)(3, 2, n, k, f, fs, b, bs, c, cs); break;
    default: NAME(dot_all)(4, 2, n, k, f, fs, b, bs, c, cs); break;
    }
}
