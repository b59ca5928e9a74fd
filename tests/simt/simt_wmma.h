/* simt_wmma.h: nvcuda::wmma for f16, bf16 and tf32 with f32 sums. A fragment is opaque: which lane
 * holds which element is this file's own choice, and no device's, so a kernel that counts on one is
 * wrong here. The calls are those of the CUDA C++ programming guide, "Warp Matrix Functions". */
#ifndef SIMT_WMMA_H
#define SIMT_WMMA_H
#include "simt.h"
#include "simt_mma.h"

namespace nvcuda
{
namespace wmma
{
enum layout_t { mem_row_major, mem_col_major };
struct row_major {
    static const layout_t layout = mem_row_major;
};
struct col_major {
    static const layout_t layout = mem_col_major;
};
struct matrix_a;
struct matrix_b;
struct accumulator;
namespace precision
{
struct tf32;
}

template <class T> struct stored {
    typedef T type;
};
template <> struct stored<precision::tf32> {
    typedef float type;
};
template <class Use, int M, int N, int K> struct extent; /* of a fragment */
template <int M, int N, int K> struct extent<matrix_a, M, N, K> {
    enum { ROWS = M, COLS = K };
};
template <int M, int N, int K> struct extent<matrix_b, M, N, K> {
    enum { ROWS = K, COLS = N };
};
template <int M, int N, int K> struct extent<accumulator, M, N, K> {
    enum { ROWS = M, COLS = N };
};

template <class Use, int M, int N, int K, class T, class Layout = void> struct fragment {
    static_assert(M == 16 && N == 16 && K == (std::is_same<T, precision::tf32>::value ? 8 : 16),
                  "the shapes that are known here: 16x16x16, and 16x16x8 in tf32");
    typedef typename stored<T>::type element_type;
    typedef Layout layout;
    enum { ROWS = extent<Use, M, N, K>::ROWS, COLS = extent<Use, M, N, K>::COLS };
    enum { num_elements = ROWS * COLS / 32 };
    element_type x[num_elements];
};
/* 16x16x8 needs tf32, which an accumulator of f32 does not say */
template <int M, int N, int K> struct fragment<accumulator, M, N, K, float, void> {
    typedef float element_type;
    enum { ROWS = M, COLS = N, num_elements = ROWS * COLS / 32 };
    float x[num_elements];
};
} // namespace wmma
} // namespace nvcuda

namespace simt
{
/* Element (r, c) of the fragment that the warp from fiber w on holds, each lane its own object. */
template <class F> auto &wmma_at(F *const (&of)[32], int r, int c)
{
    const int e = r * F::COLS + c;
    return of[e % 32]->x[e / 32];
}
template <class P, class F> struct wmma_access {
    P *p;
    unsigned ld;
    F *f;
};
/* All lanes must name the same matrix: f(its element, the fragment's) for each. */
template <class F, class P, class G>
void wmma_move(const char *what, P *p, unsigned ld, bool by_row, F *fragment, int line, G move)
{
    wmma_access<P, F> mine = {p, ld, fragment};
    if ((uintptr_t)p % 32) fault("%s: the address is no multiple of 32 bytes", what);
    if (ld * sizeof *p % 16) fault("%s: rows %u elements apart, no multiple of 16 bytes", what, ld);
    meet_warp(~0u, what, line, &mine, [=] {
        typedef wmma_access<P, F> A;
        F *of[32];
        for (unsigned l = 0; l < 32; l++) {
            if (!at_meeting(warp() + l)) fault("%s: not all lanes of the warp are left", what);
            const A &a = args<A>(warp() + l);
            if (a.p != p || a.ld != ld) fault("%s: lanes name different matrices", what);
            of[l] = a.f;
        }
        for (int r = 0; r < F::ROWS; r++)
            for (int c = 0; c < F::COLS; c++)
                move(p[by_row ? (size_t)r * ld + c : (size_t)c * ld + r], wmma_at(of, r, c));
    });
}
inline float wmma_read(float f, bool is_tf32) { return is_tf32 ? tf32(f) : f; }
} // namespace simt

namespace nvcuda
{
namespace wmma
{
template <class Use, int M, int N, int K, class T, class Layout, class V>
void fill_fragment(fragment<Use, M, N, K, T, Layout> &f, V v)
{
    for (auto &x : f.x) x = v;
}
template <class Use, int M, int N, int K, class T, class Layout, class P>
void load_matrix_sync(fragment<Use, M, N, K, T, Layout> &f, const P *p, unsigned ld, SIMT_LINE)
{
    simt::wmma_move("wmma::load_matrix_sync", p, ld, Layout::layout == mem_row_major, &f, line,
                    [](const P &from, P &to) { to = from; });
}
template <int M, int N, int K>
void load_matrix_sync(fragment<accumulator, M, N, K, float> &f, const float *p, unsigned ld,
                      layout_t layout, SIMT_LINE)
{
    simt::wmma_move("wmma::load_matrix_sync", p, ld, layout == mem_row_major, &f, line,
                    [](const float &from, float &to) { to = from; });
}
template <int M, int N, int K>
void store_matrix_sync(float *p, const fragment<accumulator, M, N, K, float> &f, unsigned ld,
                       layout_t layout, SIMT_LINE)
{
    simt::wmma_move("wmma::store_matrix_sync", p, ld, layout == mem_row_major, &f, line,
                    [](float &to, const float &from) { to = from; });
}
/* D = A B + C */
template <int M, int N, int K, class T, class LA, class LB>
void mma_sync(fragment<accumulator, M, N, K, float> &d, const fragment<matrix_a, M, N, K, T, LA> &a,
              const fragment<matrix_b, M, N, K, T, LB> &b,
              const fragment<accumulator, M, N, K, float> &c, SIMT_LINE)
{
    typedef fragment<accumulator, M, N, K, float> D;
    typedef const fragment<matrix_a, M, N, K, T, LA> A;
    typedef const fragment<matrix_b, M, N, K, T, LB> B;
    struct both {
        D *d;
        A *a;
        B *b;
        const D *c;
    } mine = {&d, &a, &b, &c};
    simt::meet_warp(~0u, "wmma::mma_sync", line, &mine, [] {
        D *of_d[32];
        A *of_a[32];
        B *of_b[32];
        const D *of_c[32];
        float sum[M][N];
        const bool cut = std::is_same<T, precision::tf32>::value;
        for (unsigned l = 0; l < 32; l++) {
            if (!simt::at_meeting(simt::warp() + l))
                simt::fault("wmma::mma_sync: not all lanes of the warp are left");
            const both &all = simt::args<both>(simt::warp() + l);
            of_d[l] = all.d, of_a[l] = all.a, of_b[l] = all.b, of_c[l] = all.c;
        }
        for (int i = 0; i < M; i++)
            for (int j = 0; j < N; j++) {
                sum[i][j] = simt::wmma_at(of_c, i, j);
                for (int k = 0; k < K; k++)
                    sum[i][j] += simt::wmma_read((float)simt::wmma_at(of_a, i, k), cut) *
                                 simt::wmma_read((float)simt::wmma_at(of_b, k, j), cut);
            }
        for (int i = 0; i < M; i++)
            for (int j = 0; j < N; j++) simt::wmma_at(of_d, i, j) = sum[i][j];
    });
}
inline float __float_to_tf32(float f) /* to nearest, ties away from 0 */
{
    const uint32_t u = simt::same_bits<uint32_t>(f);
    return simt::same_bits<float>((u & 0x7f800000) == 0x7f800000 ? u : (u + 0x1000) & 0xffffe000u);
}
} // namespace wmma
} // namespace nvcuda
#endif
