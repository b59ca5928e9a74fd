/* repack.cuh: a copy of an operand into the workspace, in rows on 16 bytes, and transposed where
 * that is wanted: for what TMA does not take, and for what wgmma takes only with k contiguous. It
 * is part of the call, and timed: it reads and writes every element once. */
#ifndef WHEELBENCH_REPACK_CUH
#define WHEELBENCH_REPACK_CUH
#include <cuda_runtime.h>

enum { PACK_THREADS = 256 };

/* to[line][at] = from[line][at], or from[at][line], line < lines, at < count; 64 x 64 a block. */
template <class T, bool TRANSPOSE>
static __global__ void __launch_bounds__(PACK_THREADS)
    repack(T *to, long ld_to, const T *from, long ld, int lines, int count)
{
    __shared__ T t[TRANSPOSE ? 64 : 1][65]; /* 65: no bank is met twice */
    const int across = (count + 63) / 64, x = threadIdx.x % 64, y = threadIdx.x / 64;
    const int line0 = blockIdx.x / across * 64, at0 = blockIdx.x % across * 64;

#pragma unroll
    for (int i = y; i < 64; i += PACK_THREADS / 64) {
        const int line = line0 + (TRANSPOSE ? x : i), at = at0 + (TRANSPOSE ? i : x);
        if (line >= lines || at >= count) continue;
        if (TRANSPOSE) t[i][x] = from[at * ld + line];
        else to[line * ld_to + at] = from[line * ld + at];
    }
    if (!TRANSPOSE) return;
    __syncthreads();
#pragma unroll
    for (int i = y; i < 64; i += PACK_THREADS / 64)
        if (line0 + i < lines && at0 + x < count) to[(line0 + i) * ld_to + at0 + x] = t[x][i];
}

/* How an operand is packed: lines x count elements, the lines ld apart. */
struct packing {
    bool wanted, transpose;
    long lines, count, ld;
};

/* Of an operand that is stored as lines x count, ld apart; `each` elements are 16 bytes. */
static struct packing packing_of(long lines, long count, long ld, bool transpose, int each)
{
    const bool wanted = transpose || ld % each != 0;

    if (transpose) return {wanted, true, count, lines, (lines + each - 1) / each * each};
    return {wanted, false, lines, count, (count + each - 1) / each * each};
}
static size_t packing_bytes(const struct packing &p, size_t size)
{
    return p.wanted ? ((size_t)p.lines * p.ld * size + 255) / 256 * 256 : 0;
}

/* Packs *at to `room` where that is wanted, and says where the operand is now. */
template <class T>
static void pack_operand(const struct packing &p, const void **at, long *ld, char *room,
                         struct CUstream_st *stream)
{
    const auto kernel = p.transpose ? repack<T, true> : repack<T, false>;
    const long blocks = (p.lines + 63) / 64 * ((p.count + 63) / 64);

    if (!p.wanted) return;
    kernel<<<(unsigned)blocks, PACK_THREADS, 0, stream>>>((T *)room, p.ld, (const T *)*at, *ld,
                                                          (int)p.lines, (int)p.count);
    *at = room, *ld = p.ld;
}
#endif
