/* tf32: wgmma on f32 in shared memory, of which it reads tf32, and its sums back to memory through
 * plain stores to shared memory and TMA: what bf16 kernels do with 16-bit elements and stmatrix. */
#define FAULTS(X)                                                                                  \
    X(step, " wrong", "the next k8 at +16 instead of +32 bytes")                                   \
    X(half_line, " wrong", "k taken for that of 16-bit elements: half of a line is left out")      \
    X(map_16bit, "outside shared memory", "boxes as wide as those of 16-bit elements")             \
    X(no_wait, "while wgmma writes|without wgmma| wrong", "sums read before wait_group 0")         \
    X(no_proxy_fence, "without fence.proxy.async", "plain stores, then a TMA store, no fence")     \
    X(one_fence, "without fence.proxy.async", "the fence by the one thread that stores")           \
    X(unswizzled, " wrong", "C staged without the swizzle")
#include "planted.h"
#include "tensor_map.h"
#include "kernels/wgmma.cuh"

enum { M = 64, N = 128, LINE = 32, BYTES_A = M * 128, BYTES_B = N * 128 };

/* C[64 x 128] = A B' of one warpgroup, k in steps of a line of 32; C leaves in slabs of 32 columns.
 */
static __global__ void product(const __grid_constant__ CUtensorMap map_a,
                               const __grid_constant__ CUtensorMap map_b,
                               const __grid_constant__ CUtensorMap map_c, int k, enum fault f)
{
    extern __shared__ uint8_t raw[];
    const int t = threadIdx.x, lane = t % 32, row = t / 32 * 16 + lane / 4;
    const uint32_t a = (smem_addr(raw) + 1023) & ~1023u, b = a + BYTES_A, slab = b + BYTES_B;
    const uint32_t bar = slab + BYTES_A;
    float acc[N / 2];

    if (t == 0) {
        mbar_init(bar, 1);
        mbar_init_fence();
    }
    __syncthreads();
    for (int k0 = 0; k0 < k; k0 += LINE) {
        if (t == 0) {
            mbar_expect_tx(bar, BYTES_A + BYTES_B);
            tma_load(a, &map_a, k0, 0, bar);
            tma_load(b, &map_b, k0, 0, bar);
        }
        mbar_wait(bar, k0 / LINE % 2);
        wgmma_fence();
        for (int q = 0; q < (f == half_line ? 2 : 4); q++) {
            const int at = q * (f == step ? 1 : 2);
            wgmma<float, N, 0, 0>::mma(acc, wgmma_desc(a, 16) + at, wgmma_desc(b, 16) + at, k0 | q);
        }
        wgmma_commit();
        if (f != no_wait || k0 + LINE < k) wgmma_wait<0>();
        __syncthreads();
    }
    wgmma_pin(acc);
    for (int s = 0; s < N / LINE; s++) {
        for (int i = 0; i < 16; i += 2) {
            const int r = row + i / 2 % 2 * 8, piece = i / 4 * 2 + lane % 4 / 2;
            const int at = f == unswizzled ? piece : piece ^ (r & 7);
            store_shared(slab + r * 128 + at * 16 + lane % 2 * 8, acc[s * 16 + i],
                         acc[s * 16 + i + 1]);
        }
        if (f != no_proxy_fence && (f != one_fence || t == 0)) fence_async_proxy();
        __syncthreads();
        if (t == 0) {
            tma_store(&map_c, s * LINE, 0, slab);
            tma_store_commit();
            tma_store_wait_read<0>();
        }
        __syncthreads();
    }
}

/* Small integers, and below them bits that tf32 has not: they must not count. */
static float number(int x) { return (float)x * (1 + 0x1p-11f); }
static int in_a(int i, int p) { return (i * 7 + p * 5 + i * p) % 7 - 3; }
static int in_b(int j, int p) { return (j * 3 + p * 11 + j * p) % 5 - 2; }

static int check(int k, enum fault f)
{
    const int ld = (k + 3) / 4 * 4 + 4;
    buffer<float> a(M * ld), b(N * ld), c(M * N); /* NaN in every gap */
    const CUtensorMapDataType type = CU_TENSOR_MAP_DATA_TYPE_FLOAT32;
    const CUtensorMapSwizzle swizzle =
        f == map_16bit ? CU_TENSOR_MAP_SWIZZLE_NONE : CU_TENSOR_MAP_SWIZZLE_128B;
    const int line = f == map_16bit ? 2 * LINE : LINE;

    for (int p = 0; p < k; p++) {
        for (int i = 0; i < M; i++) a[i * ld + p] = number(in_a(i, p));
        for (int j = 0; j < N; j++) b[j * ld + p] = number(in_b(j, p));
    }
    const CUtensorMap map_a = map_of({type, 4, a.p, k, M, ld, line, M, swizzle});
    const CUtensorMap map_b = map_of({type, 4, b.p, k, N, ld, line, N, swizzle});
    const CUtensorMap map_c = map_of({type, 4, c.p, N, M, N, LINE, M, CU_TENSOR_MAP_SWIZZLE_128B});
    const int bytes = 1024 + 2 * BYTES_A + BYTES_B + 8;

    cudaFuncSetAttribute(product, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
    product<<<1, 128, bytes>>>(map_a, map_b, map_c, k, f);
    return c.differ([&](int at) {
        int sum = 0;
        for (int p = 0; p < k; p++) sum += in_a(at / N, p) * in_b(at % N, p);
        return (float)sum;
    });
}
static int wrong(enum fault f) { return f ? check(71, f) : check(1, f) + check(71, f); }
