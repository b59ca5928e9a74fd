/* machine.h: what machine is this? One CUDA device or none, the CPU, and the versions of the
 * libraries that answer. Facts for impls (struct device), for the manifest and for messages. */
#ifndef WHEELBENCH_MACHINE_H
#define WHEELBENCH_MACHINE_H
#include "wheelbench.h"

struct machine {
    struct device device; /* what impls see */

    char no_device[256]; /* why device.present is 0; "" when it is 1 */
    int devices;         /* how many CUDA devices there are */
    char gpu[128];       /* "NVIDIA H100 80GB HBM3" */
    char bus_id[32];     /* "0000:4e:00.0", by which NVML finds it */
    double gpu_bytes;    /* memory of the GPU */
    int gpu_clock_mhz, memory_clock_mhz, memory_bus_bits; /* as CUDA reports them; 0: unknown */
    int driver_cuda, runtime_cuda;                        /* 13000 for 13.0; 0: not there */
    char driver[32], cublas[32], cudnn[32], openblas[160], openblas_core[32];
    char openblas_threads[16]; /* serial, pthread or OpenMP */
    char openblas_misfit[240]; /* why its kernels do not fit the CPU; "" when they do */
    char onednn[32];

    char cpu[128];
    int cores;        /* physical cores that this process may use */
    double ram_bytes; /* of the host */
    char os[96], kernel[96], governor[32];
};

/* Looks once. ordinal: CUDA device to use; it becomes current. threads 0: one per physical core
 * that the affinity mask and the cgroup's CPU quota allow. A missing device is no error. */
void machine_look(struct machine *m, int ordinal, int threads);

/* The parts, each in its own file. */
void machine_look_host(struct machine *m);
void machine_look_libraries(struct machine *m);
void machine_look_cuda(struct machine *m, int ordinal); /* only where HAVE_CUDART */

/* Binds this thread and its OpenMP team to one core each, and the library's idle workers likewise.
 * Unpinned, the kernel moves threads around and times jump. Returns 0, or -1 when it may not. */
int machine_pin(int threads);
#endif
