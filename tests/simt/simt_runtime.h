/* simt_runtime.h: the part of the CUDA runtime that host code around kernels calls. Everything is
 * synchronous. cudaMalloc poisons with 0xff, which is NaN, so what is never written shows; with
 * AddressSanitizer the end of every allocation is guarded. */
#ifndef SIMT_RUNTIME_H
#define SIMT_RUNTIME_H
#include "simt_memory.h"

enum cudaError_t { cudaSuccess, cudaErrorInvalidValue, cudaErrorMemoryAllocation };
typedef cudaError_t cudaError;
enum cudaMemcpyKind {
    cudaMemcpyHostToHost,
    cudaMemcpyHostToDevice,
    cudaMemcpyDeviceToHost,
    cudaMemcpyDeviceToDevice,
    cudaMemcpyDefault
};
enum cudaFuncAttribute {
    cudaFuncAttributeMaxDynamicSharedMemorySize = 8,
    cudaFuncAttributePreferredSharedMemoryCarveout = 9,
    cudaFuncAttributeNonPortableClusterSizeAllowed = 13
};
enum cudaDeviceAttr {
    cudaDevAttrMultiProcessorCount = 16,
    cudaDevAttrComputeCapabilityMajor = 75,
    cudaDevAttrComputeCapabilityMinor = 76,
    cudaDevAttrMaxSharedMemoryPerBlockOptin = 97
};
enum cudaLaunchAttributeID {
    cudaLaunchAttributeCooperative = 2,
    cudaLaunchAttributeClusterDimension = 4,
    cudaLaunchAttributeProgrammaticStreamSerialization = 6
};
struct cudaLaunchAttribute {
    cudaLaunchAttributeID id;
    union {
        struct {
            unsigned x, y, z;
        } clusterDim;
        int cooperative, programmaticStreamSerializationAllowed;
    } val;
};
struct cudaLaunchConfig_t {
    dim3 gridDim, blockDim;
    size_t dynamicSmemBytes;
    cudaStream_t stream;
    cudaLaunchAttribute *attrs;
    unsigned numAttrs;
};

/* ---- memory ---- */

template <class T> cudaError_t cudaMalloc(T **p, size_t bytes)
{
    void *q = nullptr;
    if (posix_memalign(&q, 256, bytes ? bytes : 1)) return cudaErrorMemoryAllocation;
    memset(q, 0xff, bytes);
    *p = (T *)q;
    return cudaSuccess;
}
template <class T> cudaError_t cudaMallocAsync(T **p, size_t bytes, cudaStream_t)
{
    return cudaMalloc(p, bytes);
}
template <class T> cudaError_t cudaMallocManaged(T **p, size_t bytes, unsigned = 1)
{
    return cudaMalloc(p, bytes);
}
template <class T> cudaError_t cudaMallocHost(T **p, size_t bytes) { return cudaMalloc(p, bytes); }
inline cudaError_t cudaFree(void *p)
{
    free(p);
    return cudaSuccess;
}
inline cudaError_t cudaFreeAsync(void *p, cudaStream_t) { return cudaFree(p); }
inline cudaError_t cudaFreeHost(void *p) { return cudaFree(p); }
inline cudaError_t cudaMemcpy(void *to, const void *from, size_t n, cudaMemcpyKind)
{
    if (n) memcpy(to, from, n);
    return cudaSuccess;
}
inline cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t n, cudaMemcpyKind kind,
                                   cudaStream_t = nullptr)
{
    return cudaMemcpy(to, from, n, kind);
}
inline cudaError_t cudaMemset(void *p, int v, size_t n)
{
    if (n) memset(p, v, n);
    return cudaSuccess;
}
inline cudaError_t cudaMemsetAsync(void *p, int v, size_t n, cudaStream_t = nullptr)
{
    return cudaMemset(p, v, n);
}
/* __constant__ and __device__ variables */
template <class T>
cudaError_t cudaMemcpyToSymbol(T &symbol, const void *from, size_t n, size_t offset = 0,
                               cudaMemcpyKind kind = cudaMemcpyHostToDevice)
{
    if (offset > sizeof symbol || n > sizeof symbol - offset) return cudaErrorInvalidValue;
    return cudaMemcpy((char *)&symbol + offset, from, n, kind);
}
template <class T>
cudaError_t cudaMemcpyToSymbolAsync(T &symbol, const void *from, size_t n, size_t offset,
                                    cudaMemcpyKind kind, cudaStream_t = nullptr)
{
    return cudaMemcpyToSymbol(symbol, from, n, offset, kind);
}
template <class T>
cudaError_t cudaMemcpyFromSymbol(void *to, const T &symbol, size_t n, size_t offset = 0,
                                 cudaMemcpyKind kind = cudaMemcpyDeviceToHost)
{
    if (offset > sizeof symbol || n > sizeof symbol - offset) return cudaErrorInvalidValue;
    return cudaMemcpy(to, (const char *)&symbol + offset, n, kind);
}
template <class T> cudaError_t cudaGetSymbolAddress(void **p, T &symbol)
{
    *p = (void *)&symbol;
    return cudaSuccess;
}

/* ---- device, streams, errors ---- */

inline cudaError_t cudaDeviceSynchronize() { return cudaSuccess; }
inline cudaError_t cudaStreamSynchronize(cudaStream_t) { return cudaSuccess; }
inline cudaError_t cudaGetLastError() { return cudaSuccess; }
inline cudaError_t cudaPeekAtLastError() { return cudaSuccess; }
inline const char *cudaGetErrorString(cudaError_t e) { return e ? "error" : "no error"; }
inline const char *cudaGetErrorName(cudaError_t e) { return e ? "cudaError" : "cudaSuccess"; }
inline cudaError_t cudaGetDevice(int *d)
{
    *d = 0;
    return cudaSuccess;
}
inline cudaError_t cudaSetDevice(int) { return cudaSuccess; }
inline cudaError_t cudaGetDeviceCount(int *n)
{
    *n = 1;
    return cudaSuccess;
}
inline cudaError_t cudaDeviceGetAttribute(int *v, cudaDeviceAttr a, int)
{
    switch (a) {
    case cudaDevAttrMultiProcessorCount: *v = (int)simt::sms; break;
    case cudaDevAttrComputeCapabilityMajor: *v = 9; break;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin: *v = simt::MAX_SHARED; break;
    default: *v = 0;
    }
    return cudaSuccess;
}
template <class K> cudaError_t cudaFuncSetAttribute(K kernel, cudaFuncAttribute a, int bytes)
{
    if (a != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaSuccess;
    if (bytes < 0 || bytes > simt::MAX_SHARED) return cudaErrorInvalidValue;
    simt::max_dynamic[(const void *)kernel] = (size_t)bytes;
    return cudaSuccess;
}

/* ---- launch ---- */

inline dim3 simt_cluster_of(const cudaLaunchConfig_t *c)
{
    for (unsigned i = 0; i < c->numAttrs; i++) {
        const auto &v = c->attrs[i].val.clusterDim;
        if (c->attrs[i].id == cudaLaunchAttributeClusterDimension) return dim3(v.x, v.y, v.z);
    }
    return {};
}
template <class K>
cudaError_t cudaOccupancyMaxActiveClusters(int *n, K, const cudaLaunchConfig_t *c)
{
    const dim3 d = simt_cluster_of(c);
    *n = (int)(simt::sms / (d.x * d.y * d.z));
    return cudaSuccess;
}
template <class K> cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *n, K, int, size_t)
{
    *n = 1;
    return cudaSuccess;
}
template <class... P, class... A>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t *c, void (*kernel)(P...), A &&...a)
{
    for (unsigned i = 0; i < c->numAttrs; i++)
        if (c->attrs[i].id == cudaLaunchAttributeCooperative)
            simt::coresident = c->attrs[i].val.cooperative;
    simt_launch(
        "cudaLaunchKernelEx", simt_kernel(kernel),
        simt_config(c->gridDim, c->blockDim, c->dynamicSmemBytes), [=] { kernel(a...); },
        simt_cluster_of(c));
    simt::coresident = false;
    return cudaSuccess;
}
#endif
