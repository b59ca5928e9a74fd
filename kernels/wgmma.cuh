/* wgmma.cuh: the Hopper instructions that a GEMM on tensor cores needs (sm_90a), one thin function
 * each: inline PTX for nvcc, a host body for the check on a CPU (tests/simt). Shared memory is
 * named by its 32-bit address in the shared window (smem_addr), as the instructions want it. */
/* The formatter takes what the macros below make for expressions. */
/* clang-format off */
#ifndef WHEELBENCH_WGMMA_CUH
#define WHEELBENCH_WGMMA_CUH
#include <stdint.h>
#include <cuda.h> /* CUtensorMap; no -lcuda needed */
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#ifdef SIMT
#define PTX(...)
#define HOST(...) __VA_ARGS__
#else
#define PTX(...) __VA_ARGS__
#define HOST(...)
#endif
#define INSTRUCTION static __device__ __forceinline__
#define WHERE [[maybe_unused]] int line = __builtin_LINE() /* for reports */
#define SYNC(name, host, ptx, ...)                                                                 \
    INSTRUCTION void name                                                                          \
    {                                                                                              \
        HOST(simt::host;)                                                                          \
        PTX(asm volatile(ptx __VA_ARGS__ : "memory");)                                             \
    }

INSTRUCTION uint32_t smem_addr(const void *p) { return (uint32_t)__cvta_generic_to_shared(p); }

/* ---- mbarrier: counts arrivals and bytes, with a phase bit ---- */

/* The phase ends after `arrivals` arrivals and when all expected bytes are there. */
SYNC(mbar_init(uint32_t bar, uint32_t arrivals), mbarrier_init(bar, arrivals),
     "mbarrier.init.shared::cta.b64 [%0], %1;", ::"r"(bar), "r"(arrivals))
/* Shows the inits to the peers and to TMA; a cluster barrier must follow. */
INSTRUCTION void mbar_init_fence()
{
    PTX(asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");)
}
/* One arrival that also announces `bytes` to come. */
SYNC(mbar_expect_tx(uint32_t bar, uint32_t bytes),
     mbarrier_arrive(bar, bytes, "mbarrier.arrive.expect_tx"),
     "mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;", ::"r"(bar), "r"(bytes))
SYNC(mbar_arrive(uint32_t bar), mbarrier_arrive(bar, 0, "mbarrier.arrive"),
     "mbarrier.arrive.shared::cta.b64 _, [%0];", ::"r"(bar))
/* In block `peer` of the cluster, at the offset of ours. Relaxed: it publishes no writes, only that
 * reads are over; with .release ptxas puts a MEMBAR in front. */
SYNC(mbar_arrive_cluster(uint32_t bar, uint32_t peer),
     mbarrier_arrive(simt::mapa(bar, peer), 0, "mbarrier.arrive (cluster)"),
     "{\n .reg .b32 remote;\n mapa.shared::cluster.u32 remote, %0, %1;\n"
     " mbarrier.arrive.relaxed.cluster.shared::cluster.b64 _, [remote];\n}",
     ::"r"(bar), "r"(peer))
/* Sleeps until the phase of this parity has ended; parity 1 of a fresh barrier counts as ended. */
INSTRUCTION void mbar_wait(uint32_t bar, uint32_t parity, WHERE)
{
    HOST(simt::mbarrier_wait(bar, parity, line);)
    PTX(uint32_t done; do {
        asm volatile("{\n .reg .pred p;\n"
                     " mbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2;\n"
                     " selp.u32 %0, 1, 0, p;\n}"
                     : "=r"(done)
                     : "r"(bar), "r"(parity)
                     : "memory");
    } while (!done);)
}

/* ---- TMA: 2-D boxes between global and shared memory; x is the contiguous axis ---- */

/* Brings the descriptor near before the first copy needs it. */
INSTRUCTION void tma_prefetch_map(const CUtensorMap *map)
{
    HOST((void)map;)
    PTX(asm volatile("prefetch.tensormap [%0];" ::"l"(map) : "memory");)
}
SYNC(tma_load(uint32_t to, const CUtensorMap *map, int x, int y, uint32_t bar),
     tma_load(to, map, x, y, bar, 0),
     "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes"
     " [%0], [%1, {%2, %3}], [%4];",
     ::"r"(to), "l"(map), "r"(x), "r"(y), "r"(bar))
/* To every block of the cluster whose bit is set: same offset, and each one's own `bar` counts. */
SYNC(tma_load_multicast(uint32_t to, const CUtensorMap *map, int x, int y, uint32_t bar,
                        uint16_t mask),
     tma_load(to, map, x, y, bar, mask),
     "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes"
     ".multicast::cluster [%0], [%1, {%2, %3}], [%4], %5;",
     ::"r"(to), "l"(map), "r"(x), "r"(y), "r"(bar), "h"(mask))
/* A run of bytes; a multiple of 16, like both addresses. */
SYNC(bulk_load(uint32_t to, const void *from, uint32_t bytes, uint32_t bar),
     bulk_load(to, from, bytes, bar),
     "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];",
     ::"r"(to), "l"(from), "r"(bytes), "r"(bar))
/* What lies outside is clipped, but along x only to whole 16 bytes. */
SYNC(tma_store(const CUtensorMap *map, int x, int y, uint32_t from), tma_store(map, x, y, from),
     "cp.async.bulk.tensor.2d.global.shared::cta.bulk_group [%0, {%1, %2}], [%3];", ::"l"(map),
     "r"(x), "r"(y), "r"(from))
SYNC(tma_store_commit(), store_commit(), "cp.async.bulk.commit_group;", ::)
/* Until at most N groups of this thread still read their shared memory. */
template <int N>
SYNC(tma_store_wait_read(WHERE), store_wait(N, line),
     "cp.async.bulk.wait_group.read %0;", ::"n"(N))
/* Shows this thread's shared memory writes to TMA; every thread that wrote needs it. */
SYNC(fence_async_proxy(), fence_proxy_async(), "fence.proxy.async.shared::cta;", ::)

/* ---- threads ---- */

/* Move registers between warpgroups; all 4 warps must come. */
template <int N>
SYNC(regs_give(WHERE), setmaxnreg(N, line), "setmaxnreg.dec.sync.aligned.u32 %0;", ::"n"(N))
template <int N>
SYNC(regs_take(WHERE), setmaxnreg(N, line), "setmaxnreg.inc.sync.aligned.u32 %0;", ::"n"(N))
/* A barrier of `threads` threads only; number 0 is __syncthreads(). */
SYNC(named_barrier(int id, int threads, WHERE), bar((unsigned)id, (unsigned)threads, true, line),
     "bar.sync %0, %1;", ::"r"(id), "r"(threads))
SYNC(named_barrier_arrive(int id, int threads, WHERE),
     bar((unsigned)id, (unsigned)threads, false, line), "bar.arrive %0, %1;", ::"r"(id),
     "r"(threads))
/* All threads of all blocks of the cluster. */
SYNC(cluster_sync(WHERE), cluster_arrive(); simt::cluster_wait(line),
     "barrier.cluster.arrive.release;\nbarrier.cluster.wait.acquire;", ::)
INSTRUCTION uint32_t cluster_rank() /* which block of its cluster this one is */
{
    HOST(return simt::now->home->rank;)
    PTX(uint32_t r; asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(r)); return r;)
}
/* Four 8x8 matrices from the accumulators' layout to rows of shared memory; lane l gives the
 * address of row l % 8 of matrix l / 8. */
INSTRUCTION void stmatrix_x4(uint32_t row, uint32_t r0, uint32_t r1, uint32_t r2, uint32_t r3,
                             WHERE)
{
    HOST(const uint32_t r[4] = {r0, r1, r2, r3}; simt::stmatrix(row, r, 4, line);)
    PTX(asm volatile("stmatrix.sync.aligned.m8n8.x4.shared.b16 [%0], {%1, %2, %3, %4};" ::"r"(row),
                     "r"(r0), "r"(r1), "r"(r2), "r"(r3)
                     : "memory");)
}
/* Two floats to a packed pair, `lo` in the low half, which is the lower column. */
template <class T> INSTRUCTION uint32_t pack(float lo, float hi);
#define PACK(T, type, round)                                                                       \
    template <> __device__ __forceinline__ uint32_t pack<T>(float lo, float hi)                    \
    {                                                                                              \
        HOST(return (uint32_t)simt::round(hi) << 16 | simt::round(lo);)                            \
        PTX(uint32_t r; asm("cvt.rn." type "x2.f32 %0, %1, %2;" : "=r"(r) : "f"(hi), "f"(lo));     \
            return r;)                                                                             \
    }
PACK(__nv_bfloat16, "bf16", round_bf16)
PACK(__half, "f16", round_f16)
#undef PACK
/* A T, or two floats, of shared memory by plain load and store. */
template <class T> INSTRUCTION T load_shared(uint32_t addr)
{
    HOST(return *(T *)simt::shared_at(addr, sizeof(T), sizeof(T), "ld.shared");)
    PTX(return *(T *)__cvta_shared_to_generic(addr);)
}
INSTRUCTION void store_shared(uint32_t addr, float x, float y)
{
    HOST(simt::store_shared(addr, x, y);)
    PTX(asm volatile("st.shared.v2.f32 [%0], {%1, %2};" ::"r"(addr), "f"(x), "f"(y) : "memory");)
}
/* The compiler must take x for unknown here: addresses made from it are not made ahead. */
INSTRUCTION void opaque(int &x)
{
    HOST((void)x;)
    PTX(asm volatile("" : "+r"(x));)
}

/* ---- wgmma: D[64 x N] += A[64 x 16] B[16 x N], by 4 warps, operands in shared memory ---- */

/* Descriptor of a 128-byte-swizzled tile that starts on 1024 bytes.
 * K-major (64 k in a row): the next 8 rows are 1024 bytes on (stride), leading is not used; the
 * next 16 k are 32 bytes on.
 * MN-major (64 rows in a line): the next 8 k are 1024 bytes on (stride), the next 64 rows 8192
 * (leading); the next 16 k are 2048 on. */
INSTRUCTION uint64_t wgmma_desc(uint32_t addr, uint32_t leading_bytes)
{
    return (uint64_t)((addr & 0x3ffff) >> 4) | (uint64_t)(leading_bytes >> 4) << 16 |
           (uint64_t)(1024 >> 4) << 32 | 1ull << 62;
}
SYNC(wgmma_fence(WHERE), wgmma_fence(line), "wgmma.fence.sync.aligned;", ::)
SYNC(wgmma_commit(WHERE), wgmma_commit(line), "wgmma.commit_group.sync.aligned;", ::)
/* Until at most N groups are still running. */
template <int N>
SYNC(wgmma_wait(WHERE), wgmma_wait(N, line),
     "wgmma.wait_group.sync.aligned %0;", ::"n"(N))
/* Keeps the compiler from reading accumulators before the wait that stands above this line. */
template <int N> INSTRUCTION void wgmma_pin(float (&d)[N])
{
#pragma unroll
    for (int i = 0; i < N; i++) {
        HOST((void)d;)
        PTX(asm volatile("" : "+f"(d[i])::"memory");)
    }
}

/* wgmma.mma_async.m64nN with f32 sums; k is 16, or 8 of tf32 (T = float). scale_d 0: D = A B, else
 * D += A B. A_MN, B_MN: that operand is MN-major, which tf32 cannot be. */
template <class T, int N, int A_MN, int B_MN> struct wgmma;

#define F4(i) "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3])
#define F16(i) F4(i), F4(i + 4), F4(i + 8), F4(i + 12)
#define F64(i) F16(i), F16(i + 16), F16(i + 32), F16(i + 48)
#define TEN(t)                                                                                     \
    "%" #t "0,%" #t "1,%" #t "2,%" #t "3,%" #t "4,%" #t "5,%" #t "6,%" #t "7,%" #t "8,%" #t "9,"
#define TENS TEN() TEN(1) TEN(2) TEN(3) TEN(4) TEN(5)
#define WGMMA(T, N, K, type, kind, LIST, IN_A, IN_B, IN_SCALE, TRANSPOSE, ...)                     \
    template <int A_MN, int B_MN> struct wgmma<T, N, A_MN, B_MN> {                                 \
        static_assert(sizeof(T) == 2 || !(A_MN || B_MN), "only 16-bit operands are MN-major");     \
        static __device__ __forceinline__ void mma(float *d, uint64_t a, uint64_t b, int scale_d,  \
                                                   WHERE)                                          \
        {                                                                                          \
            HOST(simt::wgmma({"wgmma.m64n" #N "k" #K, N, kind, a, b, scale_d, A_MN, B_MN}, d,      \
                             line);)                                                               \
            PTX(asm volatile("{\n .reg .pred p;\n setp.ne.b32 p, " IN_SCALE ", 0;\n"               \
                             " wgmma.mma_async.sync.aligned.m64n" #N "k" #K ".f32." type "." type  \
                             " {" LIST "}, " IN_A ", " IN_B ", p, 1, 1" TRANSPOSE ";\n}"           \
                             : __VA_ARGS__                                                         \
                             : "l"(a), "l"(b), "r"(scale_d), "n"(A_MN), "n"(B_MN));)               \
        }                                                                                          \
    };
#define WGMMAS(N, LIST, IN_A, IN_B, IN_SCALE, IN_TA, IN_TB, ...)                                   \
    WGMMA(__nv_bfloat16, N, 16, "bf16", simt::BF16, LIST, IN_A, IN_B, IN_SCALE,                    \
          ", " IN_TA ", " IN_TB, __VA_ARGS__)                                                      \
    WGMMA(__half, N, 16, "f16", simt::F16, LIST, IN_A, IN_B, IN_SCALE, ", " IN_TA ", " IN_TB,      \
          __VA_ARGS__)                                                                             \
    WGMMA(float, N, 8, "tf32", simt::TF32, LIST, IN_A, IN_B, IN_SCALE, "", __VA_ARGS__)
WGMMAS(8, "%0,%1,%2,%3", "%4", "%5", "%6", "%7", "%8", F4(0))
WGMMAS(16, "%0,%1,%2,%3,%4,%5,%6,%7", "%8", "%9", "%10", "%11", "%12", F4(0), F4(4))
WGMMAS(32, TEN() "%10,%11,%12,%13,%14,%15", "%16", "%17", "%18", "%19", "%20", F16(0))
WGMMAS(64, TEN() TEN(1) TEN(2) "%30,%31", "%32", "%33", "%34", "%35", "%36", F16(0), F16(16))
WGMMAS(128, TENS "%60,%61,%62,%63", "%64", "%65", "%66", "%67", "%68", F64(0))
WGMMAS(192, TENS TEN(6) TEN(7) TEN(8) "%90,%91,%92,%93,%94,%95", "%96", "%97", "%98", "%99",
       "%100", F64(0), F16(64), F16(80))
WGMMAS(256, TENS TEN(6) TEN(7) TEN(8) TEN(9) TEN(10) TEN(11)
       "%120,%121,%122,%123,%124,%125,%126,%127", "%128", "%129", "%130", "%131", "%132", F64(0),
       F64(64))
#undef TEN
#undef TENS
#undef F4
#undef F16
#undef F64
#undef WGMMA
#undef WGMMAS
#undef SYNC
#undef PTX
#undef HOST
#undef INSTRUCTION
#undef WHERE
#endif
