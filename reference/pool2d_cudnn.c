/* pool2d_cudnn: cuDNN's fixed-function pooling, which both layouts and all storage types have
 * precompiled. Deprecated since cuDNN 9 and kept there; the graph API's own pooling is another
 * impl's matter. */
#include "reference/cudnn_handle.h"

#if CUDNN_MAJOR < 10
#include <stdlib.h>
#include "number.h"

struct state {
    cudnnPoolingDescriptor_t pooling;
    cudnnTensorDescriptor_t x, y;
};

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    return p->precision == TF32 ? "pooling multiplies nothing: run it as f32" : NULL;
}

static cudnnDataType_t data_type(enum precision p)
{
    switch (p) {
    case F64: return CUDNN_DATA_DOUBLE;
    case F16: return CUDNN_DATA_HALF;
    case BF16: return CUDNN_DATA_BFLOAT16;
    default: return CUDNN_DATA_FLOAT;
    }
}

static cudnnPoolingMode_t mode(enum pool_kind kind)
{
    switch (kind) {
    case POOL_AVG_INCL: return CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING;
    case POOL_AVG_EXCL: return CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING;
    default: return CUDNN_POOLING_MAX;
    }
}

static const char *forward(const struct plan *plan, const void *x, void *y, cudaStream_t stream)
{
    const struct state *s = plan->state;
    const float one = 1, zero = 0;
    const double one64 = 1, zero64 = 0;
    const int f64 = plan->problem->precision == F64;
    const void *alpha = f64 ? (const void *)&one64 : &one;
    const void *beta = f64 ? (const void *)&zero64 : &zero;
    cudnnHandle_t handle;

    TRY(cudnn_handle(&handle, stream));
    TRY_CUDNN(cudnnPoolingForward(handle, s->pooling, alpha, s->x, x, beta, s->y, y));
    return NULL;
}

static const char *describe(struct state *s, const struct problem *p)
{
    const struct pool2d *v = &p->pool2d;
    const cudnnTensorFormat_t format = v->nhwc ? CUDNN_TENSOR_NHWC : CUDNN_TENSOR_NCHW;
    const cudnnDataType_t type = data_type(p->precision);
    int n, c, h, w;

    TRY_CUDNN(cudnnCreatePoolingDescriptor(&s->pooling));
    TRY_CUDNN(cudnnCreateTensorDescriptor(&s->x));
    TRY_CUDNN(cudnnCreateTensorDescriptor(&s->y));
    TRY_CUDNN(
        cudnnSetTensor4dDescriptor(s->x, format, type, (int)v->n, (int)v->c, (int)v->h, (int)v->w));
    TRY_CUDNN(
        cudnnSetTensor4dDescriptor(s->y, format, type, (int)v->n, (int)v->c, (int)v->p, (int)v->q));
    TRY_CUDNN(cudnnSetPooling2dDescriptor(s->pooling, mode(v->kind), CUDNN_NOT_PROPAGATE_NAN,
                                          (int)v->r, (int)v->s, (int)v->pad_h, (int)v->pad_w,
                                          (int)v->stride_h, (int)v->stride_w));
    TRY_CUDNN(cudnnGetPooling2dForwardOutputDim(s->pooling, s->x, &n, &c, &h, &w));
    if (h != v->p || w != v->q)
        return fail_text("cuDNN's output is %dx%d, not %ldx%ld", h, w, v->p, v->q);
    return NULL;
}

/* Once on memory of its own: only a launch says whether cuDNN takes this window. */
static const char *try_out(struct plan *plan)
{
    const struct pool2d *v = &plan->problem->pool2d;
    const size_t size = (size_t)storage_size(storage_of(plan->problem->precision)),
                 x_bytes = size * (size_t)(v->n * v->c * v->h * v->w),
                 y_bytes = size * (size_t)(v->n * v->c * v->p * v->q);
    void *x = NULL, *y = NULL;
    const char *failed = NULL;

    cudaError_t status = cudaMalloc(&x, x_bytes);
    if (status == cudaSuccess) status = cudaMalloc(&y, y_bytes);
    if (status == cudaSuccess) status = cudaMemset(x, 0, x_bytes);
    if (status == cudaSuccess) failed = forward(plan, x, y, NULL);
    if (status == cudaSuccess) status = cudaStreamSynchronize(NULL);
    cudaFree(y);
    cudaFree(x);
    cudaGetLastError(); /* reported here, not by the harness's next call */
    if (failed) return failed;
    if (status != cudaSuccess)
        return fail_text("cuda: trial launch: %s", cudaGetErrorString(status));
    return NULL;
}

static const char *prepare(struct plan *plan)
{
    struct state *s = plan->state = calloc(1, sizeof *s);

    if (!s) return "out of host memory";
    TRY(describe(s, plan->problem));
    return try_out(plan);
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    return forward(plan, o->in[0], o->out, stream);
}

static void cleanup(struct plan *plan)
{
    struct state *s = plan->state;

    if (!s) return;
    if (s->y) cudnnDestroyTensorDescriptor(s->y);
    if (s->x) cudnnDestroyTensorDescriptor(s->x);
    if (s->pooling) cudnnDestroyPoolingDescriptor(s->pooling);
    free(s);
    plan->state = NULL;
}

#else
static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)p, (void)d;
    return "not built: fixed-function pooling ended with cuDNN 9";
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    (void)plan, (void)o, (void)stream;
    return "not built: fixed-function pooling ended with cuDNN 9";
}
#define prepare NULL
#define cleanup NULL
#endif

const struct impl pool2d_cudnn = {
    .name = "pool2d_cudnn",
    .summary = "cuDNN fixed-function pooling",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = DEVICE,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = cleanup,
};
