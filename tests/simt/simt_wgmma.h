/* simt_wgmma.h: wgmma, stmatrix, setmaxnreg and elect (sm_90a) by the PTX manual. A wgmma is a job:
 * it reads shared memory through its descriptors, and writes the registers of 128 threads, some
 * time between its issue and the wait for its group. */
#ifndef SIMT_WGMMA_H
#define SIMT_WGMMA_H
#include "simt_tma.h"

namespace simt
{

struct products { /* of a warpgroup */
    unsigned groups, target;
    bool fenced;
    std::vector<fiber *> waiting;
};
inline std::map<unsigned, products> groups_of; /* by the warpgroup's first fiber */

/* Byte offset of element (row or column i, k) of an operand of `size` bytes an element, by its
 * descriptor. Only 16-bit elements can be MN-major. */
inline unsigned operand_offset(uint64_t desc, bool mn_major, unsigned size, unsigned i, unsigned k)
{
    const unsigned start = (unsigned)(desc & 0x3fff) << 4;
    const unsigned leading = (unsigned)(desc >> 16 & 0x3fff) << 4;
    const unsigned stride = (unsigned)(desc >> 32 & 0x3fff) << 4;
    const unsigned at = mn_major ? i / 64 * leading + i % 64 * 2 + k / 8 * stride + k % 8 * 128
                                 : i / 8 * stride + i % 8 * 128 + k * size;
    return swizzled(start + at, 3);
}
struct wgmma_call {
    const char *what;
    unsigned n; /* columns */
    element e;
    uint64_t a, b;
    int scale_d;
    bool a_mn, b_mn; /* that operand is MN-major */
};
inline float operand(block &home, const wgmma_call &c, bool is_b, unsigned i, unsigned k)
{
    const unsigned size = c.e == TF32 ? 4 : 2;
    const unsigned at = operand_offset(is_b ? c.b : c.a, is_b ? c.b_mn : c.a_mn, size, i, k);
    uint16_t h;
    float f;
    memcpy(size == 4 ? (void *)&f : &h, shared_at(home, at, size, c.what), size);
    return c.e == TF32 ? tf32(f) : c.e == BF16 ? widen_bf16(h) : widen_f16(h);
}
__attribute__((no_sanitize("address", "undefined"))) inline void
add_product(float *sum, float a, const float *b, unsigned n) /* the checker's own time goes here */
{
    for (unsigned j = 0; j < n; j++) sum[j] += a * b[j];
}
/* D[64 x n] (+)= A[64 x depth] B[depth x n], depth 16 or 8 of tf32; to[i]: the accumulators of
 * thread i of the warpgroup */
inline void multiply(block &home, const wgmma_call &c, const std::vector<float *> &to)
{
    const unsigned depth = c.e == TF32 ? 8 : 16;
    std::vector<float> b(depth * c.n), sum(c.n);
    for (unsigned k = 0; k < depth; k++)
        for (unsigned j = 0; j < c.n; j++) b[k * c.n + j] = operand(home, c, true, j, k);
    for (unsigned i = 0; i < 64; i++) {
        std::fill(sum.begin(), sum.end(), 0.0f);
        for (unsigned k = 0; k < depth; k++)
            add_product(sum.data(), operand(home, c, false, i, k), &b[k * c.n], c.n);
        for (unsigned j = 0; j < c.n; j++) { /* the D fragment of the PTX manual */
            const unsigned thread = i / 16 * 32 + i % 8 * 4 + j % 8 / 2;
            float &r = to[thread][j / 8 * 4 + i % 16 / 8 * 2 + j % 2];
            r = c.scale_d ? r + sum[j] : sum[j];
        }
    }
}
struct wgmma_args {
    float *d;
    uint64_t a, b;
    int scale_d;
};
inline void wgmma(const wgmma_call &call, float *d, int line)
{
    wgmma_args mine = {d, call.a, call.b, call.scale_d};
    meet_warpgroup(call.what, line, &mine, [=] {
        const wgmma_call c = call;
        const unsigned w = warpgroup();
        block &home = *now->home;
        std::vector<float *> to(128);
        if (!groups_of[w].fenced) fault("%s without wgmma.fence before it", c.what);
        if (c.a >> 62 != 1 || c.b >> 62 != 1 || (c.a >> 49 & 7) || (c.b >> 49 & 7))
            fault("%s: descriptors %#llx, %#llx: only 128-byte swizzle with base "
                  "offset 0 is "
                  "modelled",
                  c.what, (unsigned long long)c.a, (unsigned long long)c.b);
        for (unsigned i = 0; i < 128; i++) {
            if (!at_meeting(w + i))
                fault("%s: not all 128 threads of the warpgroup are left", c.what);
            const wgmma_args &g = args<wgmma_args>(w + i);
            if (g.a != c.a || g.b != c.b || !g.scale_d != !c.scale_d)
                fault("%s: thread %u has other descriptors or another scale_d", c.what,
                      w + i - home.first);
            to[i] = g.d;
        }
        add_job({PRODUCT, w, groups_of[w].groups, &home, 0, 0,
                 [c, to, &home] { multiply(home, c, to); }});
    });
}
inline void wgmma_fence(int line)
{
    meet_warpgroup("wgmma.fence", line, nullptr, [] { groups_of[warpgroup()].fenced = true; });
}
inline void wgmma_commit(int line)
{
    meet_warpgroup("wgmma.commit_group", line, nullptr, [] { groups_of[warpgroup()].groups++; });
}
inline void wgmma_wait(unsigned n, int line)
{
    meet_warpgroup("wgmma.wait_group", line, nullptr, [n] {
        products &p = groups_of[warpgroup()];
        p.target = p.groups > n ? p.groups - n : 0;
        if (!n) p.fenced = false;
    });
    products &p = groups_of[warpgroup()];
    if (!outstanding(PRODUCT, warpgroup(), p.target)) return;
    p.waiting.push_back(now);
    wait("wgmma.wait_group, %u groups may stay", n, 0, line);
}

/* ---- stmatrix, stores that TMA reads, setmaxnreg, elect ---- */

inline void stmatrix(uint32_t address, const uint32_t *r, unsigned count, int line)
{
    uint32_t regs[4] = {};
    memcpy(regs, r, count * 4);
    matrix_rows m = {address, regs};
    meet_warp(~0u, "stmatrix", line, &m, [count] {
        const unsigned w = warp(), home = now->home->id;
        for (unsigned i = 0; i < count; i++)
            for (unsigned l = 0; l < 32; l++) {
                const uint32_t row = args<matrix_rows>(w + 8 * i + l / 4).address;
                char *to = shared_at(row, 16, 16, "stmatrix") + l % 4 * 4;
                memcpy(to, &args<matrix_rows>(w + l).r[i], 4);
            }
        for (unsigned i = 0; i < count * 8; i++)
            unfenced[{home, offset_of(args<matrix_rows>(w + i).address)}] = w + i;
    });
}
/* Two floats by one plain store; TMA sees them after this thread's fence.proxy.async. */
inline void store_shared(uint32_t address, float x, float y)
{
    float *to = (float *)shared_at(address, 8, 8, "st.shared.v2");
    to[0] = x, to[1] = y;
    unfenced[{now->home->id, offset_of(address)}] = now->id;
}
inline void setmaxnreg(unsigned n, int line)
{
    if (n < 24 || n > 256 || n % 8) fault("setmaxnreg %u: 24 to 256 in steps of 8", n);
    meet_warpgroup("setmaxnreg", line, nullptr, [] {
        for (unsigned i = 0; i < 128; i++)
            if (!at_meeting(warpgroup() + i))
                fault("setmaxnreg: not all warps of the warpgroup come here");
    });
}
inline bool elect(unsigned mask, int line) /* the lowest lane of the mask */
{
    meet_warp(mask, "elect.sync", line, nullptr, [] {});
    return now->lane == (unsigned)__builtin_ctz(mask);
}
} // namespace simt
#endif
