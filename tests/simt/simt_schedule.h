/* simt_schedule.h: which thread runs next, and when what is asynchronous happens. */
#ifndef SIMT_SCHEDULE_H
#define SIMT_SCHEDULE_H
#include <csignal>
#include <sys/time.h>
#include "simt_stuck.h"

namespace simt
{

/* ---- asynchronous work ---- */

/* In late mode also the order of precedence: a stage is overwritten before it is read. */
enum kind { LOAD, PRODUCT, STORE };
struct job {
    enum kind kind;
    unsigned owner, group;
    block *home;
    unsigned first; /* a load: it writes to block first + i of the team where bit i is set */
    uint32_t mask;
    std::function<void()> run;
};
inline std::vector<job> jobs;        /* oldest first */
inline bool (*may_run)(const job &); /* in late mode: does anybody wait for it? */
inline void (*after)(const job &);

inline void do_job(size_t i)
{
    const job j = std::move(jobs[i]);
    jobs.erase(jobs.begin() + (long)i);
    j.run();
    if (after) after(j);
}
inline void add_job(job j)
{
    jobs.push_back(std::move(j));
    if (async == EARLY) do_job(jobs.size() - 1);
}
/* Random: each kind is by turns late (0), slow (1) or at once (2), and comes in that order. */
inline unsigned eager[3];
inline unsigned precedence(enum kind k) { return async == RANDOM ? 2 - eager[k] : (unsigned)k; }
inline size_t oldest_of_owner(size_t i) /* one owner's jobs of a kind stay in order */
{
    for (size_t j = 0; j < i; j++)
        if (jobs[j].kind == jobs[i].kind && jobs[j].owner == jobs[i].owner) return j;
    return i;
}
inline bool do_some_job(bool idle) /* idle: no thread can move */
{
    const size_t n = jobs.size(), from = async == RANDOM && n ? draw((unsigned)n) : 0;
    size_t best = n;
    if (async == RANDOM && !draw(4096))
        for (unsigned &e : eager) e = draw(3);
    for (size_t k = 0; k < n; k++) {
        size_t i = (from + k) % n;
        if (async == RANDOM) i = oldest_of_owner(i);
        const unsigned e = eager[jobs[i].kind];
        if (!idle && (!e || (e == 1 && draw(256)))) continue;
        if (!may_run(jobs[i])) continue;
        if (best == n || precedence(jobs[i].kind) < precedence(jobs[best].kind)) best = i;
    }
    if (best == n) return false;
    do_job(best);
    return true;
}

/* ---- threads ---- */

/* barrier.cluster: the phase ends when all that are alive have arrived */
inline void meet_cluster(struct cluster &c)
{
    if (!c.alive || c.arrived < c.alive) return;
    c.arrived = 0, c.phase++;
    for (fiber &f : team)
        if (f.state == WAITING && f.home->cluster == &c && f.what &&
            !strcmp(f.what, "barrier.cluster.wait"))
            wake(f);
}
inline void entry() /* where every thread begins */
{
    coroutine_entered();
    body();
    fiber &f = *now;
    struct cluster &c = *f.home->cluster;
    f.state = DONE, f.at.done = true, f.home->alive--, c.alive--;
    if (at_exit) at_exit(f);
    if (f.cluster_arrived && f.cluster_phase == c.phase) c.arrived--;
    meet_cluster(c);
    for (fiber &t : team) { /* nobody waits for the dead */
        if (!meetings) break;
        const meeting *m = t.meet;
        if (m && f.id - m->first < m->count && m->mask >> f.lane & 1) try_meet(t);
    }
    for (;;) switch_out();
}
/* Random: warps have priorities, the first that can move moves; now and then one gets another. That
 * starves warps for a while, which finds more than tossing a coin for every step. */
inline std::vector<uint32_t> priority;
inline unsigned pick_warp() /* ready.size(): none can move */
{
    const unsigned n = (unsigned)ready.size();
    unsigned best = n;
    if (order == RANDOM) {
        for (unsigned w = 0; w < n; w++)
            if (ready[w] && (best == n || priority[w] > priority[best])) best = w;
        if (best < n && !draw(512)) priority[best] = draw(1u << 31);
        return best;
    }
    for (unsigned k = 0; k < n; k++) {
        const unsigned w = order == REVERSE ? n - 1 - k : k;
        if (ready[w]) return w;
    }
    return n;
}
inline fiber *pick()
{
    const unsigned w = pick_warp();
    if (w == ready.size()) return nullptr;
    uint32_t lanes = ready[w];
    if (order == REVERSE) return &team[w * 32 + 31 - (unsigned)__builtin_clz(lanes)];
    if (order == RANDOM)
        for (unsigned skip = draw((unsigned)__builtin_popcount(lanes)); skip--;) lanes &= lanes - 1;
    return &team[w * 32 + (unsigned)__builtin_ctz(lanes)];
}

/* A thread that runs for so many seconds of CPU time without waiting polls, or does not end. */
inline int patience = getenv("SIMT_PATIENCE") ? atoi(getenv("SIMT_PATIENCE")) : 10;
inline unsigned switches_seen;
inline void watch(int)
{
    if (now && switches == switches_seen)
        fault("runs on and on without waiting; a loop that polls memory must call __nanosleep()");
    switches_seen = switches;
}
inline void set_watch(int seconds) /* 0: off */
{
    const struct itimerval every = {{seconds, 0}, {seconds, 0}};
    signal(SIGPROF, watch);
    setitimer(ITIMER_PROF, &every, nullptr);
}
inline void schedule() /* until all threads of the team have exited */
{
    enum { SPINS = 10000 }; /* rounds in which threads only poll, before it is a fault */
    for (unsigned spins = 0; !restart;) {
        if (async == RANDOM && !jobs.empty()) do_some_job(false);
        if (fiber *f = pick()) {
            resume(*f);
            if (f->state != SPINNING) spins = 0;
            continue;
        }
        if (do_some_job(true)) continue;
        unsigned alive = 0, spinning = 0;
        for (const fiber &f : team) alive += f.state != DONE, spinning += f.state == SPINNING;
        if (!alive) break;
        if (!spinning || ++spins > SPINS) report_stuck();
        for (fiber &f : team)
            if (f.state == SPINNING) wake(f);
    }
}
} // namespace simt
#endif
