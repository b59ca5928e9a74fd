/* cudnn_scratch: scratch operands on the device, a stream and two events for the search of plans.
 */
#include <stdint.h>
#include <stdlib.h>
#include "reference/cudnn_plan.h"
#include "reference/cudnn_scratch.h"
#include "number.h"

/* Uniform in [-1, 1): the first block from the host, then copies of what is there. */
static const char *fill_random(void *to, enum storage s, size_t n, uint32_t seed,
                               cudaStream_t stream)
{
    const size_t size = (size_t)storage_size(s), block = n < 1 << 20 ? n : 1 << 20;
    char *host = calloc(block, size);

    if (!host) return "out of host memory";
    for (size_t i = 0; i < block; i++) {
        uint32_t z = (uint32_t)i * 0x9e3779b9u + seed;
        z = (z ^ z >> 16) * 0x7feb352du;
        z = (z ^ z >> 15) * 0x846ca68bu;
        number_store(s, host, (long)i, (double)((z ^ z >> 16) >> 8) / 8388608 - 1);
    }
    cudaError_t status = cudaMemcpyAsync(to, host, block * size, cudaMemcpyHostToDevice, stream);
    for (size_t have = block; have < n && status == cudaSuccess; have *= 2)
        status = cudaMemcpyAsync((char *)to + have * size, to,
                                 (have < n - have ? have : n - have) * size,
                                 cudaMemcpyDeviceToDevice, stream);
    if (status == cudaSuccess) status = cudaStreamSynchronize(stream);
    free(host);
    CHECK_CUDA(status);
    return NULL;
}

const char *scratch_make(struct scratch *s, const struct problem *p)
{
    const struct conv2d *v = &p->conv2d;
    const enum storage type = storage_of(p->precision);
    const size_t x = (size_t)(v->n * v->c * v->h * v->w), y = (size_t)(v->n * v->k * v->p * v->q),
                 w = (size_t)(v->k * (v->c / v->groups) * v->r * v->s),
                 size = (size_t)storage_size(type);

    CHECK_CUDA(cudaStreamCreateWithFlags(&s->stream, cudaStreamNonBlocking));
    CHECK_CUDA(cudaEventCreate(&s->start));
    CHECK_CUDA(cudaEventCreate(&s->stop));
    CHECK_CUDA(cudaMalloc(&s->x, x * size));
    CHECK_CUDA(cudaMalloc(&s->w, w * size));
    CHECK_CUDA(cudaMalloc(&s->o.out, y * size));
    TRY(fill_random(s->x, type, x, 1, s->stream));
    TRY(fill_random(s->w, type, w, 2, s->stream));
    s->o.in[0] = s->x, s->o.in[1] = s->w;
    return NULL;
}

void scratch_free(struct scratch *s)
{
    cudnnHandle_t handle;

    cudnn_handle(&handle, NULL); /* the handle must not keep a stream that is gone */
    if (s->stop) cudaEventDestroy(s->stop);
    if (s->start) cudaEventDestroy(s->start);
    if (s->stream) cudaStreamDestroy(s->stream);
    cudaFree(s->o.workspace);
    cudaFree(s->o.out);
    cudaFree(s->w);
    cudaFree(s->x);
    cudaGetLastError(); /* what a dropped plan left behind is not the harness's error */
}

const char *scratch_room(struct scratch *s, size_t bytes)
{
    if (bytes <= s->room) return NULL;
    cudaFree(s->o.workspace);
    s->o.workspace = NULL, s->room = 0;
    CHECK_CUDA(cudaMalloc(&s->o.workspace, bytes));
    s->room = bytes;
    return NULL;
}
