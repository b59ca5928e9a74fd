/* simt_launch.h: kernel<<<grid, block, shared>>>(args), which launch.awk makes a call of
 * simt_launch. Blocks run one after another; those of a cluster, of a cooperative grid, or of a
 * grid that has no more of them than the device has multiprocessors, run together as one team. */
#ifndef SIMT_LAUNCH_H
#define SIMT_LAUNCH_H
#include <algorithm>
#include <map>
#include "simt_schedule.h"
#include "simt_shared.h"

struct CUstream_st;
typedef struct CUstream_st *cudaStream_t;

struct simt_config {
    dim3 grid, block;
    size_t shared;
    simt_config(dim3 grid, dim3 block, size_t shared = 0, cudaStream_t = nullptr)
        : grid(grid), block(block), shared(shared)
    {
    }
};

namespace simt
{
enum { PLENTY = 48 << 10 }; /* dynamic shared memory that a kernel has without asking */
inline simt_config launched({}, {});
inline std::map<const void *, size_t> max_dynamic; /* by kernel: what cudaFuncSetAttribute said */

inline size_t allowed_dynamic(const void *kernel) /* nullptr: not known which kernel it is */
{
    size_t most = PLENTY;
    for (const auto &m : max_dynamic)
        if (!kernel || m.first == kernel) most = std::max(most, m.second);
    return most;
}
inline std::vector<coroutine> spare; /* stacks that the team does not need now */
inline void make_threads(unsigned n)
{
    for (; team.size() > n; team.pop_back()) spare.push_back(team.back().at);
    for (unsigned i = (unsigned)team.size(); i < n; i++) {
        team.emplace_back();
        if (!spare.empty()) team.back().at = spare.back(), spare.pop_back();
        else if (!stack_new(team.back().at)) fault("no memory for %u stacks", n);
    }
}
inline void make_arenas(size_t n)
{
    while (arenas.size() < n) { /* exactly so long: ASan guards its end; as aligned as its offset */
        void *p = nullptr;
        if (posix_memalign(&p, 1024, base % 1024 + dynamic_bytes)) abort();
        arenas.emplace_back((char *)p, free);
    }
}
inline uint3 block_index(unsigned cluster, unsigned rank)
{
    const dim3 c = cluster_dim, g = launched.grid;
    const unsigned nx = g.x / c.x, ny = g.y / c.y;
    return {cluster % nx * c.x + rank % c.x, cluster / nx % ny * c.y + rank / c.x % c.y,
            cluster / (nx * ny) * c.z + rank / (c.x * c.y)};
}
inline void start_thread(block &k, unsigned i, unsigned threads)
{
    const dim3 t = launched.block;
    fiber &f = team[k.first + i];
    f.id = k.first + i, f.lane = i % 32, f.home = &k, f.hint = 0;
    f.state = DONE, f.what = nullptr, f.meet = nullptr, f.line = i < threads ? 0 : -1;
    f.copies.clear(), f.copy_groups = f.store_groups = 0, f.cluster_arrived = false;
    if (i >= threads) return;
    f.tid = {i % t.x, i / t.x % t.y, i / (t.x * t.y)};
    coroutine_begin(f.at, entry);
    wake(f);
}
inline void start_team(unsigned first, unsigned count) /* clusters first .. first + count - 1 */
{
    const dim3 t = launched.block;
    const unsigned size = cluster_size(), threads = t.x * t.y * t.z, n = count * size;
    padded = (threads + 31) / 32 * 32;
    clusters.assign(count, {size * threads, 0, 0});
    blocks.clear(), blocks.resize(n), statics.clear(), jobs.clear(), meetings = 0;
    make_threads(n * padded);
    make_arenas(n);
    ready.assign(n * padded / 32, 0), priority.resize(ready.size());
    for (uint32_t &p : priority) p = draw(1u << 31);
    for (unsigned &e : eager) e = draw(3);
    for (unsigned b = 0; b < n; b++) {
        block &k = blocks[b];
        k.index = block_index(first + b / size, b % size);
        k.id = b, k.rank = b % size, k.first = b * padded, k.alive = threads;
        k.cluster = &clusters[b / size];
        k.arena = arenas[b].get() + base % 1024;
        if (dynamic_bytes) memset(k.arena, 0xff, dynamic_bytes);
        for (unsigned i = 0; i < padded; i++) start_thread(k, i, threads);
    }
    live = &blocks[0];
    if (at_start) at_start();
}
inline void check_launch(const void *key)
{
    const dim3 g = launched.grid, c = cluster_dim, t = launched.block;
    if (!g.x || !g.y || !g.z) fault("an empty grid");
    if (g.x > 2147483647u || g.y > 65535 || g.z > 65535)
        fault("grid %u,%u,%u: 2147483647,65535,65535 is the most", g.x, g.y, g.z);
    if (!c.x || !c.y || !c.z || g.x % c.x || g.y % c.y || g.z % c.z)
        fault("grid %u,%u,%u is not a multiple of the cluster %u,%u,%u", g.x, g.y, g.z, c.x, c.y,
              c.z);
    const uint64_t threads = (uint64_t)t.x * t.y * t.z;
    if (!threads || threads > 1024 || t.z > 64)
        fault("block %u,%u,%u: 1 to 1024 threads, at most 64 deep", t.x, t.y, t.z);
    if (launched.shared > MAX_SHARED || launched.shared > allowed_dynamic(key))
        fault("%zu bytes of dynamic shared memory: more than 48 KB need "
              "cudaFuncSetAttribute, %d "
              "is the most",
              launched.shared, MAX_SHARED);
}
inline void run(const void *key)
{
    const dim3 c = cluster_dim, g = launched.grid;
    check_launch(key);
    arenas.clear(), dynamic_bytes = (unsigned)launched.shared;
    const unsigned n = g.x * g.y * g.z / (c.x * c.y * c.z);
    const bool all = coresident || g.x * g.y * g.z <= sms; /* who waits for another block may */
    const unsigned together = all ? n : 1;
    std::vector<unsigned> turn(n);
    for (unsigned i = 0; i < n; i++) turn[i] = order == REVERSE ? n - 1 - i : i;
    for (unsigned i = n; order == RANDOM && i > 1; i--) std::swap(turn[i - 1], turn[draw(i)]);
    set_watch(patience);
    for (unsigned i = 0; i < n && !restart; i += together) {
        start_team(together == n ? 0 : turn[i], together);
        schedule();
        if (at_end && !restart) at_end();
    }
    set_watch(0);
}
} // namespace simt

inline dim3 gridDim, blockDim;
#define threadIdx (simt::now->tid)
#define blockIdx (simt::now->home->index)
#define warpSize 32

template <class R, class... P> const void *simt_kernel(R (*f)(P...)) { return (const void *)f; }

/* key: the kernel's address, where it is known which instance is meant */
template <class F>
void simt_launch(const char *name, const void *key, const simt_config &l, F kernel,
                 dim3 cluster = {})
{
    using namespace simt;
    simt::kernel = name, gridDim = l.grid, blockDim = l.block, launched = l, body = kernel;
    cluster_dim = cluster, base = 1024 + 16;
    do restart = false, run(key);
    while (restart);
    simt::kernel = "";
}
#endif
