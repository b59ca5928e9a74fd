/* simt_warp.h: barriers, votes, shuffles and reductions. A lane that is read but takes no part
 * gives poison. Every function takes the line it is called in, for the reports. */
#ifndef SIMT_WARP_H
#define SIMT_WARP_H
#include "simt_launch.h"
#define SIMT_LINE int line = __builtin_LINE()

namespace simt
{
template <class T> T poison()
{
    T v;
    memset((void *)&v, 0xff, sizeof v);
    return v;
}

template <class T> struct shuffled {
    T give;
    unsigned from;
    T take;
};
template <class T> T shuffle(const char *what, unsigned mask, T v, unsigned from, int line)
{
    static_assert(sizeof(T) <= 8, "one register or two");
    shuffled<T> s = {v, from, v};
    meet_warp(mask, what, line, &s, [mask] {
        const unsigned w = warp();
        for (unsigned i = w; i < w + 32; i++) {
            if (!at_meeting(i)) continue;
            shuffled<T> &a = args<shuffled<T>>(i);
            const bool there = mask >> a.from & 1 && at_meeting(w + a.from);
            a.take = there ? args<shuffled<T>>(w + a.from).give : poison<T>();
        }
    });
    return s.take;
}

/* One value in from each, one out for all: combine(a, b) over the threads in order. */
template <class T> struct reduced {
    T give, take;
};
template <class T, class F>
T reduce(const char *what, unsigned first, unsigned count, unsigned mask, T v, int line, F combine)
{
    reduced<T> r = {v, v};
    meet(first, count, mask, what, line, &r, [first, count, combine] {
        bool any = false;
        T sum = T();
        for (unsigned i = first; i < first + count; i++) {
            if (!at_meeting(i)) continue;
            const T give = args<reduced<T>>(i).give;
            sum = any ? combine(sum, give) : give, any = true;
        }
        for (unsigned i = first; i < first + count; i++)
            if (at_meeting(i)) args<reduced<T>>(i).take = sum;
    });
    return r.take;
}
template <class T, class F> T reduce_warp(const char *what, unsigned mask, T v, int line, F f)
{
    return reduce(what, warp(), 32, mask, v, line, f);
}
template <class T, class F> T reduce_block(const char *what, T v, int line, F f)
{
    return reduce(what, now->home->first, padded, ~0u, v, line, f);
}
inline unsigned lane_and(unsigned a, unsigned b) { return a & b; }
inline unsigned lane_or(unsigned a, unsigned b) { return a | b; }
inline unsigned lane_xor(unsigned a, unsigned b) { return a ^ b; }
} // namespace simt

/* ---- barriers ---- */

inline void __syncthreads(SIMT_LINE)
{
    simt::meet_block("__syncthreads()", line, nullptr, [] {});
}
inline int __syncthreads_count(int p, SIMT_LINE)
{
    return simt::reduce_block("__syncthreads_count()", (int)!!p, line,
                              [](int a, int b) { return a + b; });
}
inline int __syncthreads_and(int p, SIMT_LINE)
{
    return (int)simt::reduce_block("__syncthreads_and()", (unsigned)!!p, line, simt::lane_and);
}
inline int __syncthreads_or(int p, SIMT_LINE)
{
    return (int)simt::reduce_block("__syncthreads_or()", (unsigned)!!p, line, simt::lane_or);
}
inline void __syncwarp(unsigned mask = ~0u, SIMT_LINE)
{
    simt::meet_warp(mask, "__syncwarp()", line, nullptr, [] {});
}

/* ---- shuffles ---- */

template <class T> T __shfl_sync(unsigned mask, T v, int from, int width = 32, SIMT_LINE)
{
    const unsigned w = (unsigned)width, first = simt::now->lane & ~(w - 1);
    return simt::shuffle("__shfl_sync()", mask, v, first | ((unsigned)from & (w - 1)), line);
}
template <class T> T __shfl_xor_sync(unsigned mask, T v, int flip, int width = 32, SIMT_LINE)
{
    const unsigned w = (unsigned)width, l = simt::now->lane, from = l ^ (unsigned)flip;
    const bool in = from < (l & ~(w - 1)) + w;
    return simt::shuffle("__shfl_xor_sync()", mask, v, in ? from & 31 : l, line);
}
template <class T> T __shfl_down_sync(unsigned mask, T v, unsigned d, int width = 32, SIMT_LINE)
{
    const unsigned w = (unsigned)width, l = simt::now->lane;
    return simt::shuffle("__shfl_down_sync()", mask, v, (l & (w - 1)) + d < w ? l + d : l, line);
}
template <class T> T __shfl_up_sync(unsigned mask, T v, unsigned d, int width = 32, SIMT_LINE)
{
    const unsigned w = (unsigned)width, l = simt::now->lane;
    return simt::shuffle("__shfl_up_sync()", mask, v, (l & (w - 1)) >= d ? l - d : l, line);
}

/* ---- votes and reductions ---- */

inline unsigned __ballot_sync(unsigned mask, int p, SIMT_LINE)
{
    const unsigned mine = p ? 1u << simt::now->lane : 0u;
    return simt::reduce_warp("__ballot_sync()", mask, mine, line, simt::lane_or);
}
inline int __any_sync(unsigned mask, int p, SIMT_LINE)
{
    return (int)simt::reduce_warp("__any_sync()", mask, (unsigned)!!p, line, simt::lane_or);
}
inline int __all_sync(unsigned mask, int p, SIMT_LINE)
{
    return (int)simt::reduce_warp("__all_sync()", mask, (unsigned)!!p, line, simt::lane_and);
}
template <class T> T __reduce_add_sync(unsigned mask, T v, SIMT_LINE)
{
    return simt::reduce_warp("__reduce_add_sync()", mask, v, line, [](T a, T b) { return a + b; });
}
template <class T> T __reduce_min_sync(unsigned mask, T v, SIMT_LINE)
{
    return simt::reduce_warp("__reduce_min_sync()", mask, v, line,
                             [](T a, T b) { return b < a ? b : a; });
}
template <class T> T __reduce_max_sync(unsigned mask, T v, SIMT_LINE)
{
    return simt::reduce_warp("__reduce_max_sync()", mask, v, line,
                             [](T a, T b) { return a < b ? b : a; });
}
inline unsigned __reduce_and_sync(unsigned mask, unsigned v, SIMT_LINE)
{
    return simt::reduce_warp("__reduce_and_sync()", mask, v, line, simt::lane_and);
}
inline unsigned __reduce_or_sync(unsigned mask, unsigned v, SIMT_LINE)
{
    return simt::reduce_warp("__reduce_or_sync()", mask, v, line, simt::lane_or);
}
inline unsigned __reduce_xor_sync(unsigned mask, unsigned v, SIMT_LINE)
{
    return simt::reduce_warp("__reduce_xor_sync()", mask, v, line, simt::lane_xor);
}
/* the lanes of the mask that hold the same value */
template <class T> unsigned __match_any_sync(unsigned mask, T v, SIMT_LINE)
{
    struct matched {
        T v;
        unsigned lanes;
    } m = {v, 0};
    simt::meet_warp(mask, "__match_any_sync()", line, &m, [] {
        const unsigned w = simt::warp();
        for (unsigned i = 0; i < 32; i++)
            for (unsigned j = 0; j < 32; j++)
                if (simt::at_meeting(w + i) && simt::at_meeting(w + j) &&
                    simt::args<matched>(w + i).v == simt::args<matched>(w + j).v)
                    simt::args<matched>(w + i).lanes |= 1u << j;
    });
    return m.lanes;
}
/* All lanes that have not exited: right where the warp is together; where it is not, a lane that
 * does not come to what follows is reported. */
inline unsigned __activemask()
{
    unsigned m = 0;
    for (unsigned i = 0; i < 32; i++)
        m |= (unsigned)(simt::team[simt::warp() + i].state != simt::DONE) << i;
    return m;
}
#endif
