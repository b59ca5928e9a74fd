/* simt_memory.h: atomics, fences, loads and stores with a cache hint, time. A thread runs until it
 * waits, so a plain operation is atomic and no fence has anything to do. */
#ifndef SIMT_MEMORY_H
#define SIMT_MEMORY_H
#include "simt_warp.h"

#define SIMT_ATOMIC(name, value)                                                                   \
    template <class T, class V> T name(T *p, V v_)                                                 \
    {                                                                                              \
        const T old = *p, v = (T)v_;                                                               \
        *p = value;                                                                                \
        return old;                                                                                \
    }
SIMT_ATOMIC(atomicAdd, (T)(old + v))
SIMT_ATOMIC(atomicSub, (T)(old - v))
SIMT_ATOMIC(atomicExch, v)
SIMT_ATOMIC(atomicMin, v < old ? v : old)
SIMT_ATOMIC(atomicMax, old < v ? v : old)
SIMT_ATOMIC(atomicAnd, (T)(old &v))
SIMT_ATOMIC(atomicOr, (T)(old | v))
SIMT_ATOMIC(atomicXor, (T)(old ^ v))
#undef SIMT_ATOMIC
template <class T, class V, class W> T atomicCAS(T *p, V expected, W v)
{
    const T old = *p;
    if (old == (T)expected) *p = (T)v;
    return old;
}
inline unsigned atomicInc(unsigned *p, unsigned top)
{
    const unsigned old = *p;
    *p = old >= top ? 0 : old + 1;
    return old;
}
inline unsigned atomicDec(unsigned *p, unsigned top)
{
    const unsigned old = *p;
    *p = !old || old > top ? top : old - 1;
    return old;
}

inline void __threadfence() {}
inline void __threadfence_block() {}
inline void __threadfence_system() {}
/* A loop that polls memory must call it: nothing else lets the others run. */
inline void __nanosleep(unsigned, SIMT_LINE) { simt::give_way(line); }
[[noreturn]] inline void __trap() { simt::fault("__trap()"); }
inline long long clock64()
{
    static long long t;
    return t += 8;
}

template <class T> T __ldg(const T *p) { return *p; }
template <class T> T __ldca(const T *p) { return *p; }
template <class T> T __ldcg(const T *p) { return *p; }
template <class T> T __ldcs(const T *p) { return *p; }
template <class T> T __ldcv(const T *p) { return *p; }
template <class T> void __stwb(T *p, T v) { *p = v; }
template <class T> void __stcg(T *p, T v) { *p = v; }
template <class T> void __stcs(T *p, T v) { *p = v; }
template <class T> void __stwt(T *p, T v) { *p = v; }
inline bool __isShared(const void *pointer)
{
    const char *p = (const char *)pointer, *arena = simt::now->home->arena;
    if ((uintptr_t)p - (uintptr_t)arena < simt::dynamic_bytes) return true;
    for (const simt::shared_variable &s : simt::statics)
        if ((uintptr_t)p - (uintptr_t)s.at < s.bytes) return true;
    return false;
}
#endif
