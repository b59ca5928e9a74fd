/* split: the parts of gemm_bf16x3, x6 and x9 by the kernels' own pass: what they hold of a float,
 * at the ends of its range too, and where in shared memory's order they lie. */
#define FAULTS(X)                                                                                  \
    X(two_parts, " wrong", "two parts, 16 bits, for 24")                                           \
    X(other_way, "AddressSanitizer|SEGV| wrong", "k taken for the axis that is contiguous")        \
    X(unswizzled, " wrong", "the chunks read without the swizzle")                                 \
    X(vectors, "misaligned address", "rows of 71 floats read as float4")
#include "planted.h"
#include <math.h>
#include "kernels/split_pass.cuh"

enum { ROWS = 130, DEPTH = 70, R = 128, BLOCKS = 2, CHUNK = R * 128 };

/* Mantissas of 24 bits over a range of exponents; at the start what is special. */
static float number(int i)
{
    static const float special[] = {
        0,          1, -3.4028235e38f, 3.4028235e38f, 3.3961775e38f, 0x1p-110f, -0x1.fffffep-100f,
        0x1.0101p0f};
    const int count = sizeof special / sizeof *special;
    const unsigned bits = (unsigned)i * 2654435761u >> 8 | 1u << 23;

    return i < count ? special[i] : ldexpf(i % 2 ? -(float)bits : (float)bits, i % 180 - 100);
}
static float as_float(uint16_t bf16)
{
    const uint32_t bits = (uint32_t)bf16 << 16;
    float f;

    memcpy(&f, &bits, 4);
    return f;
}

/* The sum of the parts of (row, k), small ones first, as double: it has room for all of them. */
static double sum_of(const uint16_t *to, int parts, int row, int k, bool swizzled)
{
    const int at = k % BK / 8 ^ (swizzled ? row & 7 : 0);
    double sum = 0;

    for (int p = parts - 1; p >= 0; p--) {
        const size_t chunk = ((size_t)row / R * BLOCKS + k / BK) * parts + p;
        sum += as_float(to[chunk * CHUNK / 2 + row % R * 64 + at * 8 + k % 8]);
    }
    return sum;
}

template <int PARTS> static int check(bool k_contiguous, enum fault f)
{
    const int rows = k_contiguous ? ROWS : DEPTH, cols = k_contiguous ? DEPTH : ROWS;
    const int ld = f == vectors ? cols + 1 - cols % 2 : (cols + 3) / 4 * 4;
    const int padded = (ROWS + R - 1) / R * R;
    buffer<float> x(rows * ld, number);
    buffer<uint16_t> to(padded * BLOCKS * BK * PARTS);
    buffer<int> flag(8);
    const unsigned grid = BLOCKS * padded / 64;
    const int vec = ld % 4 == 0 || f == vectors;
    int bad = 0;

    const bool along_k = k_contiguous != (f == other_way);
    const auto kernel = along_k ? split<PARTS, true> : split<PARTS, false>;
    kernel<<<grid, SPLIT_THREADS>>>((char *)to.p, R, x.p, ld, ROWS, DEPTH, vec, flag.p, 4);
    cudaDeviceSynchronize();
    for (int r = 0; r < padded; r++)
        for (int k = 0; k < BLOCKS * BK; k++) {
            const bool inside = r < ROWS && k < DEPTH;
            const float want = inside ? x[k_contiguous ? r * ld + k : k * ld + r] : 0;
            bad += sum_of(to.p, PARTS, r, k, f != unswizzled) != (double)want;
        }
    return bad + flag.differ([](int i) { return i < 4 ? 0 : -1; });
}

/* An infinity and NaN stay in sight. */
static int infinite()
{
    int bad = 0;

    for (int i = 0; i < 3; i++) {
        const float v = i == 2 ? NAN : i ? -INFINITY : INFINITY;
        buffer<float> x(4, [v](int) { return v; });
        buffer<uint16_t> to(R * BK * 3);
        buffer<int> flag(1);
        const auto kernel = split<3, true>;
        kernel<<<R / 64, SPLIT_THREADS>>>((char *)to.p, R, x.p, 4, 1, 1, 1, flag.p, 0);
        cudaDeviceSynchronize();
        bad += isfinite(sum_of(to.p, 3, 0, 0, true));
    }
    return bad;
}
static int wrong(enum fault f)
{
    if (f == two_parts) return check<2>(true, f);
    if (f) return check<3>(true, f);
    return check<3>(true, f) + check<3>(false, f) + infinite();
}
