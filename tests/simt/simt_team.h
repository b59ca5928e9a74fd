/* simt_team.h: what the checker is made of: settings, the fibers, blocks and clusters that run
 * together (a team), and how a fault is told. All state is here; the files after it are what is
 * done with it. */
#ifndef SIMT_TEAM_H
#define SIMT_TEAM_H
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>
#include "simt_switch.h"
#include "simt_vector.h"

namespace simt
{

/* ---- settings ---- */

inline int setting(const char *name, const char *const (&words)[3])
{
    const char *v = getenv(name);
    for (int i = 0; v && i < 3; i++)
        if (!strcmp(v, words[i])) return i;
    if (!v) return 0;
    fprintf(stderr, "simt: %s=%s: expected %s, %s or %s\n", name, v, words[0], words[1], words[2]);
    exit(2);
}
enum { FORWARD, REVERSE, RANDOM };
enum { LATE, EARLY };
inline int order = setting("SIMT_ORDER", {"forward", "reverse", "random"});
inline int async = setting("SIMT_ASYNC", {"late", "early", "random"});
inline uint64_t seed = getenv("SIMT_SEED") ? strtoull(getenv("SIMT_SEED"), nullptr, 0) : 1;
inline unsigned sms = 4;         /* what a persistent kernel is told it has */
inline unsigned draw(unsigned n) /* 0 .. n - 1, by splitmix64 */
{
    uint64_t z = seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (unsigned)((z ^ z >> 31) % n);
}

/* ---- threads, blocks, clusters ---- */

enum { RANK_SHIFT = 24, MAX_SHARED = 232448 };
enum state { READY, WAITING, SPINNING, DONE };
struct block;

/* Fibers first .. first + count - 1 that `mask` names (bit i % 32) and that have not exited meet;
 * the last one calls act(on). */
struct meeting {
    unsigned first, count;
    uint32_t mask;
    void *args; /* what a thread brings, and where it finds the result */
    void (*act)(void *);
    void *on;
};
struct copy { /* a cp.async that has not landed */
    void *to;
    const void *from;
    unsigned bytes, size, group;
};
struct fiber {
    coroutine at;
    uint3 tid;
    unsigned id, lane;
    block *home;
    enum state state;
    const char *what; /* where it waits: a printf format for two numbers, and the line */
    unsigned detail[2];
    int line; /* -1: the warp's padding, no such thread */
    meeting *meet;
    unsigned hint; /* who was missing when the meeting that starts here was last looked at */
    bool cluster_arrived;
    unsigned cluster_phase;
    std::vector<copy> copies;
    unsigned copy_groups, store_groups; /* closed so far: cp.async, bulk stores */
};
struct cluster {
    unsigned alive, arrived, phase;
};
struct named_barrier {
    unsigned need, here;
    std::vector<fiber *> waiting;
};
struct block {
    uint3 index;
    unsigned id, rank, first; /* in the team, in the cluster, its first fiber */
    unsigned alive;           /* threads that have not exited */
    struct cluster *cluster;
    char *arena;                            /* dynamic shared memory */
    std::vector<std::vector<char>> statics; /* its __shared__ variables while another block runs */
    named_barrier bar[16];
};
struct shared_variable {
    char *at;
    size_t bytes;
    unsigned offset;
};

inline std::vector<fiber> team; /* blocks one after another, each padded to whole warps */
inline std::vector<block> blocks;
inline std::vector<struct cluster> clusters;
inline std::vector<shared_variable> statics;
inline std::vector<uint32_t> ready; /* one bit per fiber */
inline std::vector<std::unique_ptr<char, void (*)(void *)>> arenas;
inline std::function<void()> body;
inline const char *kernel = ""; /* as the launch names it */
inline fiber *now;
inline block *live; /* whose __shared__ variables are in place */
inline dim3 cluster_dim;
inline unsigned padded, meetings, base, dynamic_bytes;
inline bool restart, coresident;
inline volatile unsigned switches;

/* what simt_hopper.h adds */
inline void (*at_start)(), (*at_exit)(fiber &), (*at_end)(), (*at_report)(block &);

/* ---- faults ---- */

inline std::string name(const block &b)
{
    return "block " + std::to_string(b.index.x) + "," + std::to_string(b.index.y) + "," +
           std::to_string(b.index.z);
}
inline unsigned thread_of(const fiber &f) { return f.id - f.home->first; }
[[noreturn]] inline void stop()
{
    fflush(stdout), fflush(stderr);
    _exit(3); /* no destructors: they would run on a fiber's stack */
}
[[noreturn]] __attribute__((format(printf, 1, 2))) inline void fault(const char *format, ...)
{
    va_list a;
    va_start(a, format);
    fprintf(stderr, "simt: ");
    if (*kernel) fprintf(stderr, "%s: ", kernel);
    if (now) fprintf(stderr, "%s thread %u: ", name(*now->home).c_str(), thread_of(*now));
    vfprintf(stderr, format, a), fputc('\n', stderr);
    va_end(a);
    stop();
}
} // namespace simt
#endif
