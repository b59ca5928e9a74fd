/* types: f16 and bf16, vectors, conversions and the built-in functions, held against what the
 * device gives (the same file is right on a GPU). */
#define FAULTS(X)                                                                                  \
    X(truncated, " wrong", "a float cut to bf16 where it must be rounded")                         \
    X(narrow_sum, " wrong", "a sum in f16 where it must be in f32")
#include "planted.h"
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <math.h>
#include <stdint.h>

static_assert(sizeof(half) == 2 && sizeof(half2) == 4 && alignof(half2) == 4, "packed");
static_assert(sizeof(float3) == 12 && alignof(float3) == 4, "no padding");
static_assert(alignof(float2) == 8 && alignof(int4) == 16 && alignof(double2) == 16, "one load");
static_assert(alignof(uchar4) == 4 && alignof(short4) == 8 && alignof(ushort2) == 4, "one load");
static_assert(sizeof(ulonglong2) == 16 && sizeof(short2) == 4, "packed");

/* Every value survives; what lies between two neighbours goes to the nearer one, ties to even. */
template <class T, class F>
static __host__ __device__ int rounds(unsigned u, unsigned top, F from_bits)
{
    const T low = from_bits(u), high = from_bits(u + 1);
    const float a = (float)low, step = u + 1 == top ? a - (float)from_bits(u - 1) : (float)high - a;
    const float middle = a + step / 2;
    const auto bits = [](float x) {
        const T t = T(x);
        uint16_t b;
        memcpy(&b, &t, 2);
        return (unsigned)b;
    };
    int bad = bits(a) != u || bits(-a) != (u | 0x8000);

    bad += bits(middle) != (u & 1 ? u + 1 : u);
    bad += bits(nextafterf(middle, 0)) != u || bits(nextafterf(middle, INFINITY)) != u + 1;
    return bad;
}
static __global__ void rounding(int *bad)
{
    const auto f16 = [](unsigned u) { return __ushort_as_half((unsigned short)u); };
    const auto bf16 = [](unsigned u) { return __ushort_as_bfloat16((unsigned short)u); };
    const unsigned stride = gridDim.x * blockDim.x, first = blockIdx.x * blockDim.x + threadIdx.x;
    int mine = 0;

    for (unsigned u = first; u < 0x7c00; u += stride) mine += rounds<half>(u, 0x7c00, f16);
    for (unsigned u = first; u < 0x7f80; u += stride)
        mine += rounds<__nv_bfloat16>(u, 0x7f80, bf16);
    if (mine) atomicAdd(bad, mine);
}

/* y = a x + y in pairs; the sum of all products in f32 */
template <class P> static __global__ void axpy(P a, const P *x, P *y)
{
    y[threadIdx.x] = __hfma2(a, x[threadIdx.x], y[threadIdx.x]);
}
static __global__ void dot(int n, const half *x, const half *y, float *sum, enum fault f)
{
    half narrow = 0.f;
    float wide = 0;

    for (int i = 0; i < n; i++) narrow += x[i] * y[i], wide += (float)x[i] * (float)y[i];
    *sum = f == narrow_sum ? (float)narrow : wide;
}
static __global__ void cut(const float *x, __nv_bfloat16 *y, enum fault f)
{
    const int i = threadIdx.x;
    y[i] = f == truncated ? __float2bfloat16_rz(x[i]) : __float2bfloat16(x[i]);
}

#define EXPECT(...) bad += !(__VA_ARGS__)
static __device__ int sixteen_bits()
{
    const half one = 1.f, two = 2.f, nan = __ushort_as_half(0x7fff), zero = 0.f;
    const half2 p = __floats2half2_rn(3, -4), q = __float2half2_rn(0.5f);
    const __nv_bfloat162 b = __floats2bfloat162_rn(-1, 8);
    int bad = 0;

    EXPECT((float)(one / two) == 0.5f && (float)-two == -2 && one < two && one != two);
    EXPECT((float)__hfma(two, two, one) == 5 && (float)__hsub(one, two) == -1);
    EXPECT((float)__hmax(nan, one) == 1 && (float)__hmin(one, nan) == 1 && __hisnan(nan));
    EXPECT(__half_as_ushort(__hmax(-zero, zero)) == 0 && __half_as_ushort(-zero) == 0x8000);
    EXPECT(__low2float(p * q) == 1.5f && __high2float(__hadd2(p, q)) == -3.5f);
    EXPECT(__high2float(__hmax2(p, q)) == 0.5f && __low2float(__hmin2(p, q)) == 0.5f);
    EXPECT(__half22float2(__hmul2(p, p)).y == 16 && __bfloat1622float2(b).x == -1);
    EXPECT((float)__high2bfloat16(b + b) == 16 && (float)__low2half(p) == 3);
    EXPECT(__half2float(__float2half(65520.f)) == INFINITY);
    EXPECT(__half_as_ushort(__double2half(1 + 0x1p-11 + 0x1p-40)) == 0x3c01);
    EXPECT(__half_as_ushort(__int2half_rn(2049)) == 0x6800);
    return bad;
}
static __device__ int built_in()
{
    int bad = 0;

    EXPECT(__popc(0xf0f0u) == 8 && __clz(1) == 31 && __clz(0) == 32 && __ffs(8) == 4);
    EXPECT(__brev(1u) == 0x80000000u && __umulhi(1u << 31, 6) == 3 && __mulhi(-1, 2) == -1);
    EXPECT(__popcll(~0ull) == 64 && __clzll(1) == 63 && __umul64hi(1ull << 63, 4) == 2);
    EXPECT(__byte_perm(0x03020100, 0x07060504, 0x5410) == 0x05040100);
    EXPECT(__funnelshift_l(0x80000000u, 1, 1) == 3 && __funnelshift_r(1, 1, 1) == 0x80000000u);
    EXPECT(__float_as_uint(1.f) == 0x3f800000u && __int_as_float(0x40000000) == 2);
    EXPECT(__hiloint2double(0x3ff00000, 0) == 1 && __double2hiint(2.) == 0x40000000);
    EXPECT(__float2int_rn(2.5f) == 2 && __float2int_rz(-2.5f) == -2 && __float2int_ru(2.1f) == 3);
    EXPECT(__fmaf_rn(2, 3, 4) == 10 && __saturatef(2) == 1 && __frcp_rn(4) == 0.25f);
    EXPECT(fabsf(__expf(1) - 2.7182818f) < 1e-5f && fabsf(rsqrtf(4) - 0.5f) < 1e-6f);
    EXPECT(fabsf(__logf(2) - 0.6931472f) < 1e-5f && fabsf(__fdividef(1, 3) - 0.3333333f) < 1e-6f);
    EXPECT(fmaxf(NAN, 1) == 1 && fminf(-1, 2) == -1 && fmax(1., 2.) == 2 && sqrtf(9) == 3);
    EXPECT(min(3, 4) == 3 && max(2.5f, 1.f) == 2.5f && max(3u, 4u) == 4 && abs(-3) == 3);
    EXPECT(make_float4(1, 2, 3, 4).w == 4 && make_int3(1, 2, 3).z == 3 &&
           make_ushort2(1, 9).y == 9);
    return bad;
}
static __global__ void functions(int *bad) { *bad = sixteen_bits() + built_in(); }

static int wrong(enum fault f)
{
    buffer<int> mistakes(1, [](int) { return 0; }), others(1);
    buffer<float> x(64, [](int i) { return 1 + i * 0x1p-9f; }), sum(1);
    buffer<__nv_bfloat16> y(64);
    int bad = 0;

    rounding<<<8, 64>>>(mistakes);
    functions<<<1, 1>>>(others);
    cut<<<1, 64>>>(x, y, f);
    bad += mistakes.differ([](int) { return 0; }) + others.differ([](int) { return 0; });
    bad += y.differ([&](int i) { return __float2bfloat16(x[i]); });

    buffer<half> u(300, [](int i) { return half(1 + i % 7 * 0.25f); });
    float all = 0;
    dot<<<1, 1>>>(u.n, u, u, sum, f);
    for (int i = 0; i < u.n; i++) all += (float)u[i] * (float)u[i];
    bad += sum.differ([&](int) { return all; });

    buffer<half2> p(32, [](int i) { return __floats2half2_rn(i, -i); }),
        q(32, [](int) { return __float2half2_rn(1); });
    axpy<<<1, 32>>>(__float2half2_rn(2), p.p, q.p);
    cudaDeviceSynchronize();
    for (int i = 0; i < 32; i++)
        bad += __low2float(q[i]) != 2 * i + 1 || __high2float(q[i]) != 1 - 2 * i;
    return bad;
}
