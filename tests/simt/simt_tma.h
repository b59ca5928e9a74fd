/* simt_tma.h: bulk copies between global and shared memory (sm_90), by the PTX manual: 2-D boxes of
 * a tensor map with swizzle, clipping and zero fill, to one block or several, and plain runs of
 * bytes. Each is a job that happens when simt_schedule.h sees fit. */
#ifndef SIMT_TMA_H
#define SIMT_TMA_H
#include "simt_mbarrier.h"

namespace simt
{

/* ---- tensor maps ---- */

struct alignas(64) tensor_map {
    uint64_t magic;
    char *at;
    uint64_t dim[2], stride; /* elements, bytes */
    uint32_t box[2], element, swizzle;
    char rest[64];
};
enum : uint64_t { MAP_MAGIC = 0x7073616d726f736e };
static_assert(sizeof(tensor_map) == 128, "as large as a CUtensorMap");

inline unsigned swizzled(unsigned offset, unsigned mode) /* 0 none, 1 32B, 2 64B, 3 128B */
{
    return offset ^ (offset >> 7 & ((1u << mode) - 1)) << 4;
}
inline tensor_map read_map(const void *map, const char *what)
{
    tensor_map m;
    memcpy(&m, map, sizeof m);
    if ((uintptr_t)map % 64 || m.magic != MAP_MAGIC)
        fault("%s: not a tensor map, or not aligned to 64 bytes", what);
    return m;
}
/* A device takes a box that begins within 16 bytes for an illegal instruction (seen on an H100, for
 * loads and for stores). */
inline void check_column(const tensor_map &m, int x, const char *what)
{
    const long bytes = (long)x * m.element;
    if (bytes % 16)
        fault("%s: column %d is %ld bytes into a row, not a multiple of 16", what, x, bytes);
}
inline unsigned box_bytes(const tensor_map &m) { return m.box[0] * m.box[1] * m.element; }

/* Calls on(address in the tensor or NULL outside it, shared offset) for each element of the box.
 * Along x the tensor ends at `width` elements. */
template <class F>
void each_element(const tensor_map &m, uint64_t width, int x, int y, unsigned offset, F on)
{
    for (unsigned r = 0; r < m.box[1]; r++)
        for (unsigned c = 0; c < m.box[0]; c++) {
            const long gx = (long)x + c, gy = (long)y + r;
            const bool in = gx >= 0 && gy >= 0 && (uint64_t)gx < width && (uint64_t)gy < m.dim[1];
            char *g = nullptr;
            if (in) g = m.at + (uint64_t)gy * m.stride + (uint64_t)gx * m.element;
            on(g, swizzled(offset + (r * m.box[0] + c) * m.element, m.swizzle));
        }
}

/* ---- fence.proxy.async: writes by wrappers that no fence of the writing thread has covered ----
 */

inline std::map<std::pair<unsigned, unsigned>, unsigned> unfenced; /* 8 or 16 bytes -> thread */
inline void fence_proxy_async()
{
    for (auto i = unfenced.begin(); i != unfenced.end();)
        i = i->second == now->id ? unfenced.erase(i) : std::next(i);
}
inline void async_reads(block &b, unsigned from, unsigned bytes, const char *what)
{
    const auto i = unfenced.lower_bound({b.id, from & ~15u});
    if (i != unfenced.end() && i->first.first == b.id && i->first.second < from + bytes)
        fault("%s reads +%#x, which thread %u wrote without fence.proxy.async", what,
              i->first.second, i->second - b.first);
}

/* ---- loads ---- */

/* fill(block, offset) brings `bytes`; they count on the mbarrier at the same offset of each. */
template <class F>
void add_load(const char *what, unsigned mask, unsigned bytes, uint32_t bar, F fill)
{
    const unsigned first = now->home->id - now->home->rank;
    if (mask >> cluster_size())
        fault("%s: multicast mask %#x in a cluster of %u", what, mask, cluster_size());
    const auto run = [=] {
        for (unsigned r = 0; mask >> r; r++) {
            if (!(mask >> r & 1)) continue;
            block &b = blocks[first + r];
            if (!b.alive) fault("%s into block %u of the cluster, which has exited", what, r);
            fill(b);
            mbarrier &k = mbarrier_at(b, offset_of(bar), what);
            mbarrier_bytes(k, -(long)bytes, offset_of(bar), what);
            mbarrier_test(k);
        }
    };
    add_job({LOAD, now->id, 0, now->home, first, mask, run});
}
/* mask 0: to the block that `to` names */
inline void tma_load(uint32_t to, const void *map, int x, int y, uint32_t bar, unsigned mask)
{
    const char *what = "TMA load";
    const tensor_map m = read_map(map, what);
    const unsigned bytes = box_bytes(m);
    shared_at(to, bytes, 128, what), shared_at(bar, 8, 8, what);
    check_column(m, x, what);
    if (!mask) mask = 1u << block_of(to).rank;
    add_load(what, mask, bytes, bar, [=](block &b) {
        each_element(m, m.dim[0], x, y, offset_of(to), [&](const char *g, unsigned o) {
            char *s = shared_at(b, o, m.element, what);
            if (g) memcpy(s, g, m.element);
            else memset(s, 0, m.element);
        });
    });
}
/* cp.async.bulk from global memory, without a map */
inline void bulk_load(uint32_t to, const void *from, unsigned bytes, uint32_t bar)
{
    const char *what = "cp.async.bulk";
    if (bytes % 16 || (uintptr_t)from % 16)
        fault("%s: %u bytes from an address %% 16 = %u", what, bytes,
              (unsigned)((uintptr_t)from % 16));
    shared_at(to, bytes, 16, what), shared_at(bar, 8, 8, what);
    add_load(what, 1u << block_of(to).rank, bytes, bar,
             [=](block &b) { memcpy(shared_at(b, offset_of(to), bytes, what), from, bytes); });
}

/* ---- stores ---- */

template <class F> void add_store(const char *what, uint32_t from, unsigned bytes, F drain)
{
    block &b = *now->home;
    if (rank_of(from) != b.rank) fault("%s from another block's shared memory", what);
    async_reads(b, offset_of(from), bytes, what);
    add_job({STORE, now->id, now->store_groups, &b, 0, 0, [=, &b] { drain(b); }});
}
inline void tma_store(const void *map, int x, int y, uint32_t from)
{
    const char *what = "TMA store";
    const tensor_map m = read_map(map, what);
    const unsigned piece = 16 / m.element; /* along x a device clips to whole 16 bytes */
    const uint64_t width = (m.dim[0] + piece - 1) / piece * piece;
    shared_at(from, box_bytes(m), 128, what);
    check_column(m, x, what);
    /* loads may begin outside, stores may only end there (seen on an H100) */
    if (x < 0 || y < 0)
        fault("%s: to (%d, %d): a store cannot begin outside the tensor", what, x, y);
    add_store(what, from, box_bytes(m), [=](block &b) {
        each_element(m, width, x, y, offset_of(from), [&](char *g, unsigned o) {
            if (g) memcpy(g, shared_at(b, o, m.element, what), m.element);
        });
    });
}
/* cp.async.bulk to global memory, without a map */
inline void bulk_store(void *to, uint32_t from, unsigned bytes)
{
    const char *what = "cp.async.bulk store";
    if (bytes % 16 || (uintptr_t)to % 16)
        fault("%s: %u bytes to an address %% 16 = %u", what, bytes, (unsigned)((uintptr_t)to % 16));
    shared_at(from, bytes, 16, what);
    add_store(what, from, bytes,
              [=](block &b) { memcpy(to, shared_at(b, offset_of(from), bytes, what), bytes); });
}
inline bool outstanding(enum kind k, unsigned owner, unsigned before) /* of groups below it */
{
    for (const job &j : jobs)
        if (j.kind == k && j.owner == owner && j.group < before) return true;
    return false;
}
inline void store_commit() { now->store_groups++; }
inline void store_wait(unsigned n, int line)
{
    const unsigned groups = now->store_groups;
    if (groups > n && outstanding(STORE, now->id, groups - n))
        wait("cp.async.bulk.wait_group, %u groups may stay (of %u)", n, groups, line);
}
} // namespace simt
#endif
