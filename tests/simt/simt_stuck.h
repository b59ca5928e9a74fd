/* simt_stuck.h: the report when no thread can move: who waits where, and for what. */
#ifndef SIMT_STUCK_H
#define SIMT_STUCK_H
#include "simt_meeting.h"

namespace simt
{
struct place { /* threads of a block that wait for the same */
    std::string text;
    std::vector<unsigned> threads;
};
inline std::string where(const fiber &f)
{
    char text[160], line[32] = "";
    int n = snprintf(text, sizeof text, f.what ? f.what : "?", f.detail[0], f.detail[1]);
    if (f.meet && f.meet->mask != ~0u)
        snprintf(text + n, sizeof text - (size_t)n, " of mask %#x", f.meet->mask);
    if (f.line) snprintf(line, sizeof line, " (line %d)", f.line);
    return std::string(text) + line;
}
inline std::vector<place> places_of(const block &b)
{
    std::vector<place> places;
    for (unsigned i = b.first; i < b.first + padded; i++) {
        if (team[i].state == DONE) continue;
        const std::string text = where(team[i]);
        size_t k = 0;
        while (k < places.size() && places[k].text != text) k++;
        if (k == places.size()) places.push_back({text, {}});
        places[k].threads.push_back(i - b.first);
    }
    return places;
}
inline std::string range(const std::vector<unsigned> &t)
{
    const unsigned first = t[0], last = t.back();
    if (t.size() == 1) return std::to_string(first);
    return std::to_string(first) + (last - first == t.size() - 1 ? "-" : " .. ") +
           std::to_string(last);
}
[[noreturn]] inline void report_stuck()
{
    fprintf(stderr, "simt: %s%sstuck: no thread can move\n", kernel, *kernel ? ": " : "");
    for (block &b : blocks) {
        const std::string block = name(b);
        for (const place &p : places_of(b))
            fprintf(stderr, "  %s: %zu thread%s (%s) at %s\n", block.c_str(), p.threads.size(),
                    p.threads.size() == 1 ? "" : "s", range(p.threads).c_str(), p.text.c_str());
        unsigned exited = 0;
        for (unsigned i = b.first; i < b.first + padded; i++)
            exited += team[i].state == DONE && team[i].line != -1;
        if (exited)
            fprintf(stderr, "  %s: %u thread%s exited\n", block.c_str(), exited,
                    exited == 1 ? "" : "s");
        for (unsigned i = 0; i < 16; i++)
            if (b.bar[i].here)
                fprintf(stderr, "  %s: named barrier %u has %u of %u threads\n", block.c_str(), i,
                        b.bar[i].here, b.bar[i].need);
        if (at_report) at_report(b);
    }
    stop();
}
} // namespace simt
#endif
