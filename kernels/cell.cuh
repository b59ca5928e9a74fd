/* cell.cuh: what a thread loads, folds and stores at once: a cell of N units, where a unit is what
 * one instruction works on: double, float, a pair of 16-bit numbers, or a single one. A kernel
 * written for cells has one text for 16-byte vectors and for the scalars that shapes without
 * alignment need. Sums widen to f32 (f64 stays f64); a maximum stays packed in 16 bits, exact. */
#ifndef WHEELBENCH_CELL_CUH
#define WHEELBENCH_CELL_CUH
#include <math.h>
#include <string.h>
#include "kernels/element.cuh"

template <class T> struct pair_of {
    typedef T type;
};
template <> struct pair_of<__half> {
    typedef __half2 type;
};
template <> struct pair_of<__nv_bfloat16> {
    typedef __nv_bfloat162 type;
};

template <class U, int N> struct alignas(N * sizeof(U)) cell {
    typedef U unit;
    static const int count = N;
    U u[N];
};
template <class T> using scalar_cell = cell<T, 1>;
template <class T>
using vector_cell = cell<typename pair_of<T>::type, 16 / (int)sizeof(typename pair_of<T>::type)>;

/* ---- units: widened for sums, neutral elements ---- */

static __device__ __forceinline__ double widen(double u) { return u; }
static __device__ __forceinline__ float widen(float u) { return u; }
static __device__ __forceinline__ float widen(__half u) { return __half2float(u); }
static __device__ __forceinline__ float widen(__nv_bfloat16 u) { return __bfloat162float(u); }
static __device__ __forceinline__ float2 widen(__half2 u) { return __half22float2(u); }
static __device__ __forceinline__ float2 widen(__nv_bfloat162 u) { return __bfloat1622float2(u); }
template <class U> using wide = decltype(widen(U()));

static __device__ __forceinline__ void narrow(double v, double *u) { *u = v; }
static __device__ __forceinline__ void narrow(float v, float *u) { *u = v; }
static __device__ __forceinline__ void narrow(float v, __half *u) { *u = __float2half_rn(v); }
static __device__ __forceinline__ void narrow(float v, __nv_bfloat16 *u)
{
    *u = __float2bfloat16_rn(v);
}
static __device__ __forceinline__ void narrow(float2 v, __half2 *u) { *u = __float22half2_rn(v); }
static __device__ __forceinline__ void narrow(float2 v, __nv_bfloat162 *u)
{
    *u = __float22bfloat162_rn(v);
}

static __device__ __forceinline__ void fill(float v, double *u) { *u = v; }
static __device__ __forceinline__ void fill(float v, float *u) { *u = v; }
static __device__ __forceinline__ void fill(float v, float2 *u) { *u = make_float2(v, v); }
static __device__ __forceinline__ void fill(float v, __half *u) { *u = __float2half_rn(v); }
static __device__ __forceinline__ void fill(float v, __nv_bfloat16 *u)
{
    *u = __float2bfloat16_rn(v);
}
static __device__ __forceinline__ void fill(float v, __half2 *u) { *u = __float2half2_rn(v); }
static __device__ __forceinline__ void fill(float v, __nv_bfloat162 *u)
{
    *u = __float2bfloat162_rn(v);
}

/* ---- units: arithmetic ---- */

static __device__ __forceinline__ double larger(double a, double b) { return fmax(a, b); }
static __device__ __forceinline__ float larger(float a, float b) { return fmaxf(a, b); }
static __device__ __forceinline__ float2 larger(float2 a, float2 b)
{
    return make_float2(fmaxf(a.x, b.x), fmaxf(a.y, b.y));
}
static __device__ __forceinline__ __half larger(__half a, __half b) { return __hmax(a, b); }
static __device__ __forceinline__ __half2 larger(__half2 a, __half2 b) { return __hmax2(a, b); }
static __device__ __forceinline__ __nv_bfloat16 larger(__nv_bfloat16 a, __nv_bfloat16 b)
{
    return __hmax(a, b);
}
static __device__ __forceinline__ __nv_bfloat162 larger(__nv_bfloat162 a, __nv_bfloat162 b)
{
    return __hmax2(a, b);
}

static __device__ __forceinline__ double plus(double a, double b) { return a + b; }
static __device__ __forceinline__ float plus(float a, float b) { return a + b; }
static __device__ __forceinline__ float2 plus(float2 a, float2 b)
{
    return make_float2(a.x + b.x, a.y + b.y);
}
static __device__ __forceinline__ double times(double v, double by) { return v * by; }
static __device__ __forceinline__ float times(float v, float by) { return v * by; }
static __device__ __forceinline__ float2 times(float2 v, float by)
{
    return make_float2(v.x * by, v.y * by);
}

/* ---- cells ---- */

template <int BYTES> struct raw;
template <> struct raw<2> {
    typedef unsigned short type;
};
template <> struct raw<4> {
    typedef unsigned type;
};
template <> struct raw<8> {
    typedef uint2 type;
};
template <> struct raw<16> {
    typedef uint4 type;
};

/* One load of the whole cell from memory that no thread of the launch writes. */
template <class C> static __device__ __forceinline__ C cell_load(const C *p)
{
    const typename raw<sizeof(C)>::type r = __ldg((const typename raw<sizeof(C)>::type *)p);
    C c;
    memcpy((void *)&c, &r, sizeof c);
    return c;
}

/* One store of the whole cell, to memory that nobody reads again soon. */
template <class C> static __device__ __forceinline__ void cell_store(C *p, const C &c)
{
    typename raw<sizeof(C)>::type r;
    memcpy(&r, &c, sizeof r);
    __stcs((typename raw<sizeof(C)>::type *)p, r);
}

template <class C> static __device__ __forceinline__ C cell_fill(float v)
{
    C c;
#pragma unroll
    for (int i = 0; i < C::count; i++) fill(v, &c.u[i]);
    return c;
}

/* A reduction over cells, unit by unit: the largest, or (MEAN) the sum. */
template <class C, bool MEAN> struct cell_fold;

template <class C> struct cell_fold<C, false> {
    C v;
    static __device__ __forceinline__ float neutral() { return -INFINITY; }
    __device__ __forceinline__ void start() { v = cell_fill<C>(neutral()); }
    __device__ __forceinline__ void take(const C &c)
    {
#pragma unroll
        for (int i = 0; i < C::count; i++) v.u[i] = larger(v.u[i], c.u[i]);
    }
    __device__ __forceinline__ void join(const cell_fold &f) { take(f.v); }
    __device__ __forceinline__ wide<typename C::unit> value(int i) const { return widen(v.u[i]); }
    template <class F> __device__ __forceinline__ C end(F) const { return v; }
};

template <class C> struct cell_fold<C, true> {
    wide<typename C::unit> v[C::count];
    static __device__ __forceinline__ float neutral() { return 0; }
    __device__ __forceinline__ void start()
    {
#pragma unroll
        for (int i = 0; i < C::count; i++) fill(0.f, &v[i]);
    }
    __device__ __forceinline__ void take(const C &c)
    {
#pragma unroll
        for (int i = 0; i < C::count; i++) v[i] = plus(v[i], widen(c.u[i]));
    }
    __device__ __forceinline__ void join(const cell_fold &f)
    {
#pragma unroll
        for (int i = 0; i < C::count; i++) v[i] = plus(v[i], f.v[i]);
    }
    __device__ __forceinline__ wide<typename C::unit> value(int i) const { return v[i]; }
    /* the sum times `by` */
    template <class F> __device__ __forceinline__ C end(F by) const
    {
        C c;
#pragma unroll
        for (int i = 0; i < C::count; i++) narrow(times(v[i], by), &c.u[i]);
        return c;
    }
};

/* From wide units to single numbers and back: a float2 is two, a float or double one. */
static __device__ __forceinline__ void spread(double v, double *to) { *to = v; }
static __device__ __forceinline__ void spread(float v, float *to) { *to = v; }
static __device__ __forceinline__ void spread(float2 v, float *to) { to[0] = v.x, to[1] = v.y; }
static __device__ __forceinline__ void gather(const double *from, double *v) { *v = *from; }
static __device__ __forceinline__ void gather(const float *from, float *v) { *v = *from; }
static __device__ __forceinline__ void gather(const float *from, float2 *v)
{
    *v = make_float2(from[0], from[1]);
}
#endif
