/* simt_vector.h: CUDA's vector types. They have the device's alignment, so that UBSan reports a
 * vector load or store that a GPU would refuse. g++ checks a vector that is copied whole; clang
 * does not, so there the copy goes through references, which it checks. */
#ifndef SIMT_VECTOR_H
#define SIMT_VECTOR_H
#include <cstdint>

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

#ifdef __clang__
#define SIMT_COPY2(type, T)                                                                        \
    type() = default;                                                                              \
    constexpr type(T x, T y) : x(x), y(y) {}                                                       \
    constexpr type(const type &v) : x(v.x), y(v.y) {}                                              \
    type &operator=(const type &v)                                                                 \
    {                                                                                              \
        x = v.x, y = v.y;                                                                          \
        return *this;                                                                              \
    }
#define SIMT_COPY4(type, T)                                                                        \
    type() = default;                                                                              \
    constexpr type(T x, T y, T z = {}, T w = {}) : x(x), y(y), z(z), w(w) {}                       \
    constexpr type(const type &v) : x(v.x), y(v.y), z(v.z), w(v.w) {}                              \
    type &operator=(const type &v)                                                                 \
    {                                                                                              \
        x = v.x, y = v.y, z = v.z, w = v.w;                                                        \
        return *this;                                                                              \
    }
#else
#define SIMT_COPY2(type, T)
#define SIMT_COPY4(type, T)
#endif

#define SIMT_VECTORS(T, name, align2, align4)                                                      \
    struct name##1 { T x; };                                                                       \
    struct alignas(align2) name##2                                                                 \
    {                                                                                              \
        T x, y;                                                                                    \
        SIMT_COPY2(name##2, T)                                                                     \
    };                                                                                             \
    struct name##3 { T x, y, z; };                                                                 \
    struct alignas(align4) name##4                                                                 \
    {                                                                                              \
        T x, y, z, w;                                                                              \
        SIMT_COPY4(name##4, T)                                                                     \
    };                                                                                             \
    inline name##1 make_##name##1(T x) { return {x}; }                                             \
    inline name##2 make_##name##2(T x, T y) { return {x, y}; }                                     \
    inline name##3 make_##name##3(T x, T y, T z) { return {x, y, z}; }                             \
    inline name##4 make_##name##4(T x, T y, T z, T w) { return {x, y, z, w}; }
SIMT_VECTORS(signed char, char, 2, 4)
SIMT_VECTORS(unsigned char, uchar, 2, 4)
SIMT_VECTORS(short, short, 4, 8)
SIMT_VECTORS(unsigned short, ushort, 4, 8)
SIMT_VECTORS(int, int, 8, 16)
SIMT_VECTORS(unsigned, uint, 8, 16)
SIMT_VECTORS(long, long, 16, 16)
SIMT_VECTORS(unsigned long, ulong, 16, 16)
SIMT_VECTORS(long long, longlong, 16, 16)
SIMT_VECTORS(unsigned long long, ulonglong, 16, 16)
SIMT_VECTORS(float, float, 8, 16)
SIMT_VECTORS(double, double, 16, 16)
#undef SIMT_VECTORS
#endif
