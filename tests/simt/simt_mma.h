/* simt_mma.h: what cp.async, ldmatrix and mma.sync do, by the fragment layouts of the PTX manual; g
 * = lane / 4, t = lane % 4. Sums are in f32 (f64) in k order; a device adds in another order and
 * truncates, so only data that is exact compares bit for bit. */
#ifndef SIMT_MMA_H
#define SIMT_MMA_H
#include "simt_memory.h"

namespace simt
{

/* ---- cp.async: lands at the wait (late), at the call (early), or either ----
 * */

inline void land(const copy &c)
{
    if (c.bytes) memcpy(c.to, c.from, c.bytes);
    memset((char *)c.to + c.bytes, 0, c.size - c.bytes);
}
/* bytes < size: zeros behind */
inline void cp_async(uint32_t to, const void *from, unsigned size, unsigned bytes)
{
    if (bytes > size || (uintptr_t)from % size)
        fault("cp.async: %u of %u bytes from an address %% %u = %u", bytes, size, size,
              (unsigned)((uintptr_t)from % size));
    const copy c = {shared_at(to, size, size, "cp.async"), from, bytes, size, now->copy_groups};
    if (rank_of(to) != now->home->rank) fault("cp.async into another block's shared memory");
    if (async == EARLY || (async == RANDOM && draw(2))) land(c);
    else now->copies.push_back(c);
}
inline void cp_commit() { now->copy_groups++; }
inline void cp_wait(unsigned n) /* all but the last n groups */
{
    std::vector<copy> &c = now->copies;
    size_t k = 0;
    while (k < c.size() && c[k].group + n < now->copy_groups) land(c[k++]);
    c.erase(c.begin(), c.begin() + (long)k);
}

/* ---- ldmatrix: 8x8 matrices of 16-bit elements ---- */

/* Lane l gives the address of row l % 8 of matrix l / 8, and takes two elements of each. */
struct matrix_rows {
    uint32_t address, *r;
};
inline void ldmatrix(uint32_t *r, unsigned count, uint32_t address, bool trans, int line)
{
    matrix_rows m = {address, r};
    meet_warp(~0u, trans ? "ldmatrix.trans" : "ldmatrix", line, &m, [count, trans] {
        const unsigned w = warp();
        uint16_t x[32][8];
        for (unsigned i = 0; i < 32; i++)
            if (!at_meeting(w + i)) fault("ldmatrix: not all lanes of the warp are left");
        for (unsigned i = 0; i < count * 8; i++)
            memcpy(x[i], shared_at(args<matrix_rows>(w + i).address, 16, 16, "ldmatrix"), 16);
        for (unsigned l = 0; l < 32; l++)
            for (unsigned i = 0; i < count; i++) {
                const unsigned g = l / 4, t = l % 4 * 2;
                const uint16_t lo = trans ? x[8 * i + t][g] : x[8 * i + g][t];
                const uint16_t hi = trans ? x[8 * i + t + 1][g] : x[8 * i + g][t + 1];
                args<matrix_rows>(w + l).r[i] = (uint32_t)hi << 16 | lo;
            }
    });
}

/* ---- mma.sync: D += A B ---- */

enum element { BF16, F16, TF32 };
inline float unpack(uint32_t r, unsigned half, element e)
{
    const uint16_t h = (uint16_t)(r >> 16 * half);
    return e == BF16 ? widen_bf16(h) : widen_f16(h);
}
inline float tf32(float f) /* what the tensor core reads of an f32 */
{
    return same_bits<float>(same_bits<uint32_t>(f) & 0xffffe000u);
}
template <class T, class R> struct fragments { /* R: what a register is */
    T *d;
    const R *a, *b;
};

/* A is M x K, B is K x 8; element_a and element_b say which elements a thread holds where. */
template <int M, int K, class T, class R, class FA, class FB>
void mma(const char *what, fragments<T, R> f, int line, FA element_a, FB element_b)
{
    typedef fragments<T, R> F;
    meet_warp(~0u, what, line, &f, [&] {
        const unsigned w = warp();
        T a[M][K], b[K][8];
        for (unsigned l = 0; l < 32; l++) {
            if (!at_meeting(w + l)) fault("%s: not all lanes of the warp are left", what);
            element_a(args<F>(w + l), l / 4, l % 4, a);
            element_b(args<F>(w + l), l / 4, l % 4, b);
        }
        for (unsigned l = 0; l < 32; l++)
            for (unsigned i = 0; i < M / 4; i++) {
                T &d = args<F>(w + l).d[i];
                const unsigned row = l / 4 + i / 2 * 8, col = l % 4 * 2 + i % 2;
                for (int k = 0; k < K; k++) d += a[row][k] * b[k][col];
            }
    });
}
inline void mma_m16n8k16(float *d, const uint32_t *a, const uint32_t *b, element e, int line)
{
    typedef fragments<float, uint32_t> F;
    mma<16, 16>(
        e == BF16 ? "mma.m16n8k16.bf16" : "mma.m16n8k16.f16", F{d, a, b}, line,
        [e](const F &f, unsigned g, unsigned t, float(&x)[16][16]) {
            for (unsigned i = 0; i < 8; i++)
                x[g + i / 2 % 2 * 8][2 * t + i % 2 + i / 4 * 8] = unpack(f.a[i / 2], i % 2, e);
        },
        [e](const F &f, unsigned g, unsigned t, float(&x)[16][8]) {
            for (unsigned i = 0; i < 4; i++)
                x[2 * t + i % 2 + i / 2 * 8][g] = unpack(f.b[i / 2], i % 2, e);
        });
}
inline void mma_m16n8k8_tf32(float *d, const uint32_t *a, const uint32_t *b, int line)
{
    typedef fragments<float, uint32_t> F;
    mma<16, 8>(
        "mma.m16n8k8.tf32", F{d, a, b}, line,
        [](const F &f, unsigned g, unsigned t, float(&x)[16][8]) {
            for (unsigned i = 0; i < 4; i++)
                x[g + i % 2 * 8][t + i / 2 * 4] = tf32(same_bits<float>(f.a[i]));
        },
        [](const F &f, unsigned g, unsigned t, float(&x)[8][8]) {
            for (unsigned i = 0; i < 2; i++) x[t + i * 4][g] = tf32(same_bits<float>(f.b[i]));
        });
}
inline void mma_m8n8k4_f64(double &d0, double &d1, double a, double b, int line)
{
    typedef fragments<double, double> F;
    double d[2] = {d0, d1};
    mma<8, 4>(
        "mma.m8n8k4.f64", F{d, &a, &b}, line,
        [](const F &f, unsigned g, unsigned t, double(&x)[8][4]) { x[g][t] = *f.a; },
        [](const F &f, unsigned g, unsigned t, double(&x)[4][8]) { x[t][g] = *f.b; });
    d0 = d[0], d1 = d[1];
}
inline void mma_m16n8k16_f64(double *d, const double *a, const double *b, int line)
{
    typedef fragments<double, double> F;
    mma<16, 16>(
        "mma.m16n8k16.f64", F{d, a, b}, line,
        [](const F &f, unsigned g, unsigned t, double(&x)[16][16]) {
            for (unsigned i = 0; i < 8; i++) x[g + i % 2 * 8][t + i / 2 * 4] = f.a[i];
        },
        [](const F &f, unsigned g, unsigned t, double(&x)[16][8]) {
            for (unsigned i = 0; i < 4; i++) x[t + i * 4][g] = f.b[i];
        });
}
} // namespace simt
#endif
