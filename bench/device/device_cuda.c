/* device_cuda.c: the GPU side of machine.h; built where the CUDA runtime was found. A CUDA error
 * here is a reason in words, since it ends in the row of every device impl. */
#include <cuda_runtime.h>
#include <stdio.h>
#include <string.h>
#include "device/machine.h"

static int attribute(enum cudaDeviceAttr a, int ordinal)
{
    int v = 0;

    return cudaDeviceGetAttribute(&v, a, ordinal) == cudaSuccess ? v : 0;
}

static void read_driver_version(char *to, size_t n)
{
    char line[256];
    FILE *f = fopen("/proc/driver/nvidia/version",
                    "r"); /* "NVRM version: ... x86_64  580.95.05  Release ..." */

    if (f && fgets(line, sizeof line, f))
        for (char *word = strtok(line, " \t"); word; word = strtok(NULL, " \t"))
            if (strspn(word, "0123456789.") == strlen(word) && strchr(word, '.')) {
                snprintf(to, n, "%s", word);
                break;
            }
    if (f) fclose(f);
}

void machine_look_cuda(struct machine *m, int ordinal)
{
    struct cudaDeviceProp p;
    struct device *d = &m->device;

    cudaDriverGetVersion(&m->driver_cuda);
    cudaRuntimeGetVersion(&m->runtime_cuda);
    read_driver_version(m->driver, sizeof m->driver);
    cudaError_t e = cudaGetDeviceCount(&m->devices);
    if (e != cudaSuccess) m->devices = 0;
    if (e == cudaErrorInsufficientDriver && !m->driver_cuda)
        snprintf(m->no_device, sizeof m->no_device, "no CUDA device: no NVIDIA driver found");
    else if (e != cudaSuccess)
        snprintf(m->no_device, sizeof m->no_device, "no CUDA device: %s", cudaGetErrorString(e));
    else if (!m->devices) snprintf(m->no_device, sizeof m->no_device, "no CUDA device");
    else if (ordinal >= m->devices)
        snprintf(m->no_device, sizeof m->no_device, "no CUDA device %d: there are %d", ordinal,
                 m->devices);
    if (m->no_device[0]) return;
    e = cudaSetDevice(ordinal);
    if (e == cudaSuccess) e = cudaGetDeviceProperties(&p, ordinal);
    if (e == cudaSuccess)
        e = cudaFree(NULL); /* makes the context, so that a broken device shows now */
    if (e != cudaSuccess) {
        snprintf(m->no_device, sizeof m->no_device, "CUDA device %d: %s", ordinal,
                 cudaGetErrorString(e));
        return;
    }
    d->present = 1;
    d->ordinal = ordinal;
    d->cc = p.major * 10 + p.minor;
    d->sms = p.multiProcessorCount;
    d->shared_max = (int)p.sharedMemPerBlockOptin;
    d->l2_bytes = (size_t)p.l2CacheSize;
    snprintf(m->gpu, sizeof m->gpu, "%.127s", p.name);
    if (cudaDeviceGetPCIBusId(m->bus_id, sizeof m->bus_id, ordinal) != cudaSuccess)
        m->bus_id[0] = '\0';
    m->gpu_bytes = (double)p.totalGlobalMem;
    m->gpu_clock_mhz = attribute(cudaDevAttrClockRate, ordinal) / 1000;
    m->memory_clock_mhz = attribute(cudaDevAttrMemoryClockRate, ordinal) / 1000;
    m->memory_bus_bits = attribute(cudaDevAttrGlobalMemoryBusWidth, ordinal);
}
