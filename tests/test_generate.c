/* test_generate.c: inputs: golden bits (shared with tests/gpu_data.c), range, mean, and the storage
 * types that carry them. */
#include "check.h"
#include <stdlib.h>
#include "data/generate.h"

static void golden(void)
{
    CHECK_LOSS("comparing runs: other inputs, other power draw, other rounding");
    CHECK(generate_bits(1, 0, 0, 0) == 0x6ec85f1f8547bc0cu);
    CHECK(generate_bits(1, 0, 0, 0) != generate_bits(1, 1, 0, 0));
    CHECK(generate_bits(1, 0, 0, 0) != generate_bits(1, 0, 1, 0));
    CHECK(generate_bits(1, 0, 0, 0) != generate_bits(2, 0, 0, 0));
}

static void uniform(void)
{
    const struct fill f = {.kind = DATA_UNIFORM, .seed = 7};
    double sum = 0, square = 0;
    const int n = 100000;

    CHECK_LOSS("zero-mean data: a wrong precision hides behind a large sum");
    for (int i = 0; i < n; i++) {
        const double v = generate_value(&f, STORE_F32, (uint64_t)i);
        CHECK(v >= -1 && v < 1 && v == (double)(float)v);
        sum += v;
        square += v * v;
    }
    CHECK_NEAR(sum / n, 0, 0.01);
    CHECK_NEAR(square / n, 1 / 3., 0.01);
}

static void exact(void)
{
    struct fill f = {
        .kind = DATA_EXACT, .exact = {.amplitude = 4, .density = 1, .scale = 8}, .seed = 7};
    int seen[9] = {0}, zeros = 0;

    CHECK_LOSS("the exact check: values that round prove nothing");
    for (int i = 0; i < 9000; i++) {
        const double v = generate_value(&f, STORE_F32, (uint64_t)i) / 8;
        CHECK(v == floor(v) && fabs(v) <= 4);
        seen[(int)v + 4]++;
    }
    for (int i = 0; i < 9; i++) CHECK(seen[i] > 700);
    f.exact = (struct exact_data){.amplitude = 1, .density = 0.25, .scale = 1};
    for (int i = 0; i < 8000; i++) zeros += generate_value(&f, STORE_F16, (uint64_t)i) == 0;
    CHECK(zeros > 5700 && zeros < 6300);
}

/* Every 16-bit pattern survives the way to float and back; halves round to even. */
static void storage(void)
{
    CHECK_LOSS("16-bit results: a judge that rounds wrongly");
    for (unsigned h = 0; h < 65536; h++) {
        const float a = float_from_f16((uint16_t)h), b = float_from_bf16((uint16_t)h);
        if (a == a) CHECK(f16_from_float(a) == h);
        else CHECK((f16_from_float(a) & 0x7fffu) > 0x7c00u);
        if (b == b) CHECK(bf16_from_float(b) == h);
        else CHECK((bf16_from_float(b) & 0x7fffu) > 0x7f80u);
    }
    CHECK(float_from_f16(0x3c00) == 1 && float_from_f16(0x0001) == 0x1p-24f &&
          float_from_f16(0xfbff) == -65504);
    CHECK(f16_from_float(65519.99f) == 0x7bff && f16_from_float(65520) == 0x7c00);
    CHECK(f16_from_float(1 + 0x1p-11f) == 0x3c00 && f16_from_float(1 + 3 * 0x1p-11f) == 0x3c02);
    CHECK(f16_from_float(0x1p-25f) == 0 && f16_from_float(0x1.8p-24f) == 2 &&
          f16_from_float(0x1p-14f) == 0x0400);
    CHECK(bf16_from_float(1 + 0x1p-8f) == 0x3f80 && bf16_from_float(1 + 3 * 0x1p-8f) == 0x3f82);
}

int main(void)
{
    golden();
    uniform();
    exact();
    storage();
    return check_done();
}
