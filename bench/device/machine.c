/* machine.c: puts the parts of machine.h together, and asks each library for the version that
 * answers, which LD_LIBRARY_PATH can make another than the one found at build time. */
#include "device/machine.h"
#include <stdio.h>
#ifdef HAVE_CBLAS
#include <cblas.h>
#include "device/openblas.h"
#endif
#ifdef HAVE_ONEDNN
#include <oneapi/dnnl/dnnl.h>
#endif
#ifdef HAVE_CUBLAS
#include <cublas_v2.h>
#endif
#ifdef HAVE_CUDNN
#include <cudnn.h>
#include <nvrtc.h>
#endif

void machine_look_libraries(struct machine *m)
{
    (void)m;
#ifdef HAVE_CBLAS
    snprintf(m->openblas, sizeof m->openblas, "%s", openblas_get_config());
    snprintf(m->openblas_core, sizeof m->openblas_core, "%s", openblas_get_corename());
    const int kind = openblas_get_parallel();
    snprintf(m->openblas_threads, sizeof m->openblas_threads, "%s",
             kind == OPENBLAS_SEQUENTIAL ? "serial"
             : kind == OPENBLAS_THREAD   ? "pthread"
                                         : "OpenMP");
    openblas_misfit(m->openblas_core, openblas_cpu_level(), m->openblas_misfit,
                    sizeof m->openblas_misfit);
    /* In a forked child its threads are started by the first call that needs them, on the core of
     * the caller, when that is bound: so it must be before machine_pin. */
    openblas_set_num_threads(m->device.threads);
#endif
#ifdef HAVE_ONEDNN
    const dnnl_version_t *onednn = dnnl_version();
    snprintf(m->onednn, sizeof m->onednn, "%d.%d.%d", onednn->major, onednn->minor, onednn->patch);
#endif
#ifdef HAVE_CUBLAS
    int part[3] = {0};
    cublasGetProperty(MAJOR_VERSION, &part[0]);
    cublasGetProperty(MINOR_VERSION, &part[1]);
    cublasGetProperty(PATCH_LEVEL, &part[2]);
    snprintf(m->cublas, sizeof m->cublas, "%d.%d.%d", part[0], part[1], part[2]);
#endif
#ifdef HAVE_CUDNN
    const size_t v = cudnnGetVersion(); /* 91900 for 9.19.0 */
    int major, minor;
    snprintf(m->cudnn, sizeof m->cudnn, "%zu.%zu.%zu", v / 10000, v / 100 % 100, v % 100);
    /* cuDNN opens libnvrtc by its bare name, which finds it only when it is loaded already: this
     * call keeps it linked. Without it cuDNN silently loses the engines that it compiles at run
     * time. */
    nvrtcVersion(&major, &minor);
#endif
}

void machine_look(struct machine *m, int ordinal, int threads)
{
    *m = (struct machine){.device = {.threads = threads}};
    machine_look_host(m);
#ifdef HAVE_CUDART
    machine_look_cuda(m, ordinal);
#else
    (void)ordinal;
    snprintf(m->no_device, sizeof m->no_device, "no CUDA device: built without CUDA");
#endif
    machine_look_libraries(m);
}
