/* simt_float16.h: f16 and bf16 for the host. A result is the f32 result rounded once to nearest
 * even, which is what the device gives for + - * / and, through double, for fma. */
#ifndef SIMT_FLOAT16_H
#define SIMT_FLOAT16_H
#include <cmath>
#include <cstring>
#include <type_traits>
#include "simt_vector.h"

namespace simt
{
template <class To, class From> To same_bits(From v)
{
    static_assert(sizeof(To) == sizeof v, "size");
    To r;
    memcpy(&r, &v, sizeof r);
    return r;
}
inline uint16_t round_bf16(float f)
{
    const uint32_t u = same_bits<uint32_t>(f);
    return f != f ? 0x7fff : (u + 0x7fff + (u >> 16 & 1)) >> 16;
}
inline float widen_bf16(uint16_t h) { return same_bits<float>((uint32_t)h << 16); }
inline uint16_t round_f16(float f)
{
    const uint32_t u = same_bits<uint32_t>(f), sign = u >> 16 & 0x8000, a = u & 0x7fffffff;
    if (a > 0x7f800000) return 0x7fff;
    if (a >= 0x477ff000) return sign | 0x7c00; /* 65520 and up: infinity */
    if (a < 0x38800000)                        /* below 2^-14: f32 addition rounds to 2^-24 */
        return sign | (same_bits<uint32_t>(same_bits<float>(a) + 0.5f) - 0x3f000000);
    return sign | (a - 0x38000000 + 0xfff + (a >> 13 & 1)) >> 13;
}
inline float widen_f16(uint16_t h)
{
    const uint32_t a = h & 0x7fff, sign = (uint32_t)(h & 0x8000) << 16;
    if (a < 0x0400) return same_bits<float>(sign | same_bits<uint32_t>((float)a * 0x1p-24f));
    return same_bits<float>(
        sign | (a >= 0x7c00 ? 0x7f800000 | (a & 0x3ff) << 13 : (a << 13) + 0x38000000));
}
/* double -> float such that a second rounding to 16 bits is right: an inexact result gets an odd
 * last bit */
inline float round_odd(double d)
{
    float f = (float)d;
    if (f == d || f != f || (same_bits<uint32_t>(f) & 1)) return f;
    return nextafterf(f, f < d ? INFINITY : -INFINITY);
}

struct f16_format {
    static uint16_t round(float f) { return round_f16(f); }
    static float widen(uint16_t h) { return widen_f16(h); }
};
struct bf16_format {
    static uint16_t round(float f) { return round_bf16(f); }
    static float widen(uint16_t h) { return widen_bf16(h); }
};
inline float larger(float a, float b) /* +0 > -0, a number > NaN */
{
    return a == b ? (std::signbit(a) ? b : a) : fmaxf(a, b);
}
inline float smaller(float a, float b) { return a == b ? (std::signbit(a) ? a : b) : fminf(a, b); }

/* The functions are friends, so that they are found by argument and convert as CUDA's do. */
template <class F> struct alignas(2) float16 {
    uint16_t x;
    float16() = default;
    float16(float f) : x(F::round(f)) {}
    template <class N, class = std::enable_if_t<std::is_arithmetic<N>::value>>
    float16(N n) : x(F::round(round_odd((double)n)))
    {
    }
    operator float() const { return F::widen(x); }
    static float16 bits(uint16_t x)
    {
        float16 h;
        h.x = x;
        return h;
    }
    typedef float16 H;
    friend H operator+(H a, H b) { return (float)a + (float)b; }
    friend H operator-(H a, H b) { return (float)a - (float)b; }
    friend H operator*(H a, H b) { return (float)a * (float)b; }
    friend H operator/(H a, H b) { return (float)a / (float)b; }
    friend H operator-(H a) { return bits(a.x ^ 0x8000); }
    friend H operator+(H a) { return a; }
    friend H &operator+=(H &a, H b) { return a = a + b; }
    friend H &operator-=(H &a, H b) { return a = a - b; }
    friend H &operator*=(H &a, H b) { return a = a * b; }
    friend H &operator/=(H &a, H b) { return a = a / b; }
    friend bool operator==(H a, H b) { return (float)a == (float)b; }
    friend bool operator!=(H a, H b) { return (float)a != (float)b; }
    friend bool operator<(H a, H b) { return (float)a < (float)b; }
    friend bool operator>(H a, H b) { return (float)a > (float)b; }
    friend bool operator<=(H a, H b) { return (float)a <= (float)b; }
    friend bool operator>=(H a, H b) { return (float)a >= (float)b; }
    friend H __hadd(H a, H b) { return a + b; }
    friend H __hsub(H a, H b) { return a - b; }
    friend H __hmul(H a, H b) { return a * b; }
    friend H __hdiv(H a, H b) { return a / b; }
    friend H __hneg(H a) { return -a; }
    friend H __habs(H a) { return bits(a.x & 0x7fff); }
    friend H __hfma(H a, H b, H c)
    {
        return fma((double)(float)a, (double)(float)b, (double)(float)c);
    }
    friend H __hmax(H a, H b) { return larger(a, b); }
    friend H __hmin(H a, H b) { return smaller(a, b); }
    friend bool __heq(H a, H b) { return a == b; }
    friend bool __hne(H a, H b) { return a != b; }
    friend bool __hlt(H a, H b) { return a < b; }
    friend bool __hle(H a, H b) { return a <= b; }
    friend bool __hgt(H a, H b) { return a > b; }
    friend bool __hge(H a, H b) { return a >= b; }
    friend bool __hisnan(H a) { return (float)a != (float)a; }
};

template <class F> struct alignas(4) float16_pair {
    typedef float16<F> H;
    typedef float16_pair P;
    H x, y;
#ifdef __clang__
    SIMT_COPY2(float16_pair, H)
#else
    float16_pair() = default;
    float16_pair(H x, H y) : x(x), y(y) {}
#endif
    friend P operator+(P a, P b) { return {a.x + b.x, a.y + b.y}; }
    friend P operator-(P a, P b) { return {a.x - b.x, a.y - b.y}; }
    friend P operator*(P a, P b) { return {a.x * b.x, a.y * b.y}; }
    friend P operator/(P a, P b) { return {a.x / b.x, a.y / b.y}; }
    friend P operator-(P a) { return {-a.x, -a.y}; }
    friend P &operator+=(P &a, P b) { return a = a + b; }
    friend P &operator-=(P &a, P b) { return a = a - b; }
    friend P &operator*=(P &a, P b) { return a = a * b; }
    friend P __hadd2(P a, P b) { return a + b; }
    friend P __hsub2(P a, P b) { return a - b; }
    friend P __hmul2(P a, P b) { return a * b; }
    friend P __h2div(P a, P b) { return a / b; }
    friend P __hneg2(P a) { return -a; }
    friend P __hfma2(P a, P b, P c) { return {__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)}; }
    friend P __hmax2(P a, P b) { return {__hmax(a.x, b.x), __hmax(a.y, b.y)}; }
    friend P __hmin2(P a, P b) { return {__hmin(a.x, b.x), __hmin(a.y, b.y)}; }
    friend float __low2float(P a) { return a.x; }
    friend float __high2float(P a) { return a.y; }
    friend P __lowhigh2highlow(P a) { return {a.y, a.x}; }
};
} // namespace simt

typedef simt::float16<simt::f16_format> __half;
typedef simt::float16<simt::bf16_format> __nv_bfloat16;
typedef simt::float16_pair<simt::f16_format> __half2;
typedef simt::float16_pair<simt::bf16_format> __nv_bfloat162;
typedef __half half;
typedef __half2 half2;
typedef __nv_bfloat16 nv_bfloat16;
typedef __nv_bfloat162 nv_bfloat162;

#define SIMT_CONVERSIONS(type, pair, shorthand)                                                    \
    inline type __float2##shorthand(float f) { return f; }                                         \
    inline type __float2##shorthand##_rn(float f) { return f; }                                    \
    inline type __double2##shorthand(double d) { return d; }                                       \
    inline type __int2##shorthand##_rn(int i) { return i; }                                        \
    inline type __uint2##shorthand##_rn(unsigned i) { return i; }                                  \
    inline float __##shorthand##2float(type h) { return h; }                                       \
    inline uint16_t __##shorthand##_as_ushort(type h) { return h.x; }                              \
    inline type __ushort_as_##shorthand(uint16_t u) { return type::bits(u); }                      \
    inline type __low2##shorthand(pair p) { return p.x; }                                          \
    inline type __high2##shorthand(pair p) { return p.y; }                                         \
    inline pair __floats2##shorthand##2_rn(float x, float y) { return {type(x), type(y)}; }        \
    inline pair __float22##shorthand##2_rn(float2 v) { return {type(v.x), type(v.y)}; }            \
    inline pair __float2##shorthand##2_rn(float f) { return {type(f), type(f)}; }                  \
    inline pair __##shorthand##2##shorthand##2(type h) { return {h, h}; }                          \
    inline float2 __##shorthand##22float2(pair p) { return {(float)p.x, (float)p.y}; }
SIMT_CONVERSIONS(__half, __half2, half)
SIMT_CONVERSIONS(__nv_bfloat16, __nv_bfloat162, bfloat16)
#undef SIMT_CONVERSIONS
inline half2 __halves2half2(half x, half y) { return {x, y}; }
inline nv_bfloat162 __halves2bfloat162(nv_bfloat16 x, nv_bfloat16 y) { return {x, y}; }
inline nv_bfloat16 __float2bfloat16_rz(float f)
{
    return nv_bfloat16::bits((uint16_t)(simt::same_bits<uint32_t>(f) >> 16));
}
#endif
