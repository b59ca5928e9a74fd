/* simt_meeting.h: how threads wait, and how they meet: a warp operation, __syncthreads() and a
 * warpgroup operation are one mechanism. Each thread brings its arguments and waits; the last to
 * come does the work for all. */
#ifndef SIMT_MEETING_H
#define SIMT_MEETING_H
#include "simt_team.h"

namespace simt
{

/* ---- waiting ---- */

inline void switch_out() { coroutine_leave(now->at); } /* until the scheduler resumes it */
inline void wake(fiber &f)
{
    f.state = READY, f.what = nullptr;
    ready[f.id / 32] |= 1u << f.lane;
}
inline void wait(const char *what, unsigned x = 0, unsigned y = 0, int line = 0)
{
    fiber &f = *now;
    f.state = WAITING, f.what = what, f.detail[0] = x, f.detail[1] = y, f.line = line;
    switch_out();
}
inline void give_way(int line) /* who polls lets all others, and what is asynchronous, go first */
{
    now->state = SPINNING, now->what = "a polling loop", now->line = line;
    switch_out();
}

/* ---- one thread runs ---- */

__attribute__((no_sanitize("address"))) inline void raw_copy(char *to, const char *from, size_t n)
{
    for (; n >= 8 && (uintptr_t)to % 8 == 0 && (uintptr_t)from % 8 == 0; n -= 8, to += 8, from += 8)
        *(volatile uint64_t *)to = *(const uint64_t *)from; /* red zones included */
    for (; n; n--) *(volatile char *)to++ = *from++;
}
inline void bring_in(block *b) /* its __shared__ variables */
{
    for (size_t i = 0; live != b && i < statics.size(); i++) {
        raw_copy(live->statics[i].data(), statics[i].at, statics[i].bytes);
        raw_copy(statics[i].at, b->statics[i].data(), statics[i].bytes);
    }
    live = b;
}
inline void resume(fiber &f)
{
    bring_in(f.home);
    ready[f.id / 32] &= ~(1u << f.lane);
    now = &f, switches = switches + 1;
    coroutine_resume(f.at);
    if (stack_overflowed(f.at))
        fault("stack overflow: more than %d KB of local variables", STACK >> 10);
    now = nullptr;
}

/* ---- meetings ---- */

inline const meeting *met; /* while act() runs */
inline bool at_meeting(unsigned i)
{
    return i - met->first < met->count && team[i].state != DONE && met->mask >> team[i].lane & 1;
}
/* what thread i brought to the meeting */
template <class A> A &args(unsigned i) { return *(A *)team[i].meet->args; }

inline bool expected(const meeting &m, const fiber &t)
{
    return t.state != DONE && m.mask >> t.lane & 1;
}
inline bool same_meeting(const fiber &a, const fiber &b)
{
    const meeting *m = a.meet, *n = b.meet;
    return n && m->first == n->first && m->count == n->count && m->mask == n->mask &&
           !strcmp(a.what, b.what);
}
/* Lets the meeting that f is at happen when nobody is missing. */
inline bool try_meet(fiber &f)
{
    const meeting m = *f.meet;
    const unsigned end = m.first + m.count;
    unsigned &hint = team[m.first].hint;
    unsigned i = hint - m.first < m.count ? hint : m.first;
    for (unsigned n = m.count; n--; i = i + 1 < end ? i + 1 : m.first)
        if (expected(m, team[i]) && !same_meeting(f, team[i])) {
            hint = i;
            return false;
        }
    for (i = m.first; i < end; i++)
        if (expected(m, team[i]) && team[i].line != f.line)
            fault("%s: thread %u comes to it in line %d, thread %u in line %d", f.what,
                  thread_of(f), f.line, thread_of(team[i]), team[i].line);
    met = &m;
    m.act(m.on);
    for (i = m.first; i < end; i++) {
        fiber &t = team[i];
        if (!expected(m, t)) continue;
        t.meet = nullptr, meetings--;
        if (t.state == WAITING) wake(t);
    }
    return true;
}
template <class F>
void meet(unsigned first, unsigned count, uint32_t mask, const char *what, int line, void *args,
          F act)
{
    fiber &me = *now;
    if (!(mask >> me.lane & 1))
        fault("%s: mask %#x does not name lane %u, which calls it", what, mask, me.lane);
    meeting m = {first, count, mask, args, [](void *f) { (*(F *)f)(); }, &act};
    me.meet = &m, me.what = what, me.line = line, meetings++;
    if (!try_meet(me)) wait(what, mask, 0, line);
}
inline unsigned warp() { return now->id & ~31u; } /* its first fiber */
inline unsigned warpgroup() { return now->home->first + thread_of(*now) / 128 * 128; }
template <class F> void meet_warp(uint32_t mask, const char *what, int line, void *args, F act)
{
    meet(warp(), 32, mask, what, line, args, act);
}
template <class F> void meet_block(const char *what, int line, void *args, F act)
{
    meet(now->home->first, padded, ~0u, what, line, args, act);
}
template <class F> void meet_warpgroup(const char *what, int line, void *args, F act)
{
    if (warpgroup() + 128 > now->home->first + padded)
        fault("%s: the block has no whole warpgroup here", what);
    meet(warpgroup(), 128, ~0u, what, line, args, act);
}
} // namespace simt
#endif
