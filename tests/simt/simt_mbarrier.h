/* simt_mbarrier.h: mbarriers, named barriers and the cluster barrier (sm_90), by the PTX manual.
 * The state of an mbarrier is kept here, by block and offset; the 8 bytes in shared memory hold a
 * token, so that an overwritten barrier shows. */
#ifndef SIMT_MBARRIER_H
#define SIMT_MBARRIER_H
#include <map>
#include "simt_mma.h"

namespace simt
{
struct mbarrier {
    unsigned count, pending, phase;
    long bytes; /* still to come; negative: more came than expected so far */
    std::vector<fiber *> waiting;
};
typedef std::pair<unsigned, unsigned> mbarrier_key; /* block in the team, shared offset */
inline std::map<mbarrier_key, mbarrier> mbarriers;
inline uint64_t token(unsigned offset) { return 0x6d62617272696572u ^ (uint64_t)offset << 8; }
inline uint32_t mapa(uint32_t address, unsigned rank) /* the same place in a peer */
{
    return offset_of(address) | rank << RANK_SHIFT;
}

inline void mbarrier_init(uint32_t address, unsigned count)
{
    char *p = shared_at(address, 8, 8, "mbarrier.init");
    const uint64_t t = token(offset_of(address));
    const mbarrier_key key(block_of(address).id, offset_of(address));
    if (!count || count >= 1u << 20)
        fault("mbarrier.init at +%#x: a count of %u", key.second, count);
    if (mbarriers.count(key) && !memcmp(p, &t, 8))
        fault("mbarrier.init at +%#x, which is a barrier already", key.second);
    mbarriers[key] = {count, count, 0, 0, {}};
    memcpy(p, &t, 8);
}
inline mbarrier &mbarrier_at(block &b, unsigned offset, const char *what)
{
    const auto m = mbarriers.find({b.id, offset});
    const uint64_t t = token(offset);
    if (m == mbarriers.end())
        fault("%s at +%#x of block %u of the cluster: no mbarrier was initialised "
              "there",
              what, offset, b.rank);
    if (memcmp(shared_at(b, offset, 8, what), &t, 8))
        fault("%s at +%#x of block %u of the cluster: the mbarrier was overwritten", what, offset,
              b.rank);
    return m->second;
}
inline void mbarrier_test(mbarrier &m) /* the phase ends when no arrival and no byte is missing */
{
    if (m.pending || m.bytes) return;
    m.phase++, m.pending = m.count;
    for (fiber *f : m.waiting) wake(*f);
    m.waiting.clear();
}
inline void mbarrier_bytes(mbarrier &m, long n, unsigned offset, const char *what)
{
    m.bytes += n;
    if (labs(m.bytes) >= 1l << 20)
        fault("%s at +%#x: %ld bytes to come, more than an mbarrier can count", what, offset,
              m.bytes);
}
inline void mbarrier_arrive(uint32_t address, unsigned expect, const char *what)
{
    block &b = block_of(address);
    const unsigned offset = offset_of(address);
    if (!b.alive)
        fault("%s at +%#x of block %u of the cluster, which has exited", what, offset, b.rank);
    mbarrier &m = mbarrier_at(b, offset, what);
    if (!m.pending)
        fault("%s at +%#x of block %u of the cluster: all %u arrivals of phase %u "
              "were there "
              "already (%ld bytes to come)",
              what, offset, b.rank, m.count, m.phase, m.bytes);
    mbarrier_bytes(m, expect, offset, what);
    m.pending--;
    mbarrier_test(m);
}
inline void mbarrier_expect(uint32_t address, unsigned bytes) /* expect_tx without an arrival */
{
    const char *what = "mbarrier.expect_tx";
    mbarrier &m = mbarrier_at(block_of(address), offset_of(address), what);
    mbarrier_bytes(m, bytes, offset_of(address), what);
}
inline mbarrier &own_mbarrier(uint32_t address, unsigned parity)
{
    shared_at(address, 8, 8, "mbarrier wait");
    if (rank_of(address) != now->home->rank)
        fault("an mbarrier of another block can be arrived at, not waited for");
    if (parity > 1) fault("mbarrier wait at +%#x: parity %u", offset_of(address), parity);
    return mbarrier_at(*now->home, offset_of(address), "mbarrier wait");
}
inline void mbarrier_wait(uint32_t address, unsigned parity, int line)
{
    mbarrier &m = own_mbarrier(address, parity);
    if ((m.phase & 1) != parity) return;
    m.waiting.push_back(now);
    wait("mbarrier +%#x, parity %u", offset_of(address), parity, line);
    if ((m.phase & 1) == parity)
        fault("mbarrier wait at +%#x (line %d): a whole phase more passed before "
              "the waiting "
              "thread saw it",
              offset_of(address), line);
}
inline bool mbarrier_test_wait(uint32_t address, unsigned parity, int line) /* for who polls */
{
    const bool done = (own_mbarrier(address, parity).phase & 1) != parity;
    if (!done) give_way(line);
    return done;
}

/* ---- bar.sync id, threads and bar.arrive ---- */

inline void bar(unsigned id, unsigned threads, bool blocks, int line)
{
    if (id == 0 || id > 15) fault("named barrier %u: 1 to 15 are free, 0 is __syncthreads()", id);
    if (!threads || threads % 32)
        fault("named barrier %u: %u threads are not whole warps", id, threads);
    named_barrier &b = now->home->bar[id];
    if (b.here && b.need != threads)
        fault("named barrier %u for %u threads (line %d): others wait there for %u", id, threads,
              line, b.need);
    b.need = threads;
    if (++b.here == threads) {
        for (fiber *f : b.waiting) wake(*f);
        b.waiting.clear(), b.here = 0;
    } else if (blocks) {
        b.waiting.push_back(now);
        wait("named barrier %u for %u threads", id, threads, line);
    }
}

/* ---- barrier.cluster ---- */

inline void cluster_arrive()
{
    struct cluster &c = *now->home->cluster;
    if (now->cluster_arrived) fault("barrier.cluster.arrive twice without a wait");
    now->cluster_arrived = true, now->cluster_phase = c.phase, c.arrived++;
    meet_cluster(c);
}
inline void cluster_wait(int line)
{
    if (!now->cluster_arrived) fault("barrier.cluster.wait without an arrive");
    if (now->cluster_phase == now->home->cluster->phase) wait("barrier.cluster.wait", 0, 0, line);
    now->cluster_arrived = false;
}
} // namespace simt
#endif
