/* cudnn_graph: a conv2d problem as a cuDNN operation graph of one node. The layout is in the
 * strides alone and groups follow from w's second dimension, so one function serves them all. */
#include "reference/cudnn_plan.h"

#define SET(d, attribute, type, n, from)                                                           \
    TRY_CUDNN(cudnnBackendSetAttribute(d, attribute, type, n, from))

static cudnnDataType_t data_type(enum precision p)
{
    switch (p) {
    case F64: return CUDNN_DATA_DOUBLE;
    case F16: return CUDNN_DATA_HALF;
    case BF16: return CUDNN_DATA_BFLOAT16;
    default: return CUDNN_DATA_FLOAT; /* tf32 stores float: the filter of plans tells them apart */
    }
}

/* dim: n c h w for x and y, k c/groups r s for w */
static const char *make_tensor(cudnnBackendDescriptor_t *d, int64_t id, cudnnDataType_t type,
                               const int64_t dim[4], int nhwc)
{
    const int64_t c = dim[1], h = dim[2], w = dim[3], alignment = 16;
    const int64_t planar[4] = {c * h * w, h * w, w, 1}, channels_last[4] = {c * h * w, 1, w * c, c};

    TRY_CUDNN(cudnnBackendCreateDescriptor(CUDNN_BACKEND_TENSOR_DESCRIPTOR, d));
    SET(*d, CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &type);
    SET(*d, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, 4, dim);
    SET(*d, CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, 4, nhwc ? channels_last : planar);
    SET(*d, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1, &id);
    SET(*d, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, 1, &alignment);
    TRY_CUDNN(cudnnBackendFinalize(*d));
    return NULL;
}

static const char *make_convolution(cudnnBackendDescriptor_t *d, const struct conv2d *v,
                                    cudnnDataType_t compute)
{
    const int64_t spatial = 2, pad[2] = {v->pad_h, v->pad_w},
                  stride[2] = {v->stride_h, v->stride_w}, dilation[2] = {v->dil_h, v->dil_w};
    const cudnnConvolutionMode_t mode = CUDNN_CROSS_CORRELATION;

    TRY_CUDNN(cudnnBackendCreateDescriptor(CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR, d));
    SET(*d, CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &compute);
    SET(*d, CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE, 1, &mode);
    SET(*d, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, CUDNN_TYPE_INT64, 1, &spatial);
    SET(*d, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, 2, pad);
    SET(*d, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, 2, pad);
    SET(*d, CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, 2, dilation);
    SET(*d, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_TYPE_INT64, 2, stride);
    TRY_CUDNN(cudnnBackendFinalize(*d));
    return NULL;
}

/* y = 1 conv(x, w) + 0 y; the scalars have the type that accumulates */
static const char *make_operation(cudnnBackendDescriptor_t *d,
                                  const cudnnBackendDescriptor_t part[4], int f64)
{
    const float one = 1, zero = 0;
    const double one64 = 1, zero64 = 0;
    const cudnnBackendAttributeType_t scalar = f64 ? CUDNN_TYPE_DOUBLE : CUDNN_TYPE_FLOAT;
    const void *alpha = f64 ? (const void *)&one64 : &one;
    const void *beta = f64 ? (const void *)&zero64 : &zero;

    TRY_CUDNN(
        cudnnBackendCreateDescriptor(CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR, d));
    SET(*d, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &part[0]);
    SET(*d, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &part[1]);
    SET(*d, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &part[2]);
    SET(*d, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
        &part[3]);
    SET(*d, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA, scalar, 1, alpha);
    SET(*d, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA, scalar, 1, beta);
    TRY_CUDNN(cudnnBackendFinalize(*d));
    return NULL;
}

const char *cudnn_graph_make(const struct cudnn_target *t, const struct problem *p,
                             cudnnBackendDescriptor_t part[CUDNN_GRAPH_PARTS])
{
    const struct conv2d *v = &p->conv2d;
    const int64_t x[4] = {v->n, v->c, v->h, v->w}, w[4] = {v->k, v->c / v->groups, v->r, v->s},
                  y[4] = {v->n, v->k, v->p, v->q};
    const cudnnDataType_t type = data_type(p->precision);

    TRY(make_tensor(&part[0], CUDNN_ID_X, type, x, v->nhwc));
    TRY(make_tensor(&part[1], CUDNN_ID_W, type, w, v->nhwc));
    TRY(make_tensor(&part[2], CUDNN_ID_Y, type, y, v->nhwc));
    TRY(make_convolution(&part[3], v, p->precision == F64 ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT));
    TRY(make_operation(&part[4], part, p->precision == F64));
    TRY_CUDNN(cudnnBackendCreateDescriptor(CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR, &part[5]));
    /* Deprecated, and needed: without a handle 9.14 proposes the engines of some other device and
     * every execution fails. */
    if (t->handle) SET(part[5], CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, 1, &t->handle);
    SET(part[5], CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &part[4]);
    TRY_CUDNN(cudnnBackendFinalize(part[5]));
    return NULL;
}
