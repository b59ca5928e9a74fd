/* simt_shared.h: shared memory. A 32-bit shared address is rank in the cluster << 24 | offset.
 * Dynamic memory starts at offset `base`, 1024 + 16: no more than the 16 bytes that CUDA promises,
 * unless the kernel asks for more by __align__. __shared__ variables follow. All starts as 0xff in
 * every block, which is NaN: nothing is left over from the block before. */
#ifndef SIMT_SHARED_H
#define SIMT_SHARED_H
#include "simt_meeting.h"

namespace simt
{

/* Every thread calls it where a __shared__ variable is declared; the first one counts. */
template <class T> void shared(T &v)
{
    for (const shared_variable &s : statics)
        if (s.at == (char *)&v) return;
    const unsigned end = statics.empty() ? base + dynamic_bytes
                                         : statics.back().offset + (unsigned)statics.back().bytes;
    const unsigned offset = (end + 127) & ~127u;
    if (offset - base + sizeof v > MAX_SHARED)
        fault("more than %d bytes of shared memory", MAX_SHARED);
    statics.push_back({(char *)&v, sizeof v, offset});
    memset((void *)&v, 0xff, sizeof v);
    for (block &b : blocks) b.statics.emplace_back(sizeof v, (char)0xff);
}
[[noreturn]] inline void again() /* it wants another launch than was assumed: start over */
{
    restart = true;
    for (;;) switch_out();
}
inline char *dynamic(unsigned align)
{
    if (base % align) base = (base + align - 1) / align * align, again();
    return now->home->arena;
}
inline void this_cluster(unsigned x, unsigned y = 1, unsigned z = 1)
{
    if (cluster_dim.x != x || cluster_dim.y != y || cluster_dim.z != z)
        cluster_dim = dim3(x, y, z), again();
}
inline unsigned cluster_size() { return cluster_dim.x * cluster_dim.y * cluster_dim.z; }
inline unsigned offset_of(uint32_t address) { return address & ((1u << RANK_SHIFT) - 1); }
inline unsigned rank_of(uint32_t address) { return address >> RANK_SHIFT; }
inline block &block_of(uint32_t address)
{
    block *b = now ? now->home : live;
    if (rank_of(address) >= cluster_size())
        fault("shared address %#x is in block %u of a cluster of %u", address, rank_of(address),
              cluster_size());
    return blocks[b->id - b->rank + rank_of(address)];
}
/* Host address of `bytes` at an offset in the shared memory of b. */
inline char *shared_at(block &b, unsigned offset, unsigned bytes, const char *what)
{
    if (offset - base < dynamic_bytes && offset - base + bytes <= dynamic_bytes)
        return b.arena + (offset - base);
    for (size_t i = 0; i < statics.size(); i++) {
        const unsigned at = offset - statics[i].offset;
        if (at < statics[i].bytes && at + bytes <= statics[i].bytes)
            return (&b == live ? statics[i].at : b.statics[i].data()) + at;
    }
    fault("%s: %u bytes at shared offset %#x are outside shared memory (dynamic: "
          "%#x to %#x)",
          what, bytes, offset, base, base + dynamic_bytes);
}
/* Host address of a 32-bit shared address of the running thread. */
inline char *shared_at(uint32_t address, unsigned bytes, unsigned align, const char *what)
{
    if (address % align)
        fault("%s: shared address %#x is not a multiple of %u", what, address, align);
    return shared_at(block_of(address), offset_of(address), bytes, what);
}
} // namespace simt

inline size_t __cvta_generic_to_shared(const void *pointer)
{
    using namespace simt;
    const char *p = (const char *)pointer;
    const block &mine = *now->home;
    for (unsigned r = 0; r < cluster_size(); r++) {
        const char *arena = blocks[mine.id - mine.rank + r].arena;
        if ((uintptr_t)p - (uintptr_t)arena <= dynamic_bytes)
            return r << RANK_SHIFT | (base + (unsigned)(p - arena));
    }
    for (const shared_variable &s : statics)
        if ((uintptr_t)p - (uintptr_t)s.at <= s.bytes) /* its end too: that is no access yet */
            return mine.rank << RANK_SHIFT | (s.offset + (unsigned)(p - s.at));
    fault("__cvta_generic_to_shared() of a pointer that is not to shared memory");
}
#endif
