/* capture_cuda.c: see capture.h. */
#include "measure/capture.h"
#include <cuda_runtime.h>
#include "data/place.h"
#include "fail.h"

const char *capture_calls(const struct timed *t, int first, int calls, cudaGraphExec_t *exec)
{
    cudaStream_t stream = place_device.stream();
    cudaGraph_t graph = NULL;
    const char *why = NULL;
    size_t nodes = 0;

    CHECK_CUDA(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    for (int i = 0; i < calls && !why; i++)
        why = t->impl->run(t->plan, &t->set[(first + i) % t->sets], stream);
    const cudaError_t e = cudaStreamEndCapture(stream, &graph);
    if (!why && e != cudaSuccess) why = fail_text("cuda: graph capture: %s", cudaGetErrorString(e));
    if (!why && cudaGraphGetNodes(graph, NULL, &nodes) == cudaSuccess && nodes == 0)
        why = "launches nothing";
    if (!why) {
        const cudaError_t made = cudaGraphInstantiate(exec, graph, 0);
        if (made != cudaSuccess)
            why = fail_text("cuda: cudaGraphInstantiate: %s", cudaGetErrorString(made));
    }
    if (graph) cudaGraphDestroy(graph);
    cudaGetLastError(); /* an abandoned capture leaves one behind */
    return why;
}
