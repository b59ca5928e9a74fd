/* simt_hopper.h: ties the asynchronous parts of sm_90a to the scheduler: which job may run late,
 * whom it wakes, and what is a fault when a thread exits or a team ends. SIMT_ASYNC=late runs one
 * only when no thread can move, loads before wgmma before stores: then who reads a stage before its
 * barrier reads poison, and who lets a stage or a store's source go too early has it overwritten.
 * */
#ifndef SIMT_HOPPER_H
#define SIMT_HOPPER_H
#include "simt_driver.h"
#include "simt_wgmma.h"

namespace simt
{
inline bool hopper_may_run(const job &j)
{
    if (j.kind == LOAD) return true;
    if (j.kind == STORE) return j.group < team[j.owner].store_groups;
    const products &p = groups_of[j.owner];
    return (async == RANDOM && eager[PRODUCT]) || (!p.waiting.empty() && j.group < p.target);
}
inline void hopper_after(const job &j)
{
    if (j.kind == STORE) {
        fiber &f = team[j.owner];
        const bool waits = f.what && !strncmp(f.what, "cp.async.bulk.wait", 18);
        if (waits && !outstanding(STORE, f.id, f.detail[1] - f.detail[0])) wake(f);
    }
    if (j.kind == PRODUCT) {
        products &p = groups_of[j.owner];
        if (p.waiting.empty() || outstanding(PRODUCT, j.owner, p.target)) return;
        for (fiber *f : p.waiting) wake(*f);
        p.waiting.clear();
    }
}
inline void hopper_exit(fiber &f)
{
    const bool last = !f.home->alive;
    for (const job &j : jobs) {
        if (j.kind == PRODUCT && f.id - j.owner < 128)
            fault("exits while wgmma writes its registers: a wait_group is missing");
        if (j.kind == STORE && j.home == f.home && last)
            fault("the block exits while a TMA store reads its shared memory: "
                  "wait_group.read is "
                  "missing");
        const unsigned peer = f.home->id - j.first;
        if (j.kind == LOAD && last && peer < 32 && j.mask >> peer & 1)
            fault("the block exits while a TMA load writes its shared memory");
    }
}
inline const char *direction(long bytes) { return bytes < 0 ? "more than expected" : "to come"; }
inline void hopper_end()
{
    for (const auto &m : mbarriers)
        if (m.second.bytes)
            fault("at the end mbarrier +%#x of %s has %ld bytes %s: expect_tx and "
                  "the copies do "
                  "not add up",
                  m.first.second, name(blocks[m.first.first]).c_str(), labs(m.second.bytes),
                  direction(m.second.bytes));
}
inline void hopper_report(block &b)
{
    for (const auto &i : mbarriers) {
        const mbarrier &m = i.second;
        if (i.first.first != b.id) continue;
        fprintf(stderr,
                "  %s: mbarrier +%#x is in phase %u (parity %u): %u of %u arrivals "
                "missing, %ld "
                "bytes %s\n",
                name(b).c_str(), i.first.second, m.phase, m.phase & 1, m.pending, m.count,
                labs(m.bytes), direction(m.bytes));
    }
}
inline void hopper_start() { mbarriers.clear(), unfenced.clear(), groups_of.clear(); }

inline bool hopper = [] {
    may_run = hopper_may_run, after = hopper_after;
    at_start = hopper_start, at_exit = hopper_exit, at_end = hopper_end;
    at_report = hopper_report;
    return true;
}();
} // namespace simt
#endif
